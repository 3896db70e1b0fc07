"""Addresses of this part."""

from django.urls import URLPattern, path

from indicators.recovery import views

urlpatterns: list[URLPattern] = [
    path("rounds/<int:pk>/recovery/", views.recovery_add, name="recovery_add"),
    path("recovery/", views.recovery_list, name="recovery_list"),
    path("recovery/<int:pk>/", views.recovery, name="recovery"),
]
