"""The pages around the content: log-in, navigation, language, gallery, errors."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client

from script.copy_assets import ICONS

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.django_db


def test_log_in_page_is_thai_whatever_the_browser_prefers(client):
    page = client.get("/accounts/login/", headers={"accept-language": "en-US"}).content.decode()
    assert '<html lang="th">' in page
    assert "เข้าสู่ระบบ" in page
    assert "ลืมรหัสผ่าน" in page


def test_language_switch_stays(client):
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    page = client.get("/accounts/login/").content.decode()
    assert '<html lang="en">' in page
    assert "Log in" in page


def test_unknown_language_is_thai(client):
    client.cookies["django_language"] = "xx"
    assert '<html lang="th">' in client.get("/accounts/login/").content.decode()


def test_wrong_password_keeps_the_name_and_says_what_is_wrong(client, person):
    page = client.post("/accounts/login/", {"username": "somboon", "password": "wrong"}).content.decode()
    assert 'value="somboon"' in page
    assert "error-summary" in page


def test_fifth_wrong_password_locks_for_a_while(client, person, settings):
    settings.AXES_ENABLED = True
    for _ in range(5):
        response = client.post("/accounts/login/", {"username": "somboon", "password": "wrong"})
    assert response.status_code == 429
    assert "เข้าสู่ระบบผิดหลายครั้งเกินไป" in response.content.decode()
    right = client.post("/accounts/login/", {"username": "somboon", "password": "thai-silk-2560"})
    assert right.status_code == 429


def test_log_out_page(client, person):
    client.force_login(person)
    assert "ออกจากระบบแล้ว" in client.post("/accounts/logout/").content.decode()


def test_password_can_be_changed(client, person):
    client.force_login(person)
    assert client.get("/accounts/password/").status_code == 200
    typed = {"old_password": "thai-silk-2560", "new_password1": "khon-kaen-2561", "new_password2": "khon-kaen-2561"}
    page = client.post("/accounts/password/", typed, follow=True).content.decode()
    assert "เปลี่ยนรหัสผ่านแล้ว" in page


def test_demo_says_so_on_every_page(client, settings):
    settings.KPITRACK_TODAY = date(2017, 4, 15)
    assert "ข้อมูลสาธิต — ระบบทำงานเสมือนวันที่ 15 เมษายน 2560" in client.get("/accounts/login/").content.decode()
    settings.KPITRACK_TODAY = None
    assert "ข้อมูลสาธิต" not in client.get("/accounts/login/").content.decode()


def test_gallery_is_for_staff_alone(client, person, staff):
    assert client.get("/gallery/").status_code == 302
    client.force_login(person)
    assert client.get("/gallery/").status_code == 404
    client.force_login(staff)
    assert client.get("/gallery/").status_code == 200


@pytest.mark.parametrize("language", ["th", "en"])
def test_gallery_shows_every_level_and_state(client, staff, language):
    from kpitrack.templatetags.kpitrack_tags import STATES

    client.force_login(staff)
    client.cookies["django_language"] = language
    page = client.get("/gallery/").content.decode()
    for level in range(6):
        assert f'class="level level-{level}"' in page
    assert {f"#{state.icon}" for state in STATES.values()} <= set(re.findall(r"#[\w-]+", page))


def test_navigation_costs_few_queries(client, staff, django_assert_max_num_queries):
    client.force_login(staff)
    with django_assert_max_num_queries(2 + 2 + 2):  # session and user, reach, what waits
        client.get("/gallery/")


def test_pages_keep_to_a_strict_content_policy(client, staff):
    client.force_login(staff)
    response = client.get("/gallery/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    page = response.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son\w+=", page)


def test_forged_form_gets_its_own_page():
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"username": "somboon"})
    assert response.status_code == 403
    assert "ใส่ชื่อผู้ใช้และรหัสผ่านอีกครั้ง" in response.content.decode()


def test_missing_page(client):
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "ไม่พบหน้านี้" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html"])
def test_error_pages_render_without_a_request(name):
    assert "กลับหน้าแรก" in render_to_string(name)


def test_page_of_a_crash_needs_nothing_else():
    page = (ROOT / "templates" / "500.html").read_text(encoding="utf-8")
    assert "{%" not in page
    assert "/static/" not in page


def test_icons_are_all_in_the_sprite():
    pages = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    assert set(re.findall(r'{% icon "([\w-]+)" %}', pages)) <= set(ICONS)
    sprite = finders.find("vendor/icons.svg")
    assert sprite is not None
    assert set(re.findall(r'symbol id="([\w-]+)"', Path(sprite).read_text(encoding="utf-8"))) == set(ICONS)
