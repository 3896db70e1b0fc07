"""A file against what has happened since it was made: conflicts, shut rows, all or nothing, meddling with the form."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.actions import save_result
from indicators.models import Cancellation, Closure, DataItem, IndicatorVersion, Responsibility, Result, ReviewEvent
from indicators.workbooks import actions, carry, views
from strategy.models import Membership, OrgUnit
from tests import shapes
from tests.indicators.workbooks import Desk, cell_of, edited, fill, inputs, numbers, own, url_of

pytestmark = pytest.mark.django_db
MARCH, APRIL = "มี.ค. 2560", "เม.ย. 2560"


@pytest.fixture
def desk(client, cast) -> Desk:
    return Desk(client, cast.head, "PST_OPD")


@pytest.fixture
def march(desk) -> bytes:
    """A file with A and B of March."""
    return edited(desk.download(), fill(MARCH, A=41000, B=100))


def choice_of(preview, item: str) -> str:
    return next(line.name for line in preview.context["preview"].conflicts if line.given.code == item)


def text_of(response) -> str:
    return response.content.decode()


# Somebody has saved since the file was made


def test_only_cells_that_both_have_changed_are_a_conflict(desk, cast, saved):
    saved("7(1)", 6, A=33600, B=200)
    content = edited(desk.download(), fill(MARCH, A=41000))
    saved("7(1)", 6, by=cast.reporter, A=39000, B=210)
    preview = desk.send(content)
    page = text_of(preview)
    assert [line.place for line in preview.context["preview"].conflicts] == [f"{MARCH}!G5"]
    assert preview.context["preview"].changes == []
    for said in ("เมื่อสร้างไฟล์: 33,600", "<b>39,000</b>", "<b>41,000</b>", "reporter บันทึกเมื่อ"):
        assert said in " ".join(page.split())


@pytest.mark.parametrize(("choice", "stands"), [("mine", 41000), ("theirs", 39000)])
def test_the_person_chooses(desk, cast, saved, choice, stands):
    saved("7(1)", 6, A=33600, B=200)
    content = edited(desk.download(), fill(MARCH, A=41000))
    saved("7(1)", 6, by=cast.reporter, A=39000, B=210)
    preview = desk.send(content)
    assert desk.apply(preview, **{choice_of(preview, "A"): choice}).status_code == 302
    assert numbers("7(1)", 6) == {"A": stands, "B": 210}


@pytest.mark.parametrize("answer", [None, "", "both"])
def test_without_a_choice_nothing_is_written(desk, cast, saved, answer):
    saved("7(1)", 6, A=33600, B=200)
    content = edited(desk.download(), fill(MARCH, A=41000, B=220))
    saved("7(1)", 6, by=cast.reporter, A=39000, B=200)
    preview = desk.send(content)
    response = desk.apply(preview, **({choice_of(preview, "A"): answer} if answer is not None else {}))
    assert response.status_code == 422
    assert "เลือกค่าที่ถูกอีก 1 ช่อง" in text_of(response)
    assert numbers("7(1)", 6) == {"A": 39000, "B": 200}
    assert desk.apply(response, **{choice_of(response, "A"): "mine"}).status_code == 302
    assert numbers("7(1)", 6) == {"A": 41000, "B": 220}


def test_what_both_typed_the_same_is_no_conflict(desk, cast, saved, march):
    saved("7(1)", 6, by=cast.reporter, A=41000)
    preview = desk.send(march).context["preview"]
    assert (len(preview.conflicts), [line.given.code for line in preview.changes], preview.same) == (0, ["B"], 1)


def test_a_tick_that_another_save_left_unset_is_no_conflict(desk, cast, indicator, saved):
    shapes.milestone(indicator("7(1)"))
    content = edited(desk.download(), lambda book: setattr(cell_of(book, "7(1)", "S2", MARCH), "value", "ทำแล้ว"))
    saved("7(1)", 6, by=cast.reporter, S1=1, S2=0, S3=0, S4=0, S5=0)
    preview = desk.send(content).context["preview"]
    assert ([line.given.code for line in preview.changes], preview.conflicts) == (["S2"], [])


# Rows that are shut by now


def test_submitted_rows_are_told_and_the_rest_can_be_written(desk, submitted):
    content = edited(desk.download(), lambda book: [fill(MARCH, A=1, B=1)(book), fill(APRIL, A=2, B=2)(book)])
    submitted("7(1)", 6, A=33600, B=200)
    preview = desk.send(content)
    assert "สถานะของผลงานคือ “ส่งแล้ว รอตรวจสอบ”" in text_of(preview)
    assert len(preview.context["preview"].shut) == 2
    assert desk.apply(preview).status_code == 302
    assert (numbers("7(1)", 6), numbers("7(1)", 7)) == ({"A": 33600, "B": 200}, {"A": 2, "B": 2})


def close(plan, cast, round_) -> None:
    Closure.objects.create(
        plan=plan, fiscal_year=2560, number=round_.number, until=round_.end, snapshot={}, closed_by=cast.reviewer,
        closed_at=timezone.now(),
    )  # fmt: skip


def test_a_closed_period(desk, march, plan, cast, round_of):
    close(plan, cast, round_of("7(1)", 6))
    preview = desk.send(march)
    assert "งวดมีนาคม 2560 ปิดแล้ว" in text_of(preview)
    assert 'name="changes"' not in text_of(preview)


def test_closed_between_preview_and_apply(desk, march, plan, cast, round_of):
    preview = desk.send(march)
    close(plan, cast, round_of("7(1)", 6))
    assert desk.apply(preview).status_code == 409
    assert not Result.objects.exists()


def test_a_cancelled_indicator(desk, march, cast, indicator, round_of):
    Cancellation.objects.create(
        indicator=indicator("7(1)"), fiscal_year=2560, day=round_of("7(1)", 6).end, reason="ยุบหน่วยบริการ",
        by=cast.reviewer, at=timezone.now(),
    )  # fmt: skip
    assert "ตัวชี้วัดนี้ยกเลิกตั้งแต่" in text_of(desk.send(march))


def test_a_locked_round(desk, march, round_of):
    round_ = round_of("7(1)", 6)
    type(round_).objects.filter(pk=round_.pk).update(due=round_.end, locks=round_.end)
    assert "ปิดรับผลงานงวดนี้แล้ว" in text_of(desk.send(march))


def test_another_template(desk, march, indicator):
    old = indicator("7(1)").versions.get(fiscal_year=2560)
    items = list(old.items.all())
    IndicatorVersion.objects.filter(pk=old.pk).update(is_active=False)
    old.pk, old._state.adding, old.revision = None, True, 2
    old.save()
    for item in items:
        item.pk, item._state.adding, item.version = None, True, old
        item.save()
    assert "แม่แบบของตัวชี้วัดนี้เปลี่ยนหลังจากสร้างไฟล์" in text_of(desk.send(march))


def test_an_item_that_is_gone(desk, march):
    DataItem.objects.filter(version__indicator__code="7(1)", code="B").delete()
    preview = desk.send(march).context["preview"]
    assert [line.given.code for line in preview.shut] == ["B"]


def test_a_unit_that_is_not_responsible_any_more(desk, march, indicator):
    Responsibility.objects.filter(indicator=indicator("7(1)")).delete()
    assert "หน่วยงานนี้ไม่ได้รับผิดชอบรายการนี้แล้ว" in text_of(desk.send(march))


def test_a_result_that_is_not_applicable_by_now(desk, march, saved):
    result = saved("7(1)", 6, A=33600)
    Result.objects.filter(pk=result.pk).update(is_not_applicable=True, not_applicable_reason="ไม่มีบริการ")
    assert "ทำเครื่องหมายว่าไม่เกี่ยวข้องไว้" in text_of(desk.send(march))


# All or nothing


@pytest.fixture
def both_months(desk) -> bytes:
    return edited(desk.download(), lambda book: [fill(MARCH, A=1, B=1)(book), fill(APRIL, A=2, B=2)(book)])


def test_a_save_between_preview_and_apply(desk, cast, saved, both_months):
    """Nothing is written, the preview comes again with what is now, and the second time it goes through."""
    preview = desk.send(both_months)
    saved("7(1)", 7, by=cast.reporter, A=9)
    response = desk.apply(preview)
    assert response.status_code == 409
    assert "มีการเปลี่ยนแปลงหลังจากที่ตรวจไฟล์ ยังไม่ได้บันทึกอะไร" in text_of(response)
    assert (numbers("7(1)", 6), numbers("7(1)", 7)) == ({}, {"A": 9})
    assert desk.apply(response, **{choice_of(response, "A"): "mine"}).status_code == 302
    assert (numbers("7(1)", 6), numbers("7(1)", 7)) == ({"A": 1, "B": 1}, {"A": 2, "B": 2})


def test_a_submission_between_preview_and_apply(desk, submitted, both_months):
    preview = desk.send(both_months)
    submitted("7(1)", 6, A=33600, B=200)
    assert desk.apply(preview).status_code == 409
    assert (numbers("7(1)", 6), numbers("7(1)", 7)) == ({"A": 33600, "B": 200}, {})


def test_a_save_in_the_middle_of_applying(desk, cast, both_months, access, monkeypatch):
    """The first row is written already when the second proves stale: it is taken back."""
    calls = []

    def racing(**given):
        calls.append(given)
        if len(calls) == 2:
            other = access(cast.reporter, given["access"].round)
            save_result(access=other, by=cast.reporter, entry=given["entry"], lock=0)
        return save_result(**given)

    preview = desk.send(both_months)
    monkeypatch.setattr(actions, "save_result", racing)
    response = desk.apply(preview)
    assert response.status_code == 409
    assert "มีผู้อื่นบันทึกผลงานนี้" in text_of(response)
    assert len(calls) == 2
    assert not Result.objects.filter(entered_by=cast.head).exists()
    assert not ReviewEvent.objects.filter(actor=cast.head).exists()


def test_the_button_pressed_twice(desk, both_months):
    """The answer to the second click is what one sees: it must not say that nothing was saved."""
    preview = desk.send(both_months)
    assert desk.apply(preview).status_code == 302
    response = desk.apply(preview)
    page = text_of(desk.client.get(response["Location"]))
    assert "ไม่มีอะไรต้องบันทึกอีก" in page
    assert "ขั้นต่อไป: ตรวจและส่งผลงาน" in page
    assert set(Result.objects.values_list("lock", flat=True)) == {1}


def test_the_button_pressed_twice_after_a_choice(desk, cast, saved):
    saved("7(1)", 6, A=33600, B=200)
    content = edited(desk.download(), fill(MARCH, A=41000, B=210))
    saved("7(1)", 6, by=cast.reporter, A=39000, B=200)
    preview = desk.send(content)
    chosen = {choice_of(preview, "A"): "theirs"}
    assert [desk.apply(preview, **chosen).status_code for _click in range(2)] == [302, 302]
    assert numbers("7(1)", 6) == {"A": 39000, "B": 210}


def test_both_clicks_at_the_same_time(desk, both_months, monkeypatch):
    """The second has seen the same rows as the first, and loses at the row's lock."""
    preview, real = desk.send(both_months), actions.apply_changes
    calls = []

    def racing(**given):
        calls.append(given)
        if len(calls) == 1:
            desk.apply(preview)
        return real(**given)

    monkeypatch.setattr(views, "apply_changes", racing)
    response = desk.apply(preview)
    assert "ไม่มีอะไรต้องบันทึกอีก" in text_of(desk.client.get(response["Location"]))
    assert set(Result.objects.values_list("lock", flat=True)) == {1}


