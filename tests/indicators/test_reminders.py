"""The reminders: which day sends what to whom, the mail itself, the command, and that nothing is sent twice."""

from datetime import date, datetime, timedelta
from io import StringIO
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from indicators.models import Cancellation, Closure, Digest, Extension, Notice, Responsibility
from indicators.notices.days import escalation_day, reminder_day
from indicators.notices.digests import drafts
from indicators.notices.owed import count_rounds, owed, pieces_of, shapes_for
from indicators.notices.sending import Outcome, deliver
from strategy import clock
from strategy.models import Membership, OrgUnit, Plan, User
from tests.builders import report

pytestmark = pytest.mark.django_db
DUE = date(2017, 4, 10)  # of March 2560
PLAN = Plan(remind_before=3, remind_every=7, escalate_after=7)


@pytest.fixture(autouse=True)
def _addresses(cast, settings):
    settings.SENDS_MAIL = True  # to Django's outbox
    for name in ("head", "reporter", "other_head", "reviewer"):
        User.objects.filter(username=name).update(email=f"{name}@hospital.go.th")


@pytest.fixture(autouse=True)
def _only_march(plan, indicator, cast):
    """Of all KPIs 7(1) alone is owed, and of it March: the PST OPD team's."""
    Responsibility.objects.exclude(indicator=indicator("7(1)")).delete()
    for number in (1, 2, 3, 4, 5):
        report(indicator("7(1)"), number, cast, status="approved", A=33600, B=200)


@pytest.fixture
def run(settings):
    """The command on a day; who got a mail."""

    def on(day: date, **options) -> list[str]:
        settings.KPITRACK_TODAY = day
        mail.outbox.clear()
        call_command("send_reminders", stdout=StringIO(), **options)
        return sorted(address for message in mail.outbox for address in message.to)

    return on


@pytest.fixture
def march(indicator):
    return indicator("7(1)").rounds.get(fiscal_year=2560, number=6)


HEADS = ["head@hospital.go.th", "reporter@hospital.go.th"]
ALL = sorted([*HEADS, "reviewer@hospital.go.th"])


# Which day


@pytest.mark.parametrize(
    ("days", "reminded", "escalated"),
    [
        (-4, None, None), (-3, -3, None), (-2, -3, None), (-1, -3, None), (0, 0, None), (1, 1, None), (2, 1, None),
        (6, 1, None), (7, 1, 7), (8, 8, 7), (13, 8, 7), (14, 8, 14), (15, 15, 14), (21, 15, 21), (22, 22, 21),
    ],
)  # fmt: skip
def test_the_day_of_a_reminder(days, reminded, escalated):
    """Days from the due day: three before, on it, one after, then every seven; others from the seventh on."""
    today = DUE + timedelta(days=days)
    expected = [None if day is None else DUE + timedelta(days=day) for day in (reminded, escalated)]
    assert [reminder_day(DUE, today, PLAN), escalation_day(DUE, today, PLAN)] == expected


@pytest.mark.parametrize(
    ("before", "every", "after", "days", "reminded", "escalated"),
    [(0, 1, 0, -1, None, None), (0, 1, 0, 0, 0, None), (0, 1, 0, 1, 1, 1), (0, 1, 0, 5, 5, 5),
     (10, 3, 2, -10, -10, None), (10, 3, 2, 4, 4, 2), (10, 3, 2, 5, 4, 5)],
)  # fmt: skip
def test_the_days_are_the_plans(before, every, after, days, reminded, escalated):
    plan = Plan(remind_before=before, remind_every=every, escalate_after=after)
    today = DUE + timedelta(days=days)
    expected = [None if day is None else DUE + timedelta(days=day) for day in (reminded, escalated)]
    assert [reminder_day(DUE, today, plan), escalation_day(DUE, today, plan)] == expected


DAYS = {
    6: [], 7: HEADS, 8: [], 9: [], 10: HEADS, 11: HEADS, 12: [], 16: [], 17: ["reviewer@hospital.go.th"], 18: HEADS,
    19: [], 24: ["reviewer@hospital.go.th"], 25: HEADS, 26: [],
}  # fmt: skip


def test_a_month_day_by_day(run, march):
    """Each day twice: the second run sends nothing."""
    assert march.due == DUE
    assert {day: run(date(2017, 4, day)) for day in DAYS} == DAYS
    assert [run(date(2017, 4, day)) for day in (25, 26)] == [[], []]


