"""All addresses: the accounts, the admin, and what each app serves."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.i18n import set_language

from kpitrack.gallery import gallery

accounts = [
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include(accounts)),
    path("language/", set_language, name="set_language"),
    path("gallery/", gallery, name="gallery"),
    path("", include("strategy.urls")),
    path("", include("indicators.urls")),
    path("", include("reports.urls")),
]
