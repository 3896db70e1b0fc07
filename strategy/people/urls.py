"""Addresses of people."""

from django.urls import URLPattern, path

from strategy.people import role_views, views

urlpatterns: list[URLPattern] = [
    path("people/", views.people, name="people"),
    path("people/add/", views.person_add, name="person_add"),
    path("people/logins/", views.people_logins, name="people_logins"),
    path("people/<int:pk>/", views.person_detail, name="person_detail"),
    path("people/<int:pk>/edit/", views.person_edit, name="person_edit"),
    path("people/<int:pk>/password/", views.person_password, name="person_password"),
    path("people/<int:pk>/active/", role_views.person_active, name="person_active"),
    path("people/<int:pk>/unlock/", role_views.person_unlock, name="person_unlock"),
    path("people/<int:pk>/second-factor/", role_views.person_factor, name="person_factor"),
    path("people/<int:pk>/roles/", role_views.role_give, name="role_give"),
    path("people/roles/<int:pk>/end/", role_views.role_end, name="role_end"),
]
