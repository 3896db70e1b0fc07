"""Score one KPI or a table of them.

python manage.py score "7(1)" --year 2560 --data A=33600,B=200
python manage.py score 5 --year 2560 --value 10.0 --format json
python manage.py score K405 --year 2566 --data EIA=86.67,TPS=A
python manage.py score 12 --year 2564 --round 1 --data EB1=1,EB2=1
python manage.py score --csv results.csv > scored.csv
"""

import csv
import json
import sys
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from indicators.lookup import Catalogue, CodeError, Found
from indicators.scoring_input import (
    InputError,
    as_lines,
    as_record,
    read_items,
    read_round,
    read_value,
    read_year,
    score_counts,
    score_given,
)
from indicators.scoring_table import TableError, read_table, scored_rows
from scoring.explain import Score
from strategy import clock
from strategy.periods import fiscal_year_of


class Command(BaseCommand):
    help = "Score a value or the counts of a KPI, or a CSV table of them, and say why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", nargs="?", help='the KPI code, such as 5 or "7(1)"')
        parser.add_argument("--year", help="fiscal year (Buddhist era); the current one where nothing is said")
        parser.add_argument("--value", help="the value itself, such as 82.5, or a pair such as 76.4:23.6")
        parser.add_argument("--data", help="the data items, such as A=33,B=40; steps as S1=1,S2=1; choices as TPS=A")
        parser.add_argument("--round", help="the evaluation round, where rounds have bands of their own; else the last")
        parser.add_argument("--plan", help="the plan's code, where several plans have this KPI code")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--csv", metavar="FILE", help="a table with code, fiscal_year and value or A, B …")

    def handle(self, *args: Any, **options: Any) -> None:
        self._write_utf8()
        try:
            if options["csv"] is not None:
                self._score_table(options)
            else:
                self._score_one(options)
        except (InputError, CodeError, TableError) as error:
            raise CommandError(error.message) from None

    def _write_utf8(self) -> None:
        """Thai goes out whatever the terminal's locale says."""
        out = getattr(self.stdout, "_out", None)
        if out is sys.stdout and hasattr(out, "reconfigure"):
            out.reconfigure(encoding="utf-8")

    def _score_one(self, options: dict[str, Any]) -> None:
        if not options["code"]:
            raise CommandError(_("กรุณาระบุรหัสตัวชี้วัด หรือ --csv ตามด้วยชื่อไฟล์"))
        year = read_year(options["year"]) if options["year"] else fiscal_year_of(clock.today())
        found = Catalogue().find(options["code"], year, options["plan"])
        found = found.in_round(read_round(options["round"] or ""))
        score = _score(found, options["value"], options["data"])
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_record(found, score), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(as_lines(found, score)))

    def _score_table(self, options: dict[str, Any]) -> None:
        alone = [name for name in ("code", "year", "value", "data", "round") if options[name] is not None]
        if alone:
            raise CommandError(_("--csv ใช้ร่วมกับ %(names)s ไม่ได้ ค่าอยู่ในตารางแล้ว") % {"names": ", ".join(alone)})
        table = read_table(options["csv"])
        writer = csv.writer(_Lines(self.stdout), lineterminator="\n")
        writer.writerow(table.columns)
        rows = scored_rows(table, Catalogue(), options["plan"])
        # disable=None: no bar where standard error is not a terminal.
        with suppress(BrokenPipeError):  # whoever reads has seen enough, as `head` does
            for row in tqdm(rows, total=table.lines, disable=None, unit=_("แถว"), file=sys.stderr):
                writer.writerow(row)


class _Lines:
    """A file for the csv writer, which ends its lines itself."""

    def __init__(self, out: Any) -> None:
        self.out = out

    def write(self, text: str) -> None:
        self.out.write(text, ending="")


def _score(found: Found, value: str | None, data: str | None) -> Score:
    if (value is None) == (data is None):
        raise InputError(_("กรุณาระบุ --value หรือ --data อย่างใดอย่างหนึ่ง"))
    return score_given(found, read_value(value)) if value is not None else score_counts(found, read_items(data or ""))
