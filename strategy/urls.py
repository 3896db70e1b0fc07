"""Addresses of people and their accounts."""

from django.urls import URLPattern

from strategy.accounts.urls import urlpatterns as accounts
from strategy.people.urls import urlpatterns as people

urlpatterns: list[URLPattern] = [*accounts, *people]
