"""Scoring a table (CSV): each row a KPI with a value or counts; out comes the same table with its scores."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from indicators.lookup import Catalogue, CodeError, Found
from indicators.scoring_input import (
    InputError,
    item_codes,
    level_of,
    read_round,
    read_value,
    read_year,
    score_counts,
    score_given,
)
from scoring.explain import Score
from scoring.template import NOT_APPLICABLE

MAX_BYTES = 50 * 1024 * 1024
REQUIRED = ("code", "fiscal_year")
ADDED = ("value", "level", "passed", "explanation", "error")
OPTIONAL = ("plan", "round")
# A, b1, EIA: what is surely meant as a data item; another column is one if the KPI has it.
_ITEM_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,22}|[a-z]\d{0,2}", re.ASCII)


class TableError(Exception):
    """The file cannot be read as a table; `message` is a Thai sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Table:
    """A table that was read: its header as written, and its text from the first row on."""

    header: tuple[str, ...]
    body: str

    @property
    def lines(self) -> int:
        """How many lines are left to do, for a progress bar; a cell with line breaks makes it an overestimate."""
        return self.body.count("\n") + (not self.body.endswith("\n") if self.body else 0)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the outcome: those of the table, then what is added."""
        return (*self.header, *(name for name in ADDED if name not in self.header))


def read_table(path: str | Path) -> Table:
    """Open a CSV file in UTF-8, with or without a BOM. TableError where that cannot be."""
    text = _read_text(Path(path))
    first = io.StringIO(text, newline="")
    try:
        header = tuple(_column(name) for name in next(csv.reader(first), ()))
    except csv.Error as error:
        raise TableError(_("อ่านหัวตารางไม่ได้: %(why)s") % {"why": error}) from None
    _check_header(header)
    return Table(header, text[first.tell() :])


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TableError(_("ไฟล์ใหญ่เกิน %(size)s MB กรุณาแบ่งไฟล์") % {"size": MAX_BYTES // 1024**2})
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise TableError(_("อ่านไฟล์ไม่ได้ (%(why)s) กรุณาตรวจชื่อไฟล์") % {"why": error.strerror}) from None
    except UnicodeDecodeError as error:
        message = _("ไฟล์ไม่ใช่ข้อความ UTF-8 (ไบต์ที่ %(place)s) ใน Excel ให้บันทึกเป็น CSV UTF-8")
        raise TableError(message % {"place": error.start}) from None


def _column(name: str) -> str:
    """A column's name; the known ones and data items in any case and with spaces around."""
    plain = name.strip()
    if plain.lower() in (*REQUIRED, *ADDED, *OPTIONAL):
        return plain.lower()
    return plain.upper() if _ITEM_NAME.fullmatch(plain) else plain


def _check_header(header: tuple[str, ...]) -> None:
    if not any(header):
        raise TableError(_("ไฟล์ว่างเปล่า บรรทัดแรกต้องเป็นหัวตาราง เช่น code,fiscal_year,value"))
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        found = ", ".join(name[:40] for name in header[:20])
        facts = {"missing": ", ".join(missing), "found": found}
        raise TableError(_("หัวตารางขาดคอลัมน์ %(missing)s (ที่พบ: %(found)s)") % facts)
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise TableError(_("หัวตารางมีคอลัมน์ซ้ำ: %(names)s") % {"names": ", ".join(twice)})
    if "value" not in header and not any(map(_ITEM_NAME.fullmatch, header)):
        raise TableError(_("หัวตารางต้องมีคอลัมน์ value หรือรายการข้อมูล เช่น A,B"))


def scored_rows(table: Table, catalogue: Catalogue, plan: str | None = None) -> Iterator[list[str]]:
    """Each row of the table with its score, as cells in the order of `columns`; blank lines are left out.

    A row that cannot be scored says why in `error`, and the rest goes on.
    """
    for cells in _rows(table):
        if isinstance(cells, str):
            yield [cells if name == "error" else "" for name in table.columns]
        elif any(cell.strip() for cell in cells):
            yield _scored_row(table, cells, catalogue, plan)


