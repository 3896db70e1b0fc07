"""A draft of one hospital is in no page, form or file of anybody who may not see it, whatever the address says."""

import io
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from indicators.actions import Entry, Note, save_result, submit_result
from indicators.models import Responsibility, Result
from indicators.rules import fetch_own_round, fetch_review_round
from indicators.workflow import transition
from strategy.models import OrgUnit
from tests.cast import comments_for
from tests.indicators.grids import JULY, load_province, person

pytestmark = pytest.mark.django_db
CHUMPHAE, BANPHAI = "10998", "11002"
SECRET = "61.37"  # an EIA that nothing else on a page shows
STRANGE = ["nowhere", "KKPHO_STRATEGY", "%00", "x" * 5000, "%ED%A0%80", "'", "10998%20", "๑๐๙๙๘", "10998&unit=nowhere"]


@pytest.fixture
def province(plan, settings):
    settings.KPITRACK_TODAY = JULY
    found = load_province()
    for code in (CHUMPHAE, BANPHAI):  # hospitals that enter for themselves, beside the office
        unit = OrgUnit.objects.get(code=code)
        Responsibility.objects.create(indicator=found.k405, measured_unit=unit, responsible_unit=unit, position=99)
    found.other = person("banphai", BANPHAI, "head")
    found.colleague_of_another_office = person("other_office", "KKPHO_STRATEGY", "reporter")
    found.round = found.k405.rounds.get(fiscal_year=2566, number=2)
    return found


@pytest.fixture
def draft(province) -> Result:
    access = fetch_own_round(province.enters, province.round.pk, CHUMPHAE)
    note = Note(f"{SECRET} <script>alert(1)</script>", "=cmd|' /C calc'!A0")
    numbers = {"EIA": Decimal(SECRET), "TPS": Decimal(100)}
    comments = comments_for(access, numbers)
    entry = Entry(numbers, note=f"{SECRET}", problems="=1+1", notes={"EIA": note}, comments=comments)
    return save_result(access=access, by=province.enters, entry=entry, lock=0)


def addresses(province, tail: str) -> list[str]:
    pk, indicator = province.round.pk, province.k405.pk
    rounds = ("entry", "result_form", "result_form_pdf", "result_form_xlsx", "review_detail")
    return [
        *(reverse(name, args=[pk]) + tail for name in rounds),
        reverse("indicator", args=[indicator]) + f"?year=2566{tail.replace('?', '&')}",
        reverse("indicator_form", args=[indicator, 2566, 9]) + tail,
        reverse("dashboard") + "?plan=KKPHO2566",
        reverse("my_work"),
        reverse("review_list"),
        reverse("grid", args=[indicator, 2566, 2]) + tail,
        reverse("grid_template", args=[indicator, 2566, 2]) + tail,
    ]


def seen(user, address: str) -> tuple[int, str]:
    client = Client()
    client.force_login(user)
    response = client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if "spreadsheet" in response.headers.get("Content-Type", ""):
        cells = (cell.value for sheet in load_workbook(io.BytesIO(body)) for row in sheet.iter_rows() for cell in row)
        return response.status_code, " ".join(str(value) for value in cells if value is not None)
    return response.status_code, body.decode("utf-8", "replace")


@pytest.mark.parametrize("name", ["other", "colleague_of_another_office"])
@pytest.mark.parametrize("tail", ["", f"?unit={CHUMPHAE}", f"?unit={BANPHAI}"])
def test_a_draft_does_not_leak(name, tail, province, draft):
    for address in addresses(province, tail):
        if ".pdf" in address:
            continue  # made from the same form as the page and the workbook
        status, text = seen(getattr(province, name), address)
        assert status in (200, 302, 404), address
        assert SECRET not in text, address


@pytest.mark.parametrize("name", ["other", "hospital"])
def test_a_hospital_sees_no_other_hospital(name, province, draft):
    foreign = {"other": CHUMPHAE, "hospital": BANPHAI}[name]
    for page in ("entry", "result_form", "result_form_pdf", "result_form_xlsx", "review_detail"):
        for tail in (f"?unit={foreign}", "", "?unit=10999", f"?unit={foreign}&unit=10999"):
            status, _text = seen(getattr(province, name), reverse(page, args=[province.round.pk]) + tail)
            assert status == 404, (page, tail)


