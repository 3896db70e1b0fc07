"""Every write of evidence and comments: keyword-only, atomic, `by=` (DESIGN.md section 8)."""

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.core.files.storage import Storage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.evidence.forms import Checked
from indicators.evidence.rules import MOST, is_reviewer, may_change, may_comment
from indicators.models import Comment, Evidence, Notice, Result, ReviewEvent
from indicators.models.evidence import evidence_storage, random_name
from indicators.notices.actions import facts_of, notify, people_of, reviewers_of
from indicators.refusals import NotAllowed
from indicators.rules import RoundAccess
from indicators.schedule.obstacle import locked_sentence
from indicators.schedule.standing import refuse_closed
from strategy import clock
from strategy.models import User

log = logging.getLogger(__name__)
TOLD = 200  # characters of a comment that a notice shows


def add_files(*, access: RoundAccess, by: User, files: Sequence[Checked], description: str) -> list[Evidence]:
    """Attach files to a result, all or none, but what is there already. Raises NotAllowed with a sentence.

    They are written before the database is asked, so that nobody waits for the disk, and deleted where it refuses.
    """
    storage = evidence_storage()
    written: list[str] = []
    try:
        for each in files:
            written.append(_write(storage, each))
        rows = _record_files(access, by, list(zip(files, written, strict=True)), description)
    except BaseException:
        _drop(storage, written)
        raise
    _drop(storage, set(written) - {row.file.name for row in rows})
    return rows


def _drop(storage: Storage, names: Iterable[str]) -> None:
    """Take back what was written; where the disk refuses that too, check_evidence finds it."""
    for name in names:
        with suppress(OSError):
            storage.delete(name)


def _write(storage: Storage, file: Checked) -> str:
    name = random_name(Evidence(), file.name)
    try:
        return storage.save(name, file.file)
    except OSError:
        log.exception("A file of evidence cannot be written.")
        _drop(storage, [name])  # what was written of it would fill the disk further
        raise NotAllowed(_("เก็บไฟล์ไม่ได้ในขณะนี้ ยังไม่ได้แนบไฟล์ใด กรุณาลองใหม่หรือแจ้งผู้ดูแลระบบ")) from None


@transaction.atomic
def _record_files(
    access: RoundAccess, by: User, files: Sequence[tuple[Checked, str]], description: str
) -> list[Evidence]:
    access, result = _for_change(access)
    at = clock.now()
    there = _there(result)
    fresh = _without_known(files, there)
    _refuse_too_many(len(there) + len(fresh))
    rows = [
        Evidence.objects.create(
            result=result, kind=Evidence.Kind.FILE, description=description, file=stored, name=file.name,
            content_type=file.content_type, size=file.size, sha256=file.sha256, added_by=by, added_at=at,
        )
        for file, stored in fresh
    ]  # fmt: skip
    _record(result, by, after=rows)
    return rows


def _without_known(files: Sequence[tuple[Checked, str]], there: Sequence[Evidence]) -> list[tuple[Checked, str]]:
    """Those that are not attached yet; NotAllowed where all are: a second click, or the same file chosen again."""
    known = {row.sha256: row.name for row in there if row.sha256}
    fresh = []
    for file, stored in files:
        if file.sha256 not in known:
            fresh.append((file, stored))
            known[file.sha256] = file.name
    if files and not fresh:
        facts = {"name": files[0][0].name, "known": known[files[0][0].sha256]}
        raise NotAllowed(_("“%(name)s” แนบไว้แล้วในชื่อ “%(known)s” ยังไม่ได้แนบซ้ำ") % facts)
    return fresh


def _refuse_too_many(count: int) -> None:
    if count > MOST:
        facts = {"most": MOST, "count": count}
        sentence = _("หลักฐานมีได้ไม่เกิน %(most)s รายการ แต่ถ้าแนบชุดนี้จะเป็น %(count)s กรุณาลบของเดิมหรือรวมเป็นไฟล์เดียว")
        raise NotAllowed(sentence % facts)


@transaction.atomic
def add_link(*, access: RoundAccess, by: User, link: str, description: str) -> Evidence:
    """Attach a link to a result. Raises NotAllowed with a sentence."""
    access, result = _for_change(access)
    at = clock.now()
    there = _there(result)
    if any(row.link == link for row in there):
        raise NotAllowed(_("ลิงก์นี้แนบไว้แล้ว จึงไม่ได้แนบซ้ำ"))
    _refuse_too_many(len(there) + 1)
    row = Evidence.objects.create(
        result=result, kind=Evidence.Kind.LINK, description=description, link=link, added_by=by, added_at=at
    )
    _record(result, by, after=[row])
    return row


