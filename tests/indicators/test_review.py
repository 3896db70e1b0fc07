"""The strategy unit's pages: the list with its tabs and filter, one result, and every decision."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions import Entry, Project, save_result
from indicators.models import (
    Closure,
    Comment,
    Evidence,
    Indicator,
    RecoveryMeasure,
    Responsibility,
    Result,
    ReviewEvent,
)
from indicators.questions import warning_key
from indicators.reviews.lists import TABS
from indicators.reviews.sheet import Queue
from indicators.workflow import transition
from scoring.explain import Warning_
from strategy import clock
from strategy.models import Membership, OrgUnit
from tests.builders import report

QUERIES = 12
# All owned by PST OPD or entered for it in these tests.
GOOD, BAD = {"A": 33600, "B": 200}, {"A": 40000, "B": 200}
MARCH, FEBRUARY, JANUARY = 6, 5, 4


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Bangkok"))


@pytest.fixture
def reviewer(client, cast):
    """The client of the strategy unit."""
    client.force_login(cast.reviewer)
    return client


@pytest.fixture
def returned(submitted, cast, access):
    def make(code: str, number: int = MARCH, reason: str = "ตัวเลข A ไม่ตรงกับรายงาน", **data):
        result = submitted(code, number, **data)
        seen = access(cast.reviewer, result.round)
        return transition(access=seen, action="return", by=cast.reviewer, lock=result.lock, reason=reason)

    return make


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def page_of(client, result) -> str:
    return reverse("review_detail", args=[result.round_id])


def rows_of(response) -> list[str]:
    return [f"{row.round.indicator.code}/{row.round.number}" for row in response.context["rows"]]


def count_of(client, address: str) -> int:
    from django.db import connection

    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# Who may


@pytest.mark.parametrize("person", ["reporter", "head", "other_head", "executive", "administrator", "outsider"])
def test_the_pages_are_the_reviewers_alone(person, client, cast, submitted):
    result = submitted("7(1)", **GOOD)
    client.force_login(getattr(cast, person))
    assert client.get(reverse("review_list")).status_code == 404
    assert client.get(page_of(client, result)).status_code == 404
    for action in ("approve", "return", "reopen"):
        address = reverse(f"review_{action}", args=[result.round_id])
        assert client.post(address, {"lock": result.lock, "reason": "เหตุผล"}).status_code == 404
    assert Result.objects.get(pk=result.pk).status == "submitted"


@pytest.mark.parametrize("name", ["review_list", "review_detail", "review_approve", "review_return", "review_reopen"])
def test_strangers_log_in_first(name, client, round_of):
    address = reverse(name, args=[] if name == "review_list" else [round_of("7(1)").pk])
    response = (
        client.post(address) if name in ("review_approve", "review_return", "review_reopen") else client.get(address)
    )
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_a_reviewer_of_another_hospital_sees_nothing(client, cast, submitted, django_user_model):
    result = submitted("7(1)", **GOOD)
    other = OrgUnit.objects.create(code="OTHER", name="โรงพยาบาลอื่น", kind="hospital")
    person = django_user_model.objects.create_user("other_reviewer")
    Membership.objects.create(user=person, unit=other, role="reviewer")
    client.force_login(person)
    assert client.get(page_of(client, result)).status_code == 404
    listed = client.get(reverse("review_list"))
    assert listed.status_code == 200
    assert rows_of(listed) == []
    assert [count for _tab, count in listed.context["tabs"]] == [0, 0, 0, 0]


def test_a_round_without_result_is_not_there(reviewer, round_of):
    assert reviewer.get(reverse("review_detail", args=[round_of("7(1)").pk])).status_code == 404
    assert reviewer.get(reverse("review_detail", args=[999_999])).status_code == 404


@pytest.mark.parametrize("action", ["approve", "return", "reopen"])
def test_decisions_are_posted(action, reviewer, submitted):
    result = submitted("7(1)", **GOOD)
    assert reviewer.get(reverse(f"review_{action}", args=[result.round_id])).status_code == 405
    assert Result.objects.get(pk=result.pk).status == "submitted"


# The list


def test_waiting_oldest_first(reviewer, submitted):
    for number, day in ((MARCH, 8), (JANUARY, 12), (FEBRUARY, 5)):
        result = submitted("7(1)", number, **GOOD)
        Result.objects.filter(pk=result.pk).update(submitted_at=at(date(2017, 4, day)))
    response = reviewer.get(reverse("review_list"))
    assert rows_of(response) == ["7(1)/5", "7(1)/6", "7(1)/4"]
    page = text_of(response)
    assert "รอตรวจสอบ 3 รายการ เก่าที่สุดส่งเมื่อ 5 เม.ย. 2560" in page
    assert "โรงพยาบาลขอนแก่น" in page
    assert "168.00" in page
    assert 'class="level level-5"' in page
    assert "มีนาคม 2560" in page
    assert "PST OPD" in page
    assert "8 เม.ย. 2560" in page


@pytest.mark.parametrize(
    ("day", "hour", "late"),
    [(date(2017, 4, 10), 23, False), (date(2017, 4, 11), 0, True), (date(2017, 4, 1), 8, False)],
)
def test_late_is_after_the_due_day(day, hour, late, reviewer, submitted):
    result = submitted("7(1)", **GOOD)
    Result.objects.filter(pk=result.pk).update(submitted_at=at(day, hour), late_days=None)  # as before it was kept
    assert ("ส่งช้า 1 วัน" in text_of(reviewer.get(reverse("review_list")))) is late
    assert ("ส่งหลังกำหนด 10 เม.ย. 2560" in text_of(reviewer.get(page_of(reviewer, result)))) is late


def test_every_status_has_its_tab(reviewer, submitted, returned, approved, saved):
    submitted("7(1)", MARCH, **GOOD)
    returned("7(1)", FEBRUARY, **GOOD)
    approved("7(1)", JANUARY, **GOOD)
    saved("7(1)", 3, **GOOD)
    overdue = 0
    for key, expected in (("waiting", ["7(1)/6"]), ("returned", ["7(1)/5"]), ("approved", ["7(1)/4"])):
        response = reviewer.get(reverse("review_list"), {"tab": key})
        assert rows_of(response) == expected
        counts = {tab.key: count for tab, count in response.context["tabs"]}
        overdue = counts.pop("missing")
        assert counts == {"waiting": 1, "returned": 1, "approved": 1}
    missing = reviewer.get(reverse("review_list"), {"tab": "missing", "q": "7(1)"})
    # the draft of December, October and November, and what came back; April is not due yet
    assert rows_of(missing) == ["7(1)/1", "7(1)/2", "7(1)/3", "7(1)/5"]
    assert overdue > 100
    page = text_of(missing)
    assert "ทีม PST ผู้ป่วยนอก" in page
    assert "10 พ.ย. 2559" in page
    assert "ฉบับร่าง" in page
    assert "ยังไม่รายงาน" in page


def test_returned_says_why(reviewer, returned):
    returned("7(1)", **GOOD)
    page = text_of(reviewer.get(reverse("review_list"), {"tab": "returned"}))
    assert "ตัวเลข A ไม่ตรงกับรายงาน" in page
    assert "ส่งกลับแก้ไข" in page


def test_missing_gives_the_telephone(reviewer, round_of):
    OrgUnit.objects.filter(code="PST_OPD").update(telephone="043-336789 ต่อ 3821")
    assert "043-336789 ต่อ 3821" in text_of(reviewer.get(reverse("review_list"), {"tab": "missing", "q": "7(1)"}))


@pytest.mark.parametrize(
    ("today", "last_years"),
    [
        (date(2017, 9, 30), list(range(1, 12))),
        (date(2017, 10, 10), list(range(1, 12))),  # September is due today, not overdue
        (date(2017, 10, 11), list(range(1, 13))),
        (date(2017, 10, 31), list(range(1, 13))),  # the last day on which they are taken
        (date(2017, 11, 1), [12]),  # due in this fiscal year
    ],
)
def test_missing_of_last_year_until_it_is_locked(today, last_years, reviewer, round_of, settings):
    settings.KPITRACK_TODAY = today
    response = reviewer.get(reverse("review_list"), {"tab": "missing", "q": "7(1)"})
    assert rows_of(response) == [f"7(1)/{number}" for number in last_years]


def test_an_unknown_tab_is_the_first(reviewer, plan):
    assert reviewer.get(reverse("review_list"), {"tab": "x'"}).context["tab"] == TABS[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["7(1)/6", "9(1)/6"]),
        ({"q": "7"}, ["7(1)/6"]),
        ({"q": "9(1)"}, ["9(1)/6"]),
        ({"q": "ไม่มีตัวชี้วัดชื่อนี้"}, []),
        ({"office": "PST_OPD"}, ["7(1)/6"]),
        ({"office": "ACCOUNT"}, []),
        ({"issue": 2}, ["7(1)/6", "9(1)/6"]),
        ({"issue": 4}, []),
        ({"office": "PST_OPD", "q": "9"}, []),
    ],
)
def test_the_filter(query, found, reviewer, plan, submitted, cast):
    submitted("7(1)", **GOOD)
    other = Indicator.objects.get(plan=plan, code="9(1)")
    owner = other.responsibilities.first().responsible_unit
    Membership.objects.create(user=cast.other_head, unit=owner, role="head")
    codes = other.versions.get(fiscal_year=2560).items.values_list("code", flat=True)
    submitted("9(1)", by=cast.other_head, **dict.fromkeys(codes, 50))
    asked = dict(query)
    if "office" in asked:
        asked["office"] = OrgUnit.objects.get(code=asked["office"]).pk
    if "issue" in asked:
        asked["issue"] = plan.issues.get(number=asked["issue"]).pk
    response = reviewer.get(reverse("review_list"), asked)
    assert rows_of(response) == found
    assert {t.key: n for t, n in response.context["tabs"]}["waiting"] == len(found)


@pytest.mark.parametrize("bad", ["abc", "-1", "99999999999999999999", "1.5", "%00"])
def test_a_bad_address_is_no_error(bad, reviewer, submitted):
    submitted("7(1)", **GOOD)
    for name in ("office", "issue", "page"):
        assert reviewer.get(reverse("review_list"), {name: bad}).status_code == 200
        assert reviewer.get(reverse("review_list"), {name: bad, "tab": "missing"}).status_code == 200
    assert reviewer.get(reverse("review_list"), {"q": "ก" * 500}).status_code == 200


def test_the_filter_stays_in_every_link(reviewer, submitted, plan):
    submitted("7(1)", **GOOD)
    issue = plan.issues.get(number=2).pk
    page = reviewer.get(reverse("review_list"), {"issue": issue, "q": "7"}).content.decode()
    assert f"?issue={issue}&amp;q=7&amp;tab=returned" in page
    assert f"?issue={issue}&amp;q=7" in page.split("btn btn-sm")[1]
    assert f'<option value="{issue}" selected>' in page
    assert 'value="7"' in page


def test_pages_of_fifty(reviewer, plan):
    address = reverse("review_list")
    first = reviewer.get(address, {"tab": "missing"})
    assert len(first.context["rows"]) == 50
    assert "หน้า 1 จาก" in text_of(first)
    second = reviewer.get(address, {"tab": "missing", "page": 2})
    assert not set(rows_of(first)) & set(rows_of(second))


def test_empty_tabs_say_so(reviewer, plan):
    assert "ไม่มีผลงานที่รอตรวจสอบ" in text_of(reviewer.get(reverse("review_list")))
    assert "ไม่มีรายการที่ตรงกับตัวกรอง" in text_of(reviewer.get(reverse("review_list"), {"q": "ฮฮฮ"}))


@pytest.mark.parametrize("tab", [tab.key for tab in TABS])
def test_the_list_costs_the_same_with_one_and_three(tab, reviewer, submitted, returned, approved):
    make = {"returned": returned, "approved": approved}.get(tab, submitted)
    address = reverse("review_list") + f"?tab={tab}&q=7(1)"
    make("7(1)", MARCH, **GOOD)
    one = count_of(reviewer, address)
    make("7(1)", FEBRUARY, **GOOD)
    make("7(1)", JANUARY, **BAD)
    assert count_of(reviewer, address) == one <= QUERIES


def test_the_list_is_no_dearer_for_who_also_enters(reviewer, cast, submitted):
    Membership.objects.create(user=cast.reviewer, unit=OrgUnit.objects.get(code="POLICY"), role="head")
    submitted("7(1)", **GOOD)
    assert count_of(reviewer, reverse("review_list")) <= QUERIES


# One result


def test_side_by_side(reviewer, submitted, approved):
    approved("7(1)", FEBRUARY, A=34000, B=200)
    result = submitted("7(1)", MARCH, **GOOD)
    page = text_of(reviewer.get(page_of(reviewer, result)))
    for text in ("33,600", "34,000", "168.00", "170.00", "กุมภาพันธ์ 2560", "มีนาคม 2560", "งวดเดียวกันปีก่อน"):
        assert text in page
    assert "สูตร A / B = 33,600 / 200 = 168" in page or "สูตร A/B = 33600/200 = 168" in page
    assert "&lt;170 นาที" in page
    assert "ประวัติ" in page
    assert "ส่งผลงาน" in page


def test_the_year_before(reviewer, submitted, plan, round_of, cast, access):
    result = submitted("7(1)", 6, **GOOD)
    old = round_of("7(1)", 6)
    year_before = result.round.indicator.rounds.create(
        fiscal_year=2559, number=6, start=date(2016, 3, 1), end=date(2016, 3, 31),
        opens=date(2016, 3, 1), due=date(2016, 4, 10), locks=date(2016, 10, 31),
        frequency=old.frequency,
    )  # fmt: skip
    past = Result.objects.create(
        round=year_before,
        measured_unit=plan.unit,
        version=result.version,
        value=Decimal("181.5"),
        level=2,
        state="computed",
    )
    past.values.create(code="A", value=Decimal(36300))
    columns = reviewer.get(page_of(reviewer, result)).context["sheet"].columns
    assert [(c.title, c.period, c.numbers.get("A")) for c in columns] == [
        ("งวดนี้", "มีนาคม 2560", Decimal(33600)),
        ("งวดก่อน", "", None),
        ("งวดเดียวกันปีก่อน", "มีนาคม 2559", Decimal(36300)),
    ]


def test_the_period_before_did_not_concern_the_unit(reviewer, submitted, indicator, cast):
    """Which is something else than that nothing was reported."""
    before = report(indicator("7(1)"), FEBRUARY, cast, status="approved")
    Result.objects.filter(pk=before.pk).update(
        state="not_applicable", is_not_applicable=True, not_applicable_reason="ปิดปรับปรุง", value=None, level=None,
        passed=None,
    )  # fmt: skip
    result = submitted("7(1)", MARCH, **GOOD)
    column = reviewer.get(page_of(reviewer, result)).context["sheet"].columns[1]
    assert (column.is_there, column.period, column.state_badge) == (True, "กุมภาพันธ์ 2560", "not_applicable")


def test_zero_is_not_missing(reviewer, submitted):
    result = submitted("7(1)", A=0, B=200)
    sheet = reviewer.get(page_of(reviewer, result)).context["sheet"]
    assert [line.cells[0] for line in sheet.lines] == [("งวดนี้", "0"), ("งวดนี้", "200")]
    assert [line.cells[1] for line in sheet.lines] == [("งวดก่อน", ""), ("งวดก่อน", "")]


def test_the_history_has_the_projects_and_their_budgets(reviewer, saved, cast, access):
    result = saved("7(1)", MARCH, **GOOD)
    for spent in (Decimal("0"), Decimal("2500.5")):
        seen = access(cast.head, result.round)
        project = Project("เพิ่มช่องตรวจ", Decimal(5000), spent, "เงินบำรุง")
        entry = Entry(data={"A": Decimal(33600), "B": Decimal(200)}, projects=[project])
        save_result(
            access=seen, by=cast.head, entry=entry, lock=seen.result.lock, at=at(date(2017, 4, 11), 11 if spent else 9)
        )
    page = text_of(reviewer.get(page_of(reviewer, result)))
    known = "เพิ่มช่องตรวจ, งบฯที่ได้รับจัดสรรทั้งสิ้น 5,000.00, งบฯที่ใช้ในดำเนินการจริง"
    assert f"โครงการ/กิจกรรม 1: {known} 0.00, แหล่งงบ เงินบำรุง → {known} 2,500.50, แหล่งงบ เงินบำรุง" in page


def test_what_was_approved_before_the_reopening(reviewer, approved, cast, access):
    result = approved("7(1)", **GOOD)
    address = page_of(reviewer, result)
    reviewer.post(reverse("review_reopen", args=[result.round_id]), {"lock": result.lock, "reason": "ตัวเลขผิดเดือน"})
    seen = access(cast.head, result.round)
    save_result(
        access=seen, by=cast.head, entry=Entry(data={"A": Decimal(40000), "B": Decimal(200)}), lock=seen.result.lock
    )
    response = reviewer.get(address)
    last = response.context["sheet"].columns[-1]
    assert (last.title, last.value, last.level, last.passed) == ("อนุมัติไว้ครั้งก่อน", "168.00 นาที", 5, True)
    assert last.numbers == {"A": 33600, "B": 200}
    page = text_of(response)
    assert "ตัวเลขผิดเดือน" in page
    assert "A: 33,600 → 40,000" in page
    assert "ผลงาน: 168 → 200" in page


def test_warnings_and_what_was_answered(reviewer, saved, cast, access):
    """A part above its whole, in KPI 11(1) (A of B)."""
    code = "11(1)"
    owner = Responsibility.objects.filter(indicator__code=code).first().responsible_unit
    Membership.objects.create(user=cast.head, unit=owner, role="head")
    result = saved(code, 6, A=50, B=40)
    page = text_of(reviewer.get(page_of(reviewer, result)))
    assert "ผู้บันทึกยังไม่ได้อธิบาย" in page
    data = {"A": Decimal(50), "B": Decimal(40)}
    key = warning_key(Warning_(_warning_code(reviewer, result), "", ("A", "B")), data)
    entry = Entry(data=data, comments={key: "นับซ้ำสองแผนก"})
    save_result(access=access(cast.head, result.round), by=cast.head, entry=entry, lock=result.lock)
    page = text_of(reviewer.get(page_of(reviewer, result)))
    assert "นับซ้ำสองแผนก" in page
    assert "ผู้บันทึกยังไม่ได้อธิบาย" not in page


def _warning_code(client, result) -> str:
    from scoring.score import check_data

    sheet = client.get(page_of(client, result)).context["sheet"]
    (warning,) = check_data(sheet.template, {"A": Decimal(50), "B": Decimal(40)})
    assert set(warning.items) == {"A", "B"}
    return warning.code


def test_a_draft_is_shown_but_not_decided(reviewer, saved):
    result = saved("7(1)", **GOOD)
    page = text_of(reviewer.get(page_of(reviewer, result)))
    assert "ผลงานนี้อยู่ที่หน่วยงาน" in page
    assert "/approve/" not in page


@pytest.mark.parametrize("is_also_head", [False, True])
@pytest.mark.parametrize("make", ["submitted", "returned", "approved"])
def test_one_result_costs_at_most_twelve_queries(make, is_also_head, reviewer, cast, request, round_of):
    if is_also_head:
        Membership.objects.create(user=cast.reviewer, unit=OrgUnit.objects.get(code="POLICY"), role="head")
    fixture = request.getfixturevalue(make)
    result = fixture("7(1)", MARCH, **GOOD)
    address = page_of(reviewer, result)
    one = count_of(reviewer, address)
    fixture("7(1)", FEBRUARY, **GOOD)
    fixture("7(1)", JANUARY, **GOOD)
    assert count_of(reviewer, address) == one
    assert one <= QUERIES


# Decisions


def test_approving_goes_on_and_says_what_it_does_to_the_plan(reviewer, submitted):
    first = submitted("7(1)", FEBRUARY, **GOOD)
    second = submitted("7(1)", MARCH, **GOOD)
    response = reviewer.post(reverse("review_approve", args=[second.round_id]), {"lock": second.lock}, follow=True)
    assert response.redirect_chain == [(page_of(reviewer, first), 302)]
    page = text_of(response)
    assert "อนุมัติตัวชี้วัด 7(1) (มีนาคม 2560) แล้ว คะแนนรวมทางการของแผน ณ มี.ค. 2560: 0.00% → " in page
    second.refresh_from_db()
    assert (second.status, second.approved_by.username) == ("approved", "reviewer")


def test_approving_the_last_one_goes_back_to_the_list(reviewer, submitted):
    result = submitted("7(1)", **GOOD)
    response = reviewer.post(reverse("review_approve", args=[result.round_id]), {"lock": result.lock}, follow=True)
    assert response.redirect_chain == [(reverse("review_list"), 302)]
    assert "อนุมัติตัวชี้วัด 7(1) (มีนาคม 2560) แล้ว" in text_of(response)


def test_a_total_that_does_not_move_is_said_so(reviewer, submitted):
    """April is not due on 15 April: it does not count yet."""
    result = submitted("7(1)", 7, **GOOD)
    response = reviewer.post(reverse("review_approve", args=[result.round_id]), {"lock": result.lock}, follow=True)
    assert "คะแนนรวมทางการของแผน ณ เม.ย. 2560 ยังเป็น 0.00%" in text_of(response)


def test_the_filter_is_carried_through_a_decision(reviewer, submitted):
    submitted("7(1)", FEBRUARY, **GOOD)
    second = submitted("7(1)", MARCH, **GOOD)
    response = reviewer.post(reverse("review_approve", args=[second.round_id]) + "?q=7&x=1", {"lock": second.lock})
    assert response.url.endswith("/?q=7")
    none = reviewer.post(
        reverse("review_return", args=[submitted("7(1)", JANUARY, **GOOD).round_id]) + "?q=9",
        {"lock": 2, "reason": "ก"},
    )
    assert none.url == reverse("review_list") + "?q=9"


def test_returning_keeps_the_reason_for_the_unit(reviewer, submitted):
    result = submitted("7(1)", **GOOD)
    address = reverse("review_return", args=[result.round_id])
    response = reviewer.post(address, {"lock": result.lock, "reason": " ตัวหารไม่ตรง "}, follow=True)
    assert "ส่งกลับตัวชี้วัด 7(1) (มีนาคม 2560) ให้ PST OPD แก้ไขแล้ว" in text_of(response)
    event = ReviewEvent.objects.filter(result=result).last()
    assert (event.action, event.reason, event.to_status) == ("return", "ตัวหารไม่ตรง", "returned")


@pytest.mark.parametrize(("action", "make"), [("return", "submitted"), ("reopen", "approved")])
@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_required(action, make, reason, reviewer, request):
    result = request.getfixturevalue(make)("7(1)", **GOOD)
    address = reverse(f"review_{action}", args=[result.round_id])
    response = reviewer.post(address, {"lock": result.lock, "reason": reason})
    assert response.status_code == 422
    page = text_of(response)
    assert "กรุณาระบุเหตุผล" in page
    assert "error-summary" in page
    assert Result.objects.get(pk=result.pk).status == result.status


def test_what_was_typed_is_kept_on_an_error(reviewer, submitted):
    result = submitted("7(1)", **GOOD)
    too_long = "ยาว" * 1000
    response = reviewer.post(
        reverse("review_return", args=[result.round_id]), {"lock": result.lock, "reason": too_long}
    )
    assert response.status_code == 422
    assert too_long in response.content.decode()


def test_reopening_stays_on_the_page(reviewer, approved):
    result = approved("7(1)", **GOOD)
    address = reverse("review_reopen", args=[result.round_id])
    response = reviewer.post(address, {"lock": result.lock, "reason": "พบว่านับซ้ำ"}, follow=True)
    assert response.redirect_chain == [(page_of(reviewer, result), 302)]
    page = text_of(response)
    assert "เปิดตัวชี้วัด 7(1) (มีนาคม 2560) ให้แก้ไขใหม่แล้ว" in page
    assert "พบว่านับซ้ำ" in page
    assert Result.objects.get(pk=result.pk).status == "reopened"


@pytest.mark.parametrize("action", ["approve", "return"])
def test_somebody_was_faster(action, reviewer, submitted, cast, access):
    result = submitted("7(1)", **GOOD)
    seen = access(cast.head, result.round)
    transition(access=seen, action="withdraw", by=cast.head, lock=result.lock)
    address = reverse(f"review_{action}", args=[result.round_id])
    response = reviewer.post(address, {"lock": result.lock, "reason": "เหตุผลที่พิมพ์ไว้"})
    assert response.status_code == 409
    page = text_of(response)
    assert "มีผู้อื่นบันทึกผลงานนี้หลังจากที่เปิดหน้านี้" in page
    assert "สถานะ “ฉบับร่าง”" in page
    assert ("เหตุผลที่พิมพ์ไว้" in page) is (action == "return")  # although its box is gone
    assert Result.objects.get(pk=result.pk).status == "draft"


def test_the_typed_reason_survives_a_faster_colleague(reviewer, submitted):
    result = submitted("7(1)", **GOOD)
    Result.objects.filter(pk=result.pk).update(lock=result.lock + 1)
    response = reviewer.post(
        reverse("review_return", args=[result.round_id]), {"lock": result.lock, "reason": "เหตุผลที่พิมพ์ไว้"}
    )
    assert response.status_code == 409
    page = response.content.decode()
    assert "เหตุผลที่พิมพ์ไว้" in page
    assert page.count(f'name="lock" value="{result.lock + 1}"') == 3  # approve, return, assess


def test_a_form_without_its_save_count_decides_nothing(reviewer, submitted):
    result = submitted("7(1)", **GOOD)
    for data in ({}, {"lock": "x"}, {"lock": -1}):
        response = reviewer.post(reverse("review_approve", args=[result.round_id]), data)
        assert response.status_code == 422
        assert "ยังไม่มีการตัดสินใดเกิดขึ้น" in response.content.decode()
    assert Result.objects.get(pk=result.pk).status == "submitted"


def test_keys_and_save_counts_beyond_all_measure(reviewer, submitted):
    result = submitted("7(1)", **GOOD)
    for name in ("review_detail", "recovery", "evidence", "recovery_add"):
        assert reviewer.get(reverse(name, args=[10**30])).status_code == 404
    for name in ("review_approve", "review_return", "notice_open", "comment_add"):
        assert reviewer.post(reverse(name, args=[10**30]), {"lock": 1, "reason": "ก", "text": "ก"}).status_code == 404
    address = reverse("review_return", args=[result.round_id])
    assert reviewer.post(address, {"lock": 10**30, "reason": "ก"}).status_code == 409
    assert reviewer.post(address, {"lock": result.lock, "reason": "ก\0ข"}).status_code == 422
    assert reviewer.get(page_of(reviewer, result), {"unit": "ก\0"}).status_code == 404


def test_nobody_approves_their_own(reviewer, cast, submitted):
    Membership.objects.create(user=cast.reviewer, unit=OrgUnit.objects.get(code="PST_OPD"), role="head")
    result = submitted("7(1)", by=cast.reviewer, **GOOD)
    page = text_of(reviewer.get(page_of(reviewer, result)))
    assert "ท่านเป็นผู้ส่งผลงานนี้ จึงอนุมัติเองไม่ได้" in page
    assert "/approve/" not in page
    response = reviewer.post(reverse("review_approve", args=[result.round_id]), {"lock": result.lock})
    assert response.status_code == 403
    assert "ผู้ส่งผลงานอนุมัติผลงานของตนเองไม่ได้" in text_of(response)
    assert Result.objects.get(pk=result.pk).status == "submitted"


@pytest.mark.parametrize("action", ["approve", "return"])
def test_the_same_decision_sent_twice_is_made_once_and_told_as_made(action, reviewer, submitted):
    result = submitted("7(1)", **GOOD)
    address, data = reverse(f"review_{action}", args=[result.round_id]), {"lock": result.lock, "reason": "แก้ตัวตั้ง "}
    for _press in range(2):
        response = reviewer.post(address, data, follow=True)
        assert response.status_code == 200
        assert response.redirect_chain
        assert "ยังไม่มีการตัดสินใดเกิดขึ้น" not in text_of(response)
    assert "ยังเป็น" not in text_of(response)  # the total moved with the first
    assert ReviewEvent.objects.filter(action=action).count() == 1


@pytest.mark.parametrize(("lock", "reason"), [(0, "แก้ตัวตั้ง"), (None, "แก้ตัวหาร")])
def test_another_reason_or_an_older_page_is_no_repeat(lock, reason, reviewer, submitted):
    result = submitted("7(1)", **GOOD)
    address = reverse("review_return", args=[result.round_id])
    reviewer.post(address, {"lock": result.lock, "reason": "แก้ตัวตั้ง"})
    response = reviewer.post(address, {"lock": result.lock if lock is None else lock, "reason": reason})
    assert response.status_code == 409


def test_approving_twice_is_refused(reviewer, approved):
    result = approved("7(1)", **GOOD)
    response = reviewer.post(reverse("review_approve", args=[result.round_id]), {"lock": result.lock})
    assert response.status_code == 403
    assert "ทำไม่ได้ในขณะนี้ สถานะของผลงานคือ “อนุมัติแล้ว”" in text_of(response)


# The queue


@pytest.mark.parametrize(
    ("rounds", "here", "position", "previous", "following", "after"),
    [
        ((1, 2, 3), 1, 1, None, 2, 2),
        ((1, 2, 3), 2, 2, 1, 3, 3),
        ((1, 2, 3), 3, 3, 2, None, 1),
        ((1,), 1, 1, None, None, None),
        ((1, 2), 9, None, None, 1, 1),
        ((), 9, None, None, None, None),
    ],
)
def test_the_queue(rounds, here, position, previous, following, after):
    queue = Queue(rounds, here, lambda place: place)
    assert (queue.position, queue.previous, queue.following, queue.after_decision) == (
        position,
        previous,
        following,
        after,
    )


def test_the_way_through_the_queue(reviewer, submitted):
    results = []
    for number, day in ((FEBRUARY, 3), (MARCH, 8), (JANUARY, 12)):
        results.append(submitted("7(1)", number, **GOOD))
        Result.objects.filter(pk=results[-1].pk).update(submitted_at=at(date(2017, 4, day)))
    page = text_of(reviewer.get(page_of(reviewer, results[1])))
    assert "รายการที่ 2 จาก 3 ที่รอตรวจ" in page
    assert f'rel="prev" href="{page_of(reviewer, results[0])}"' in page
    assert f'rel="next" href="{page_of(reviewer, results[2])}"' in page


# What stands beside a result


def test_what_the_unit_wrote_and_how_late_it_came(reviewer, indicator, cast):
    """Kept with the first submission; a reason where it does not concern the unit; the reason of a closed period."""
    result = report(indicator("7(1)"), MARCH, cast, status="submitted", **GOOD)
    Result.objects.filter(pk=result.pk).update(
        late_days=3, state="not_applicable", is_not_applicable=True, not_applicable_reason="ปิดหอผู้ป่วย", value=None,
        level=None, passed=None,
    )  # fmt: skip
    page = text_of(reviewer.get(page_of(reviewer, result)))
    assert "ส่งหลังกำหนด 10 เม.ย. 2560 ช้า 3 วัน" in page
    assert "หน่วยงานแจ้งว่าไม่เกี่ยวข้องในงวดนี้: ปิดหอผู้ป่วย" in page


def test_the_last_approved_version_of_what_came_back_again(reviewer, approved, cast, access):
    """Approved, reopened, changed, submitted, returned: what was approved still stands beside it, with its day."""
    result = approved("7(1)", **GOOD)
    for action, by in (("reopen", cast.reviewer), ("submit", cast.head), ("return", cast.reviewer)):
        seen = access(by, result.round)
        transition(access=seen, action=action, by=by, lock=seen.result.lock, reason="นับซ้ำ")
    response = reviewer.get(page_of(reviewer, result))
    last = response.context["sheet"].columns[-1]
    assert (last.title, last.period, last.value) == ("อนุมัติไว้ครั้งก่อน", "15 เม.ย. 2560", "168.00 นาที")


def test_evidence_measures_and_comments_stand_there(reviewer, submitted, cast, plan):
    result = submitted("7(1)", **GOOD)
    now = clock.now()
    Evidence.objects.create(
        result=result, kind="link", description="ทะเบียนเดือนมีนาคม", link="https://example.go.th/x",
        added_by=cast.head, added_at=now,
    )  # fmt: skip
    Comment.objects.create(result=result, text="ขอดูทะเบียนด้วย", author=cast.reviewer, at=now)
    RecoveryMeasure.objects.create(
        result=result, what="เพิ่มช่องบริการ", who="หัวหน้า", by_when=date(2017, 5, 1), created_by=cast.head, created_at=now
    )
    page = text_of(reviewer.get(page_of(reviewer, result)))
    for text in ("ทะเบียนเดือนมีนาคม", "ขอดูทะเบียนด้วย", "เพิ่มช่องบริการ", "ไปที่การตัดสิน"):
        assert text in page


def test_nothing_is_decided_in_a_closed_period(reviewer, submitted, plan, cast):
    """It leaves the queue, and its page says why; what was approved stays where it is."""
    result = submitted("7(1)", **GOOD)
    Closure.objects.create(
        plan=plan, fiscal_year=2560, number=6, until=date(2017, 3, 31), snapshot={}, closed_by=cast.reviewer,
        closed_at=clock.now(),
    )  # fmt: skip
    assert rows_of(reviewer.get(reverse("review_list"))) == []
    page = text_of(reviewer.get(page_of(reviewer, result)))
    assert "งวดมีนาคม 2560 ปิดแล้ว แก้ไขหรือตัดสินไม่ได้" in page
    assert "/approve/" not in page
    response = reviewer.post(reverse("review_approve", args=[result.round_id]), {"lock": result.lock})
    assert response.status_code == 403
    told = reviewer.post(reverse("review_list"), {"action": "clean", "seen": f"{result.pk}:{result.lock}"}, follow=True)
    assert "ยังไม่มีการตัดสินใดเกิดขึ้น" in text_of(told)
    assert Result.objects.get(pk=result.pk).status == "submitted"
    Closure.objects.update(reopened_at=clock.now(), reopened_by=cast.reviewer, reopened_reason="แก้")
    assert rows_of(reviewer.get(reverse("review_list"))) == ["7(1)/6"]
