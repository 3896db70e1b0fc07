"""The addresses of this part (tests/access_matrix.py says how to read a row).

TAKES: for a word in Address.takes, what makes the arguments of the address for a plan and an indicator's code.
SENDS: for a name, what its form sends, as a function of the plan and the code.
"""

from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile

from indicators.models import Evidence, Result
from strategy import clock
from strategy.models import Plan
from tests.matrix.address import Address


def _evidence(plan: Plan, code: str) -> list[Any]:
    """A file on the result of March."""
    result = Result.objects.get(round__indicator__plan=plan, round__indicator__code=code, round__number=6)
    row = Evidence(
        result=result, kind="file", description="รายงาน", name="a.pdf", content_type="application/pdf",
        added_by=result.entered_by, added_at=clock.now(),
    )  # fmt: skip
    row.file.save("a.pdf", ContentFile(b"%PDF-1.7"))
    return [row.pk]


# An attachment or a comment changes nothing in the result itself, so what moves shows as 302. Who may look but not
# attach is told so: on the page, or by a message on it.
ADDRESSES: dict[str, Address] = {
    "evidence": Address(
        """
        anonymous      login login  login login
        outsider       404   404    404   404
        reporter       200   302    404   404
        head           200   302    404   404
        other_head     404   404    200   302
        reviewer       200   403    200   403
        executive      200   403    200   403
        administrator  200   403    200   403
        """,
        takes="round",
    ),
    "evidence_file": Address(
        """
        anonymous      login login  login login
        outsider       404   405    404   405
        reporter       200   405    404   405
        head           200   405    404   405
        other_head     404   405    200   405
        reviewer       200   405    200   405
        executive      200   405    200   405
        administrator  200   405    200   405
        """,
        takes="evidence",
    ),
    "evidence_remove": Address(
        """
        anonymous      login login  login login
        outsider       405   404    405   404
        reporter       405   302    405   404
        head           405   302    405   404
        other_head     405   404    405   302
        reviewer       405   302    405   302
        executive      405   302    405   302
        administrator  405   302    405   302
        """,
        takes="evidence",
    ),
    "comment_add": Address(
        """
        anonymous      login login  login login
        outsider       405   404    405   404
        reporter       405   302    405   404
        head           405   302    405   404
        other_head     405   404    405   302
        reviewer       405   302    405   302
        executive      405   403    405   403
        administrator  405   403    405   403
        """,
        takes="round",
    ),
}
TAKES: dict[str, Callable[[Plan, str], list[Any]]] = {"evidence": _evidence}
SENDS: dict[str, Callable[[Plan, str], dict[str, Any]]] = {
    "evidence": lambda plan, code: {"action": "link", "link": "https://kkh.go.th/7", "description": "รายงาน"},
    "comment_add": lambda plan, code: {"text": "ตัวเลขรวมผู้ป่วยนอกเวลาหรือไม่"},
}