def test_every_day_of_the_month_is_a_day_of_the_table(run, march):
    sent = {day: run(date(2017, 4, day)) for day in range(5, 29)}
    assert {day: who for day, who in sent.items() if who} == {day: who for day, who in DAYS.items() if who}


def test_a_day_that_was_missed_is_made_up_for(run):
    """The machine was off on the 11th."""
    run(date(2017, 4, 7))
    run(date(2017, 4, 10))
    assert run(date(2017, 4, 13)) == HEADS
    assert run(date(2017, 4, 14)) == []
    assert run(date(2017, 4, 19)) == ALL  # the 17th and the 18th


def test_many_months_owed_are_no_more_mails_than_one(run, indicator, cast):
    """Each has days of its own, and a mail has them all: those of what fell due last count."""
    for number in (6, 7, 8, 9):
        report(indicator("7(1)"), number, cast, status="draft", A=33600, B=200)
    days = {day: run(day) for day in (date(2017, 8, 1) + timedelta(days=n) for n in range(31))}
    head = [day.day for day, who in days.items() if "head@hospital.go.th" in who]
    assert head == [1, 2, 7, 9, 10, 11, 18, 25]  # June was due on 11 July, July is on 10 August
    reviewer = [day.day for day, who in days.items() if "reviewer@hospital.go.th" in who]
    assert reviewer == [1, 8, 15, 17, 24, 31]  # seven days after them


def test_who_comes_into_office_later_is_told_then(run, django_user_model):
    run(date(2017, 4, 11))
    successor = django_user_model.objects.create_user("successor", email="successor@hospital.go.th")
    Membership.objects.create(user=successor, unit=OrgUnit.objects.get(code="PST_OPD"), role="head")
    assert run(date(2017, 4, 12)) == ["successor@hospital.go.th"]


# What is owed


@pytest.mark.parametrize(
    ("status", "is_owed"),
    [("draft", True), ("returned", True), ("reopened", True), ("submitted", False), ("approved", False)],
)
def test_what_is_with_the_reviewers_is_not_owed(status, is_owed, plan, indicator, cast):
    report(indicator("7(1)"), 6, cast, status=status, A=33600, B=200)
    assert [item.round.number for item in owed([plan]) if item.is_late] == ([6] if is_owed else [])


def test_an_extended_due_day_counts(run, plan, march, cast):
    Extension.objects.create(
        round=march, measured_unit=plan.unit, until=date(2017, 4, 20), reason="ระบบล่ม", by=cast.reviewer, at=clock.now()
    )
    sent = {day: run(date(2017, 4, day)) for day in (11, 17, 19, 20, 21, 22, 27)}
    assert sent == {11: [], 17: HEADS, 19: [], 20: HEADS, 21: HEADS, 22: [], 27: ["reviewer@hospital.go.th"]}


def test_what_is_cancelled_is_not_owed(run, indicator, cast):
    Cancellation.objects.create(
        indicator=indicator("7"),
        fiscal_year=2560,
        day=date(2017, 3, 31),
        reason="ยกเลิก",
        by=cast.reviewer,
        at=clock.now(),
    )
    assert run(date(2017, 4, 11)) == []


def test_what_is_closed_is_not_owed(run, plan, cast):
    Closure.objects.create(
        plan=plan, fiscal_year=2560, number=6, until=date(2017, 3, 31), snapshot={}, closed_by=cast.reviewer,
        closed_at=clock.now(),
    )  # fmt: skip
    assert run(date(2017, 4, 11)) == []


def test_a_plan_that_is_not_in_use_owes_nothing(run, plan):
    Plan.objects.filter(pk=plan.pk).update(is_active=False)
    assert run(date(2017, 4, 11)) == []


def test_an_earlier_year_is_history(run, plan, settings):
    assert run(date(2018, 1, 11)) != []  # of 2561
    settings.KPITRACK_TODAY = date(2017, 10, 31)
    assert {item.round.number for item in owed([plan]) if item.round.fiscal_year == 2560} == {6, 7, 8, 9, 10, 11, 12}
    settings.KPITRACK_TODAY = date(2018, 1, 11)
    assert {item.round.fiscal_year for item in owed([plan])} == {2561, 2560}  # September 2560 was due in October
    assert {item.round.number for item in owed([plan]) if item.round.fiscal_year == 2560} == {12}


