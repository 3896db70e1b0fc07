"""Two hospitals in one database: no page of the one answers people of the other."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import reverse

from indicators.models import Indicator, IndicatorVersion, Responsibility, Round
from strategy.models import Membership, OrgUnit, Plan, StrategicIssue, User
from tests.access_matrix import ADDRESSES
from tests.matrix.asking import address_of, answer, data_for
from tests.world import NUMBERS, World, browser, kept_apart, made, put

pytestmark = pytest.mark.django_db
OF_A_HOSPITAL = [name for name, entry in ADDRESSES.items() if entry.takes and not entry.is_public]
OURS = ("โรงพยาบาลขอนแก่น", "ระยะเวลารอคอย", "KKH2560")
THEIRS = ("โรงพยาบาลเพื่อนบ้าน", "ตัวชี้วัดเพื่อนบ้าน", "NEIGHBOUR")
VISITORS = ("head", "other_head", "reviewer", "executive", "administrator")


@dataclass(frozen=True)
class Neighbour:
    """The other hospital's plan, people, and the unit that enters."""

    plan: Plan
    people: dict[str, User]
    ward: OrgUnit
    above: list[User]  # of the provincial office that stands above both hospitals


def copied(row, **changes):
    """A new row like this one."""
    row.pk, row._state.adding = None, True
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


def make_neighbour(plan: Plan) -> Neighbour:
    """A hospital of the same province with a small plan of its own (7 with 7(1), and 22) and its own people."""
    province = OrgUnit.objects.create(code="PROVINCE", name="สสจ.", kind="province")
    OrgUnit.objects.filter(pk=plan.unit_id).update(parent=province)
    hospital = OrgUnit.objects.create(code="NB", name=THEIRS[0], kind="hospital", parent=province)
    ward = OrgUnit.objects.create(code="NB_WARD", name="หอผู้ป่วยเพื่อนบ้าน", parent=hospital)
    theirs = copied(Plan.objects.get(pk=plan.pk), code=THEIRS[2], name="แผนเพื่อนบ้าน", unit=hospital, strategy_unit=ward)
    issue = copied(StrategicIssue.objects.filter(plan=plan).first(), plan=theirs, name="ประเด็นเพื่อนบ้าน")
    parents: dict[int, Indicator] = {}
    for code in ("7", "7(1)", "22", "24", "24(1)"):
        ours = Indicator.objects.get(plan=plan, code=code)
        versions = list(IndicatorVersion.objects.filter(indicator=ours, fiscal_year=2560))
        rounds = list(Round.objects.filter(indicator=ours, fiscal_year=2560))
        number, parent = ours.pk, parents.get(ours.parent_id or 0)
        mine = copied(ours, plan=theirs, issue=issue, parent=parent, name=f"{THEIRS[1]} {code}")
        parents[number] = mine
        for version in versions:
            items, bands = list(version.items.all()), list(version.bands.all())
            new = copied(version, indicator=mine)
            for part in (*items, *bands):
                copied(part, version=new)
        for round_ in rounds:
            copied(round_, indicator=mine)
        Responsibility.objects.create(indicator=mine, measured_unit=hospital, responsible_unit=ward)
    people = {}
    for name, unit in (("head", ward), ("other_head", ward), ("reviewer", ward), ("executive", hospital)):
        people[name] = User.objects.create_user(f"nb_{name}")
        Membership.objects.create(user=people[name], unit=unit, role=name.removeprefix("other_"))
    people["administrator"] = User.objects.create_user("nb_administrator")
    Membership.objects.create(user=people["administrator"], unit=hospital, role="administrator")
    office = OrgUnit.objects.create(code="PROVINCE_PLAN", name="กลุ่มงานยุทธศาสตร์ สสจ.", parent=province)
    above = [User.objects.create_user(f"province_{role}") for role in ("reviewer", "executive")]
    for user, role in zip(above, ("reviewer", "executive"), strict=True):
        Membership.objects.create(user=user, unit=office, role=role)
    return Neighbour(theirs, people, ward, above)


