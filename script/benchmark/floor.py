"""The addresses of kpitrack and one more: a page of a log-in and one query, the floor of every page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from kpitrack.urls import urlpatterns as pages
from strategy.models import Plan


@login_required
def floor(request: HttpRequest) -> HttpResponse:
    """Session, user, one query, a few bytes."""
    return HttpResponse(f"{request.user.username} {Plan.objects.count()}")


urlpatterns = [path("bench/floor/", floor), *pages]