def test_what_came_back_is_owed_in_the_next_year_too(plan, indicator, cast, settings):
    report(indicator("7(1)"), 6, cast, status="returned", A=33600, B=200)
    settings.KPITRACK_TODAY = date(2018, 1, 11)
    assert {item.round.number for item in owed([plan]) if item.round.fiscal_year == 2560} == {6, 12}


def test_rounds_of_one_kpi_are_one_line(plan, indicator, cast, settings):
    settings.KPITRACK_TODAY = date(2017, 6, 20)
    items = owed([plan])
    shapes = shapes_for(items)
    (piece,) = pieces_of(items, shapes)
    assert piece.rounds == ["มีนาคม 2560", "เมษายน 2560", "พฤษภาคม 2560"]
    assert count_rounds(items, shapes) == 3


def test_a_grid_is_one_piece_of_work(plan, indicator):
    home = indicator("15(2)")
    unit = OrgUnit.objects.get(code="QS")
    for child in home.children.all()[:3]:
        Responsibility.objects.create(indicator=child, measured_unit=plan.unit, responsible_unit=unit)
    items = [item for item in owed([plan]) if item.responsible == unit and item.round.number == 6]
    shapes = shapes_for(items)
    (piece,) = pieces_of(items, shapes)
    assert (len(items), piece.home, count_rounds(items, shapes)) == (3, home, 1)


# To whom


def test_the_head_of_the_group_is_told_of_its_departments(run, django_user_model):
    """The nearest unit above that has a head; their own department tells the head itself."""
    unit = OrgUnit.objects.get(code="PST_OPD")
    group = OrgUnit.objects.create(code="GROUP", name="กลุ่มภารกิจ", kind="mission_group", parent=unit.parent)
    OrgUnit.objects.filter(pk=unit.pk).update(parent=group)
    boss = django_user_model.objects.create_user("boss", email="boss@hospital.go.th", first_name="บอส")
    Membership.objects.create(user=boss, unit=group, role="head")
    assert run(date(2017, 4, 11)) == HEADS
    assert run(date(2017, 4, 17)) == ["boss@hospital.go.th", "reviewer@hospital.go.th"]
    (message,) = (message for message in mail.outbox if message.to == ["boss@hospital.go.th"])
    assert "หน่วยงานในสังกัดที่เลยกำหนดส่ง 1 หน่วยงาน" in message.body
    assert "ทีม PST ผู้ป่วยนอก: 1 รายการ เลยกำหนดนานที่สุด 7 วัน หัวหน้า: head" in message.body
    assert {n.kind for n in Notice.objects.filter(user=boss)} == {"escalated"}


def test_who_heads_the_group_and_the_unit_is_told_once(run, cast):
    unit = OrgUnit.objects.get(code="PST_OPD")
    Membership.objects.create(user=cast.head, unit=unit.parent, role="head")
    run(date(2017, 4, 18))
    (message,) = (message for message in mail.outbox if message.to == ["head@hospital.go.th"])
    assert "ในสังกัด" not in message.body


def test_the_head_of_the_group_answers_for_a_unit_that_has_nobody(run, cast, django_user_model):
    Membership.objects.filter(unit__code="PST_OPD").delete()
    boss = django_user_model.objects.create_user("boss", email="boss@hospital.go.th")
    Membership.objects.create(user=boss, unit=OrgUnit.objects.get(code="PST_OPD").parent, role="head")
    assert run(date(2017, 4, 11)) == ["boss@hospital.go.th"]
    assert "เลยกำหนดส่งแล้ว 1 รายการ" in mail.outbox[0].body
    assert run(date(2017, 4, 18)) == ["boss@hospital.go.th", "reviewer@hospital.go.th"]
    assert "ในสังกัด" not in mail.outbox[0].body


def test_a_unit_without_a_head_is_told_of_as_such(run, cast):
    Membership.objects.filter(unit__code="PST_OPD").delete()
    assert run(date(2017, 4, 17)) == ["reviewer@hospital.go.th"]
    assert "หัวหน้า: ไม่มีหัวหน้าที่ปฏิบัติงานอยู่" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("start", "end", "is_told"),
    [(date(2017, 4, 1), date(2017, 4, 30), True), (date(2017, 4, 12), None, False), (None, date(2017, 4, 10), False)],
)
def test_deputies_for_as_long_as_they_stand_in(start, end, is_told, run, cast, django_user_model):
    deputy = django_user_model.objects.create_user("deputy", email="deputy@hospital.go.th")
    unit = OrgUnit.objects.get(code="PST_OPD")
    Membership.objects.create(user=deputy, unit=unit, role="head", deputy_of=cast.head, start=start, end=end)
    assert ("deputy@hospital.go.th" in run(date(2017, 4, 11))) is is_told


