"""Addresses of units with their people."""

from django.urls import URLPattern, path

from indicators.handover import views

urlpatterns: list[URLPattern] = [
    path("units/", views.units, name="units"),
    path("units/<int:pk>/", views.unit_detail, name="unit_detail"),
    path("units/<int:pk>/deputy/", views.deputy_appoint, name="deputy_appoint"),
    path("units/<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("deputies/<int:pk>/end/", views.deputy_end, name="deputy_end"),
]
