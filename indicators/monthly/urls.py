"""Addresses of one page for the month."""

from django.urls import URLPattern, path

from indicators.monthly import views

urlpatterns: list[URLPattern] = [
    path("month/<int:unit>/<int:year>/<int:number>/", views.month, name="month"),
    path("month/<int:unit>/<int:year>/<int:number>/row/", views.month_row, name="month_row"),
]