def test_who_is_not_active_is_not_told(run, cast):
    User.objects.filter(username="reporter").update(is_active=False)
    assert run(date(2017, 4, 11)) == ["head@hospital.go.th"]


def test_two_responsible_units_are_both_told(run, plan, indicator, cast):
    unit = OrgUnit.objects.get(code="ACCOUNT")
    Responsibility.objects.create(
        indicator=indicator("7(1)"), measured_unit=plan.unit, responsible_unit=unit, position=9
    )
    assert run(date(2017, 4, 11)) == sorted([*HEADS, "other_head@hospital.go.th"])
    run(date(2017, 4, 18))
    (message,) = (message for message in mail.outbox if message.to == ["reviewer@hospital.go.th"])
    assert "หน่วยงานที่ยังไม่ส่งผลงาน 2 หน่วยงาน" in message.body


# The mail


def test_the_mail(run, settings):
    settings.KPITRACK_SITE_URL = "https://kpi.hospital.go.th"
    settings.DEFAULT_FROM_EMAIL = "kpi@hospital.go.th"
    run(date(2017, 4, 12))
    (message,) = (message for message in mail.outbox if message.to == ["head@hospital.go.th"])
    assert message.subject == "kpitrack: เลยกำหนดส่ง 1 รายการ"
    assert message.from_email == "kpi@hospital.go.th"
    lines = message.body.splitlines()
    assert lines[0] == "เรียน head"
    assert lines[2] == "เลยกำหนดส่งแล้ว 1 รายการ"
    assert lines[3].startswith("- 7(1) ")
    assert lines[3].endswith(": มีนาคม 2560 เลยกำหนด 10 เม.ย. 2560 มา 2 วัน")
    assert lines[4] == "บันทึกและส่งผลงาน: https://kpi.hospital.go.th/"
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert '<a href="https://kpi.hospital.go.th/">บันทึกและส่งผลงาน</a>' in html
    assert "<li>7(1) " in html


def test_due_and_overdue_in_one_mail(run, settings, indicator):
    """On 8 May April is due in two days, and March has been late for four weeks."""
    run(date(2017, 5, 9))
    (message,) = (message for message in mail.outbox if message.to == ["head@hospital.go.th"])
    due = indicator("7(1)").rounds.get(fiscal_year=2560, number=7).due
    assert message.subject == "kpitrack: เลยกำหนดส่ง 1 รายการ, ใกล้ถึงกำหนดส่ง 1 รายการ"
    assert message.body.index("เลยกำหนดส่งแล้ว 1 รายการ") < message.body.index("ใกล้ถึงกำหนดส่ง 1 รายการ")
    assert f"(อีก {(due - date(2017, 5, 9)).days} วัน)" in message.body


def test_rounds_with_days_of_their_own_are_not_said_to_be_due_on_the_first(run):
    run(date(2017, 5, 12))
    line = "มีนาคม 2560, เมษายน 2560 เลยกำหนดนานที่สุด 32 วัน (กำหนดส่ง 10 เม.ย. 2560)"
    assert line in mail.outbox[0].body


def test_the_last_day_is_called_today(run):
    run(DUE)
    assert "ส่งภายในวันนี้ (10 เม.ย. 2560)" in mail.outbox[0].body


def test_what_came_back_is_said(run, indicator, cast):
    report(indicator("7(1)"), 6, cast, status="returned", A=33600, B=200)
    run(date(2017, 4, 11))
    assert "มีรายการที่ส่งกลับให้แก้ไข" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("status", "more_time", "is_said"),
    [("draft", None, True), ("draft", date(2017, 4, 25), False), ("draft", date(2017, 4, 23), True),
     ("returned", None, False)],
)  # fmt: skip
def test_what_is_locked_is_said_with_whom_to_ask(status, more_time, is_said, run, march, plan, indicator, cast):
    march.locks = date(2017, 4, 20)
    march.save()
    report(indicator("7(1)"), 6, cast, status=status, A=33600, B=200)
    if more_time:
        Extension.objects.create(
            round=march, measured_unit=plan.unit, until=more_time, reason="ก", by=cast.reviewer, at=clock.now(),
        )  # fmt: skip
    run(date(2017, 4, 24))
    (body,) = {message.body for message in mail.outbox if message.to == ["head@hospital.go.th"]}
    assert ("ปิดรับแล้ว 1 งวด ถ้ายังต้องส่ง ขอขยายเวลาที่ กนย." in body) is is_said


