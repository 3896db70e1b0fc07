"""Addresses of closing periods and opening them again; reading what is closed is in reports."""

from django.urls import URLPattern, path

from indicators.closing import views

urlpatterns: list[URLPattern] = [
    path("closing/", views.closing, name="closing"),
    path("closing/<int:pk>/<int:year>/<int:number>/", views.closing_period, name="closing_period"),
    path("closing/<int:pk>/<int:year>/<int:number>/reopen/", views.closing_reopen, name="closing_reopen"),
]
