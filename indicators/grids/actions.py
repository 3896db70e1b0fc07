"""Writing in a grid: one row as it was typed, and submitting every row that is complete."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from indicators.actions import (
    Entry,
    InvalidEntry,
    range_errors,
    save_result,
    submit_result,
)
from indicators.entry.saved import entry_of
from indicators.grids.cells import Field, read, sentence_of, shown
from indicators.grids.comments import weighed
from indicators.grids.rows import GridRow, Rows
from indicators.models import RecoveryMeasure, Result, ReviewEvent
from indicators.pasts import Background, backgrounds_of, key_of
from indicators.questions import NOT_ENDED
from indicators.rules import EDITABLE, RoundAccess
from indicators.workflow import NotAllowed, StaleResult
from scoring.template import ItemKind
from strategy import clock
from strategy.models import User
from strategy.periods import thai_date

EARLY = f"{NOT_ENDED}:"  # the acknowledgement of an early submission (questions.warning_key)

TRIES = 5  # how often a row that is saved by others in this very moment is read again

Numbers = dict[str, Decimal | None]


@dataclass(frozen=True)
class Typed:
    """What came in for one row: the texts of its cells, what stood there before, and the save count of that.

    `overwrite`: by code the other's value that the person has seen and wants their own instead of; no other one.
    """

    texts: Mapping[str, str]
    was: Mapping[str, str]
    lock: int
    overwrite: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)  # beside warnings, by their keys

    def is_empty(self, fields: Iterable[Field]) -> bool:
        """Nothing was typed."""
        return not self.comments and not self.touched(fields)

    def touched(self, fields: Iterable[Field]) -> list[Field]:
        """The cells that were changed; a tick that was never saved and is not set is none."""
        return [field for field in fields if self._is_touched(field)]

    def _is_touched(self, field: Field) -> bool:
        text, before = self.texts.get(field.code), self.was.get(field.code, "")
        if text is None or text.strip() == before:
            return False
        return not (field.kind is ItemKind.TICK and text == "0" and not before)


@dataclass(frozen=True)
class Clash:
    """A cell that somebody else has changed since: their value beside one's own, as they read in the cell."""

    code: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Outcome:
    """What became of one row. `row` is the row as it is now, `saved` are the codes that were written."""

    row: GridRow
    saved: frozenset[str] = frozenset()
    errors: Mapping[str, str] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()
    refusal: str = ""
    # What was typed stays in the cells that were not saved.
    texts: Mapping[str, str] = field(default_factory=dict)
    typed: Typed | None = None
    unexplained: Mapping[str, str] = field(default_factory=dict)  # comments that were not taken, with the reason
    is_written: bool = False  # numbers or comments

    @property
    def lock(self) -> int:
        """The save count for the page: as long as something is open, the one that it had shown."""
        return self.typed.lock if self.typed and (self.clashes or self.refusal) else self.row.lock

    @property
    def was(self) -> str:
        """What the page takes for saved: of a cell whose choice is open what it had shown, so that it stays open."""
        if self.typed is None:
            return encoded(self.row)
        if self.refusal:
            return urlencode(self.typed.was)
        return encoded(self.row, {clash.code: self.typed.was.get(clash.code, "") for clash in self.clashes})

    @property
    def theirs(self) -> str:
        """The values that the person chooses against, as one text for the form."""
        return urlencode([(clash.code, clash.theirs) for clash in self.clashes])

    @property
    def is_clean(self) -> bool:
        return not (self.errors or self.clashes or self.refusal or self.unexplained)

    @property
    def state(self) -> str:
        if self.clashes:
            return "conflict"
        if self.errors or self.unexplained:
            return "invalid"
        if self.refusal:
            return "refused"
        return "saved" if self.is_written else "same"


def encoded(row: GridRow, instead: Mapping[str, str] | None = None) -> str:
    """What stands in a row's cells, as one text for the form; `instead` has other texts for some."""
    pairs = {each.code: shown(each, row.data.get(each.code)) for each in row.fields} | dict(instead or {})
    return urlencode([(code, text) for code, text in pairs.items() if text])


def decoded(text: str) -> dict[str, str]:
    """The other way round; what is no such text, or longer than any, says nothing."""
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=200))
    except ValueError:
        return {}