def _rows(table: Table) -> Iterator[list[str] | str]:
    """The rows as cells; a text says why a row could not be taken apart."""
    reader = csv.reader(io.StringIO(table.body, newline=""))
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _("อ่านแถวนี้ไม่ได้: %(why)s") % {"why": error}


def _scored_row(table: Table, cells: list[str], catalogue: Catalogue, plan: str | None) -> list[str]:
    row = dict(zip(table.header, cells, strict=False))
    added = dict.fromkeys(ADDED, "")
    try:
        if any(cell.strip() for cell in cells[len(table.header) :]):
            raise InputError(_("แถวนี้มีช่องมากกว่าหัวตาราง"))
        found = _find(row, catalogue, plan)
        added |= _outcome(found, *_score(found, row))
    except (InputError, CodeError) as error:
        added |= {"value": row.get("value", ""), "error": error.message}
    row |= added
    return [row.get(name, "") for name in table.columns]


def _find(row: Mapping[str, str], catalogue: Catalogue, plan: str | None) -> Found:
    code = row.get("code", "").strip()
    if not code:
        raise InputError(_("แถวนี้ไม่มีรหัสตัวชี้วัดในคอลัมน์ code"))
    found = catalogue.find(code, read_year(row.get("fiscal_year", "")), row.get("plan", "").strip() or plan)
    return found.in_round(read_round(row.get("round", "")))


def _score(found: Found, row: Mapping[str, str]) -> tuple[Score, list[str]]:
    """The score of a row, and what to say beside it. Counts go before a value, which they only confirm."""
    counts, notes = _counts(found, row)
    given = row.get("value", "").strip()
    if not counts and not given:
        raise InputError(_("แถวนี้ไม่มีทั้งค่าในคอลัมน์ value และรายการข้อมูล"))
    if not counts:
        return score_given(found, read_value(given)), notes
    score = score_counts(found, counts)
    if given and score.value is not None and _differs(given, score):
        facts = {"given": given[:40], "value": f"{score.value:f}"}
        notes.append(_("ค่าในคอลัมน์ value (%(given)s) ต่างจากที่คำนวณได้ จึงใช้ %(value)s") % facts)
    return score, notes


def _counts(found: Found, row: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The item columns that are filled; those that the KPI has not are named beside the score."""
    known = {code.upper() for code in item_codes(found.half or found.template)}
    filled = {n: text for n, text in row.items() if text.strip() and n not in (*REQUIRED, *ADDED, *OPTIONAL)}
    counts = {name: text for name, text in filled.items() if name.upper().removesuffix(NOT_APPLICABLE) in known}
    strange = [name for name in filled if name not in counts and _ITEM_NAME.fullmatch(name)]
    notes = [_("ตัวชี้วัดนี้ไม่มีรายการข้อมูล %(names)s จึงไม่ใช้") % {"names": ", ".join(strange)}] if strange else []
    return counts, notes


def _differs(given: str, score: Score) -> bool:
    try:
        return read_value(given).first != score.value
    except InputError:
        return True


def _outcome(found: Found, score: Score, notes: list[str]) -> dict[str, str]:
    """What is added to a row. A score without value says why in `error`."""
    value = [f"{number:f}" for number in (score.value, score.second) if number is not None]
    level = level_of(score)
    by_round = [_("ใช้เกณฑ์ของ%(round)s") % {"round": found.round_name}] if found.round else []
    sentences = [*by_round, *score.explanation.sentences(), *(warning.message for warning in score.warnings), *notes]
    # The code comes first, so that no spreadsheet takes the text for a formula.
    head = _("ตัวชี้วัด %(code)s ปี %(year)s") % {"code": found.template.code, "year": found.template.fiscal_year}
    return {
        "value": ":".join(value),
        "level": "" if level is None else str(level),
        "passed": {True: "true", False: "false", None: ""}[score.passed],
        "explanation": " ".join(f"{head}: {' | '.join(sentences)}".split()),
        "error": score.message,
    }