def test_one_wrong_cell_keeps_all_back(desk):
    content = edited(desk.download(), lambda book: [fill(MARCH, A="สิบ", B=1)(book), fill(APRIL, A=2, B=2)(book)])
    response = desk.send(content)
    assert response.status_code == 422
    assert response.context["page"].carried == ""
    assert "แก้ 1 ช่องนี้ในไฟล์" in text_of(response)


# What the form carries


@pytest.mark.parametrize("text", ["", "x", "eyJ9:1", ":" * 5000, "a" * 3_000_00])
def test_a_form_that_was_meddled_with(desk, march, text):
    response = desk.client.post(url_of("PST_OPD"), {"changes": text})
    assert response.status_code == 422
    assert "ส่งมาไม่ครบ ยังไม่ได้บันทึกอะไร" in text_of(response)


def test_changed_numbers_in_the_form(desk, march):
    carried = desk.send(march).context["page"].carried
    facts = signing.loads(carried, salt=carry.SALT)
    facts["given"][0][4] = "99"
    assert desk.client.post(url_of("PST_OPD"), {"changes": signing.dumps(facts, salt="other")}).status_code == 422
    assert not Result.objects.exists()


def test_an_old_form(desk, march, monkeypatch):
    preview = desk.send(march)
    monkeypatch.setattr(carry, "GOOD_FOR", timedelta(seconds=-1))
    response = desk.apply(preview)
    assert response.status_code == 422
    assert "ตรวจไฟล์ไว้นานเกินไปแล้ว" in text_of(response)


