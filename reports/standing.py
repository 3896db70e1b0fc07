"""How a KPI stands as of a month, as one sentence, for its page and its printed form."""

from django.utils.translation import gettext as _

from indicators.adapters import COMPOSED_KINDS
from indicators.figures import WHOLE_KINDS, unit_of, with_unit
from indicators.scorecards import CardState, Scorecard
from reports.cards import cancelled_text, in_one_line, notes_of, scored_by, year_figure
from reports.measures import units_so_far
from scoring.numbers import format_number
from scoring.template import Kind
from strategy.periods import thai_date


def standing_sentence(card: Scorecard) -> str:
    """What the card's state means for this KPI, with its figures."""
    sentences = {
        CardState.HEADING: _heading_sentence,
        CardState.REPORTED: _reported_sentence,
        CardState.NOT_REPORTED: _missing_sentence,
        CardState.NOT_DUE: _not_due_sentence,
        CardState.NO_CASES: _no_cases_sentence,
        CardState.CANNOT_COMPUTE: _uncomputable_sentence,
        CardState.NOT_APPLICABLE: _not_applicable_sentence,
        CardState.CANCELLED: _cancelled_sentence,
    }
    return sentences[card.state](card)


def _heading_sentence(card: Scorecard) -> str:
    return _("เป็นหัวข้อของตัวชี้วัดย่อย %(number)d ตัว ไม่มีคะแนนของตัวเอง") % {"number": len(card.children)}


def _reported_sentence(card: Scorecard) -> str:
    value = with_unit(year_figure(card), unit_of(scored_by(card)))
    # Where the value is itself a level it is not said twice.
    parts = [] if card.kind in WHOLE_KINDS else [_("ผลงานสะสม %(value)s") % {"value": value}]
    if card.level is not None:
        parts.append(_("ได้ระดับ %(level)s") % {"level": format_number(card.level)})
    elif card.gives_level:
        parts.append(_("ไม่มีเกณฑ์ให้ระดับคะแนน"))
    if card.passed is not None:
        parts.append(_("ผ่านเกณฑ์") if card.passed else _("ไม่ผ่านเกณฑ์"))
    return in_one_line(parts + notes_of(card))


def _no_cases_sentence(card: Scorecard) -> str:
    if card.kind in (Kind.CHECKLIST, Kind.PASS_SHARE) and card.score:
        return _("%(why)s จึงไม่นำมาคิดในผลรวม") % {"why": card.score.message}
    return _("ไม่มีผู้รับบริการเข้าเกณฑ์ (0/0) จึงไม่นำมาคิดในผลรวม")


def _not_applicable_sentence(card: Scorecard) -> str:
    """With the reason that the unit gave, where it is one result."""
    result = card.latest.result if card.latest else None
    reason = result.not_applicable_reason if result else ""
    if reason:
        return _("หน่วยงานแจ้งว่าไม่เกี่ยวข้อง เพราะ %(reason)s จึงไม่นำมาคิดในผลรวม") % {"reason": reason}
    return _("ไม่เกี่ยวข้องทุกงวดที่รายงานแล้ว จึงไม่นำมาคิดในผลรวม")


def _cancelled_sentence(card: Scorecard) -> str:
    return _("%(cancelled)s จึงไม่นำมาคิดในผลรวมตั้งแต่เดือนนั้น") % {"cancelled": cancelled_text(card)}


def _missing_sentence(card: Scorecard) -> str:
    codes = [child.indicator.code for child in card.scored_children if child.state == CardState.NOT_REPORTED]
    if card.kind == Kind.PASS_SHARE:
        facts = {"number": sum(leaf.state == CardState.NOT_REPORTED for leaf in card.leaves)}
        return _("ตัวชี้วัดย่อยที่ถึงกำหนด %(number)d ตัวยังไม่รายงาน ผลรวมทางการจึงนับเป็นระดับ 0") % facts
    if card.kind in COMPOSED_KINDS:
        return _("ส่วนย่อย %(codes)s ยังไม่รายงาน ผลรวมทางการจึงนับเป็นระดับ 0") % {"codes": ", ".join(codes)}
    cell = card.due_cells[-1]
    facts = {"round": cell.round.label, "due": thai_date(cell.due)}
    if card.is_across:
        missing = _("งวด%(round)s ซึ่งครบกำหนด %(due)s ยังรายงานไม่ครบทุกแห่ง") % facts
        return in_one_line([missing, units_so_far(card.template, cell)])
    if not card.gives_level:
        return _("ยังไม่มีผลงานที่อนุมัติของงวด%(round)s ซึ่งครบกำหนด %(due)s") % facts
    return _("ยังไม่มีผลงานที่อนุมัติของงวด%(round)s ซึ่งครบกำหนด %(due)s ผลรวมทางการจึงนับเป็นระดับ 0") % facts


def _not_due_sentence(card: Scorecard) -> str:
    if not card.rounds:
        return _("ยังไม่ถึงกำหนดรายงาน จึงยังไม่นับในผลรวม")
    first = card.rounds[0]
    facts = {"round": first.round.label, "due": thai_date(first.due)}
    return _("ยังไม่ถึงกำหนดรายงาน (งวดแรก %(round)s ครบกำหนด %(due)s) จึงยังไม่นับในผลรวม") % facts


def _uncomputable_sentence(card: Scorecard) -> str:
    message = card.score.message if card.score else ""
    return _("คำนวณไม่ได้: %(message)s ผลรวมทางการจึงนับเป็นระดับ 0") % {"message": message}