def save_row(row: GridRow, *, by: User, typed: Typed, tries: int = TRIES) -> Outcome:
    """Write the cells that were changed; what is wrong or has changed elsewhere is told cell by cell and not written.

    Cells that somebody else has changed meanwhile and this person has not keep the other's value.
    """
    if typed.is_empty(row.fields):
        return Outcome(row)
    if not row.access.may_enter:
        return Outcome(row, refusal=_refusal(row), texts=typed.texts, typed=typed)
    numbers, errors = _read(row, typed)
    clashes = tuple(_clashes(row, numbers, typed))
    kept = {clash.code for clash in clashes}
    changes = {code: number for code, number in numbers.items() if code not in kept}
    unsaved = {code: typed.texts[code] for code in (*errors, *kept)}
    entry = entry_with(row, changes)
    comments = weighed(row, entry.data, typed.comments)
    outcome = Outcome(row, frozenset(), errors, clashes, "", unsaved, typed, comments.errors)
    if not changes and not comments.taken:
        return outcome
    try:
        fresh = _store(row, by, replace(entry, comments={**entry.comments, **comments.taken}))
    except StaleResult as stale:
        if stale.current is not None and tries:
            # Saved in this very moment: what was typed is held against that.
            return save_row(_with(row, stale.current), by=by, typed=typed, tries=tries - 1)
        return replace(outcome, refusal=str(stale), texts=typed.texts)
    except (NotAllowed, InvalidEntry) as error:
        return replace(outcome, refusal=str(error), texts=typed.texts)
    return replace(outcome, row=fresh, saved=frozenset(changes), is_written=True)


def _read(row: GridRow, typed: Typed) -> tuple[Numbers, dict[str, str]]:
    """The numbers of the changed cells, and a sentence for each that is wrong."""
    numbers: Numbers = {}
    errors: dict[str, str] = {}
    for each in typed.touched(row.fields):
        try:
            numbers[each.code] = read(row.template, each, typed.texts[each.code])
        except ValidationError as error:
            errors[each.code] = sentence_of(error)
    errors |= {code: error for code, error in range_errors(row.template, numbers).items() if code in numbers}
    return {code: number for code, number in numbers.items() if code not in errors}, errors


def _clashes(row: GridRow, numbers: Numbers, typed: Typed) -> Iterable[Clash]:
    """Cells that somebody else has changed to something else than what is typed now."""
    if typed.lock == row.lock:
        return
    for each in row.fields:
        theirs = shown(each, row.data.get(each.code))
        if each.code not in numbers or typed.overwrite.get(each.code) == theirs:
            continue
        if theirs != typed.was.get(each.code, "") and row.data.get(each.code) != numbers[each.code]:
            yield Clash(each.code, theirs, typed.texts[each.code])


def _store(row: GridRow, by: User, entry: Entry) -> GridRow:
    return _with(row, save_result(access=row.access, by=by, entry=entry, lock=row.lock))


def _with(row: GridRow, result: Result) -> GridRow:
    """The row with a result that was read since."""
    result.measured_unit = row.access.measured_unit
    result.round = row.access.round
    return row.now(result)


def entry_with(row: GridRow, changes: Mapping[str, Decimal | None]) -> Entry:
    """What is saved with these numbers changed: texts, notes, projects and acknowledgements stay."""
    data = {**row.data, **changes}
    for each in row.fields:
        if each.kind is ItemKind.TICK and data.get(each.code) is None:
            data[each.code] = Decimal(0)
    return replace(entry_of(row.result), data=data)


def _refusal(row: GridRow) -> str:
    if row.result is not None and row.result.status not in EDITABLE:
        facts = {"status": row.result.get_status_display()}
        return _("ยังไม่ได้บันทึกสิ่งที่พิมพ์ เพราะขณะนี้สถานะของผลงานคือ “%(status)s”") % facts
    if row.access.obstacle:
        return _("ยังไม่ได้บันทึกสิ่งที่พิมพ์ %(why)s") % {"why": row.access.obstacle}
    return _("ยังไม่ได้บันทึกสิ่งที่พิมพ์ เพราะท่านไม่ได้เป็นผู้บันทึกของหน่วยงาน")


# Submitting


@dataclass(frozen=True)
class Left:
    """A row that was not submitted or decided, and why."""

    row: GridRow
    reasons: Sequence[str]


@dataclass(frozen=True)
class Report:
    """What happened to the rows of a grid: which went on, which did not and why, how many hold nothing yet."""

    done: tuple[GridRow, ...]
    left: tuple[Left, ...]
    empty: int = 0
    refusal: str = ""  # one reason for all, said once
    unseen: int = 0  # saved rows that the page did not show: nothing was said of them


