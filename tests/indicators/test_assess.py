"""The reviewer's own level beside the computed one: who, when, what is refused, what becomes of it."""

from decimal import Decimal

import pytest
from django.urls import reverse

from indicators.actions import Entry, Note, assess_result, save_result, submit_result
from indicators.models import IndicatorVersion, Result, ReviewEvent
from indicators.workflow import NotAllowed, StaleResult, transition
from strategy.models import Membership, OrgUnit
from tests import shapes
from tests.indicators.conftest import address

CODE = "7(1)"
NUMBERS = {"A": 33600, "B": 200}  # level 5
WHY = "หลักฐานไม่ครบตามที่รายงาน"


@pytest.fixture
def assess(cast, access):
    """Assess as the reviewer; level 3 unless something else is said."""

    def act(result, *, by=None, level=3, passed=None, reason=WHY, lock=None) -> Result:
        by = by or cast.reviewer
        level = None if level is None else Decimal(str(level))
        seen = access(by, result.round)
        return assess_result(
            access=seen, by=by, lock=result.lock if lock is None else lock, level=level, passed=passed, reason=reason
        )

    return act


@pytest.fixture
def entered(cast, access):
    """Save again as the head, with these numbers."""

    def save(result, notes=None, **data) -> Result:
        seen = access(cast.head, result.round)
        entry = Entry(data={key: Decimal(value) for key, value in data.items()}, notes=notes or {})
        return save_result(access=seen, by=cast.head, entry=entry, lock=seen.result.lock)

    return save


def assessed(result) -> tuple:
    found = Result.objects.get(pk=result.pk)
    return found.assessed_level, found.assessed_passed, found.assessed_reason, found.assessed_by


# The action


@pytest.mark.parametrize("standing", ["submitted", "approved"])
def test_both_levels_stand(standing, request, assess, cast):
    before = request.getfixturevalue(standing)(CODE, **NUMBERS)
    result = assess(before, passed=False)
    assert assessed(result) == (3, False, WHY, cast.reviewer)
    assert (result.level, result.passed, result.status) == (5, True, standing)
    assert result.lock == before.lock + 1
    event = result.events.last()
    assert (event.action, event.from_status, event.to_status, event.reason) == ("assess", standing, standing, WHY)
    assert event.before["assessed"] == {"level": None, "passed": None, "reason": ""}
    assert event.after["assessed"] == {"level": "3", "passed": False, "reason": WHY}


def test_it_is_changed_and_taken_back_with_a_reason(submitted, assess):
    result = assess(submitted(CODE, **NUMBERS))
    result = assess(result, level=2)
    assert assessed(result)[0] == 2
    result = assess(result, level=None, reason="ตรวจหลักฐานแล้ว")
    assert assessed(result) == (None, None, "", None)
    assert Result.objects.get(pk=result.pk).assessed_at is None
    assert [event.action for event in result.events.all()][-3:] == ["assess"] * 3
    assert result.events.last().reason == "ตรวจหลักฐานแล้ว"


def test_passing_alone(submitted, assess):
    assert assessed(assess(submitted(CODE, **NUMBERS), level=None, passed=True))[:2] == (None, True)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reason": "  "}, "กรุณาระบุเหตุผล"),
        ({"level": 6}, "ระหว่าง 0 ถึง 5"),
        ({"level": -1}, "ระหว่าง 0 ถึง 5"),
        ({"level": "3.5"}, "จำนวนเต็ม"),
        ({"level": None}, "ยังไม่มีการประเมินให้ยกเลิก"),
    ],
)
def test_what_is_refused(given, sentence, submitted, assess):
    result = submitted(CODE, **NUMBERS)
    with pytest.raises(NotAllowed, match=sentence):
        assess(result, **given)
    assert assessed(result)[0] is None
    assert not ReviewEvent.objects.filter(action="assess").exists()


@pytest.mark.parametrize(("policy", "kind"), [("interpolated", "formula"), ("bands", "mean_of_groups")])
def test_means_and_interpolation_have_parts_of_a_level(policy, kind, submitted, assess):
    result = submitted(CODE, **NUMBERS)
    IndicatorVersion.objects.filter(pk=result.version_id).update(policy=policy, kind=kind)
    assert assessed(assess(result, level="3.4567"))[0] == Decimal("3.4567")
    with pytest.raises(NotAllowed, match="4 ตำแหน่ง"):
        assess(Result.objects.get(pk=result.pk), level="3.45678")


