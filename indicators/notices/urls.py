"""Addresses of this part."""

from django.urls import URLPattern, path

from indicators.notices import views

urlpatterns: list[URLPattern] = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.notices_read, name="notices_read"),
    path("notices/<int:pk>/open/", views.notice_open, name="notice_open"),
    path("watch/", views.silent, name="silent"),
    path("watch/list/", views.silent_list, name="silent_list"),
]
