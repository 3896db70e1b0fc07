"""Every address x every person x every method, by the table in access_matrix.py; and two hospitals in one."""

import re
from urllib.parse import quote

import pytest
from django.apps import apps
from django.urls import get_resolver, resolve, reverse

from indicators.lint.source import linted
from indicators.models import Indicator, IndicatorVersion, Responsibility, Result, Round
from strategy.models import Membership, OrgUnit, Plan, StrategicIssue
from tests.access_matrix import ADDRESSES, ADMIN_MODELS, ADMIN_PAGES, OPERATIONS, PEOPLE, SENDS, TAKES
from tests.cast import comments_for
from tests.indicators.conftest import EMPTY_PROJECTS

pytestmark = pytest.mark.django_db
MARCH = (2560, 6)
OF_A_HOSPITAL = [name for name, entry in ADDRESSES.items() if entry.takes and not entry.is_public]
DATED = ("month", "grid", "unit_month", "open_period", "closed_period")
NUMBERS = {"7(1)": {"A": 33600, "B": 200}, "22": {"A": 1000, "B": 900}}
WHAT_TO_ADD = (
    "{name!r} is an address that tests/access_matrix.py does not know: add a row to {table} that says "
    "what every person of the cast gets there for GET and POST."
)


def names_of(patterns, space="") -> list[str]:
    """All URL names below, with their namespace; an address without a name stands as its pattern."""
    found: list[str] = []
    for entry in patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            found += names_of(entry.url_patterns, inner)
        else:
            found.append(f"{space}{entry.name}" if entry.name else f"{space}<{entry.pattern}>")
    return found


# The table is whole


def test_every_address_is_in_the_table():
    for name in names_of(get_resolver().url_patterns):
        if not name.startswith("admin:"):
            assert name in ADDRESSES, WHAT_TO_ADD.format(name=name, table="ADDRESSES")


def test_every_page_of_the_admin_is_in_the_table():
    known = {f"admin:{model}_{operation}" for model in ADMIN_MODELS for operation in OPERATIONS}
    for name in names_of(get_resolver().url_patterns):
        if name.startswith("admin:") and not name.startswith("admin:<"):
            table = "ADMIN_MODELS (what the administrator may do) or ADMIN_PAGES"
            assert name in known or name in ADMIN_PAGES, WHAT_TO_ADD.format(name=name, table=table)


def test_the_table_knows_nothing_that_is_gone():
    names = set(names_of(get_resolver().url_patterns))
    assert set(ADDRESSES) | set(ADMIN_PAGES) <= names
    assert {f"admin:{model}_changelist" for model in ADMIN_MODELS} <= names


def test_the_admin_reaches_every_model():
    for app in ("strategy", "indicators", "reports"):
        for model in apps.get_app_config(app).get_models():
            assert model._meta.label_lower.replace(".", "_") in ADMIN_MODELS


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_person_has_a_row(name):
    width = 4 if ADDRESSES[name].takes else 2
    assert {person: len(cells) for person, cells in ADDRESSES[name].rows.items()} == dict.fromkeys(PEOPLE, width)


# Every cell


@pytest.fixture
def log_in(client, cast):
    def enter(person: str) -> None:
        client.logout()
        if person != "anonymous":
            client.force_login(getattr(cast, person))

    return enter


@pytest.fixture
def standing(cast, saved, submitted, approved):
    """A result in that status for KPI 7(1) and for KPI 22."""

    def make(status: str) -> None:
        put = {"draft": saved, "submitted": submitted, "approved": approved}[status]
        put("7(1)", 6, by=cast.head, **NUMBERS["7(1)"])
        put("22", 6, by=cast.other_head, **NUMBERS["22"])

    return make


@pytest.fixture
def quick_pdf(monkeypatch):
    """The documents themselves have their own tests."""
    monkeypatch.setattr("reports.form_views.to_pdf", lambda document: b"%PDF-1.7")