def submit_complete(grid: Rows, *, by: User, locks: Mapping[str, int], early: bool = False) -> Report:
    """Submit every saved row that is complete and has no open question; the rest stays as it is.

    What came back and is as it was stays too: whoever means it so submits it on its own page.

    `locks` are the save counts that the page showed: what has changed since is not submitted. `early`: the person
    knows that the round has not ended; without it nothing of such a round is submitted. What the page did not show
    at all stays as it is.
    """
    rows = [row for row in grid.rows if row.access.may_submit]
    saved = [row for row in rows if row.result is not None and row.key in locks]
    empty = sum(row.result is None for row in rows)
    unseen = len(rows) - len(saved) - empty
    if not early and (running := next((row for row in saved if has_not_ended(row)), None)):
        day = thai_date(running.access.round.end)
        sentence = _("งวดนี้ยังไม่สิ้นสุด (สิ้นสุด %(day)s) ถ้าตัวเลขครบแล้ว ทำเครื่องหมายยืนยันข้างปุ่มส่ง แล้วส่งอีกครั้ง")
        return Report((), (), empty, sentence % {"day": day}, unseen)
    against = backgrounds_of(row.access for row in saved)
    same = _same_since_return(saved)
    rest = [row for row in saved if row.key not in same]
    outcomes = [(row, _submit(row, by, locks.get(row.key), early, against[key_of(row.access)])) for row in rest]
    outcomes += [(row, [_same_sentence()]) for row in saved if row.key in same]
    done = tuple(row for row, reasons in outcomes if not reasons)
    return Report(done, tuple(Left(row, reasons) for row, reasons in outcomes if reasons), empty, unseen=unseen)


def _same_since_return(rows: Iterable[GridRow]) -> set[str]:
    """The keys of rows that were sent back and of which nothing was saved since: the return is their last event.

    A recovery measure that was added has no event of its own.
    """
    back = {row.result.pk: row.key for row in rows if row.result and row.result.status == Result.Status.RETURNED}
    if not back:
        return set()
    added = RecoveryMeasure.objects.filter(result=OuterRef("result"), created_at__gt=OuterRef("at"))
    events = ReviewEvent.objects.filter(result__in=back).order_by("pk").annotate(is_answered=Exists(added))
    last = {pk: (action, done) for pk, action, done in events.values_list("result", "action", "is_answered")}
    return {back[pk] for pk, found in last.items() if found == (ReviewEvent.Action.RETURN, False)}


def _same_sentence() -> str:
    return _("ตัวเลข คำอธิบาย และหลักฐานยังไม่ได้แก้หลังส่งกลับ ถ้าไม่มีอะไรต้องแก้ ส่งได้ที่หน้าของรายการนี้")


def has_not_ended(row: GridRow) -> bool:
    """Whether submitting the row would be early; what does not apply has no numbers that could grow."""
    applies = row.result is None or not row.result.is_not_applicable
    return applies and row.access.round.end >= clock.today()


def early_until(grid: Rows) -> str:
    """When the round ends, where the person would submit early now; empty where it has ended."""
    ends = [row.access.round.end for row in grid.rows if row.access.may_submit and has_not_ended(row)]
    return thai_date(max(ends)) if ends else ""


def _submit(row: GridRow, by: User, lock: int | None, early: bool, against: Background) -> list[str]:
    """Why the row was not submitted; empty where it was."""
    if lock != row.lock:
        return [_("มีผู้อื่นบันทึกรายการนี้หลังจากที่เปิดหน้านี้ กรุณาตรวจตัวเลขแล้วส่งอีกครั้ง")]
    try:
        with transaction.atomic():
            access = _acknowledged(row, by) if early and has_not_ended(row) else row.access
            submit_result(access=access, by=by, lock=access.result.lock if access.result else 0, against=against)
    except (NotAllowed, StaleResult, InvalidEntry) as error:
        return [str(error)]
    return []


def _acknowledged(row: GridRow, by: User) -> RoundAccess:
    """The row with the warning of an early submission acknowledged, as its own entry page does it."""
    entry = entry_with(row, {})
    known = tuple(dict.fromkeys((*entry.acknowledged, EARLY)))
    result = save_result(access=row.access, by=by, entry=replace(entry, acknowledged=known), lock=row.lock)
    return replace(row.access, result=result)


# Several rows at once: all or nothing


class Refused(Exception):
    """Nothing was written: by row key, what was wrong."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(" ".join(reasons.values()))
        self.reasons = reasons


@transaction.atomic
def save_rows(
    grid: Rows, *, by: User, changes: Mapping[str, Mapping[str, Decimal | None]], locks: Mapping[str, int]
) -> int:
    """Write the changes of several rows by key, all or none; how many rows. Refused names the rows that cannot be."""
    reasons = {key: reason for key in changes if (reason := _obstacle(grid.row(key), locks.get(key)))}
    if reasons:
        raise Refused(reasons)
    for key, numbers in changes.items():
        row = grid.row(key)
        try:
            save_result(access=row.access, by=by, entry=entry_with(row, numbers), lock=row.lock)  # type: ignore[union-attr, arg-type]
        except (NotAllowed, InvalidEntry, StaleResult) as error:
            raise Refused({key: str(error)}) from None
    return len(changes)


def _obstacle(row: GridRow | None, lock: int | None) -> str:
    if row is None:
        return _("ไม่พบรายการนี้ในตารางแล้ว")
    if not row.access.may_enter:
        return _refusal(row)
    if lock != row.lock:
        return _("มีผู้อื่นบันทึกรายการนี้หลังจากที่ตรวจไฟล์")
    return ""