@dataclass(frozen=True)
class Both:
    """Our hospital and the other one, with the same results in each."""

    world: World
    neighbour: Neighbour

    def stand(self, status: str) -> None:
        """Drafts, or what was submitted; nothing that the neighbour has is approved."""
        status = "draft" if status == "draft" else "submitted"
        self.world.stand(status)
        for code in NUMBERS:
            put(
                self.neighbour.plan,
                code,
                status,
                head=self.neighbour.people["head"],
                reviewer=self.neighbour.people["reviewer"],
            )

    @property
    def strangers(self) -> list[tuple[list[User], Plan, tuple[str, ...]]]:
        """(people of the one, plan of the other, words of the other) both ways.

        The office above reviews and reads its own plans, not those of the hospitals below it.
        """
        ours = [getattr(self.world.cast, name) for name in VISITORS]
        return [
            (ours, self.neighbour.plan, THEIRS),
            ([*self.neighbour.people.values(), *self.neighbour.above], self.world.plan, OURS),
        ]


@pytest.fixture(scope="module")
def both(django_db_setup, django_db_blocker) -> Iterator[Both]:
    with django_db_blocker.unblock(), made() as world:
        yield Both(world, make_neighbour(world.plan))


def answers(name: str, plan: Plan, code: str, people: list[User]) -> list[set[str]]:
    """What each of them gets there, by GET and by POST."""
    url = address_of(name, plan, code)
    data = data_for(name, plan, url, code)
    found = []
    for person in people:
        with kept_apart():
            client = browser(person)
            found.append({answer(client, method, url, data, is_drawn=False) for method in ("get", "post")})
    return found


USUAL = {
    "review_reopen": {"403"}, "lint_decide": {"422"}, "grid_import": {"422"}, "grid_row": {"moved_with_200"},
    "month_row": {"moved_with_200"}, "autosave": {"moved_with_200"}, "notice_open": {"302"}, "comment_add": {"302"},
    "evidence_remove": {"302"}, "closing_reopen": {"302"}, "indicator_lift": {"302"},
}  # fmt: skip


@pytest.mark.parametrize("name", OF_A_HOSPITAL)
def test_pages_answer_their_own_hospital_alone(name, both, quick_documents):
    with kept_apart():
        both.stand(ADDRESSES[name].status)
        for people, plan, _words in both.strangers:
            for code in ADDRESSES[name].codes:
                with kept_apart():
                    for person, found in zip(people, answers(name, plan, code, people), strict=True):
                        assert {"404"} <= found <= {"404", "405"}, (person.username, code)
        # Their own people are answered: the pages above are not empty for want of objects.
        own = answers(name, both.neighbour.plan, ADDRESSES[name].codes[0], list(both.neighbour.people.values()))
        assert set().union(*own) & USUAL.get(name, {"200", "moved"})


@pytest.mark.parametrize("page", ["my_work", "dashboard", "review_list", "recovery_list", "closing", "silent", "lint"])
def test_no_list_shows_the_other_hospital(page, both):
    with kept_apart():
        both.stand("submitted")
        for people, plan, words in both.strangers:
            tabs = ("returned", "approved", "missing") if page == "review_list" else ()
            units = Responsibility.objects.filter(indicator__plan=plan).values_list("responsible_unit", flat=True)
            queries = [{}, *({"tab": tab} for tab in tabs), {"office": units.first()}]
            for person in people:
                client = browser(person)
                for query in queries:
                    text = client.get(reverse(page), query, follow=True).content.decode()
                    assert [word for word in words if word in text] == []
                assert client.get(reverse("dashboard"), {"plan": plan.code}).status_code == 404


def test_the_lists_show_their_own(both):
    with kept_apart():
        both.stand("submitted")
        for name, page in (("head", "my_work"), ("executive", "dashboard"), ("reviewer", "review_list")):
            assert THEIRS[1] in browser(both.neighbour.people[name]).get(reverse(page)).content.decode()


def test_a_role_in_each_hospital(both):
    """Who reviews here and enters there does not review there."""
    plan, theirs, reviewer = both.world.plan, both.neighbour.plan, both.world.cast.reviewer
    with kept_apart():
        both.stand("submitted")
        Membership.objects.create(user=reviewer, unit=both.neighbour.ward, role="reporter")
        client = browser(reviewer)
        assert client.get(address_of("review_detail", theirs, "7(1)")).status_code == 404
        assert client.get(address_of("review_detail", plan, "7(1)")).status_code == 200
        assert client.get(address_of("entry", theirs, "7(1)")).status_code == 200
        assert client.get(address_of("entry", plan, "7(1)")).status_code == 404
        assert THEIRS[1] not in client.get(reverse("review_list")).content.decode()
