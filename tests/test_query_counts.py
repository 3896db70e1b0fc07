"""Every page asks the database at most twelve times in all, and as often for three rows as for one.

Counted is the whole request: session, person, memberships, navigation and page.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.lint.source import linted
from indicators.models import ProjectLine, Responsibility
from indicators.notices.actions import notify
from strategy.models import Membership, OrgUnit

MOST = 12
HEADS = ("reporter", "head")
EVERYBODY = (*HEADS, "other_head", "reviewer", "executive", "administrator")
MADE_OF_OTHERS = ("7", "7(2)", "13", "26", "27")
APPROVED, SUBMITTED, DRAFT, NOTHING = 4, 5, 6, 3  # rounds of 7(1): January, February, March, December

# The page, what it takes, who may open it, and what the address carries.
ROUNDS = {"nothing": NOTHING, "approved": APPROVED, "submitted": SUBMITTED, "draft": DRAFT}
PAGES = [
    *[("my_work", None, person) for person in (*HEADS, "other_head")],
    *[("entry", state, person) for state in ROUNDS for person in (*HEADS, "executive", "administrator")],
    *[("review_list", tab, "reviewer") for tab in ("waiting", "returned", "approved", "missing")],
    *[("review_detail", state, "reviewer") for state in ("approved", "submitted", "draft")],
    *[("notices", None, person) for person in EVERYBODY],
    ("silent", None, "reviewer"),
    *[("lint", None, person) for person in ("reviewer", "administrator")],
    *[("lint_detail", kind, "reviewer") for kind in ("band5_below_target", "owner_mismatch")],
    *[("lint_effects", None, person) for person in ("reviewer", "administrator")],
    *[("dashboard", None, person) for person in EVERYBODY],
    *[(name, code, who) for name in ("indicator", "indicator_why") for code in ("7(1)", "7(2)") for who in EVERYBODY],
    *[("result_form", state, person) for state in ROUNDS for person in EVERYBODY],
    *[("result_form_pdf", "approved", person) for person in EVERYBODY],
    *[("result_form_xlsx", "approved", person) for person in EVERYBODY],
    *[("indicator_form", code, person) for code in MADE_OF_OTHERS for person in EVERYBODY],
    *[("indicator_form_pdf", "7(2)", person) for person in EVERYBODY],
    *[("indicator_form_xlsx", "7(2)", person) for person in EVERYBODY],
]


@pytest.fixture
def cost(client, indicator, round_of, monkeypatch):
    """How many queries a page asks of a person who may open it."""
    monkeypatch.setattr("reports.form_views.to_pdf", lambda document: b"%PDF-1.7")

    def count(person, name: str, what: str | None) -> int:
        client.force_login(person)
        url, query = _address(name, what, indicator, round_of)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(url, query, headers={"HX-Request": "true"} if name == "indicator_why" else {})
        assert response.status_code == 200, f"{name} of {what} answers {person} with {response.status_code}"
        told = "\n".join(f"{number}. {row['sql'][:200]}" for number, row in enumerate(asked.captured_queries, 1))
        assert len(asked) <= MOST, f"{name} of {what} asks {len(asked)} times for {person}, at most {MOST}:\n{told}"
        return len(asked)

    return count


def _address(name, what, indicator, round_of) -> tuple[str, dict]:
    if what in ROUNDS and name != "review_list":
        return reverse(name, args=[round_of("7(1)", ROUNDS[what]).pk]), {}
    if name == "lint_detail":
        found = linted(indicator("7(1)").plan).findings
        wanted = next(each for each in found if (each.indicator, each.fiscal_year, each.kind) == ("7(1)", 2560, what))
        return reverse(name, args=[wanted.fingerprint]), {"plan": "KKH2560"}
    if name == "lint_effects":
        fix = {"indicator": "7(1)", "year": 2560, "place": "bands.5", "text": "<170"}
        return reverse(name), {"plan": "KKH2560", **fix}
    if name.startswith("indicator"):
        month = (2560, 6) if "form" in name else ()
        return reverse(name, args=[indicator(what).pk, *month]), {}
    return reverse(name), {"tab": what} if what else {}


@pytest.fixture
def one_of_each(cast, approved, submitted, saved, indicator):
    """One result of 7(1) in each status, with a project; parts of the KPIs that are made of others."""
    approved("7(1)", APPROVED, A=33600, B=200)
    submitted("7(1)", SUBMITTED, A=33600, B=200)
    result = saved("7(1)", DRAFT, A=33600, B=200)
    er = Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="PST_ER"), role="head")
    approved("7(2)(1)", DRAFT, A=19, B=100)
    er.delete()
    ProjectLine.objects.create(result=result, position=1, name="โครงการ")
    people = [getattr(cast, name) for name in EVERYBODY]
    notify(users=people, kind="comment", facts={"code": "7(1)"}, url="/")


@pytest.fixture
def three_of_each(cast, approved, submitted, saved, plan, indicator, round_of):
    """More of everything: roles, responsible units, KPIs of a unit, results, projects, events."""

    def fill(person) -> None:
        before = Membership.objects.filter(user=person)[0]
        for code in ("PST_ER", "OR", "MEDINFO"):  # MEDINFO has units below it
            Membership.objects.create(user=person, unit=OrgUnit.objects.get(code=code), role=before.role)
        Membership.objects.get_or_create(user=cast.head, unit=OrgUnit.objects.get(code="PST_ER"), role="head")
        for position, code in enumerate(("QS", "HR", "SOCMED"), 50):
            _responsible(plan, indicator("7(1)"), code, position)
        for position, code in enumerate(("5", "30", "13(1)", "26(1)", "27(1)"), 50):
            _responsible(plan, indicator(code), "PST_OPD", position)
        notify(users=[person], kind="comment", facts={"code": "5"}, url="/")
        notify(users=[person], kind="recovery", facts={"code": "5"}, url="/")
        for number in (1, 2):
            approved("7(1)", number, A=33600, B=200)
            approved("5", number, A=1, B=10)
        for number in (4, 5):
            approved("7(2)(1)", number, A=19, B=100)
            submitted("7(2)(2)", number, A=23, B=100)
            submitted("5", number, A=1, B=10)
        for position in (2, 3, 4):
            ProjectLine.objects.create(result=round_of("7(1)", DRAFT).results.get(), position=position, name="โครงการ")
        for _again in range(3):
            saved("7(1)", DRAFT, A=33600, B=200)

    return fill


def _responsible(plan, indicator, code: str, position: int) -> None:
    unit = OrgUnit.objects.get(code=code)
    Responsibility.objects.create(
        indicator=indicator, measured_unit=plan.unit, responsible_unit=unit, position=position
    )


@pytest.mark.parametrize("person", EVERYBODY)
def test_at_most_twelve_and_the_same_for_more_rows(person, cast, cost, one_of_each, three_of_each):
    who = getattr(cast, person)
    pages = [(name, what) for name, what, may in PAGES if may == person]
    one = {page: cost(who, *page) for page in pages}
    three_of_each(who)
    assert {page: cost(who, *page) for page in pages} == one


@pytest.mark.parametrize("state", ["nothing", "approved", "draft"])
def test_a_unit_with_units_below_it(state, cast, cost, one_of_each):
    """The tree of units is asked together with what it is asked for."""
    Membership.objects.filter(user=cast.other_head).update(unit=OrgUnit.objects.get(code="MEDINFO"))
    for name, what in (("my_work", None), ("dashboard", None), ("result_form", state), ("indicator", "7(1)")):
        cost(cast.other_head, name, what)


def test_a_superseded_revision_costs_nothing(cast, cost, one_of_each, indicator):
    """A result that an earlier revision scored is printed by it."""
    old = indicator("7(1)").versions.get(fiscal_year=2560)
    items, bands = list(old.items.all()), list(old.bands.all())
    before = cost(cast.head, "result_form", "approved")
    type(old).objects.filter(pk=old.pk).update(is_active=False)
    old.pk, old._state.adding, old.revision, old.is_active = None, True, 2, True
    old.save()
    for part in (*items, *bands):
        part.pk, part._state.adding, part.version = None, True, old
        part.save()
    assert cost(cast.head, "result_form", "approved") == before
