"""Many decisions at once: what is done, what is left and why, and that nothing typed or ticked is lost."""

import pytest
from django.urls import reverse

from indicators.models import Notice, Result, ReviewEvent
from indicators.reviews import bulk
from indicators.reviews.bulk import approve_clean, read_seen, return_all
from indicators.workflow import transition
from strategy.models import Membership, OrgUnit
from tests.builders import report

pytestmark = pytest.mark.django_db
GOOD = {"A": 33600, "B": 200}


@pytest.fixture
def put(indicator, cast):
    """A submitted result without warnings, with changes written straight to the row."""

    def make(number=6, code="7(1)", **changes):
        result = report(indicator(code), number, cast, status="submitted", **GOOD)
        Result.objects.filter(pk=result.pk).update(**changes)
        return Result.objects.get(pk=result.pk)

    return make


@pytest.fixture
def post(client, cast):
    def send(action, user=None, query="", follow=True, **data):
        client.force_login(user or cast.reviewer)
        return client.post(reverse("review_list") + query, {"action": action, **data}, follow=follow)

    return send


def seen(*results) -> str:
    return " ".join(f"{result.pk}:{result.lock}" for result in results)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def statuses() -> list[str]:
    return list(Result.objects.order_by("pk").values_list("status", flat=True))


# Approving


def test_what_carries_no_warning_is_approved(put, post, cast):
    clean = [put(4), put(5)]
    put(6, acknowledged=["exceeds:A=1"], warning_comments={"exceeds:A=1": "ตรวจแล้ว"})
    page = text_of(post("clean", seen=seen(*Result.objects.all())))
    assert "อนุมัติแล้ว 2 รายการ: 7(1)" in page
    assert "ยังไม่ได้ตัดสิน 1 รายการ: มีคำเตือน ไม่เกี่ยวข้อง หรือคำนวณไม่ได้ ต้องตรวจทีละรายการ (7(1))" in page
    assert statuses() == ["approved", "approved", "submitted"]
    events = ReviewEvent.objects.filter(action="approve")
    assert {(event.result_id, event.actor_id, event.to_status) for event in events} == {
        (result.pk, cast.reviewer.pk, "approved") for result in clean
    }


@pytest.mark.parametrize("state", ["not_applicable", "cannot_compute", "unreadable"])
def test_what_must_be_looked_at_is_left(state, put, post):
    put(state=state, value=None, level=None, passed=None)
    assert "ต้องตรวจทีละรายการ" in text_of(post("clean", seen=seen(*Result.objects.all())))
    assert statuses() == ["submitted"]


@pytest.fixture
def sent_again(put, cast, access):
    """A good result that came back once and was submitted again."""

    def make(number=6):
        result = put(number)
        for person, action in ((cast.reviewer, "return"), (cast.head, "submit")):
            seen_by = access(person, result.round)
            transition(access=seen_by, action=action, by=person, lock=seen_by.result.lock, reason="ตรวจอีกครั้ง")
        return Result.objects.get(pk=result.pk)

    return make


def test_what_fails_or_came_back_is_never_approved_by_the_one_click(put, sent_again, post, client, cast):
    """The button neither counts nor takes them; ticked by hand they are approved."""
    passed, failed, back = put(4), put(5, passed=False), sent_again(6)
    client.force_login(cast.reviewer)
    response = client.get(reverse("review_list"))
    assert "อนุมัติที่ผ่านและไม่มีคำเตือนในหน้านี้ (1)" in text_of(response)
    assert response.context["found"].seen == seen(passed)
    assert text_of(response).count("เคยส่งกลับ") == 1
    page = text_of(post("clean", seen=seen(passed, failed, back)))
    assert "ยังไม่ได้ตัดสิน 2 รายการ: ไม่ผ่านเกณฑ์หรือเคยส่งกลับ กรุณาตรวจแล้วทำเครื่องหมายเลือกเอง" in page
    assert statuses() == ["approved", "submitted", "submitted"]
    post("approve", picked=[seen(failed), seen(back)])
    assert statuses() == ["approved"] * 3


def test_what_has_no_criterion_is_taken_by_the_one_click(put, post):
    post("clean", seen=seen(put(passed=None)))
    assert statuses() == ["approved"]


def test_the_ticked_ones_without_warnings_are_approved(put, post):
    first, second = put(4), put(5)
    warned = put(6, acknowledged=["x:"])
    page = text_of(post("approve", picked=[seen(first), seen(warned)]))
    assert "อนุมัติแล้ว 1 รายการ" in page
    assert statuses() == ["approved", "submitted", "submitted"]
    assert second.status == "submitted"


