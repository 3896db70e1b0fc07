"""Addresses of a unit's workbook."""

from django.urls import URLPattern, path

from indicators.workbooks import views

urlpatterns: list[URLPattern] = [
    path("work/<int:unit>/workbook/", views.workbook, name="workbook"),
    path("work/<int:unit>/upload/", views.workbook_upload, name="workbook_upload"),
]
