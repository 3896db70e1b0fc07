"""Several at the same moment: reminders sent once, many decisions of two reviewers made once."""

from collections import Counter

import pytest
from django.core import mail

from indicators.models import Digest, Notice, Responsibility, Result, ReviewEvent
from indicators.notices.digests import drafts
from indicators.notices.sending import Outcome, deliver
from indicators.reviews.bulk import approve_clean, return_all
from strategy.models import Membership, OrgUnit, User
from tests.at_once import at_once
from tests.builders import report

pytestmark = pytest.mark.django_db(transaction=True)
RUNS = 6


def send() -> list[Outcome]:
    """What a run of the command does."""
    return [delivery.outcome for delivery in deliver(drafts())]


def outcomes(found: list) -> Counter:
    assert [each for each in found if isinstance(each, Exception)] == []
    return Counter(outcome for each in found for outcome in each)


@pytest.fixture
def _owing(cast, indicator, settings):
    """The head, the reporter and the strategy unit are to be told of 7(1)."""
    settings.SENDS_MAIL = True
    Responsibility.objects.exclude(indicator=indicator("7(1)")).delete()
    for name in ("head", "reporter", "reviewer"):
        User.objects.filter(username=name).update(email=f"{name}@hospital.go.th")


@pytest.mark.usefixtures("_owing")
def test_runs_at_the_same_moment_send_one_mail_each():
    found = at_once(*[send] * RUNS)
    assert outcomes(found)[Outcome.SENT] == 3
    assert sorted(address for message in mail.outbox for address in message.to) == [
        "head@hospital.go.th", "reporter@hospital.go.th", "reviewer@hospital.go.th",
    ]  # fmt: skip
    assert Digest.objects.filter(sent_at__isnull=False).count() == 3
    assert Counter(Notice.objects.values_list("user__username", "kind")) == {
        ("head", "overdue"): 1, ("reporter", "overdue"): 1, ("reviewer", "escalated"): 1,
    }  # fmt: skip


@pytest.mark.usefixtures("_owing")
def test_a_failed_mail_is_taken_up_by_one(monkeypatch):
    def refuse(message, *args, **kwargs):
        raise ConnectionRefusedError("mail server down")

    with monkeypatch.context() as patch:
        patch.setattr(mail.EmailMultiAlternatives, "send", refuse)
        assert set(send()) == {Outcome.FAILED}
    assert outcomes(at_once(*[send] * RUNS))[Outcome.SENT] == 3
    assert len(mail.outbox) == 3
    assert Notice.objects.count() == 3


def test_two_reviewers_at_the_same_results(cast, indicator, django_user_model):
    """One approves all, the other returns all: each result is decided once, and each is told what was left."""
    second = django_user_model.objects.create_user("second")
    Membership.objects.create(user=second, unit=OrgUnit.objects.get(code="POLICY"), role="reviewer")
    results = [report(indicator("7(1)"), n, cast, status="submitted", A=33600, B=200) for n in range(1, 9)]
    shown = {result.pk: result.lock for result in results}
    one, other = at_once(
        lambda: approve_clean(by=cast.reviewer, seen=shown),
        lambda: return_all(by=second, seen=shown, reason="ตรวจใหม่"),
    )
    assert len(one.done) + len(other.done) == len(one.left) + len(other.left) == 8
    statuses = Counter(Result.objects.values_list("status", flat=True))
    assert statuses == +Counter(approved=len(one.done), returned=len(other.done))
    assert Counter(ReviewEvent.objects.values_list("result", flat=True)) == dict.fromkeys(shown, 1)
    told = {notice.kind: len(notice.facts.get("codes", "1")) for notice in Notice.objects.filter(user=cast.head)}
    assert told == +Counter(approved=len(one.done), returned=len(other.done))
