"""Every visible sentence is Thai in the source and has its English."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("kpitrack/locale/en/LC_MESSAGES/django.po")
SOURCES = ("kpitrack", "strategy", "indicators", "scoring", "reports", "templates")
THAI = re.compile("[\u0e01-\u0e5b]")
OWN_WORDS = {"Template"}  # words that the plan itself uses in English
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")

pytestmark = pytest.mark.skipif(shutil.which("xgettext") is None, reason="the gettext tools are not installed")


@pytest.fixture(scope="module")
def entries(tmp_path_factory) -> list[polib.POEntry]:
    """What makemessages finds in a copy of the sources now, merged with the catalogue."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in SOURCES:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("*.pyc", "*.mo"))
    shutil.copy(ROOT / "manage.py", copy)
    command = [sys.executable, "manage.py", "makemessages", "--locale", "en", "--no-obsolete", "--verbosity", "0"]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    return list(polib.pofile(str(copy / CATALOGUE)))


def where(entry: polib.POEntry) -> str:
    return f"{entry.occurrences[0][0] if entry.occurrences else '?'}: {entry.msgid}"


def foreign_words(text: str) -> set[str]:
    return set(re.findall("[A-Za-z]{2,}", PLACEHOLDER.sub("", text))) - OWN_WORDS


def test_every_sentence_has_its_english(entries):
    assert [where(entry) for entry in entries if not entry.translated() or "fuzzy" in entry.flags] == []


def test_every_sentence_is_thai_in_the_source(entries):
    assert [where(entry) for entry in entries if not THAI.search(entry.msgid) and foreign_words(entry.msgid)] == []


def test_english_keeps_the_placeholders(entries):
    def placeholders(text: str) -> set[tuple[str, str]]:
        return set(PLACEHOLDER.findall(text))

    assert [
        where(entry) for entry in entries if entry.msgstr and placeholders(entry.msgid) != placeholders(entry.msgstr)
    ] == []


def test_catalogue_holds_nothing_else(entries):
    kept = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(ROOT / CATALOGUE))}
    assert sorted(msgid for _, msgid in kept - {(entry.msgctxt, entry.msgid) for entry in entries}) == []