def test_another_persons_form(desk, client, cast, march):
    preview = desk.send(march)
    assert Desk(client, cast.reporter, "PST_OPD").apply(preview).status_code == 422
    assert not Result.objects.exists()


def test_another_units_form(desk, cast, march, indicator):
    preview = desk.send(march)
    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="ACCOUNT"), role="head")
    desk.unit = "ACCOUNT"
    assert desk.apply(preview).status_code == 422


def test_too_many_conflicts_for_one_form(desk, cast, saved, march, monkeypatch):
    monkeypatch.setattr(carry, "MOST_CHOICES", 1)
    saved("7(1)", 6, by=cast.reporter, A=1, B=2)
    assert "มากเกินกว่าจะเลือกทีละช่อง" in text_of(desk.send(march))


def test_texts_of_the_file_are_shown_as_texts(desk, march):
    page = text_of(desk.send(march, name='<b onclick="x">.xlsx'))
    assert "&lt;b onclick" in page
    assert '<b onclick="x">' not in page


def test_as_many_queries_for_many_rows_as_for_few(desk, indicator):
    def cost() -> int:
        def all_cells(book):
            for _kpi, _item, cell in inputs(book):
                cell.value = cell.value or 1

        content = edited(desk.download(), all_cells)
        with CaptureQueriesContext(connection) as asked:
            response = desk.send(content)
        assert len(response.context["preview"].changes) > 1
        return len(asked)

    few = cost()
    for code in ("22", "23", "5", "24(1)", "26(1)"):
        own(indicator(code), "PST_OPD")
    assert cost() == few


def test_a_whole_unit_with_many_sub_indicators(client, cast, indicator):
    """THIP's 63 sub-indicators and more: all of it goes there and back."""
    cast.head.memberships.update(unit=OrgUnit.objects.get(code="QS"))
    desk = Desk(client, cast.head, "QS")

    def edit(book):
        for _kpi, _item, cell in inputs(book):
            words = [rule for rule in cell.parent.data_validations.dataValidation if cell.coordinate in rule.sqref]
            cell.value = 1 if words[0].type != "list" else cell.value

    preview = desk.send(edited(desk.download(), edit))
    assert preview.status_code == 200
    count = len(preview.context["preview"].changes)
    assert desk.apply(preview).status_code == 302
    assert count > 5
    assert [value for result in Result.objects.all() for value in result.values.values_list("value", flat=True)] == (
        [Decimal(1)] * count
    )
