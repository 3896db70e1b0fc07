"""Typed readers of the environment: what differs between places comes from there.

A bad value stops the start with one sentence, in Thai and in English, that names the variable, its value
and what is expected.
"""

import contextlib
import os
import re
import sys
from collections.abc import Callable
from datetime import date
from typing import Any, Never

import environ


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


def database(name: str, default: str) -> dict[str, Any]:
    """The database of a URL, or an SQLite file; a password in the URL is never shown."""
    value = text(name)
    if value is None:
        return sqlite(default)
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
    return {**config, "CONN_MAX_AGE": lifetime, "CONN_HEALTH_CHECKS": True, "OPTIONS": postgres_options(config)}


def postgres_options(config: dict[str, Any]) -> dict[str, Any]:
    """Those of the URL. Unless it says otherwise no query is compiled: for pages that costs more than it saves."""
    return {"options": "-c jit=off", **config.get("OPTIONS", {})}


MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}


def mail(name: str, debug: bool) -> dict[str, Any]:
    """The mail server of a URL; without one mails are printed in development, else not sent at all."""
    value = text(name)
    if value is None:
        kind = "console" if debug else "dummy"
        return {"EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend"}
    scheme = value.partition("://")[0]
    config: dict[str, Any] = {}
    if scheme in (*MAIL_PORTS, "consolemail", "filemail"):
        with contextlib.suppress(ValueError):  # a port that is no number
            config = environ.Env.email_url_config(value)
    needed = {"filemail": "EMAIL_FILE_PATH", "consolemail": "EMAIL_BACKEND"}.get(scheme, "EMAIL_HOST")
    if not config.get(needed):
        stop(
            name,
            "…",  # it may hold a password
            "ที่อยู่เซิร์ฟเวอร์อีเมล เช่น smtp+tls://user:password@mail.hospital.go.th:587",
            "a mail server URL such as smtp+tls://user:password@mail.hospital.go.th:587",
        )
    return {
        "EMAIL_BACKEND": config["EMAIL_BACKEND"],
        "EMAIL_HOST": config["EMAIL_HOST"] or "",
        "EMAIL_PORT": config["EMAIL_PORT"] or MAIL_PORTS.get(scheme, 25),
        "EMAIL_HOST_USER": config["EMAIL_HOST_USER"] or "",
        "EMAIL_HOST_PASSWORD": config["EMAIL_HOST_PASSWORD"] or "",
        "EMAIL_USE_TLS": config.get("EMAIL_USE_TLS", False),
        "EMAIL_USE_SSL": config.get("EMAIL_USE_SSL", False),
        "EMAIL_FILE_PATH": f"/{config['EMAIL_FILE_PATH']}",
    }


def mail_sender(name: str, is_needed: bool) -> str:
    value = text(name)
    if value is None and not is_needed:
        return "kpitrack@localhost"
    if value is None or not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+|[^@<>\r\n]*<[^@\s<>]+@[^@\s<>]+>", value):
        stop(
            name,
            value,
            "ที่อยู่อีเมลของผู้ส่ง เช่น kpi@hospital.go.th",
            "the sender's mail address such as kpi@hospital.go.th",
        )
    return value


def site(name: str, is_needed: bool) -> str:
    """Where people open kpitrack, without a slash at the end: links in mails begin so."""
    value = text(name)
    if value is None and not is_needed:
        return "http://localhost:8000"
    if value is None or not is_origin(value.rstrip("/")):
        stop(
            name,
            value,
            "ที่อยู่เว็บของระบบ เช่น https://kpi.hospital.go.th",
            "the site's address such as https://kpi.hospital.go.th",
        )
    return value.rstrip("/")
