"""All settings of kpitrack. What differs between places comes from the environment, through typed readers.

A bad value stops the start with one sentence, in Thai and in English, that names the variable, its value
and what is expected.
"""

import contextlib
import os
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Never

import environ
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels

BASE_DIR = Path(__file__).resolve().parent.parent


# The readers


def stop(name: str, value: str | None, expected_th: str, expected_en: str) -> Never:
    """End the start with exit status 3, which tells gunicorn's master not to try again."""
    shown = "(ไม่ได้ตั้งค่า / not set)" if value is None else f'"{value}"'
    print(
        f"kpitrack เริ่มทำงานไม่ได้: ค่า {name} = {shown} ใช้ไม่ได้ ต้องเป็น{expected_th}"
        f" | kpitrack cannot start: {name} = {shown} is not usable, expected {expected_en}.",
        file=sys.stderr,
    )
    raise SystemExit(3)


def text(name: str) -> str | None:
    """The variable without surrounding spaces; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or None


def flag(name: str, default: bool) -> bool:
    value = text(name)
    if value is None:
        return default
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if value.lower() not in words:
        stop(name, value, " 1 หรือ 0", "1 or 0")
    return words[value.lower()]


def whole_number(name: str, default: int, low: int, high: int) -> int:
    value = text(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        stop(name, value, f"จำนวนเต็มตั้งแต่ {low} ถึง {high}", f"a whole number from {low} to {high}")
    return int(value)


def iso_date(name: str) -> date | None:
    value = text(name)
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        stop(name, value, "วันที่แบบ ปีค.ศ.-เดือน-วัน เช่น 2017-04-15", "an ISO date such as 2017-04-15")


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name)
    if value is None:
        return default
    if value.upper() not in allowed:
        stop(name, value, "คำใดคำหนึ่งใน " + ", ".join(allowed), "one of " + ", ".join(allowed))
    return value.upper()


def names(name: str, default: list[str], fits: Callable[[str], bool], expected_th: str, expected_en: str) -> list[str]:
    """A list separated by commas, of which every part must fit."""
    value = text(name)
    if value is None:
        return default
    parts = [part.strip() for part in value.split(",")]
    if not all(part and fits(part) for part in parts):
        stop(name, value, expected_th, expected_en)
    return parts


def is_host(part: str) -> bool:
    """A host name as Django wants it: no scheme, no path, and not the star that lets every host in."""
    return part != "*" and not any(mark in part for mark in "/ \t@?#,")


def is_origin(part: str) -> bool:
    return part.startswith(("https://", "http://")) and is_host(part.partition("://")[2])


def secret_key(name: str, debug: bool) -> str:
    """The key that signs sessions; its value is never shown."""
    value = text(name)
    if debug:
        return value or "only-for-development-and-never-for-a-hospital-0123456789"
    if value is None or len(value) < 50 or len(set(value)) < 5:
        shown = None if value is None else "…"
        stop(
            name,
            shown,
            "ข้อความสุ่มอย่างน้อย 50 ตัวอักษรเมื่อปิด KPITRACK_DEBUG",
            "a random text of at least 50 characters while KPITRACK_DEBUG is off",
        )
    return value


def sqlite(path: str) -> dict[str, Any]:
    """SQLite that many people may write to: WAL, a busy timeout, and the write lock taken at the start."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
        },
    }