def test_nobody_approves_their_own(put, post, cast):
    """They are left with the sentence; the button does not count them."""
    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="POLICY"), role="reviewer")
    own = put(4)
    others = put(5, submitted_by=cast.reporter)
    response = post("clean", user=cast.head, seen=seen(own, others))
    page = text_of(response)
    assert "อนุมัติแล้ว 1 รายการ" in page
    assert "ผู้ส่งผลงานอนุมัติผลงานของตนเองไม่ได้" in page
    assert statuses() == ["submitted", "approved"]
    found = response.context["found"]
    assert (found.clean, found.own) == ([], 1)
    assert "ไม่รวม 1 รายการที่ท่านส่งเอง" in page
    assert "ไม่มีรายการที่อนุมัติพร้อมกันได้" in page


def test_only_what_the_page_showed(put, post):
    """By the save counts that it showed: changed or unseen results are left."""
    first, second = put(4), put(5)
    page = text_of(post("clean", seen=f"{first.pk}:{first.lock - 1}"))
    assert "ยังไม่มีการตัดสินใดเกิดขึ้น" in page
    assert "มีการเปลี่ยนแปลงหลังจากที่เปิดหน้านี้" in page
    assert statuses() == ["submitted", "submitted"]
    assert second.lock == 1


def test_what_is_not_submitted_any_more_is_left(put, post, cast, access):
    result = put()
    transition(access=access(cast.head, result.round), action="withdraw", by=cast.head, lock=result.lock)
    fresh = Result.objects.get(pk=result.pk)
    page = text_of(post("clean", seen=seen(fresh)))
    assert "มีการเปลี่ยนแปลงหลังจากที่เปิดหน้านี้" in page
    assert statuses() == ["draft"]


@pytest.mark.parametrize("garbage", ["", "x", "1", ":", "1:x", "1:" + "9" * 30, "\0", "9999999:1"])
def test_a_strange_list_decides_nothing(garbage, put, post):
    put()
    assert "ยังไม่มีการตัดสินใดเกิดขึ้น" in text_of(post("clean", seen=garbage))
    assert statuses() == ["submitted"]


def test_reading_the_list():
    assert read_seen("12:3  14:1 x 5 :7 8: ๑:๒ -1:2 0012:4") == {12: 4, 14: 1}


def test_a_page_of_fifty_grids_is_read_whole(post, plan):
    many = dict.fromkeys(range(10000000, 10012500), 12)
    text = " ".join(f"{pk}:{lock}" for pk, lock in many.items())
    assert read_seen(text) == many
    assert "ยังไม่มีการตัดสินใดเกิดขึ้น" in text_of(post("clean", seen=text))


def test_no_more_than_the_limit_at_once(put, cast, monkeypatch):
    """What is over it is left and told; the same again takes it."""
    monkeypatch.setattr(bulk, "MOST", 2)
    results = [put(number) for number in (3, 4, 5)]
    shown = {result.pk: result.lock for result in results}
    first = approve_clean(by=cast.reviewer, seen=shown)
    assert (len(first.done), [left.reason for left in first.left]) == (
        2, ["ทำได้ครั้งละไม่เกิน 2 รายการ กรุณาทำส่วนที่เหลืออีกครั้ง"],
    )  # fmt: skip
    left = {result.pk: result.lock for result in results if Result.objects.get(pk=result.pk).status == "submitted"}
    assert len(approve_clean(by=cast.reviewer, seen=left).done) == 1
    assert statuses() == ["approved"] * 3


def test_what_was_done_before_a_crash_stays_done(put, cast, monkeypatch):
    """Each decision is a transaction of its own, and the second run meets what is left."""
    results = [put(number) for number in (4, 5, 6)]
    shown = {result.pk: result.lock for result in results}
    real, calls = bulk.transition, []

    def cut_off(**arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**arguments)

    monkeypatch.setattr(bulk, "transition", cut_off)
    with pytest.raises(KeyboardInterrupt):
        approve_clean(by=cast.reviewer, seen=shown)
    assert sorted(statuses()) == ["approved", "submitted", "submitted"]
    monkeypatch.setattr(bulk, "transition", real)
    again = approve_clean(by=cast.reviewer, seen=shown)
    assert len(again.done) == 2
    assert "เปลี่ยนแปลง" in again.left[0].reason


# Returning


def test_one_reason_for_many(put, post, cast):
    picked = [put(4), put(5)]
    put(6)
    page = text_of(post("return", picked=[seen(*picked)], reason=" แนบทะเบียนด้วย "))
    assert "ส่งกลับให้แก้ไขแล้ว 2 รายการ" in page
    assert statuses() == ["returned", "returned", "submitted"]
    assert list(ReviewEvent.objects.filter(action="return").values_list("reason", flat=True)) == ["แนบทะเบียนด้วย"] * 2