@transaction.atomic
def remove_evidence(*, access: RoundAccess, by: User, evidence: Evidence) -> Evidence:
    """Take one away; it stays on record. Raises NotAllowed with a sentence.

    The file itself goes only where the result was never submitted: what a decision may rest on is kept.
    """
    access, result = _for_change(access)
    row = Evidence.objects.select_for_update().get(pk=evidence.pk, result=result)
    if row.removed_at is not None:
        return row  # a second click
    row.removed_by, row.removed_at = by, clock.now()
    if row.file and result.submitted_at is None:
        _delete_after_commit(row.file.storage, row.file.name)
        row.file = ""
    row.save()
    _record(result, by, before=[row])
    return row


def _delete_after_commit(storage: Storage, name: str) -> None:
    transaction.on_commit(lambda: storage.delete(name), robust=True)


# What both do


def _for_change(access: RoundAccess) -> tuple[RoundAccess, Result]:
    """The result as it stands now, its row locked; NotAllowed where nothing may be changed.

    Evidence does not touch the save count of the result, so a page with numbers that is open elsewhere stays good.
    Where there is no result yet, an empty draft is made: its save count is 0, as on a page from before there was any.
    """
    access = replace(access, result=_locked(access))
    refuse_closed(access.round)
    if not may_change(access):
        raise NotAllowed(why_not(access))
    if access.result is not None:
        return access, access.result
    place = {"round": access.round, "measured_unit": access.measured_unit}
    Result.objects.get_or_create(**place, defaults={"version": access.version})
    return _for_change(access)  # which looks again: somebody may have been faster, or have closed the period


def _locked(access: RoundAccess) -> Result | None:
    found = Result.objects.select_for_update(of=("self",)).select_related("version")
    return found.filter(round=access.round, measured_unit=access.measured_unit).first()


def _there(result: Result) -> list[Evidence]:
    return list(Evidence.objects.filter(result=result, removed_at__isnull=True))


def _record(result: Result, by: User, *, before: Sequence[Evidence] = (), after: Sequence[Evidence] = ()) -> None:
    ReviewEvent.objects.create(
        result=result, action=ReviewEvent.Action.EVIDENCE, actor=by, at=clock.now(), from_status=result.status,
        to_status=result.status, before=_facts(before), after=_facts(after),
    )  # fmt: skip


def _facts(rows: Sequence[Evidence]) -> dict[str, Any]:
    """What the history keeps of evidence, whatever becomes of the file."""
    return {"evidence": [_fact(row) for row in rows]} if rows else {}


def _fact(row: Evidence) -> dict[str, Any]:
    known = {"id": row.pk, "description": row.description}
    return known | ({"link": row.link} if row.link else {"name": row.name, "sha256": row.sha256})


def why_not(access: RoundAccess) -> str:
    """Why evidence cannot be added or taken away, as a sentence; empty where it can."""
    if may_change(access):
        return ""
    if not access.is_entered:
        return _("ท่านดูหลักฐานได้ แต่ไม่ได้เป็นผู้บันทึกของหน่วยงาน จึงแนบหรือลบไม่ได้")
    if access.is_open and access.status == Result.Status.APPROVED:
        return _("ผลงานนี้อนุมัติแล้ว แนบหรือลบหลักฐานได้เมื่อผู้ตรวจสอบเปิดให้แก้ไขใหม่")
    return access.obstacle or locked_sentence(access)


# Comments


@transaction.atomic
def add_comment(*, access: RoundAccess, by: User, text: str) -> Comment:
    """Write a message and tell the other side. Raises NotAllowed. The same message twice in a row is sent once."""
    if not may_comment(access):
        raise NotAllowed(_("เขียนความเห็นได้เฉพาะผู้บันทึกของหน่วยงานกับผู้ตรวจสอบ และเมื่อมีผลงานที่บันทึกไว้แล้ว"))
    result = _locked(access)
    last = Comment.objects.filter(result=result).order_by("-pk").first()
    if last is not None and (last.text, last.author_id) == (text, by.pk):
        return last
    comment = Comment.objects.create(result=result, text=text, author=by, at=clock.now())
    _tell(access, by, text)
    return comment


def _tell(access: RoundAccess, by: User, text: str) -> None:
    """The reviewers of what the unit wrote, the unit of what a reviewer wrote; who is both tells both."""
    facts = facts_of(access, by=str(by), text=text if len(text) <= TOLD else f"{text[:TOLD]}…")
    sides = ((access.is_entered, reviewers_of, "review_detail"), (is_reviewer(access), people_of, "entry"))
    for writes, others, page in sides:
        if writes:
            url = f"{reverse(page, args=[access.round.pk])}{access.query}#thread"
            notify(users=others(access), kind=Notice.Kind.COMMENT, facts=facts, url=url, by=by)
