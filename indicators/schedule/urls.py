"""Addresses of the calendar's exceptions."""

from django.urls import URLPattern, path

from indicators.schedule import views

urlpatterns: list[URLPattern] = [
    path("rounds/<int:pk>/extend/", views.round_extend, name="round_extend"),
    path("indicators/<int:pk>/cancel/", views.indicator_cancel, name="indicator_cancel"),
    path("indicators/<int:pk>/cancel/lift/", views.indicator_lift, name="indicator_lift"),
]