def test_a_hospital_sees_its_own(province, draft):
    for page in ("entry", "result_form", "result_form_xlsx"):
        status, text = seen(province.hospital, reverse(page, args=[province.round.pk]) + f"?unit={CHUMPHAE}")
        assert (status, SECRET in text) == (200, True), page


@pytest.mark.parametrize("unit", STRANGE)
def test_a_strange_unit_is_not_there(unit, province, draft):
    for page in ("entry", "result_form", "result_form_xlsx", "review_detail"):
        for user in (province.enters, province.reviews, province.hospital):
            status, _text = seen(user, f"{reverse(page, args=[province.round.pk])}?unit={unit}")
            assert status == 404, (page, unit[:20])


def test_of_a_parameter_given_twice_the_last_one_counts(province, draft):
    address = reverse("result_form", args=[province.round.pk])
    _status, text = seen(province.enters, f"{address}?unit={BANPHAI}&unit={CHUMPHAE}")
    assert SECRET in text


def test_an_empty_unit_is_the_plans_own(province, draft):
    address = reverse("result_form", args=[province.round.pk])
    status, text = seen(province.enters, f"{address}?unit=")
    assert (status, SECRET in text) == (200, False)


def test_the_row_over_all_of_them_counts_no_draft(province, draft):
    """Nor does the office see it there: the row is the province's, the draft is the hospital's."""
    for user in (province.enters, province.reviews):
        status, text = seen(user, reverse("result_form", args=[province.round.pk]))
        assert (status, SECRET in text) == (200, False)


def test_after_reopening_it_is_a_draft_again(province, draft):
    access = fetch_own_round(province.enters, province.round.pk, CHUMPHAE)
    result = submit_result(access=access, by=province.enters, lock=draft.lock)
    for action in ("approve", "reopen"):
        access = fetch_review_round(province.reviews, province.round.pk, CHUMPHAE)
        result = transition(access=access, action=action, by=province.reviews, lock=result.lock, reason="แก้ตัวเลข")
        address = reverse("result_form", args=[province.round.pk]) + f"?unit={CHUMPHAE}"
        _status, text = seen(province.colleague_of_another_office, address)
        assert (SECRET in text) == (action == "approve"), action


def test_what_was_typed_is_no_markup_and_no_formula(province, draft):
    address = reverse("entry", args=[province.round.pk]) + f"?unit={CHUMPHAE}"
    _status, text = seen(province.enters, address)
    assert "<script>alert(1)" not in text
    client = Client()
    client.force_login(province.enters)
    body = client.get(reverse("result_form_xlsx", args=[province.round.pk]) + f"?unit={CHUMPHAE}").content
    cells = [cell for sheet in load_workbook(io.BytesIO(body)) for row in sheet.iter_rows() for cell in row]
    typed = [cell for cell in cells if "=1+1" in str(cell.value)]
    assert typed
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]


def approve(province, unit: str, number: int = 2) -> Result:
    round_ = province.k405.rounds.get(fiscal_year=2566, number=number)
    access = fetch_own_round(province.enters, round_.pk, unit)
    numbers = {"EIA": Decimal(SECRET), "TPS": Decimal(100)}
    entry = Entry(numbers, comments=comments_for(access, numbers))
    result = save_result(access=access, by=province.enters, entry=entry, lock=0)
    result = submit_result(
        access=fetch_own_round(province.enters, round_.pk, unit), by=province.enters, lock=result.lock
    )
    access = fetch_review_round(province.reviews, round_.pk, unit)
    return transition(access=access, action="approve", by=province.reviews, lock=result.lock)


@pytest.mark.parametrize("tail", ["", f"?unit={CHUMPHAE}"])
@pytest.mark.parametrize("reported", [0, 1, 3])
def test_the_form_is_printed_within_twelve_queries(tail, reported, province, django_assert_max_num_queries):
    for unit in (CHUMPHAE, BANPHAI, "10999")[:reported]:
        approve(province, unit, number=1)
    client = Client()
    client.force_login(province.enters)
    round_ = province.k405.rounds.get(fiscal_year=2566, number=1)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("result_form", args=[round_.pk]) + tail).status_code == 200


def test_a_hospital_that_is_not_measured_any_more_keeps_the_numbers_on_its_form(province):
    approve(province, CHUMPHAE)
    Responsibility.objects.filter(measured_unit__code=CHUMPHAE).delete()
    status, text = seen(province.reviews, reverse("result_form", args=[province.round.pk]) + f"?unit={CHUMPHAE}")
    assert (status, SECRET in text) == (200, True)
