"""Where Django and django-axes have no Thai of their own, kpitrack has it: no English slips into Thai pages."""

import re
from pathlib import Path

import polib
import pytest
from django.urls import reverse

from strategy.models import User

CATALOGUE = Path(__file__).resolve().parent.parent / "kpitrack/locale/th/LC_MESSAGES/django.po"
THAI = re.compile("[\u0e01-\u0e4e]")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdr]|\{\w*\}")
NAMES = {"HTTP Accept"}  # what has no Thai


def test_every_entry_is_thai_and_keeps_its_placeholders():
    for entry in polib.pofile(str(CATALOGUE)):
        texts = [entry.msgstr, *entry.msgstr_plural.values()]
        thai = next(filter(None, texts))
        assert THAI.search(thai) or entry.msgid in NAMES, entry.msgid
        assert sorted(PLACEHOLDER.findall(thai)) == sorted(PLACEHOLDER.findall(entry.msgid)), entry.msgid


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["password_change", "admin:strategy_user_add"])
def test_rules_of_passwords_are_thai(client, name):
    client.force_login(User.objects.create_superuser("root"))
    page = client.get(reverse(name)).content.decode()
    assert "รหัสผ่านต้องไม่เป็นตัวเลขล้วน" in page
    assert "password" not in re.sub("<[^>]*>", "", re.sub(r"(?s)<(script|style)\b.*?</\1>", "", page))


def test_an_empty_box_is_told_what_to_do(client, db):
    answer = client.post(reverse("login"), {"username": "", "password": ""}).content.decode()
    assert "กรุณากรอกช่องนี้" in answer
