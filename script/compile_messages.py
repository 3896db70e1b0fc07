"""Compile the translations, without the gettext tools. A step of script/setup."""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "kpitrack" / "locale"

for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
    polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