@pytest.mark.parametrize("person", ["reporter", "head", "other_head", "executive", "administrator"])
def test_only_reviewers(person, submitted, assess, cast):
    with pytest.raises(NotAllowed, match="ต้องเป็นผู้ตรวจสอบ"):
        assess(submitted(CODE, **NUMBERS), by=getattr(cast, person))


def test_nobody_assesses_what_they_submitted(submitted, assess, cast):
    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="POLICY"), role="reviewer")
    with pytest.raises(NotAllowed, match="ของตนเองไม่ได้"):
        assess(submitted(CODE, **NUMBERS), by=cast.head)


@pytest.mark.parametrize("status", ["draft", "returned", "reopened"])
def test_not_while_it_is_with_its_unit(status, submitted, assess):
    result = submitted(CODE, **NUMBERS)
    Result.objects.filter(pk=result.pk).update(status=status)
    with pytest.raises(NotAllowed, match="ส่งหรืออนุมัติแล้ว"):
        assess(result)


def test_the_second_to_assess_is_told(submitted, assess):
    result = submitted(CODE, **NUMBERS)
    assess(result)
    with pytest.raises(StaleResult):
        assess(result, level=1)
    assert assessed(result)[0] == 3


# What becomes of it


@pytest.fixture
def sent_back(submitted, assess, access, cast):
    """Submitted, assessed, and returned to its unit."""
    result = assess(submitted(CODE, **NUMBERS))
    seen = access(cast.reviewer, result.round)
    return transition(access=seen, action="return", by=cast.reviewer, lock=result.lock, reason="แนบหลักฐาน")


def test_it_stays_while_the_numbers_stay(sent_back, entered, access, cast):
    result = entered(sent_back, A=33600, B=200)
    assert assessed(result)[0] == 3
    submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock)
    assert assessed(result)[0] == 3


def test_it_falls_away_with_other_numbers_and_says_so(sent_back, entered, cast):
    result = entered(sent_back, A=34400, B=200)
    assert assessed(result) == (None, None, "", None)
    falls, saves = list(result.events.order_by("pk"))[-2:]
    assert (falls.action, falls.actor, saves.action) == ("assess", cast.head, "save")
    assert "ตกไป" in falls.reason
    assert Decimal(falls.before["assessed"]["level"]) == 3
    assert falls.after["assessed"]["level"] is None
    assert saves.before["assessed"]["level"] is None


def test_after_reopening_too(approved, assess, access, cast, entered):
    result = assess(approved(CODE, **NUMBERS))
    seen = access(cast.reviewer, result.round)
    result = transition(access=seen, action="reopen", by=cast.reviewer, lock=result.lock, reason="ตัวเลขผิด")
    assert assessed(result)[0] == 3
    assert assessed(entered(result, A=33600, B=199))[0] is None


def test_a_new_template_makes_it_fall_too(sent_back, entered, indicator):
    old = indicator(CODE).versions.get(fiscal_year=2560)
    items, bands = list(old.items.all()), list(old.bands.all())
    IndicatorVersion.objects.filter(pk=old.pk).update(is_active=False)
    old.pk, old._state.adding, old.revision, old.is_active = None, True, 2, True
    old.save()
    for part in (*items, *bands):
        part.pk, part._state.adding, part.version = None, True, old
        part.save()
    assert assessed(entered(sent_back, A=33600, B=200))[0] is None


def test_a_note_alone_changes_nothing(indicator, submitted, assess, access, cast, entered):
    shapes.milestone(indicator(CODE))
    steps = {"S1": 1, "S2": 0, "S3": 0, "S4": 0, "S5": 0}
    result = assess(submitted(CODE, **steps))
    seen = access(cast.reviewer, result.round)
    result = transition(access=seen, action="return", by=cast.reviewer, lock=result.lock, reason="แนบ")
    assert assessed(entered(result, notes={"S1": Note("คำสั่ง")}, **steps))[0] == 3