def database(name: str) -> dict[str, Any]:
    """The database of a URL, or db.sqlite3 in the project; a password in the URL is never shown."""
    value = text(name)
    if value is None:
        return sqlite(str(BASE_DIR / "db.sqlite3"))
    scheme, mark, rest = value.partition("://")
    config: dict[str, Any] = {}
    if scheme in ("sqlite", "postgres", "postgresql"):
        with contextlib.suppress(ValueError):  # a port that is no number
            config = environ.Env.db_url_config(value)
    if scheme == "sqlite" and rest.startswith("/") and rest.strip("/"):
        return sqlite(config["NAME"])
    if scheme == "sqlite" or not config.get("NAME"):
        stop(
            name,
            f"{scheme}://…" if mark else "…",
            "ที่อยู่ฐานข้อมูล เช่น postgres://user:password@host:5432/kpitrack หรือ sqlite:////path/db.sqlite3",
            "a database URL such as postgres://user:password@host:5432/kpitrack or sqlite:////path/db.sqlite3",
        )
    lifetime = whole_number("KPITRACK_DB_CONN_MAX_AGE", 600, 0, 86_400)
    return {**config, "CONN_MAX_AGE": lifetime, "CONN_HEALTH_CHECKS": True}


# What differs between places

DEBUG = flag("KPITRACK_DEBUG", default=False)
SECRET_KEY = secret_key("KPITRACK_SECRET_KEY", DEBUG)
ALLOWED_HOSTS = names(
    "KPITRACK_ALLOWED_HOSTS",
    ["localhost", "127.0.0.1", "[::1]"] if DEBUG else [],
    is_host,
    "ชื่อเครื่องคั่นด้วยจุลภาค เช่น kpi.hospital.go.th (ไม่มี https:// และไม่ใช่ *)",
    "host names separated by commas such as kpi.hospital.go.th (without https://, and not *)",
)
if not ALLOWED_HOSTS:
    stop(
        "KPITRACK_ALLOWED_HOSTS",
        None,
        "ชื่อเครื่องคั่นด้วยจุลภาคเมื่อปิด KPITRACK_DEBUG",
        "host names separated by commas while KPITRACK_DEBUG is off",
    )
CSRF_TRUSTED_ORIGINS = names(
    "KPITRACK_TRUSTED_ORIGINS",
    [],
    is_origin,
    "ที่อยู่เว็บคั่นด้วยจุลภาค เช่น https://kpi.hospital.go.th",
    "web origins separated by commas such as https://kpi.hospital.go.th",
)
KPITRACK_TODAY = iso_date("KPITRACK_TODAY")
DATABASES = {"default": database("DATABASE_URL")}

# Transport security; a hospital without a certificate inside its own network may switch it off.
HTTPS = flag("KPITRACK_HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = whole_number("KPITRACK_HSTS_SECONDS", 31_536_000, 0, 63_072_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
KPITRACK_BEHIND_PROXY = flag("KPITRACK_BEHIND_PROXY", default=False)
if KPITRACK_BEHIND_PROXY:
    # The proxy in front must set or remove this header itself, otherwise anybody can claim to use HTTPS.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 12 * 60 * 60  # one long shift
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# Everything comes from this server and nothing is inline. Bootstrap's style sheet carries its
# small pictures (check marks, arrows) as data: addresses, so images alone may be data.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}


# What is the same everywhere

INSTALLED_APPS = [
    "kpitrack",
    "strategy",
    "indicators",
    "reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kpitrack.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "kpitrack.urls"
WSGI_APPLICATION = "kpitrack.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "kpitrack.templatetags.kpitrack_tags",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kpitrack.context.navigation",
            ],
        },
    }
]

# People

AUTH_USER_MODEL = "strategy.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = None  # the page that says so

# A whole hospital comes from one address, so only the pair of name and address is locked, for a while.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "kpitrack.proxy.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_VERBOSE = False

# Language and time

LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "kpitrack" / "locale"]
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True

# Files

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": text("KPITRACK_EVIDENCE") or str(BASE_DIR / "evidence"),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG

# Forms, messages, log

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
MESSAGE_TAGS = {message_levels.ERROR: "danger", message_levels.DEBUG: "secondary"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Django's own handler in DEBUG would print every line a second time.
    # A page that is not there, or not theirs, is everyday business and no warning.
    "loggers": {"django": {"handlers": [], "propagate": True}, "django.request": {"level": "ERROR"}},
    "root": {
        "handlers": ["console"],
        "level": choice("KPITRACK_LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR")),
    },
}
