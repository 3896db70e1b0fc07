"""What the pages of rows answer when one row was saved by itself, and say when all were."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from indicators.grids.actions import Outcome
from indicators.grids.page import RowsPage
from indicators.grids.posted import typed_in
from indicators.grids.row_view import Cell
from indicators.grids.rows import GridRow
from indicators.views.entry import is_by_another


def is_away(request: HttpRequest) -> bool:
    """Nobody is logged in any more, or somebody else than who opened the page: what was typed is not theirs."""
    return not request.user.is_authenticated or is_by_another(request)


def typed_row(request: HttpRequest, row: GridRow | None) -> Any:
    """What was typed in the row; None where it is not the person's to type in, or nothing of it came."""
    if row is None or not row.access.is_entered:
        return None
    return typed_in(request.POST, row)


def answer_of(request: HttpRequest, page: RowsPage, outcome: Outcome) -> dict[str, Any]:
    """What became of every cell of the row, and what its line and the page's head say now."""
    view = page.view(outcome.row.key)
    context = {"view": view, "page": page}
    trouble = outcome.clashes or outcome.refusal
    return {
        "lock": view.lock,
        "was": view.was,
        "theirs": outcome.theirs,
        "state": outcome.state,
        "cells": {cell.field.code: _cell_answer(cell, outcome) for cell in view.cells},
        "outcome": render_to_string("indicators/grid/_outcome.html", context, request),
        "notes": render_to_string("indicators/grid/_notes.html", context, request).strip(),
        "trouble": render_to_string("indicators/grid/_trouble.html", context, request) if trouble else "",
        "summary": page.summary,
    }


def _cell_answer(cell: Cell, outcome: Outcome) -> dict[str, str]:
    code = cell.field.code
    state = "conflict" if cell.clash else "invalid" if cell.error else "saved" if code in outcome.saved else ""
    if outcome.refusal and code in outcome.texts and not state:
        state = "failed"
    return {"text": cell.saved, "state": state, "error": cell.error}


def tell_saved(request: HttpRequest, count: int) -> None:
    """How many rows were saved with the page's form."""
    if count:
        messages.success(request, _("บันทึกแล้ว %(count)s รายการ ยังไม่ได้ส่ง") % {"count": count})
    else:
        messages.info(request, _("ไม่มีช่องที่เปลี่ยน จึงไม่มีอะไรต้องบันทึก"))