# The pages


@pytest.fixture
def reviewer(client, cast):
    client.force_login(cast.reviewer)
    return client


def post(client, result, **typed):
    url = reverse("review_assess", args=[result.round_id])
    return client.post(url, {"lock": result.lock, "level": "3", "passed": "", "reason": WHY, **typed})


def test_the_form_is_folded_below_the_decision(reviewer, submitted):
    result = submitted(CODE, **NUMBERS)
    text = reviewer.get(reverse("review_detail", args=[result.round_id])).content.decode()
    assert '<details class="review-assess">' in text
    assert text.index('id="decide"') < text.index("review-assess") < text.index('id="assess_level"')


def test_assessing_on_the_page(reviewer, submitted, client, cast):
    result = submitted(CODE, **NUMBERS)
    response = post(reviewer, result, level="๓", passed="0")
    assert response.status_code == 302
    assert assessed(result) == (3, False, WHY, cast.reviewer)
    text = reviewer.get(response.url).content.decode()
    assert "บันทึกการประเมินตัวชี้วัด 7(1)" in text
    assert "ระดับที่คำนวณได้" in text
    panel = text.split('class="assessed"')[1].split("</div>")[0]
    assert 'class="level level-3"' in panel
    assert "ไม่ผ่าน" in panel
    assert WHY in panel
    client.force_login(cast.head)
    assert 'class="assessed"' in client.get(address(result.round)).content.decode()


def test_taking_it_back_on_the_page(reviewer, submitted, assess):
    result = assess(submitted(CODE, **NUMBERS))
    response = post(reviewer, result, level="", reason="ตรวจซ้ำแล้ว")
    assert assessed(result)[0] is None
    assert "ยกเลิกการประเมินตัวชี้วัด" in reviewer.get(response.url).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": ""}, "กรุณาระบุเหตุผล"),
        ({"level": "9"}, "ระดับต้องอยู่ระหว่าง 0 ถึง 5"),
        ({"level": "2.5"}, "ต้องเป็นจำนวนเต็ม"),
        ({"level": "สาม"}, "เป็นตัวเลขไม่ได้"),
        ({"level": ""}, "กรุณาใส่ระดับหรือเลือกว่าผ่านหรือไม่"),
    ],
)
def test_what_is_wrong_stands_open_with_what_was_typed(typed, sentence, reviewer, submitted):
    result = submitted(CODE, **NUMBERS)
    response = post(reviewer, result, **typed)
    text = response.content.decode()
    assert response.status_code == 422
    assert sentence in text
    assert '<details class="review-assess" open>' in text
    assert typed.get("reason", WHY) in text
    assert assessed(result)[0] is None


def test_somebody_was_quicker(reviewer, submitted):
    result = submitted(CODE, **NUMBERS)
    Result.objects.filter(pk=result.pk).update(lock=result.lock + 1)
    response = post(reviewer, result, passed="1")
    text = response.content.decode()
    assert response.status_code == 409
    assert WHY in text
    assert '<option value="1" selected>' in text
    assert assessed(result)[0] is None


def test_the_submitter_sees_no_form(client, submitted, cast):
    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="POLICY"), role="reviewer")
    result = submitted(CODE, **NUMBERS)
    client.force_login(cast.head)
    page = client.get(reverse("review_detail", args=[result.round_id])).content.decode()
    assert "review-assess" not in page
    assert post(client, result).status_code == 403


def test_the_history_tells_of_it(reviewer, submitted, assess):
    result = assess(submitted(CODE, **NUMBERS), passed=True)
    text = " ".join(reviewer.get(reverse("review_detail", args=[result.round_id])).content.decode().split())
    assert "ให้ระดับโดยผู้ประเมิน" in text
    assert "ระดับที่ผู้ประเมินให้: <span" in text
    assert "ผู้ประเมินเห็นว่า: <span" in text


def test_of_a_verdict_the_assessed_level_counts(reviewer, indicator, submitted):
    shapes.verdict(indicator(CODE))
    result = submitted(CODE, P=1)
    page = reviewer.get(reverse("review_detail", args=[result.round_id])).content.decode()
    assert "ระดับที่ให้จะใช้ในคะแนนรวม" in page
