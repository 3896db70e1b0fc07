"""Evidence, comments and measures by many people at the same moment."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.evidence import actions
from indicators.evidence.forms import check_file
from indicators.evidence.rules import MOST
from indicators.models import Comment, Evidence, RecoveryMeasure, RecoveryStep, Result, ReviewEvent
from indicators.models.evidence import evidence_storage
from indicators.recovery.actions import add_measure, follow_up
from indicators.recovery.rules import fetch_measure
from indicators.refusals import NotAllowed
from indicators.rules import fetch_round
from indicators.workflow import transition
from tests.at_once import at_once
from tests.files import pdf

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 30


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch) -> Path:
    monkeypatch.setitem(vars(evidence_storage()), "location", str(tmp_path / "store"))
    return tmp_path / "store"


def files_in(store: Path) -> int:
    return sum(path.is_file() for path in store.rglob("*"))


def kinds(found: list) -> Counter:
    return Counter(type(each).__name__ for each in found)


def adding(user, round_, number: int):
    def add():
        file = check_file(SimpleUploadedFile(f"{number}.pdf", pdf(str(number).encode())))
        seen = fetch_round(user, round_.pk)
        return actions.add_files(access=seen, by=user, files=[file], description=str(number))

    return add


def test_thirty_files_on_a_result_that_is_not_there_yet(cast, round_of, store):
    """One empty draft is made, twenty are kept, the files of the others are gone."""
    march = round_of("7(1)")
    found = at_once(*(adding(cast.head, march, number) for number in range(MANY)))
    assert kinds(found) == {"list": MOST, "NotAllowed": MANY - MOST}
    assert Result.objects.filter(round=march).count() == 1
    assert Evidence.objects.count() == files_in(store) == MOST
    assert ReviewEvent.objects.filter(action="evidence").count() == MOST


def test_the_same_file_thirty_times(cast, saved, store):
    march = saved("7(1)", A=33600, B=200).round
    found = at_once(*(adding(cast.head, march, 7) for _click in range(MANY)))
    assert kinds(found) == {"list": 1, "NotAllowed": MANY - 1}
    assert Evidence.objects.count() == files_in(store) == 1


def test_taking_away_while_it_is_approved(cast, submitted, store):
    """Whoever is first: what was approved keeps what it was approved with."""
    result = submitted("7(1)", A=33600, B=200)
    for number in range(5):
        adding(cast.head, result.round, number)()

    def approve():
        seen = fetch_round(cast.reviewer, result.round_id)
        return transition(access=seen, action="approve", by=cast.reviewer, lock=result.lock)

    def take(row):
        seen = fetch_round(cast.head, result.round_id)
        return lambda: actions.remove_evidence(access=seen, by=cast.head, evidence=row)

    rows = list(Evidence.objects.all())
    approved, *taken = at_once(approve, *(take(row) for row in rows))
    assert isinstance(approved, Result)
    assert {type(each) for each in taken} <= {Evidence, NotAllowed}
    events = list(ReviewEvent.objects.filter(result=result).order_by("pk").values_list("action", "before"))
    last = next(place for place, (action, _before) in enumerate(events) if action == "approve")
    assert last == len(events) - 1  # nothing was taken away after it
    gone = Evidence.objects.filter(removed_at__isnull=False).count()
    assert gone == sum(isinstance(each, Evidence) for each in taken)
    assert files_in(store) == 5  # it had been submitted


def test_one_comment_however_often_it_is_sent(cast, submitted):
    result = submitted("7(1)", A=33600, B=200)

    def write(text):
        seen = fetch_round(cast.head, result.round_id)
        return lambda: actions.add_comment(access=seen, by=cast.head, text=text)

    assert kinds(at_once(*(write("ถาม") for _click in range(MANY)))) == {"Comment": MANY}
    assert Comment.objects.count() == 1
    at_once(*(write(f"ข้อ {number}") for number in range(MANY)))
    assert Comment.objects.count() == MANY + 1


def test_one_measure_and_one_step_however_many(cast, saved):
    result = saved("7(1)", A=40000, B=200)
    facts = {"what": "เพิ่มช่องบริการ", "who": "หัวหน้า", "by_when": date(2017, 5, 31)}

    def add():
        return add_measure(access=fetch_round(cast.head, result.round_id), by=cast.head, **facts)

    assert kinds(at_once(*(add for _click in range(MANY)))) == {"RecoveryMeasure": MANY}
    measure = RecoveryMeasure.objects.get()

    def step(number):
        seen = fetch_measure(cast.head, measure.pk)
        return lambda: follow_up(seen=seen, by=cast.head, step="progress", text=f"ครั้งที่ {number}", lock=1)

    found = at_once(*(step(number) for number in range(MANY)))
    assert kinds(found) == {"RecoveryMeasure": 1, "StaleMeasure": MANY - 1}
    assert RecoveryStep.objects.count() == 1
    assert RecoveryMeasure.objects.get().lock == 2