def test_names_in_a_mail_are_text(run, cast):
    User.objects.filter(username="head").update(first_name="<b>", last_name="&")
    run(date(2017, 4, 11))
    (message,) = (message for message in mail.outbox if message.to == ["head@hospital.go.th"])
    assert "&lt;b&gt; &amp;" in message.alternatives[0][0]
    assert "<b> &" in message.body


def test_the_mail_is_thai_whatever_the_server_speaks(run, settings):
    settings.LANGUAGE_CODE = "en"
    run(date(2017, 4, 11))
    assert mail.outbox[0].subject.startswith("kpitrack: เลยกำหนดส่ง")


# In the application


def test_the_same_is_told_in_the_application(run, cast):
    run(date(2017, 4, 7))
    run(date(2017, 4, 11))
    old, new = Notice.objects.filter(user=cast.head).order_by("pk")
    assert (old.kind, old.facts["coming"], old.facts["day"]) == ("due", 1, "2017-04-10")
    assert (new.kind, new.facts["count"], new.facts["days"]) == ("overdue", 1, 1)
    assert old.read_at is not None  # said anew
    assert new.read_at is None


def test_without_an_address_the_application_alone(settings, cast):
    User.objects.filter(username="reporter").update(email="")
    User.objects.filter(username="head").update(email="head@demo.invalid")
    settings.KPITRACK_TODAY = date(2017, 4, 11)
    out = StringIO()
    call_command("send_reminders", stdout=out)
    assert mail.outbox == []
    assert "ส่งอีเมล 0 ฉบับ" in out.getvalue()
    assert "แจ้งในระบบอย่างเดียว 2 คน เพราะไม่มีที่อยู่อีเมลที่ใช้ได้" in out.getvalue()
    assert Notice.objects.filter(kind="overdue").count() == 2
    call_command("send_reminders", stdout=out)
    assert Notice.objects.filter(kind="overdue").count() == 2


def test_without_a_mail_server_the_application_alone(settings, cast):
    settings.SENDS_MAIL = False
    settings.KPITRACK_TODAY = date(2017, 4, 11)
    out = StringIO()
    call_command("send_reminders", stdout=out)
    assert "เพราะยังไม่ได้ตั้งค่าอีเมล (KPITRACK_EMAIL_URL)" in out.getvalue()
    assert list(Digest.objects.order_by().values_list("address", "sent_at").distinct()) == [("", None)]
    assert Notice.objects.filter(kind="overdue").count() == 2


def test_a_dry_run_writes_and_sends_nothing(settings):
    settings.KPITRACK_TODAY = date(2017, 4, 11)
    out = StringIO()
    call_command("send_reminders", dry_run=True, verbosity=2, stdout=out)
    assert "head (head@hospital.go.th): kpitrack: เลยกำหนดส่ง 1 รายการ" in out.getvalue()
    assert "เรียน head" in out.getvalue()
    assert "ยังไม่ได้ส่ง: จะแจ้ง 2 คน" in out.getvalue()
    assert (mail.outbox, Digest.objects.count(), Notice.objects.count()) == ([], 0, 0)


# Safe to run twice


def test_a_failed_mail_is_tried_again(run, monkeypatch, settings):
    """By the next run of the day with what holds then, or by that of the next day."""
    settings.KPITRACK_TODAY = date(2017, 4, 11)
    real = mail.EmailMultiAlternatives.send

    def refuse(message, *args, **kwargs):
        if message.to == ["head@hospital.go.th"]:
            raise ConnectionRefusedError("mail server down")
        return real(message, *args, **kwargs)

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", refuse)
    with pytest.raises(CommandError, match="ส่งไม่สำเร็จ 1 ฉบับ จะส่งอีกครั้งเมื่อสั่งครั้งต่อไป"):
        call_command("send_reminders", stdout=StringIO())
    assert [message.to for message in mail.outbox] == [["reporter@hospital.go.th"]]
    failed = Digest.objects.get(user__username="head")
    assert "mail server down" in failed.error
    assert failed.sent_at is None
    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", real)
    assert run(date(2017, 4, 11)) == ["head@hospital.go.th"]
    failed.refresh_from_db()
    assert (failed.error, failed.sent_at is None) == ("", False)
    assert run(date(2017, 4, 11)) == []
    assert Notice.objects.filter(user__username="head", kind="overdue").count() == 1


