"""Recovery measures: adding one, following it up until it is closed, the list, and who may what."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Notice, RecoveryMeasure, RecoveryStep
from indicators.recovery import actions
from indicators.recovery.page import measures_of
from indicators.recovery.queries import has_open_measure, open_measures
from indicators.recovery.rules import fetch_measure
from indicators.recovery.steps import STEPS
from indicators.refusals import NotAllowed
from indicators.result_parts import parts_of
from strategy.models import Membership, OrgUnit
from tests.builders import K405_BANDS, K405_ITEMS, make, measure_in, report

pytestmark = pytest.mark.django_db
TODAY = date(2017, 4, 15)
MAY = date(2017, 5, 31)
GOOD = {"what": "เพิ่มช่องบริการช่วงเช้า", "who": "หัวหน้าพยาบาล OPD", "by_when": "31 พ.ค. 2560"}


@pytest.fixture
def failed(saved):
    """200 minutes where 170 pass, of March."""
    return saved("7(1)", 6, A=40000, B=200)


@pytest.fixture
def measure(cast, access, round_of, saved):
    """A measure of the head: `measure(5, by_when=…)` on another month."""

    def add(number=6, *, code="7(1)", by=None, what="เพิ่มช่องบริการ", who="หัวหน้า OPD", by_when=MAY, status="open"):
        person = by or cast.head
        if access(person, round_of(code, number)).result is None:
            saved(code, number, by=person, A=40000, B=200)
        seen = access(person, round_of(code, number))
        return RecoveryMeasure.objects.create(
            result=seen.result, what=what, who=who, by_when=by_when, status=status, created_by=person,
            created_at=seen.result.entered_at,
        )  # fmt: skip

    return add


@pytest.fixture
def add_url(round_of):
    return lambda number=6, code="7(1)": reverse("recovery_add", args=[round_of(code, number).pk])


@pytest.fixture
def send(client, cast):
    """Follow a measure up: `send(row, "done", "ทำแล้ว")`."""

    def post(row, step, text="ประชุมทีมแล้ว", who="head", *, lock=None, follow=False):
        client.force_login(getattr(cast, who))
        row.refresh_from_db()
        data = {"step": step, "text": text, "lock": row.lock if lock is None else lock}
        return client.post(reverse("recovery", args=[row.pk]), data, follow=follow)

    return post


# A new one


def test_what_who_and_by_when(client, cast, add_url, failed):
    client.force_login(cast.head)
    assert "ผลงานนี้ไม่ผ่านเกณฑ์ ระบุว่าจะแก้ไขอย่างไร" in client.get(add_url()).content.decode()
    response = client.post(add_url(), GOOD)
    row = RecoveryMeasure.objects.get()
    assert response["Location"] == reverse("recovery", args=[row.pk])
    assert (row.result, row.what, row.who, row.by_when) == (failed, GOOD["what"], GOOD["who"], MAY)
    assert (row.status, row.lock, row.created_by) == ("open", 1, cast.head)
    notice = Notice.objects.get(kind="recovery")
    assert (notice.user, notice.url) == (cast.reviewer, reverse("recovery", args=[row.pk]))


def test_the_day_as_people_write_it(client, cast, add_url, failed):
    client.force_login(cast.head)
    client.post(add_url(), {**GOOD, "by_when": "๓๐ ก.ย. 60"})
    assert RecoveryMeasure.objects.get().by_when == date(2017, 9, 30)


def test_a_second_click_is_no_second_measure(client, cast, add_url, failed):
    client.force_login(cast.head)
    places = {client.post(add_url(), GOOD)["Location"] for _click in range(2)}
    assert (len(places), RecoveryMeasure.objects.count(), Notice.objects.filter(kind="recovery").count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"what": " "}, "กรุณาเขียนว่าจะทำอะไร"),
        ({"who": ""}, "กรุณาระบุผู้รับผิดชอบ"),
        ({"by_when": ""}, "กรุณาระบุวันที่จะทำเสร็จ"),
        ({"by_when": "14 เม.ย. 2560"}, "14 เม.ย. 2560 ผ่านมาแล้ว (วันนี้ 15 เม.ย. 2560)"),
        ({"by_when": "31/5/17"}, "ปี 17 ต้องเป็นปี พ.ศ. สี่หลัก"),
        ({"by_when": "31/5/2017"}, "ปี 2017 ต้องเป็นปี พ.ศ. สี่หลัก"),
        ({"by_when": "31/5/2650"}, "ไกลเกินไป"),
        ({"by_when": "31 ก.พ. 2561"}, "ไม่มีวันที่"),
        ({"by_when": "เร็ว ๆ นี้"}, "ไม่ใช่วันที่"),
        ({"what": "ก" * 2001}, "2000"),
    ],
)
def test_what_is_refused_comes_back(typed, sentence, client, cast, add_url, failed):
    client.force_login(cast.head)
    response = client.post(add_url(), GOOD | typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    for name, text in (GOOD | typed).items():
        assert text.strip() in page, name
    assert RecoveryMeasure.objects.count() == 0


@pytest.mark.parametrize("text", ["15 เม.ย. 2560", "๓๑/๕/๒๕๖๐", "2017-05-31", "31 พฤษภาคม 2560"])
def test_days_as_people_write_them(text, client, cast, add_url, failed):
    client.force_login(cast.head)
    assert client.post(add_url(), GOOD | {"by_when": text}).status_code == 302


def test_one_that_passes_may_have_one_too(client, cast, add_url, saved):
    saved("7(1)", 6, A=30000, B=200)
    client.force_login(cast.head)
    assert "ไม่ได้อยู่ในสถานะไม่ผ่านเกณฑ์" in client.get(add_url()).content.decode()
    assert client.post(add_url(), GOOD).status_code == 302


def test_the_numbers_come_first(client, cast, add_url):
    client.force_login(cast.head)
    response = client.post(add_url(), GOOD)
    assert response.status_code == 403
    assert "กรุณาบันทึกผลงานก่อน" in response.content.decode()
    assert GOOD["what"] in response.content.decode()


@pytest.mark.parametrize(
    ("who", "answer"),
    [("reporter", 302), ("head", 302), ("reviewer", 403), ("executive", 403), ("administrator", 403),
     ("other_head", 404), ("outsider", 404)],
)  # fmt: skip
def test_who_adds(who, answer, client, cast, add_url, failed):
    client.force_login(getattr(cast, who))
    response = client.post(add_url(), GOOD)
    assert response.status_code == answer
    assert RecoveryMeasure.objects.count() == (answer == 302)
    if answer == 403:
        assert GOOD["what"] in response.content.decode()


@pytest.mark.parametrize("status", ["submitted", "approved", "returned"])
def test_after_the_result_was_sent_in(status, client, cast, add_url, plan, indicator):
    report(indicator("7(1)"), 6, cast, status=status, A=40000, B=200)
    client.force_login(cast.head)
    assert client.post(add_url(), GOOD).status_code == 302


def test_a_closed_period_takes_no_new_one(cast, access, round_of, failed, monkeypatch):
    seen = access(cast.head, round_of("7(1)"))
    facts = {"by": cast.head, "what": "x", "who": "y", "by_when": MAY}
    with pytest.raises(NotAllowed, match="ปิด"):
        actions.add_measure(access=replace(seen, is_closed=True), **facts)

    def closed(round_):
        raise NotAllowed("งวดนี้ปิดแล้ว")

    monkeypatch.setattr(actions, "refuse_closed", closed)  # while the page was open
    with pytest.raises(NotAllowed, match="ปิด"):
        actions.add_measure(access=seen, **facts)
    assert RecoveryMeasure.objects.count() == 0


def test_nor_does_a_cancelled_indicator(cast, access, round_of, failed):
    seen = replace(access(cast.head, round_of("7(1)")), cancelled_on=date(2017, 3, 1), cancelled_because="ยุบ")
    with pytest.raises(NotAllowed, match="ยกเลิก"):
        actions.add_measure(access=seen, by=cast.head, what="x", who="y", by_when=MAY)


def test_yesterday_is_refused_by_the_action_too(cast, access, round_of, failed):
    seen = access(cast.head, round_of("7(1)"))
    with pytest.raises(NotAllowed, match="ผ่านมาแล้ว"):
        actions.add_measure(access=seen, by=cast.head, what="x", who="y", by_when=TODAY - timedelta(days=1))


def test_no_more_than_twenty_at_a_time(client, cast, add_url, measure):
    for number in range(actions.MOST):
        measure(what=f"มาตรการ {number}")
    client.force_login(cast.head)
    assert "20 รายการแล้ว" in client.post(add_url(), GOOD).content.decode()


# Following up


def test_from_open_to_closed(send, cast, measure):
    row = measure()
    assert send(row, "progress", "ประชุมแล้ว").status_code == 302
    assert send(row, "done", "เปิดช่องบริการแล้ว").status_code == 302
    assert send(row, "close", "ตรวจพื้นที่แล้ว", "reviewer").status_code == 302
    steps = [(step.by.username, step.text, step.status) for step in RecoveryStep.objects.order_by("pk")]
    assert steps == [
        ("head", "ประชุมแล้ว", "open"),
        ("head", "เปิดช่องบริการแล้ว", "done"),
        ("reviewer", "ตรวจพื้นที่แล้ว", "closed"),
    ]
    row.refresh_from_db()
    assert (row.status, row.lock) == ("closed", 4)


def test_who_is_told(send, cast, measure):
    row = measure()
    send(row, "done")
    assert [notice.user for notice in Notice.objects.filter(kind="recovery")] == [cast.reviewer]
    send(row, "reopen", "ยังไม่ครบ", "reviewer")
    told = Notice.objects.filter(kind="recovery").exclude(user=cast.reviewer)
    assert {notice.user for notice in told} == {cast.head, cast.reporter}
    assert {notice.facts["text"] for notice in told} == {"ยังไม่ครบ"}


WAYS = {  # status: who: the steps that are open
    "open": {"head": "progress done", "reporter": "progress done", "reviewer": "progress close drop", "executive": ""},
    "done": {"head": "progress", "reporter": "progress", "reviewer": "progress close reopen drop", "executive": ""},
    "closed": {"head": "", "reporter": "", "reviewer": "reopen", "executive": ""},
    "dropped": {"head": "", "reporter": "", "reviewer": "reopen", "executive": ""},
}


@pytest.mark.parametrize("status", WAYS)
@pytest.mark.parametrize("who", ["head", "reporter", "reviewer", "executive", "administrator"])
@pytest.mark.parametrize("step", [step.key for step in STEPS])
def test_every_step_from_every_status_by_everybody(step, status, who, send, measure):
    row = measure(status=status)
    allowed = step in WAYS[status].get(who, "").split()
    response = send(row, step, "ข้อความที่พิมพ์ไว้", who)
    row.refresh_from_db()
    assert (response.status_code == 302) is allowed
    assert row.steps.count() == allowed
    if not allowed:
        assert row.status == status
        assert "ข้อความที่พิมพ์ไว้" in response.content.decode()


@pytest.mark.parametrize("who", ["other_head", "outsider"])
def test_others_see_nothing(who, client, cast, measure):
    client.force_login(getattr(cast, who))
    url = reverse("recovery", args=[measure().pk])
    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)


def test_neither_when_the_result_is_approved(client, cast, indicator, measure):
    """What is approved is public; what is done about it is the unit's and the strategy unit's."""
    report(indicator("7(1)"), 6, cast, A=40000, B=200)
    client.force_login(cast.other_head)
    assert client.get(reverse("recovery", args=[measure().pk])).status_code == 404


@pytest.mark.parametrize("step", ["progress", "done", "close", "nonsense", ""])
def test_without_a_word_nothing_happens(step, send, measure):
    row = measure()
    response = send(row, step, "  ", "head")
    assert response.status_code == 422
    row.refresh_from_db()
    assert (row.status, row.lock, row.steps.count()) == ("open", 1, 0)


def test_the_second_reads_what_the_first_wrote_and_keeps_their_own_words(send, measure, client):
    row = measure()
    send(row, "progress", "คนแรกเขียน", "reporter")
    response = send(row, "done", "คนที่สองเขียน", "head", lock=1)
    page = response.content.decode()
    assert response.status_code == 409
    assert "มีผู้อื่นติดตามมาตรการนี้" in page
    assert "คนแรกเขียน" in page
    assert "คนที่สองเขียน" in page
    assert 'name="lock" value="2"' in page
    assert row.steps.count() == 1
    assert send(row, "done", "คนที่สองเขียน", "head", lock=2).status_code == 302


def test_a_page_that_is_overtaken_by_a_closing_keeps_the_words(send, measure):
    row = measure()
    send(row, "close", "ปิดได้", "reviewer")
    response = send(row, "done", "ทำเสร็จแล้ว", "head", lock=1)
    assert response.status_code in (403, 409, 422)
    assert "ปิดได้" in response.content.decode()
    assert "ทำเสร็จแล้ว" in response.content.decode()
    row.refresh_from_db()
    assert row.status == "closed"


@pytest.mark.parametrize(("step", "who"), [("progress", "head"), ("done", "head"), ("close", "reviewer")])
def test_a_second_click_is_no_second_step(step, who, send, measure):
    row = measure()
    for _click in range(2):
        assert send(row, step, "ทำแล้ว", who, lock=1).status_code in (302, 422)
    assert row.steps.count() == 1
    assert row.__class__.objects.get().lock == 2


def test_the_lock_is_asked_after_the_row_is_locked(cast, measure):
    """Two pages of the same person, read before either was sent."""
    row = measure()
    first, second = (fetch_measure(cast.head, row.pk) for _page in range(2))
    actions.follow_up(seen=first, by=cast.head, step="progress", text="หนึ่ง", lock=1)
    with pytest.raises(actions.StaleMeasure):
        actions.follow_up(seen=second, by=cast.head, step="progress", text="สอง", lock=1)


def test_a_step_is_judged_by_the_status_as_it_is(cast, measure):
    """Closed since the rights were worked out, with the right count by chance."""
    row = measure()
    seen = fetch_measure(cast.head, row.pk)
    RecoveryMeasure.objects.update(status="closed")
    with pytest.raises(NotAllowed, match="ปิดแล้ว"):
        actions.follow_up(seen=seen, by=cast.head, step="done", text="x", lock=1)


def test_in_a_closed_period_it_goes_on(cast, measure):
    row = measure()
    seen = fetch_measure(cast.head, row.pk)
    seen = replace(seen, access=replace(seen.access, is_closed=True))
    actions.follow_up(seen=seen, by=cast.head, step="done", text="x", lock=1)
    assert RecoveryMeasure.objects.get().status == "done"


def test_what_is_refused_is_headed_by_that_and_not_by_the_name_of_the_kpi(client, cast, add_url, measure, send):
    row = measure()
    client.force_login(cast.head)
    pages = [client.post(add_url(), {}), send(row, "progress", text="")]
    assert [page.status_code for page in pages] == [422, 422]
    heading = '<p class="fw-semibold mb-1">ยังบันทึกไม่ได้ โปรดแก้ไขช่องต่อไปนี้'
    assert all(heading in page.content.decode() for page in pages)


# Beside a result


def test_open_ones_of_earlier_rounds_stand_beside_a_new_one(cast, access, round_of, measure):
    old = measure(4)
    measure(5, status="closed")
    done = measure(5, status="done", by_when=date(2017, 6, 30))
    seen = access(cast.head, round_of("7(1)", 6))
    assert [line.pk for line in open_measures(seen)] == [old.pk, done.pk]
    assert has_open_measure(seen)
    assert [line.round_end for line in open_measures(seen)] == [date(2017, 1, 31), date(2017, 2, 28)]


def test_closed_ones_stand_beside_their_own_result_only(cast, access, round_of, measure):
    closed = measure(5, status="closed")
    for number, expected in ((5, [closed.pk]), (6, [])):
        seen = access(cast.head, round_of("7(1)", number))
        assert [line.pk for line in measures_of(seen).lines] == expected
        assert [line.pk for line in measures_of(seen, parts_of(seen.result)).lines] == expected


def test_the_same_with_and_without_the_parts_of_the_result(cast, access, round_of, measure):
    for number in (4, 5, 6):
        measure(number, by_when=date(2017, 5, number))
        measure(number, by_when=date(2017, 6, number), status="dropped")
    seen = access(cast.head, round_of("7(1)", 5))
    assert measures_of(seen).lines == measures_of(seen, parts_of(seen.result)).lines
    assert len(measures_of(seen).lines) == 4


def test_a_failing_result_asks_until_something_is_being_done(cast, access, round_of, measure, failed):
    def box():
        return measures_of(access(cast.head, round_of("7(1)")))

    assert box().is_asked
    row = measure(5)
    assert not box().is_asked
    RecoveryMeasure.objects.filter(pk=row.pk).update(status="closed")
    assert box().is_asked


def test_only_who_may_add_one_is_told_how(client, cast, round_of, failed):
    said = {}
    for who, page in (("head", "entry"), ("reviewer", "review_detail")):
        client.force_login(getattr(cast, who))
        said[who] = client.get(reverse(page, args=[round_of("7(1)", 6).pk])).content.decode()
    assert all("ผลงานไม่ผ่านเกณฑ์และยังไม่มีมาตรการแก้ไข" in page for page in said.values())
    assert [who for who, page in said.items() if "ระบุว่าจะทำอะไร ใครทำ และภายในเมื่อใด" in page] == ["head"]


def test_of_another_unit_s_measures_nothing_is_said(cast, plan, access, round_of, measure):
    """Neither of another indicator's, nor of another measured unit's, nor to another head."""
    measure(4)
    assert open_measures(access(cast.other_head, round_of("7(1)", 6))) == []
    assert open_measures(access(cast.other_head, round_of("22", 6))) == []
    one = make(plan, "K9", items=K405_ITEMS, bands=K405_BANDS, kind="formula", formula="EIA+TPS")
    first, _second = measure_in(one, ("10998", "10999"), "PST_OPD")
    result = report(one, 1, cast, unit=first, EIA=10, TPS=10)
    RecoveryMeasure.objects.create(
        result=result, what="x", who="y", by_when=MAY, created_by=cast.head, created_at=result.entered_at
    )
    from indicators.rules import fetch_round

    seen = {unit: has_open_measure(fetch_round(cast.head, result.round_id, unit)) for unit in ("10998", "10999")}
    assert seen == {"10998": True, "10999": False}


# The list


@pytest.fixture
def listed(client, cast):
    def get(who="reviewer", **query):
        client.force_login(getattr(cast, who))
        return client.get(reverse("recovery_list"), query)

    return get


def shown(response) -> list[int]:
    return [row.measure.pk for row in response.context["page"].object_list]


def test_the_most_urgent_first(listed, measure):
    later, overdue, closed, done, soon = (
        measure(by_when=date(2017, 6, 30)),
        measure(by_when=date(2017, 4, 1)),
        measure(by_when=date(2017, 1, 1), status="closed"),
        measure(by_when=date(2017, 1, 2), status="done"),
        measure(by_when=TODAY),
    )
    page = listed()
    assert shown(page) == [overdue.pk, soon.pk, later.pk, done.pk]
    assert "ต้องติดตาม 4 รายการ เลยกำหนด 1 รอปิด 1" in page.content.decode()
    assert "เลยมา 14 วัน" in page.content.decode()
    for tab, expected in (("overdue", [overdue.pk]), ("done", [done.pk]), ("closed", [closed.pk])):
        assert shown(listed(tab=tab)) == expected


def test_a_short_name_stands_after_its_parents(listed, cast, plan):
    part = make(plan, "K8", items=K405_ITEMS, bands=K405_BANDS, kind="formula", formula="EIA+TPS")
    part.parent = make(plan, "K7", kind="formula")
    part.save()
    result = report(part, 1, cast, EIA=10, TPS=10)
    RecoveryMeasure.objects.create(
        result=result, what="x", who="y", by_when=MAY, created_by=cast.head, created_at=result.entered_at
    )
    page = listed()
    assert [row.title for row in page.context["page"].object_list] == ["ตัวชี้วัด K7 — ตัวชี้วัด K8"]
    assert "ตัวชี้วัด K7 — ตัวชี้วัด K8" in page.content.decode()


def test_of_what_is_closed_the_latest_first(listed, measure):
    rows = [measure(by_when=date(2017, month, 1), status=status) for month, status in ((2, "closed"), (3, "dropped"))]
    assert shown(listed(tab="closed")) == [row.pk for row in reversed(rows)]


def test_filters(listed, measure, cast, indicator, round_of):
    own = measure(what="เพิ่มช่องบริการ", who="หัวหน้า OPD")
    other = measure(6, code="22", by=cast.other_head, what="ปิดบัญชีทุกวันที่ห้า", who="หัวหน้าบัญชี")
    unit = {
        code: OrgUnit.objects.get(code=code).pk
        for code in ("PST_OPD", "ACCOUNT", "ER")
        if OrgUnit.objects.filter(code=code).exists()
    }
    assert shown(listed()) == [own.pk, other.pk]
    assert shown(listed(office=unit["PST_OPD"])) == [own.pk]
    assert shown(listed(office=unit["ACCOUNT"])) == [other.pk]
    assert shown(listed(issue=indicator("22").issue_id)) == [other.pk]
    for text, expected in (("7", own), ("22", other), ("ช่องบริการ", own), ("หัวหน้าบัญชี", other)):
        assert shown(listed(q=text)) == [expected.pk]
    empty = listed(q="ไม่มีคำนี้")
    assert shown(empty) == []
    assert "ไม่มีรายการที่ตรงกับตัวกรอง" in empty.content.decode()
    for odd in (
        {"office": "x"},
        {"issue": "999999999999"},
        {"page": "99"},
        {"tab": "x"},
        {"q": "ก" * 101},
        {"q": "a\0"},
    ):
        assert listed(**odd).status_code == 200


def test_what_each_person_sees(listed, measure, cast):
    own, other = measure(), measure(6, code="22", by=cast.other_head)
    both = {own.pk, other.pk}
    expected = {
        "reporter": {own.pk}, "head": {own.pk}, "other_head": {other.pk}, "reviewer": both, "executive": both,
        "administrator": both,
    }  # fmt: skip
    assert {who: set(shown(listed(who))) for who in expected} == expected
    assert listed("outsider").status_code == 404


def test_the_head_of_a_group_sees_its_departments(listed, measure, cast):
    above = OrgUnit.objects.create(code="MISSION", name="กลุ่มภารกิจ", parent=OrgUnit.objects.get(code="KKH"))
    OrgUnit.objects.filter(code="ACCOUNT").update(parent=above)
    Membership.objects.filter(user=cast.head).update(unit=above)
    other = measure(6, code="22", by=cast.other_head)
    assert shown(listed("head")) == [other.pk]


def test_an_empty_list_says_what_will_be_here(listed):
    page = listed("head").content.decode()
    assert "ไม่มีมาตรการที่ยังไม่ปิด" in page
    assert "หน่วยงานเพิ่มมาตรการได้จากหน้ากรอกผลงาน" in page


def test_many_go_on_to_the_next_page(listed, measure):
    for number in range(27):
        measure(what=f"มาตรการ {number}")
    assert (len(shown(listed())), len(shown(listed(page=2)))) == (25, 2)


@pytest.mark.parametrize("who", ["head", "reviewer", "executive"])
def test_the_pages_ask_as_often_for_three_as_for_one(who, client, cast, measure, send, add_url):
    def cost() -> list[int]:
        client.force_login(getattr(cast, who))
        found = []
        for url in (reverse("recovery_list"), reverse("recovery", args=[row.pk]), add_url()):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            found.append(len(asked))
        return found

    row = measure()
    send(row, "progress", "หนึ่ง")
    one = cost()
    for number in (3, 4):
        more = measure(number)
        send(more, "progress", "สอง")
        send(row, "progress", f"ครั้งที่ {number}")
    if who != "head":
        measure(6, code="22", by=cast.other_head)
    assert cost() == one
    assert max(one) <= 12


def test_what_is_typed_is_no_markup(listed, client, cast, measure):
    row = measure(what="<b>หนา</b>", who="<i>x</i>")
    for page in (listed(), client.get(reverse("recovery", args=[row.pk]))):
        assert "<b>หนา" not in page.content.decode()
        assert "<i>x" not in page.content.decode()


# Back to the result


def test_after_adding_the_way_leads_on_to_submitting(client, cast, add_url, failed, round_of):
    """The measure was asked for on the way: its page leads back while the result is not submitted."""
    client.force_login(cast.head)
    entry = reverse("entry", args=[round_of("7(1)", 6).pk])
    page = client.post(add_url(), GOOD, follow=True).content.decode()
    assert f'<a class="btn btn-primary" href="{entry}">' in page
    assert "กลับไปส่งผลงาน" in page
    client.force_login(cast.reporter)
    shown = client.get(reverse("recovery", args=[RecoveryMeasure.objects.get().pk])).content.decode()
    assert "กลับไปส่งผลงาน" not in shown


def test_of_what_is_submitted_nothing_leads_back(client, cast, measure):
    row = measure()
    type(row.result).objects.filter(pk=row.result_id).update(
        status="submitted", submitted_by=cast.head, submitted_at=row.created_at
    )
    client.force_login(cast.head)
    assert "กลับไปส่งผลงาน" not in client.get(reverse("recovery", args=[row.pk])).content.decode()
