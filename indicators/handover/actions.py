"""Deputies and hand-over: atomic, decided after the row lock, and told to both."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.handover.units import UnitAccess
from indicators.models import Notice
from indicators.notices.actions import notify
from strategy import clock
from strategy.accounts.history import days_text, record
from strategy.accounts.refused import Refused
from strategy.models import Membership, OrgUnit, User
from strategy.people.roles import ONE_DAY, end_deputies, end_role, give_role

Role = Membership.Role
LONGEST = timedelta(days=366)


@transaction.atomic
def appoint_deputy(
    *, access: UnitAccess, of: User, deputy: User, start: date, end: date, reason: str, by: User
) -> Membership:
    """Somebody is head for given days in place of the head, who stays what they are."""
    if deputy.pk == of.pk or not deputy.is_active:
        raise Refused(_("เลือกบุคคลอื่นที่บัญชียังใช้งานอยู่เป็นผู้รักษาการ"))
    head = _head_to_stand_in_for(access, of)
    if not start <= end or start < clock.today():
        raise Refused(_("วันเริ่มต้องเป็นวันนี้หรือหลังจากนี้ และวันสิ้นสุดต้องไม่ก่อนวันเริ่ม"))
    if end - start > LONGEST:
        raise Refused(_("รักษาการได้ครั้งละไม่เกินหนึ่งปี หากนานกว่านั้นให้ส่งมอบงานแทน"))
    if head.end is not None and end > head.end:
        raise Refused(_("หัวหน้าที่รักษาการแทนดำรงตำแหน่ง %(days)s เลือกวันสิ้นสุดไม่เกินนั้น") % {"days": days_text(None, head.end)})
    given = give_role(
        user=deputy, unit=access.unit, role=Role.HEAD, start=start, end=end, reason=reason, by=by, deputy_of=of,
        line="deputy_given",
    )  # fmt: skip
    _tell("deputy", access.unit, of, deputy, by, reason, start=start, end=end)
    return given


def _head_to_stand_in_for(access: UnitAccess, of: User) -> Membership:
    """The head's own role, locked, so that it is not handed over at the same moment."""
    lasts = Q(end__isnull=True) | Q(end__gte=clock.today())
    rows = Membership.objects.select_for_update().filter(lasts, unit=access.unit, user=of, role=Role.HEAD)
    head = rows.filter(deputy_of__isnull=True).order_by("end").last()
    if head is None:
        raise Refused(_("%(name)s ไม่ได้เป็นหัวหน้าของหน่วยงานนี้แล้ว โหลดหน้านี้ใหม่") % {"name": of})
    return head


@transaction.atomic
def end_deputy(*, deputy: Membership, last: date, reason: str, by: User) -> None:
    """Somebody stops standing in, after a last day."""
    of: User = deputy.deputy_of  # type: ignore[assignment]
    unit, user = deputy.unit, deputy.user
    end_role(membership=deputy, last=last, reason=reason, by=by)
    _tell("deputy_ended", unit, of, user, by, reason, end=last)


@transaction.atomic
def hand_over(*, access: UnitAccess, leaving: Membership, to: User, day: date, reason: str, by: User) -> Membership:
    """The role goes from one person to another on a day: the old one ends the day before, the new one begins.

    Results, drafts and history stay with the unit. Who stood in for the leaving head stops with them.
    """
    role = _role_to_hand_over(access, leaving)
    if day < clock.today():
        raise Refused(_("วันรับมอบต้องเป็นวันนี้หรือหลังจากนี้"))
    if to.pk == role.user_id or not to.is_active:
        raise Refused(_("เลือกผู้รับมอบเป็นบุคคลอื่นที่บัญชียังใช้งานอยู่"))
    if (role.start is not None and role.start >= day) or (role.end is not None and role.end < day - ONE_DAY):
        raise Refused(_("วันรับมอบต้องอยู่หลังวันเริ่มของบทบาทเดิม และไม่ช้ากว่าวันถัดจากวันสิ้นสุดเดิม"))
    if role.role == Role.HEAD:
        end_deputies(of=role.user, unit=access.unit, last=day - ONE_DAY, reason=reason, by=by)
    role.end = day - ONE_DAY
    role.save(update_fields=["end"])
    given = give_role(
        user=to, unit=access.unit, role=role.role, start=day, end=None, reason=reason, by=by, line="taken_over",
        more={"whom": str(role.user), "day": day.isoformat()},
    )  # fmt: skip
    facts = {"role": role.role, "unit": access.unit.label, "whom": str(to), "day": day.isoformat()}
    record(user=role.user, by=by, line="handed_over", reason=reason, **facts)
    _tell("handed_over", access.unit, role.user, to, by, reason, role=role.role, start=day)
    return given


def _role_to_hand_over(access: UnitAccess, leaving: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user")
    role = rows.filter(pk=leaving.pk, unit=access.unit, deputy_of__isnull=True).first()
    if role is None or role.end != leaving.end:
        raise Refused(_("บทบาทนี้สิ้นสุดหรือส่งมอบไปแล้วในระหว่างนี้ โหลดหน้านี้ใหม่"))
    return role


def _tell(
    event: str, unit: OrgUnit, from_: User, to: User, by: User, reason: str, *,
    start: date | None = None, end: date | None = None, role: str = Role.HEAD,
) -> None:  # fmt: skip
    facts = {
        "event": event, "unit": unit.name, "role": role, "from": str(from_), "to": str(to), "by": str(by),
        "reason": reason, "start": start.isoformat() if start else "", "end": end.isoformat() if end else "",
    }  # fmt: skip
    notify(users=[from_, to], kind=Notice.Kind.HANDED_OVER, facts=facts, url=reverse("account"), by=by)
