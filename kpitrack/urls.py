"""All addresses: the admin, and what each app serves."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from kpitrack.gallery import gallery

urlpatterns = [
    path("admin/", admin.site.urls),
    path("language/", set_language, name="set_language"),
    path("gallery/", gallery, name="gallery"),
    path("", include("strategy.urls")),
    path("", include("indicators.urls")),
    path("", include("reports.urls")),
]
