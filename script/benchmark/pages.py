"""Pages under gunicorn beside a page of a log-in and one query, in the same run."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from statistics import median

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management import call_command
from django.http import HttpRequest
from django.urls import reverse

WORKERS = 4
CLIENTS = 8
REQUESTS = 400


def prepare() -> dict[str, tuple[str, str]]:
    """The plan and the demo year; for each page its address and the session that opens it."""
    call_command("migrate", verbosity=0)
    call_command("load_plan", "fixtures/kkh2560.yaml", verbosity=0)
    call_command("load_demo", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from indicators.models import Round

    march = Round.objects.get(indicator__code="7(1)", fiscal_year=2560, number=6)
    head, executive = session_of("head"), session_of("executive")
    return {
        "log-in and one query": ("/bench/floor/", head),
        "my work": (reverse("my_work"), head),
        "entry page": (reverse("entry", args=[march.pk]), head),
        "dashboard": (reverse("dashboard"), executive),
    }


def session_of(username: str) -> str:
    """A logged-in session of a demo person."""
    return session_of_user(get_user_model().objects.get(username=username))


def session_of_user(user: AbstractBaseUser) -> str:
    """A logged-in session of a person."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    request.session.save()
    return str(request.session.session_key)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_command(port: int) -> list[str]:
    """As script/server serves, with the floor page beside."""
    return [
        sys.executable, "-m", "gunicorn", "script.benchmark.wsgi", "--bind", f"127.0.0.1:{port}",
        "--workers", str(WORKERS), "--log-level", "warning",
    ]  # fmt: skip


@contextmanager
def gunicorn(port: int) -> Iterator[None]:
    server = subprocess.Popen(server_command(port))
    try:
        wait_for(port)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(port: int) -> None:
    for _attempt in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("gunicorn did not start within 20 seconds")


def fetch(port: int, path: str, session: str, count: int) -> list[float]:
    """So many requests one after the other; the seconds of each. Anything but 200 stops the benchmark."""
    times = []
    for _number in range(count):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        begin = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})
        response = connection.getresponse()
        response.read()
        times.append(time.perf_counter() - begin)
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
    return times


def load(port: int, path: str, session: str) -> tuple[float, list[float]]:
    """Requests per second, and the seconds of each, sorted."""
    fetch(port, path, session, WORKERS * 3)
    begin = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        parts = list(pool.map(lambda _: fetch(port, path, session, REQUESTS // CLIENTS), range(CLIENTS)))
    taken = time.perf_counter() - begin
    return REQUESTS / taken, sorted(seconds for part in parts for seconds in part)


def run() -> None:
    pages = prepare()
    port = free_port()
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    print(f"pages: gunicorn with {WORKERS} workers, {CLIENTS} clients, {REQUESTS} requests each, {engine}")
    floor = 0.0
    with gunicorn(port):
        for name, (path, session) in pages.items():
            rate, times = load(port, path, session)
            floor = floor or rate
            print(f"  {name:22} {rate:8.1f} req/s   {_latency(times)}   {floor / rate:6.2f} x the floor")


def _latency(times: list[float]) -> str:
    middle, slow = median(times) * 1000, times[int(len(times) * 0.99)] * 1000
    return f"median {middle:7.1f} ms   p99 {slow:7.1f} ms"
