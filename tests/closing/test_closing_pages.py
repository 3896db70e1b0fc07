"""The reviewer's pages of closing: the list of months, one period with its waivers, closing it, opening it again."""

import re
from datetime import date
from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.closing import forms
from indicators.closing.actions import reopen_period
from indicators.closing.missing import grouped, missing_of
from indicators.models import Closure, Result
from indicators.workflow import transition
from strategy.models import Plan
from strategy.periods import periods_of
from tests.closing.cases import all_waived

pytestmark = pytest.mark.django_db
MOST = 12


@pytest.fixture
def reviewer(client, cast):
    client.force_login(cast.reviewer)
    return client


@pytest.fixture
def url(plan):
    return lambda number=6, name="closing_period": reverse(name, args=[plan.pk, 2560, number])


@pytest.fixture
def page(reviewer, url):
    """The text of a period's page."""
    return lambda number=6: plain(reviewer.get(url(number)))


def plain(response):
    text = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def seen_on(response):
    return re.search(r'name="seen" value="([^"]*)"', response.content.decode())[1]


def sentences(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# The list


def test_the_list_says_what_to_close_next(reviewer, approved):
    approved("7(1)", 1, A=33600, B=200)
    text = plain(reviewer.get(reverse("closing")))
    assert "งวดมีนาคม 2560 สิ้นสุดแล้วและยังไม่ปิด" in text
    assert re.search(r"ตุลาคม 2559 ยังไม่ปิด ยังขาด \d+ จาก \d+ รายการ", text)
    assert "เมษายน 2560 ยังไม่สิ้นสุด" in text


def test_the_list_after_closing(reviewer, close, cast):
    closure = close(6)
    response = reviewer.get(reverse("closing"))
    text = plain(response)
    assert "ปิดงวดถึงมีนาคม 2560 แล้ว" in text
    assert "กุมภาพันธ์ 2560 ปิดงวดแล้ว รวมอยู่ในงวดที่ปิดถึงมีนาคม 2560" in text
    assert "ฉบับที่ 1 ปิดโดย reviewer" in text
    assert reverse("closure", args=[closure.pk]) in response.content.decode()
    reopen_period(closure=closure, by=cast.reviewer, reason="นับผิด")
    text = plain(reviewer.get(reverse("closing")))
    assert "ฉบับที่ 1 เปิดใหม่โดย reviewer" in text
    assert "งวดมีนาคม 2560 สิ้นสุดแล้วและยังไม่ปิด" in text


@pytest.mark.parametrize(
    ("query", "status"), [("?year=2561", 200), ("?year=๒๕๖๑", 200), ("?year=2559", 404), ("?year=x", 404)]
)
def test_years_of_the_list(query, status, reviewer):
    assert reviewer.get(reverse("closing") + query).status_code == status


def test_a_year_to_come_has_nothing_to_close(reviewer):
    assert "ยังไม่มีงวดที่สิ้นสุดและมีรอบที่ต้องรายงาน" in plain(reviewer.get(reverse("closing") + "?year=2561"))


def test_the_nearest_year_where_the_current_has_no_plan(reviewer, settings):
    settings.KPITRACK_TODAY = date(2030, 1, 5)
    assert "ปีงบประมาณ 2563" in plain(reviewer.get(reverse("closing")))


def test_without_plans_the_list_says_so(reviewer, plan):
    Plan.objects.update(is_active=False)
    assert "ยังไม่มีแผนที่ท่านตรวจสอบ" in plain(reviewer.get(reverse("closing")))


# One period


def test_the_page_shows_what_is_missing(page, approved, submitted, saved):
    submitted("7(1)", 5, A=33600, B=200)
    saved("7(1)", 6, A=33600, B=201)
    text = page()
    assert "มีผลงานรอตรวจ 1 รายการ" in text
    assert re.search(r"7\(1\) ระยะเวลารอคอย OPD ลดลง PST OPD ยังไม่รายงาน ตุลาคม 2559, .*รอตรวจ กุมภาพันธ์ 2560 ฉบับร่าง", text)
    assert "ผลงานที่อนุมัติแล้ว 0 รายการ" in text


def test_what_is_not_due_yet_is_pointed_out(page, settings):
    settings.KPITRACK_TODAY = date(2017, 4, 3)
    text = page()
    assert "ยังไม่ถึงกำหนดส่ง ปิดงวดตอนนี้หน่วยงานจะส่งไม่ได้อีก" in text
    assert "(ส่งได้ถึง" in text


def test_a_submitted_result_leads_to_its_review(reviewer, url, submitted):
    result = submitted("7(1)", 6, A=33600, B=200)
    assert reverse("review_detail", args=[result.round_id]) in reviewer.get(url()).content.decode()


@pytest.mark.parametrize(("number", "sentence"), [(7, "งวดเมษายน 2560 ยังไม่สิ้นสุด ปิดงวดได้หลังวันที่ 30 เม.ย. 2560")])
def test_a_period_that_cannot_be_closed_says_why(number, sentence, page, reviewer, url):
    text = page(number)
    assert sentence in text
    assert "ยังขาด" not in text  # nothing is lacking before it has ended
    response = reviewer.post(url(number), {"reason_all": "ปิด"})
    assert response.status_code == 409
    assert not Closure.objects.exists()


@pytest.mark.parametrize("args", [(2559, 6), (2560, 0), (2560, 13), (9999, 6), (2560, 10**12)])
def test_periods_that_are_none(args, reviewer, plan):
    assert reviewer.get(reverse("closing_period", args=[plan.pk, *args])).status_code == 404


# Closing


def test_one_reason_for_all(reviewer, url, period, approved):
    approved("7(1)", 6, A=33600, B=200)
    seen = seen_on(reviewer.get(url()))
    response = reviewer.post(url(), {"reason_all": "ผอ. ให้ปิด", "seen": seen, "note": "ตามประกาศ"})
    closure = Closure.objects.get()
    assert (response.status_code, response["Location"]) == (302, reverse("closure", args=[closure.pk]))
    assert set(closure.waivers.values_list("reason", flat=True)) == {"ผอ. ให้ปิด"}
    assert closure.waivers.count() == len(missing_of(closure.plan, 2560, closure.until))
    assert closure.note == "ตามประกาศ"
    assert sentences(response) == ["ปิดงวดมีนาคม 2560 แล้ว เป็นฉบับที่ 1 ตัวเลขด้านล่างจะไม่เปลี่ยนอีก"]


def test_a_reason_of_its_own_goes_before(reviewer, url, period):
    group = grouped(missing_of(period(6).plan, 2560, period(6).until))[3]
    sent = {"reason_all": "ผอ. ให้ปิด", group.name: "เครื่องเสีย", "seen": seen_on(reviewer.get(url()))}
    reviewer.post(url(), sent)
    own = Closure.objects.get().waivers.filter(reason="เครื่องเสีย")
    assert {(row.round_id, row.measured_unit_id) for row in own} == {item.key for item in group.items}


def test_without_reasons_nothing_typed_is_lost(reviewer, url, period):
    group = grouped(missing_of(period(6).plan, 2560, period(6).until))[3]
    sent = {group.name: "เครื่อง <เสีย>", "note": "หมายเหตุยาว", "seen": seen_on(reviewer.get(url()))}
    response = reviewer.post(url(), sent)
    html, text = response.content.decode(), plain(response)
    assert response.status_code == 422
    assert not Closure.objects.exists()
    total = len(grouped(missing_of(period(6).plan, 2560, period(6).until)))
    assert f"ยังไม่มีเหตุผลของ {total - 1} รายการ" in text
    assert 'value="เครื่อง &lt;เสีย&gt;"' in html
    assert "หมายเหตุยาว" in html
    assert html.count('aria-invalid="true"') == total  # the common box and all but one of their own
    assert text.count("กรุณาระบุเหตุผล") - text.count("กรุณาระบุเหตุผล ข้อความที่พิมพ์ไว้ยังอยู่") == total - 1


def test_what_became_missing_since_is_shown_as_new(reviewer, url, approved, access, cast):
    result = approved("7(1)", 6, A=33600, B=200)
    seen = seen_on(reviewer.get(url()))
    transition(
        access=access(cast.reviewer, result.round), action="reopen", by=cast.reviewer, lock=result.lock, reason="ผิด"
    )
    response = reviewer.post(url(), {"reason_all": "ผอ. ให้ปิด", "seen": seen})
    text = plain(response)
    assert response.status_code == 409
    assert not Closure.objects.exists()
    assert "มีรายการที่เปลี่ยนไปหลังจากที่เปิดหน้านี้" in text
    assert text.count(" ใหม่ ") >= 1
    assert "ผอ. ให้ปิด" in response.content.decode()
    assert reviewer.post(url(), {"reason_all": "ผอ. ให้ปิด", "seen": seen_on(response)}).status_code == 302


def test_what_was_submitted_since_is_shown_too(reviewer, url, saved, submitted):
    saved("7(1)", 6, A=33600, B=200)
    seen = seen_on(reviewer.get(url()))
    submitted("7(1)", 6, A=33600, B=200)
    assert reviewer.post(url(), {"reason_all": "ผอ. ให้ปิด", "seen": seen}).status_code == 409
    assert Result.objects.get().status == "submitted"


def test_somebody_else_was_first(reviewer, url, close):
    seen = seen_on(reviewer.get(url()))
    close(6)
    response = reviewer.post(url(), {"reason_all": "ผอ. ให้ปิด", "seen": seen})
    assert response.status_code == 409
    assert "ปิดแล้วโดย reviewer" in plain(response)
    assert Closure.objects.count() == 1


def test_the_reasons_of_the_last_time_are_offered(reviewer, url, close, cast, period):
    reopen_period(closure=close(3), by=cast.reviewer, reason="นับผิด")
    html = reviewer.get(url(6)).content.decode()
    assert html.count('value="ระบบของหน่วยงานล่ม"') == len(
        {(item.indicator.pk, item.unit.pk) for item in missing_of(period(3).plan, 2560, period(3).until)}
    )


def test_a_long_list_takes_the_common_reason(reviewer, url, monkeypatch):
    """A form has at most a thousand boxes."""
    monkeypatch.setattr(forms, "MOST_BOXES", 2)
    response = reviewer.get(url())
    assert response.content.decode().count('name="reason-') == 2
    assert "ใช้เหตุผลด้านบน" in plain(response)
    assert reviewer.post(url(), {"seen": seen_on(response)}).status_code == 422
    assert reviewer.post(url(), {"seen": seen_on(response), "reason_all": "ผอ. ให้ปิด"}).status_code == 302


def test_texts_that_are_too_long(reviewer, url):
    sent = {"reason_all": "ก" * 2001, "seen": seen_on(reviewer.get(url()))}
    response = reviewer.post(url(), sent)
    assert response.status_code == 422
    assert not Closure.objects.exists()


@pytest.mark.parametrize("seen", ["", "x", "1-2", "9" * 500, "12-34:draft " * 100])
def test_nonsense_about_what_was_seen(seen, reviewer, url):
    assert reviewer.post(url(), {"reason_all": "ปิด", "seen": seen}).status_code == 409
    assert not Closure.objects.exists()


# Opening again


def test_opening_again(reviewer, url, close, page):
    closure = close(6)
    assert "งวดมีนาคม 2560 ปิดแล้ว" in page()
    response = reviewer.post(url(6, "closing_reopen"), {"reason": "นับผิด"})
    assert (response.status_code, response["Location"]) == (302, url(6))
    closure.refresh_from_db()
    assert closure.reopened_reason == "นับผิด"
    text = page()
    assert "เพราะ นับผิด" in text
    assert "ปิดงวดมีนาคม 2560" in text


def test_opening_without_a_reason(reviewer, url, close):
    close(6)
    response = reviewer.post(url(6, "closing_reopen"), {"reason": " "})
    assert response.status_code == 422
    assert "กรุณาระบุเหตุผลที่เปิดงวดใหม่" in plain(response)
    assert Closure.objects.get().reopened_at is None


def test_an_earlier_period_says_which_to_open_first(reviewer, url, close, page):
    close(3)
    close(6)
    assert "ต้องเปิดงวดมีนาคม 2560 ก่อน" in page(3)
    assert 'name="reason"' not in reviewer.get(url(3)).content.decode()
    response = reviewer.post(url(3, "closing_reopen"), {"reason": "นับผิด"})
    assert response.status_code == 409
    assert "นับผิด" not in [closure.reopened_reason for closure in Closure.objects.all()]


def test_what_is_open_is_not_opened(reviewer, url):
    response = reviewer.post(url(6, "closing_reopen"), {"reason": "นับผิด"})
    assert response.status_code == 409
    assert "ไม่ได้ปิดอยู่" in plain(response)


# What it costs


@pytest.fixture
def cost(reviewer):
    def count(address):
        with CaptureQueriesContext(connection) as asked:
            assert reviewer.get(address).status_code == 200
        return len(asked)

    return count


def test_queries_of_the_list(cost, plan, close):
    close(3)
    alone = cost(reverse("closing"))
    for code in ("ONE", "TWO"):
        Plan.objects.create(code=code, name=code, unit=plan.unit, first_year=2560, last_year=2563)
    assert cost(reverse("closing")) == alone <= MOST


@pytest.mark.parametrize("number", [1, 6, 8])
def test_queries_of_a_period(number, cost, url):
    assert cost(url(number)) <= MOST


def test_queries_are_the_same_for_few_and_many(cost, url, close):
    close(1)
    few, many = cost(url(2)), cost(url(6))
    assert few == many <= MOST


def test_months_are_reckoned_once_not_for_each_result(reviewer, url, monkeypatch):
    """With ten thousand results owed that was half of the page's time."""
    asked = []
    reckon = periods_of
    monkeypatch.setattr("indicators.closing.period.periods_of", lambda *args: asked.append(args) or reckon(*args))
    assert reviewer.get(url()).status_code == 200
    assert len(asked) < 30


def test_what_was_seen_is_read_once_not_for_each_result(reviewer, url, monkeypatch):
    """The list of ten thousand, taken apart ten thousand times, keeps a server busy for long."""
    reads = []
    monkeypatch.setattr(forms.CloseForm, "_seen", property(lambda form: reads.append(form) or set()))
    assert reviewer.post(url(), {"reason_all": "ระบบล่ม"}).status_code == 409
    assert len(reads) == 2  # what is waived, and what is shown as new


def test_queries_of_a_closed_period(cost, url, close):
    close(6)
    assert cost(url(6)) <= MOST


def test_all_waived_is_what_the_form_makes(reviewer, url, period):
    """The helper of these tests and the page mean the same."""
    wanted = {f"{round_}-{unit}" for round_, unit in all_waived(period(6))}
    assert {mark.partition(":")[0] for mark in seen_on(reviewer.get(url())).split()} == wanted