def address_of(name: str, plan: Plan, code: str | None = None) -> str:
    takes = ADDRESSES[name].takes
    if not takes:
        return reverse(name)
    if takes in TAKES:
        return reverse(name, args=TAKES[takes](plan, code))
    if takes == "finding":
        return f"{reverse(name, args=[fingerprint_of(plan, code)])}?plan={plan.code}"
    indicator = Indicator.objects.get(plan=plan, code=code)
    if takes == "grid":
        IndicatorVersion.objects.filter(indicator=indicator).update(across_level=1)
    if takes == "round":
        return reverse(name, args=[Round.objects.get(indicator=indicator, fiscal_year=2560, number=6).pk])
    return reverse(name, args=[indicator.pk, *(MARCH if takes in DATED else ())])


def fingerprint_of(plan: Plan, code: str | None) -> str:
    """Of the first thing that the linter finds in the indicator's template of 2560."""
    found = (each for each in linted(plan).findings if (each.indicator, each.fiscal_year) == (code, 2560))
    return next(found).fingerprint


def typed(code: str, lock: int, url: str) -> dict:
    """What a form of any page could send."""
    boxes = {f"item_{item}": str(number) for item, number in NUMBERS.get(code, {}).items()}
    boxes |= typed_in_grid(code, lock, url)
    return {**EMPTY_PROJECTS, **boxes, "lock": lock, "action": "save", "reason": "ตัวตั้งไม่ตรงกับทะเบียน", "level": "3"}


def typed_in_grid(code: str, lock: int, url: str) -> dict:
    """The same of the one row of an indicator's grid or in a unit's month, and the choice of its result."""
    grid, unit = re.search(r"/grid/(\d{1,9})/|/(\d{1,9})/grid/", url), re.search(r"/month/(\d{1,9})/", url)
    rounds = Round.objects.filter(indicator__code=code, fiscal_year=2560, number=6)
    if grid:
        rounds = rounds.filter(indicator__in=filter(None, grid.groups()))
    elif unit:
        rounds = rounds.filter(indicator__responsibilities__responsible_unit=unit[1])
    round_ = rounds.first() if grid or unit else None
    if round_ is None:
        return {}
    key = f"{round_.pk}-{round_.indicator.plan.unit_id}"
    result = Result.objects.filter(round=round_).first()
    cells = {f"{key}:{item}": str(number) for item, number in NUMBERS.get(code, {}).items()}
    seen = f"{result.pk}:{result.lock}" if result else ""
    return {**cells, "row": key, f"{key}:lock": lock, "seen": seen, "picked": seen}


def locks() -> list[tuple[int, str]]:
    return list(Result.objects.order_by("pk").values_list("lock", "status"))


def sent(url: str, code: str) -> dict:
    """What the form of this page sends besides, by the part's own table."""
    name = resolve(url).url_name
    return SENDS[name](Plan.objects.get(code="KKH2560"), code) if name in SENDS else {}


def answer(client, method: str, url: str, code: str = "", *, htmx: bool = False) -> str:
    """What the table calls the answer."""
    before = locks()
    shown = Result.objects.filter(round__indicator__code=code).values_list("lock", flat=True).first() or 0
    data = {**typed(code, shown, url), **sent(url.partition("?")[0], code)} if method == "post" else {}
    response = getattr(client, method)(url, data, headers={"HX-Request": "true"} if htmx else {})
    if response.status_code == 302 and response["Location"] == f"{reverse('login')}?next={quote(url)}":
        return "login"
    if locks() == before:
        return str(response.status_code)
    return "moved" if response.status_code == 302 else f"moved_with_{response.status_code}"


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", ADDRESSES)
def test_cell(name, person, client, plan, log_in, standing, quick_pdf):
    entry = ADDRESSES[name]
    standing(entry.status)
    log_in(person)
    found = []
    for code in entry.codes if entry.takes else ("",):
        url = address_of(name, plan, code)
        found.append(answer(client, "get", url, code, htmx=entry.htmx))
        found.append(answer(client, "post", url, code, htmx=entry.htmx))
    assert found == entry.rows[person]


