"""Addresses of this part."""

from django.urls import URLPattern, path

from indicators.evidence import views

urlpatterns: list[URLPattern] = [
    path("rounds/<int:pk>/evidence/", views.evidence, name="evidence"),
    path("rounds/<int:pk>/comment/", views.comment_add, name="comment_add"),
    path("evidence/<int:pk>/", views.evidence_file, name="evidence_file"),
    path("evidence/<int:pk>/remove/", views.evidence_remove, name="evidence_remove"),
]
