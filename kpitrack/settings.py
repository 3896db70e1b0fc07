"""All settings of kpitrack. What differs between places comes from the environment (environment.py)."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels

from kpitrack.environment import (
    choice,
    database,
    flag,
    is_host,
    is_origin,
    iso_date,
    mail,
    mail_sender,
    names,
    secret_key,
    site,
    stop,
    text,
    whole_number,
)

BASE_DIR = Path(__file__).resolve().parent.parent


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
# Mail: reminders and the way back to a lost password. Its links need to know where the site is.
globals().update(mail("KPITRACK_EMAIL_URL", DEBUG))
SENDS_MAIL = text("KPITRACK_EMAIL_URL") is not None
DEFAULT_FROM_EMAIL = SERVER_EMAIL = mail_sender("KPITRACK_MAIL_FROM", SENDS_MAIL)
KPITRACK_SITE_URL = site("KPITRACK_SITE_URL", SENDS_MAIL and not DEBUG)
EMAIL_TIMEOUT = 20
DATABASES = {"default": database("DATABASE_URL", str(BASE_DIR / "db.sqlite3"))}

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
# A session ends after this long without a request; strategy/accounts/middleware.py renews it, once a minute at most.
SESSION_RENEWED_EVERY = 60
SESSION_COOKIE_AGE = whole_number("KPITRACK_IDLE_MINUTES", 60, 1, 1440) * 60 + SESSION_RENEWED_EVERY
SESSION_ENGINE = "strategy.accounts.sessions"
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
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
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
    "strategy.accounts.middleware.SessionMiddleware",
    "strategy.accounts.middleware.GateMiddleware",
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
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "strategy.accounts.backend.AccountBackend"]
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
AXES_LOCKOUT_CALLABLE = "strategy.accounts.pages.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True  # every wrong password is in the log of log-ins
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "old_password", "code", "kept"]

# Who needs a second factor at the log-in: nobody, those who administer people or templates, or everybody.
SECOND_FACTOR = choice("KPITRACK_SECOND_FACTOR", "OPTIONAL", ("ADMINISTRATORS", "EVERYONE", "OPTIONAL"))
OTP_TOTP_ISSUER = "kpitrack"
CSRF_FAILURE_VIEW = "strategy.accounts.stale.csrf_failure"

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
# The largest file of evidence. Of what is larger, no more is kept on the disk while it arrives.
KPITRACK_EVIDENCE_MB = whole_number("KPITRACK_EVIDENCE_MB", 20, 1, 500)
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "kpitrack.uploads.BoundedUploadHandler",
]
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