@pytest.mark.parametrize("person", ["anonymous", "head"])
@pytest.mark.parametrize("name", ADDRESSES)
def test_other_methods(name, person, client, plan, log_in, standing, quick_pdf):
    """HEAD is GET without a body; nothing is put, patched or deleted."""
    entry = ADDRESSES[name]
    standing(entry.status)
    log_in(person)
    url = address_of(name, plan, entry.codes[0])
    assert answer(client, "head", url, htmx=entry.htmx) == entry.rows[person][0]
    others = (entry.others.split() * 3)[:3]
    if person == "anonymous" and "login" in entry.rows[person]:
        others = ["login"] * 3
    if person == "anonymous" and name == "login":
        others = ["200", "405", "405"]  # Django takes PUT as POST there
    assert [answer(client, method, url) for method in ("put", "patch", "delete")] == others


@pytest.mark.parametrize("name", OF_A_HOSPITAL)
@pytest.mark.parametrize("pk", [0, 10**30])
def test_what_is_not_there(name, pk, client, cast):
    """The same answer as for what is not theirs."""
    for person in (cast.outsider, cast.head, cast.reviewer):
        client.force_login(person)
        url = reverse(name, args=[pk, *(MARCH if ADDRESSES[name].takes in DATED else ())])
        method = "get" if any("200" in cells[::2] for cells in ADDRESSES[name].rows.values()) else "post"
        assert answer(client, method, url, htmx=ADDRESSES[name].htmx) == "404"


def test_without_htmx_the_reason_is_the_page(client, cast, indicator):
    """A redirect that says nothing of whether the KPI is there."""
    for person in (cast.outsider, cast.head):
        client.force_login(person)
        assert client.get(reverse("indicator_why", args=[indicator("7(1)").pk])).status_code == 302


# What is not approved


SEEN_BY = {
    "reporter": True,
    "head": True,
    "other_head": False,
    "reviewer": True,
    "executive": True,
    "administrator": True,
}


@pytest.mark.parametrize("status", ["draft", "submitted"])
@pytest.mark.parametrize(("name", "code"), [("result_form", "7(1)"), ("indicator", "7(1)"), ("indicator_form", "7")])
def test_hidden_values(name, code, status, client, cast, plan, log_in, standing):
    """168 minutes are for the team, the strategy unit and the executives until they are approved."""
    standing(status)
    seen = {}
    for person in SEEN_BY:
        log_in(person)
        page = client.get(address_of(name, plan, code)).content.decode()
        seen[person] = "168.00" in page
    assert seen == SEEN_BY


def test_parts_of_other_units_stay_hidden_on_the_form_of_the_whole(client, cast, plan, saved):
    """7 is made of 7(1) of the PST OPD team and 7(2) of the PST ER team: neither sees the other's draft."""
    er = OrgUnit.objects.get(code="PST_ER")
    Membership.objects.create(user=cast.other_head, unit=er, role="head")
    saved("7(1)", 6, A=33600, B=200)
    saved("7(2)(1)", 6, by=cast.other_head, A=77, B=1000)
    for person, sees, not_sees in ((cast.head, "168.00", "7.70"), (cast.other_head, "7.70", "168.00")):
        client.force_login(person)
        page = client.get(address_of("indicator_form", plan, "7")).content.decode()
        assert sees in page
        assert not_sees not in page


# Two hospitals


OURS = ("โรงพยาบาลขอนแก่น", "ระยะเวลารอคอย", "KKH2560")
THEIRS = ("โรงพยาบาลเพื่อนบ้าน", "ตัวชี้วัดเพื่อนบ้าน", "NEIGHBOUR")
VISITORS = ("head", "other_head", "reviewer", "executive", "administrator")


def copied(row, **changes):
    """A new row like this one."""
    row.pk, row._state.adding = None, True
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


@pytest.fixture
def neighbour(plan, django_user_model) -> dict:
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
        people[name] = django_user_model.objects.create_user(f"nb_{name}")
        Membership.objects.create(user=people[name], unit=unit, role=name.removeprefix("other_"))
    people["administrator"] = django_user_model.objects.create_user("nb_administrator")
    Membership.objects.create(user=people["administrator"], unit=hospital, role="administrator")
    return {"plan": theirs, "people": people, "ward": ward}