def test_a_warning_does_not_keep_it_from_going_back(put, post):
    result = put(acknowledged=["x:"])
    post("return", picked=[seen(result)], reason="ตัวหารผิด")
    assert statuses() == ["returned"]


@pytest.mark.parametrize(
    ("action", "picks", "reason", "sentence"),
    [
        ("return", True, "  ", "กรุณาระบุเหตุผล"),
        ("return", False, "แนบทะเบียน", "ยังไม่ได้เลือกรายการ"),
        ("approve", False, "แนบทะเบียน", "ยังไม่ได้เลือกรายการ"),
        ("return", True, "ก" * 2001, "2000"),
        ("erase", True, "แนบทะเบียน", "กรุณากดปุ่มอีกครั้ง"),
        ("", True, "แนบทะเบียน", "กรุณากดปุ่มอีกครั้ง"),
    ],
)
def test_nothing_typed_or_ticked_is_lost(action, picks, reason, sentence, put, post):
    """The page comes back with the ticks, the reason, the filter and a sentence; nothing was decided."""
    result, other = put(5), put(6)
    data = {"picked": [seen(result)]} if picks else {}
    response = post(action, query="?q=7&late=yes", reason=reason, **data)
    assert response.status_code == 422
    assert statuses() == ["submitted", "submitted"]
    page = response.content.decode()
    assert "error-summary" in page
    assert sentence in page
    assert reason.strip() in page
    assert page.count('form="bulk-form" checked') == int(picks)
    assert response.context["found"].rows[0].is_picked is picks
    assert 'action="/review/?q=7&amp;late=yes"' in page
    assert other.lock == 1


def test_the_ticks_of_a_group_stay_too(put, post, indicator, cast):
    """A row of a whole grid is ticked again where its results were."""
    home = indicator("15(2)")
    children = list(home.children.order_by("position")[:2])
    codes = list(children[0].versions.get(fiscal_year=2560).items.values_list("code", flat=True))
    rows = [report(child, 6, cast, status="submitted", **dict.fromkeys(codes, 1)) for child in children]
    response = post("return", picked=[seen(*rows)], reason="")
    assert response.status_code == 422
    (row,) = response.context["rows"]
    assert (row.is_group, row.is_picked) == (True, True)


def test_back_to_the_same_place(put, post):
    result = put()
    response = post("return", query="?q=7&late=yes&page=2&x=1", follow=False, picked=[seen(result)], reason="ผิด")
    assert response.url == "/review/?q=7&late=yes&page=2"


def test_a_get_decides_nothing(put, client, cast):
    result = put()
    client.force_login(cast.reviewer)
    client.get(reverse("review_list"), {"action": "clean", "seen": seen(result)})
    assert statuses() == ["submitted"]


@pytest.mark.parametrize("person", ["head", "executive", "administrator", "outsider"])
def test_others_decide_nothing(person, put, post, cast):
    result = put()
    assert post("clean", user=getattr(cast, person), seen=seen(result)).status_code == 404
    assert statuses() == ["submitted"]


def test_another_hospitals_results_are_not_there(put, post, django_user_model):
    result = put()
    other = OrgUnit.objects.create(code="OTHER", name="โรงพยาบาลอื่น", kind="hospital")
    person = django_user_model.objects.create_user("other_reviewer")
    Membership.objects.create(user=person, unit=other, role="reviewer")
    assert "ยังไม่มีการตัดสินใดเกิดขึ้น" in text_of(post("clean", user=person, seen=seen(result)))
    assert statuses() == ["submitted"]


# What is told


def test_one_notice_for_all_of_a_batch(put, cast):
    """To each person of the unit one, with what it is about; alone, it names the KPI."""
    results = [put(number) for number in (4, 5, 6)]
    shown = {result.pk: result.lock for result in results}
    return_all(by=cast.reviewer, seen=shown, reason="แนบทะเบียน")
    assert {(n.user.username, n.kind) for n in Notice.objects.all()} == {("head", "returned"), ("reporter", "returned")}
    for notice in Notice.objects.all():
        assert notice.facts["codes"] == ["7(1)"] * 3
        assert notice.facts["reason"] == "แนบทะเบียน"
        assert notice.url == reverse("my_work")


def test_two_batches_are_two_notices(put, cast):
    for number in (5, 6):
        result = put(number)
        approve_clean(by=cast.reviewer, seen={result.pk: result.lock})
    assert Notice.objects.filter(user=cast.head, kind="approved").count() == 2
    assert {notice.url for notice in Notice.objects.filter(user=cast.head)} == {
        reverse("entry", args=[result.round_id]) for result in Result.objects.all()
    }
