"""The children of a KPI that is the share of them that pass, in few words and as rows by their group."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from indicators.scorecards import CardState, Scorecard
from reports.cards import CardRow, is_failed, is_missing
from scoring.template import Kind


@dataclass(frozen=True)
class ChildGroup:
    """Children under one heading of the printed table (a branch of the service plan); without one where none is."""

    name: str
    rows: tuple[CardRow, ...]


@dataclass(frozen=True)
class Share:
    """The children, those of a heading among them too; `shown` are those that a filter lets through."""

    card: Scorecard
    shown: tuple[Scorecard, ...]
    is_open: bool = False

    @property
    def groups(self) -> list[ChildGroup]:
        by_name = groupby(self.shown, lambda child: child.indicator.group)
        return [ChildGroup(name, tuple(map(CardRow, children))) for name, children in by_name]

    @property
    def grid_number(self) -> int:
        """The round whose grid belongs to the page's month: the latest that has ended, else the first."""
        return max((leaf.in_scope[-1].round.number for leaf in self.card.leaves if leaf.in_scope), default=1)

    @property
    def summary(self) -> str:
        """ "ผ่าน 50 จาก 63 · ไม่ผ่าน 8 · ยังไม่รายงาน 5"."""
        leaves = list(self.card.leaves)
        counted = [leaf for leaf in leaves if _counts(leaf)]
        if not counted:
            return _("ตัวชี้วัดย่อย %(number)d ตัว") % {"number": len(leaves)}
        passed = sum(leaf.state == CardState.REPORTED and leaf.passed is True for leaf in counted)
        parts = [_("ผ่าน %(passed)d จาก %(all)d") % {"passed": passed, "all": len(counted)}]
        parts += _counted(_("ไม่ผ่าน %(number)d"), map(is_failed, counted))
        parts += _counted(_("คำนวณไม่ได้ %(number)d"), (leaf.state == CardState.CANNOT_COMPUTE for leaf in counted))
        parts += _counted(_("ยังไม่รายงาน %(number)d"), map(is_missing, counted))
        parts += _counted(_("ไม่นำมานับ %(number)d"), (not _counts(leaf) for leaf in leaves))
        return " · ".join(parts)


def share_of(card: Scorecard, shown: Iterable[Scorecard] | None = None, *, is_open: bool = False) -> Share | None:
    """The children of a card that is a share of them; None of any other card."""
    if card.kind != Kind.PASS_SHARE:
        return None
    return Share(card, tuple(card.leaves if shown is None else shown), is_open)


def _counts(leaf: Scorecard) -> bool:
    return leaf.standing.due and leaf.standing.applicable


def _counted(text: str, flags: Iterable[bool]) -> list[str]:
    number = sum(flags)
    return [text % {"number": number}] if number else []