@pytest.fixture
def both(neighbour, plan, cast, standing, access) -> list:
    """(people of the one, plan of the other, words of the other) both ways; each with results of its own."""
    from decimal import Decimal

    from indicators.actions import Entry, save_result, submit_result

    def report(status: str) -> list:
        standing(status)
        head = neighbour["people"]["head"]
        for code, numbers in NUMBERS.items():
            round_ = Round.objects.get(indicator__plan=neighbour["plan"], indicator__code=code, number=6)
            data = {item: Decimal(number) for item, number in numbers.items()}
            entry = Entry(data=data, comments=comments_for(access(head, round_), data))
            result = save_result(access=access(head, round_), by=head, entry=entry, lock=0)
            if status == "submitted":
                submit_result(access=access(head, round_), by=head, lock=result.lock)
        ours = [getattr(cast, name) for name in VISITORS]
        return [(ours, neighbour["plan"], THEIRS), (list(neighbour["people"].values()), plan, OURS)]

    return report


@pytest.mark.parametrize("name", OF_A_HOSPITAL)
def test_no_page_answers_the_other_hospital(name, client, both, quick_pdf):
    entry = ADDRESSES[name]
    for people, plan, _words in both("draft" if entry.status == "draft" else "submitted"):
        for person in people:
            client.force_login(person)
            for code in entry.codes:
                url = address_of(name, plan, code)
                found = [answer(client, method, url, code, htmx=entry.htmx) for method in ("get", "post")]
                assert "404" in found
                assert set(found) <= {"404", "405"}


@pytest.mark.parametrize("name", OF_A_HOSPITAL)
def test_the_neighbours_pages_answer_the_neighbours(name, client, both, quick_pdf, neighbour):
    """So that the test above does not pass for want of objects."""
    both("draft" if ADDRESSES[name].status == "draft" else "submitted")
    found = set()
    for person in neighbour["people"].values():
        client.force_login(person)
        url = address_of(name, neighbour["plan"], ADDRESSES[name].codes[0])
        found |= {answer(client, method, url, "7(1)", htmx=ADDRESSES[name].htmx) for method in ("get", "post")}
    allowed = {"review_reopen": {"403"}, "lint_decide": {"422"}, "grid_import": {"422"}, "grid_row": {"moved_with_200"}}
    allowed["month_row"], allowed["indicator_lift"] = {"moved_with_200"}, {"422"}
    moves = ("notice_open", "comment_add", "evidence_remove", "closing_reopen")
    allowed |= {move: {"302"} for move in moves}
    assert found & allowed.get(name, {"200", "moved"})


@pytest.mark.parametrize("page", ["my_work", "dashboard", "review_list"])
def test_no_list_shows_the_other_hospital(page, client, both, neighbour):
    for people, plan, words in both("submitted"):
        unit = Responsibility.objects.filter(indicator__plan=plan).values_list("responsible_unit", flat=True).first()
        queries = [{}, *({"tab": tab} for tab in ("returned", "approved", "missing")), {"office": unit}]
        for person in people:
            client.force_login(person)
            for query in queries:
                text = client.get(reverse(page), query, follow=True).content.decode()
                assert [word for word in words if word in text] == []
            assert client.get(reverse("dashboard"), {"plan": plan.code}).status_code == 404


def test_the_lists_show_their_own(client, both, neighbour):
    both("submitted")
    people = neighbour["people"]
    for name, page in (("head", "my_work"), ("executive", "dashboard"), ("reviewer", "review_list")):
        client.force_login(people[name])
        assert THEIRS[1] in client.get(reverse(page)).content.decode()


def test_a_role_in_each_hospital(client, both, neighbour, cast, plan):
    """Who reviews here and enters there does not review there."""
    both("submitted")
    Membership.objects.create(user=cast.reviewer, unit=neighbour["ward"], role="reporter")
    client.force_login(cast.reviewer)
    there, here = address_of("review_detail", neighbour["plan"], "7(1)"), address_of("review_detail", plan, "7(1)")
    assert client.get(there).status_code == 404
    assert client.get(here).status_code == 200
    assert client.get(address_of("entry", neighbour["plan"], "7(1)")).status_code == 200
    assert client.get(address_of("entry", plan, "7(1)")).status_code == 404
    assert THEIRS[1] not in client.get(reverse("review_list")).content.decode()