def test_a_mail_that_failed_is_made_anew_the_next_day(run, monkeypatch, settings):
    settings.KPITRACK_TODAY = date(2017, 4, 11)

    def refuse(message, *args, **kwargs):
        raise ConnectionRefusedError("mail server down")

    with monkeypatch.context() as patch:
        patch.setattr(mail.EmailMultiAlternatives, "send", refuse)
        with pytest.raises(CommandError):
            call_command("send_reminders", stdout=StringIO())
    assert run(date(2017, 4, 12)) == HEADS
    assert "มา 2 วัน" in mail.outbox[0].body
    assert Digest.objects.filter(user__username="head").count() == 2


@pytest.mark.parametrize(
    ("error", "asked"),
    [(TimeoutError("timed out"), 3), (SMTPRecipientsRefused({}), 8)],
    ids=["nobody answers", "each is refused"],
)
def test_a_mail_server_that_says_nothing_is_not_asked_by_all(error, asked, run, monkeypatch, settings):
    """Everybody is told inside the application all the same; the mails are sent by the next run."""
    settings.KPITRACK_TODAY = date(2017, 4, 11)
    for number in range(6):
        user = User.objects.create_user(f"extra{number}", email=f"extra{number}@hospital.go.th")
        Membership.objects.create(user=user, unit=OrgUnit.objects.get(code="PST_OPD"), role="reporter")
    tries = []

    def fail(message, *args, **kwargs):
        tries.append(message.to)
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(mail.EmailMultiAlternatives, "send", fail)
        with pytest.raises(CommandError, match="ส่งไม่สำเร็จ 8 ฉบับ") as told:
            call_command("send_reminders", stdout=StringIO())
    assert len(tries) == asked
    assert str(told.value).count("ไม่ได้ลองส่ง เพราะเซิร์ฟเวอร์อีเมลไม่ตอบ") == 8 - asked
    assert Notice.objects.filter(kind="overdue").count() == 8
    assert len(run(date(2017, 4, 11))) == 8


def test_what_another_run_has_is_left_to_it(settings):
    """Its row is there, and neither sent nor failed: it is being sent, until ten minutes have gone by."""
    settings.KPITRACK_TODAY = date(2017, 4, 11)
    found = drafts()
    user = found[0].user
    row = Digest.objects.create(
        user=user, day=clock.today(), address=user.email, subject="x", body="x", made_at=clock.now()
    )
    assert {each.user: each.outcome for each in deliver(found)}[user] is Outcome.LEFT
    assert [message.to for message in mail.outbox] != [[user.email]]
    Digest.objects.filter(pk=row.pk).update(made_at=clock.now() - timedelta(minutes=11))
    mail.outbox.clear()
    assert {each.user: each.outcome for each in deliver(found)}[user] is Outcome.SENT
    assert [message.to for message in mail.outbox] == [[user.email]]


def test_what_was_handed_in_meanwhile_sends_nothing_more(run, indicator, cast):
    run(date(2017, 4, 11))
    report(indicator("7(1)"), 6, cast, status="submitted", A=33600, B=200)
    assert run(date(2017, 4, 18)) == []


def test_the_moment_of_sending_is_kept(run):
    run(date(2017, 4, 11))
    row = Digest.objects.get(user__username="head")
    assert isinstance(row.sent_at, datetime)
    assert row.body.startswith("เรียน head")
    assert row.day == date(2017, 4, 11)


def test_no_machine_answers_the_mail(run):
    """RFC 3834: who is on leave does not tell kpitrack."""
    run(date(2017, 4, 11))
    assert {message.extra_headers["Auto-Submitted"] for message in mail.outbox} == {"auto-generated"}


def test_a_repetition_of_no_days_is_every_day():
    plan = Plan(remind_before=3, remind_every=0, escalate_after=7)
    assert reminder_day(DUE, date(2017, 4, 13), plan) == date(2017, 4, 13)
