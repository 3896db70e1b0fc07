"""What gunicorn serves during the benchmark: kpitrack with the floor page beside it."""

from django.conf import settings

from kpitrack.wsgi import application

settings.ROOT_URLCONF = "script.benchmark.floor"

__all__ = ["application"]
