"""The lint page: who sees it, how things stand, filter and order, one finding, decisions in the browser's form."""

from html import escape
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from indicators.lint import page
from indicators.lint.actions import dismiss_finding
from indicators.lint.page import KINDS, SEVERITIES, STATES, Chosen, Item, cards_of, items_of, place_of, summary_of
from indicators.lint.source import linted
from indicators.models import IndicatorVersion, LintDecision
from scoring.lint import KINDS as ALL_KINDS
from scoring.lint import Finding, Severity
from strategy.models import Membership, OrgUnit, Plan

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def unit(client, cast):
    """The client of the strategy unit."""
    client.force_login(cast.reviewer)
    return client


@pytest.fixture
def found(plan):
    """Findings of a template, by kind: `found("7(1)", 2561)["gap"]`."""

    def find(code: str, year: int = 2560) -> dict[str, Finding]:
        return {f.kind: f for f in linted(plan).findings if (f.indicator, f.fiscal_year) == (code, year)}

    return find


def detail(finding, **query) -> str:
    return f"{reverse('lint_detail', args=[finding.fingerprint])}?{urlencode({'plan': 'KKH2560', **query})}"


@pytest.fixture
def decide(unit):
    """Send a decision as the page would: `decide(finding, "accept")`."""

    def post(finding, decision, *, reason="เหตุผล", seen=0, findings=None, client=unit, follow=False, **query):
        url = f"{reverse('lint_decide', args=[finding.fingerprint])}?{urlencode({'plan': 'KKH2560', **query})}"
        chosen = [each.fingerprint for each in findings or [finding]]
        data = {"decision": decision, "reason": reason, "seen": seen, "findings": chosen}
        return client.post(url, data, follow=follow)

    return post


# The list


def test_the_first_lines_say_how_things_stand(unit, plan):
    shown = text_of(unit.get(reverse("lint")))
    items = items_of(linted(plan), [])
    assert summary_of(items) in shown
    assert "ตัดสินใจแล้ว 0" in shown
    assert plan.name in shown


def test_counts_and_decisions(unit, plan, cast, found):
    dismiss_finding(plan=plan, finding=found("7(1)")["owner_mismatch"], by=cast.reviewer, reason="x")
    assert "ตัดสินใจแล้ว 1" in text_of(unit.get(reverse("lint")))


def test_worst_first_then_as_the_plan_has_them(plan):
    lint = linted(plan)
    items = items_of(lint, [])
    order = [list(SEVERITIES).index(item.finding.severity) for item in items]
    assert order == sorted(order)
    places = [lint.position.get(i.finding.indicator, 0) for i in items if i.finding.severity is Severity.ERROR]
    assert places == sorted(places)


def test_each_card_has_words_a_badge_and_the_picture(unit):
    shown = text_of(unit.get(reverse("lint"), {"indicator": "7(1)", "kind": "gap"}))
    for text in ("ค่าที่ไม่มีช่วงใดรับ", "คำเตือน", "ยังไม่ตัดสินใจ", "ปี 2561–2563", "165.99", "<svg", "ข้อเสนอ:"):
        assert text in shown
    assert 'href="/lint/' in shown


def test_the_same_of_several_years_is_one_card_with_each_years_figures(plan):
    lint = linted(plan)
    items = [item for item in items_of(lint, []) if (item.finding.indicator, item.finding.kind) == ("7(1)", "gap")]
    (card,) = cards_of(lint, items)
    assert (card.years, card.says_the_same, len(card.items)) == ("2561–2563", False, 3)


def test_where_the_sentence_is_the_same_it_is_said_once(plan):
    lint = linted(plan)
    items = [i for i in items_of(lint, []) if (i.finding.indicator, i.finding.kind) == ("7(1)", "owner_mismatch")]
    (card,) = cards_of(lint, items)
    assert (card.years, card.says_the_same) == ("2560–2563", True)


@pytest.mark.parametrize(
    ("years", "word"), [((2560,), "2560"), ((2560, 2561), "2560, 2561"), ((2560, 2562, 2563), "2560, 2562, 2563")]
)
def test_years_in_words(years, word):
    items = tuple(Item(Finding("1", year, "gap", Severity.NOTE, "x")) for year in years)
    assert page.Card(items, None).years == word


def test_pages_of_25(unit):
    first = unit.get(reverse("lint"))
    assert len(first.context["page"]) == 25
    assert "page=2" in first.content.decode()
    second = unit.get(reverse("lint"), {"page": 2})
    assert second.context["page"][0].finding != first.context["page"][0].finding


@pytest.mark.parametrize(
    ("query", "keeps"),
    [
        ({"severity": "error"}, lambda item: item.finding.severity == "error"),
        ({"kind": "overlap"}, lambda item: item.finding.kind == "overlap"),
        ({"indicator": "7(1)"}, lambda item: item.finding.indicator == "7(1)"),
        ({"indicator": "-"}, lambda item: item.finding.indicator == ""),
        ({"year": "2561"}, lambda item: item.finding.fiscal_year == 2561),
        ({"state": "open"}, lambda item: item.state == "open"),
        ({"state": "dismissed"}, lambda item: item.state == "dismissed"),
        ({"year": "2560", "severity": "note"}, lambda i: (i.finding.fiscal_year, i.finding.severity) == (2560, "note")),
    ],
)
def test_the_filter(query, keeps, plan, cast, found, unit):
    dismiss_finding(plan=plan, finding=found("7(1)")["owner_mismatch"], by=cast.reviewer, reason="x")
    items = items_of(linted(plan), page.decisions_of(plan))
    chosen = Chosen(**query)
    assert [item for item in items if chosen.keeps(item)] == [item for item in items if keeps(item)]
    assert unit.get(reverse("lint"), query).context["chosen"] == sum(map(keeps, items)) > 0


@pytest.mark.parametrize("query", [{"kind": "xyzzy"}, {"year": "9999"}, {"indicator": "x" * 99}])
def test_nothing_matches(query, unit):
    shown = text_of(unit.get(reverse("lint"), query))
    assert "ไม่มีข้อที่ตรงกับตัวกรอง" in shown
    assert "ล้างตัวกรอง" in shown


@pytest.mark.parametrize("kind", ["x" * 200, "\0"])
def test_what_cannot_be_a_filter_filters_nothing(kind, unit):
    assert unit.get(reverse("lint"), {"kind": kind}).context["chosen"] > 100


def test_no_findings_at_all(unit, plan):
    plan.indicators.all().update(parent=None)
    plan.indicators.all().delete()
    Plan.objects.filter(pk=plan.pk).update(announced=[], grades=[])
    shown = text_of(unit.get(reverse("lint")))
    assert "ไม่พบข้อบกพร่องใน Template ของแผนนี้" in shown
    assert "ผ่านการตรวจ" in shown


def test_no_plan(client, cast):
    hospital = OrgUnit.objects.create(code="NEW", name="โรงพยาบาลใหม่", kind="hospital")
    Membership.objects.create(user=cast.outsider, unit=hospital, role="reviewer")
    client.force_login(cast.outsider)
    shown = text_of(client.get(reverse("lint")))
    assert "ยังไม่มีแผนของหน่วยงานท่าน" in shown
    assert "load_plan" in shown
    assert client.get(reverse("lint"), {"plan": "KKH2560"}).status_code == 404


def test_several_plans(unit, plan):
    Plan.objects.create(code="SECOND", name="แผนสอง", unit=plan.unit, first_year=2560, last_year=2560)
    assert "?plan=SECOND" in unit.get(reverse("lint"), {"plan": "KKH2560"}).content.decode()
    assert "แผนสอง" in text_of(unit.get(reverse("lint"), {"plan": "SECOND"}))
    assert unit.get(reverse("lint"), {"plan": "THIRD"}).status_code == 404
    assert unit.get(reverse("lint"), {"plan": "\0"}).status_code == 404


def test_every_kind_has_a_word():
    assert set(KINDS) == set(ALL_KINDS)
    assert set(ALL_KINDS) >= page.NOT_OF_BANDS
    assert {word for word in map(str, KINDS.values()) if not word} == set()


def test_the_navigation_has_it_for_the_strategy_unit_alone(client, cast):
    for person, has_it in ((cast.reviewer, True), (cast.head, False), (cast.executive, False)):
        client.force_login(person)
        assert (f'href="{reverse("lint")}"' in client.get("/", follow=True).content.decode()) == has_it


def test_changes_are_seen_at_once(unit, plan, found):
    """What is remembered is remembered of the very rows that were read."""
    before = found("7(1)", 2561)["gap"]
    band = IndicatorVersion.objects.get(indicator__code="7(1)", indicator__plan=plan, fiscal_year=2561)
    band.bands.filter(level=4).update(printed="165 - 170")
    assert before.message not in {finding.message for finding in linted(plan).findings}


# One finding


def test_the_page_of_a_finding(unit, found):
    finding = found("7(1)", 2561)["gap"]
    shown = text_of(unit.get(detail(finding)))
    for text in ("ระยะเวลารอคอย", "165.99", "ที่ใช้อยู่", "ถ้ารับข้อเสนอ", "165 - 170", "166 - 170", "รับข้อเสนอ", "คงไว้ตามเดิม"):
        assert text in shown
    assert shown.count("<svg xmlns") == 2
    assert "สิ่งที่จะเปลี่ยนถ้ารับข้อเสนอ" in shown
    assert "นำกลับมาพิจารณา" not in shown


def test_without_a_correction_the_owner_mends_the_document(unit, found):
    shown = text_of(unit.get(detail(found("7(1)")["owner_mismatch"])))
    assert "เจ้าของเอกสารจะแก้ต้นฉบับ" in shown
    assert "สิ่งที่จะเปลี่ยนถ้ารับข้อเสนอ" not in shown


def test_a_finding_of_the_whole_plan(unit, plan):
    finding = next(f for f in linted(plan).findings if not f.indicator)
    shown = text_of(unit.get(detail(finding)))
    assert "ทั้งแผน" in shown
    assert "<svg xmlns" not in shown


def test_an_unknown_finding(unit):
    for fingerprint in ("0", "x" * 64, "ก"):
        assert unit.get(reverse("lint_detail", args=[fingerprint])).status_code == 404


def test_a_mended_finding_keeps_its_history(unit, plan, cast, found):
    finding = found("7(1)", 2561)["gap"]
    dismiss_finding(plan=plan, finding=finding, by=cast.reviewer, reason="พิมพ์อย่างนี้จริง")
    version = IndicatorVersion.objects.get(indicator__code="7(1)", fiscal_year=2561)
    version.bands.filter(level=4).update(printed="165 - 170")
    shown = text_of(unit.get(detail(finding)))
    for text in ("ไม่พบข้อนี้แล้ว", "พิมพ์อย่างนี้จริง", escape(finding.message)):
        assert text in shown
    assert "<form" not in shown.split("<main")[1]


def test_the_way_through_the_filter(unit, plan):
    shown = unit.get(reverse("lint"), {"severity": "error"}).context["page"]
    first, second = shown[0].finding, shown[1].finding
    response = unit.get(detail(first, severity="error"))
    assert response.context["place"].position == 1
    assert reverse("lint_detail", args=[second.fingerprint]) + "?plan=KKH2560&amp;severity=error" in (
        response.content.decode()
    )


def test_next_open_goes_round():
    cards = [page.Card((Item(Finding(str(n), 2560, "gap", Severity.NOTE, "x")),), None) for n in range(3)]
    last = cards[2].finding.fingerprint
    place = place_of(cards, last)
    assert (place.position, place.following, place.next_open) == (3, None, cards[0])
    assert place_of(cards, "nothing").next_open == cards[0]
    assert place_of(cards[:1], cards[0].finding.fingerprint).next_open is None


# What a correction would change


def effects(**query) -> str:
    facts = {"plan": "KKH2560", "indicator": "7(1)", "year": 2560, "place": "bands.5", "text": "<170"}
    return f"{reverse('lint_effects')}?{urlencode({**facts, **query})}"


def test_effects_as_a_part_and_as_a_page(unit, approved):
    approved("7(1)", 6, A=34000, B=200)
    part = unit.get(effects(), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    whole = text_of(unit.get(effects()))
    for shown in (text_of(part), whole):
        assert "จากผลงาน 1 รายการ ถ้าคิดใหม่จะเปลี่ยนระดับ 1 รายการ และเปลี่ยนผ่าน/ไม่ผ่าน 0 รายการ" in shown
        assert "ระบบจะออก Template ฉบับที่ 2" in shown
        assert "ร้อยละ" not in shown.split("คะแนนรวมทางการของแผน:")[1][:20]
    assert "ระยะเวลารอคอย" in whole


def test_effects_of_nothing(unit):
    shown = text_of(unit.get(effects(year=2561)))
    assert "ไม่มีผลงานใดเปลี่ยน" in shown
    assert "ระบบจะแก้ในฉบับเดิม" in shown


@pytest.mark.parametrize(
    "query",
    [
        {"year": "x"}, {"year": "๒๕๖๐"}, {"year": "25600"}, {"year": ""}, {"place": "bands.9"}, {"place": "weight"},
        {"text": "ประมาณ"}, {"indicator": "99"}, {"plan": "OTHER"}, {"indicator": "\0"},
    ],
)  # fmt: skip
def test_effects_of_what_there_is_not(query, unit):
    assert unit.get(effects(**query)).status_code == 404


def test_effects_are_for_who_may_lint(client, cast):
    answers = {}
    for person in ("outsider", "head", "executive", "reviewer", "administrator"):
        client.force_login(getattr(cast, person))
        answers[person] = client.get(effects()).status_code
    assert answers == {"outsider": 404, "head": 404, "executive": 404, "reviewer": 200, "administrator": 200}


# Deciding


def test_accepting_says_what_was_made_and_goes_on(decide, found):
    finding = found("7(1)", 2561)["gap"]
    response = decide(finding, "accept", follow=True, kind="gap", indicator="7(1)")
    shown = text_of(response)
    assert "บันทึกแล้ว: 7(1) 2561 “รับข้อเสนอ” แก้ Template แล้ว (ปี 2561 ฉบับที่ 1)" in shown
    assert response.redirect_chain[0][0].startswith(reverse("lint"))
    assert "kind=gap" in response.redirect_chain[0][0]


def test_what_the_same_correction_mends_is_passed_over(decide, found):
    """The misprint 95 -94 also leaves a gap; with the misprint corrected, the next finding is no longer there."""
    findings = [found("15(1)", year)["inverted_band"] for year in (2560, 2561, 2562, 2563)]
    response = decide(findings[0], "accept", findings=findings, follow=True, indicator="15(1)")
    assert response.status_code == 200
    assert response.context["card"].finding.kind not in {"inverted_band", "gap"}


def test_the_same_of_several_years_at_once(decide, found):
    findings = [found("7(1)", year)["gap"] for year in (2561, 2563)]
    decide(findings[0], "accept", findings=findings)
    assert sorted(LintDecision.objects.values_list("fiscal_year", flat=True)) == [2561, 2563]
    corrections = {
        year: IndicatorVersion.objects.get(indicator__code="7(1)", fiscal_year=year).bands.get(level=4).correction
        for year in (2561, 2562, 2563)
    }
    assert corrections == {2561: "165 - 170", 2562: "", 2563: "155 - 160"}


def test_all_years_or_none(decide, found, plan, cast):
    findings = [found("7(1)", year)["owner_mismatch"] for year in (2560, 2561)]
    response = decide(findings[0], "dismiss", findings=findings)
    assert response.status_code == 302
    again = decide(findings[0], "accept", findings=findings)
    assert again.status_code == 409
    assert LintDecision.objects.count() == 2


@pytest.mark.parametrize("decision", ["accept", "dismiss"])
def test_a_reason_is_asked_for_and_what_was_typed_is_kept(decision, decide, found):
    finding = found("7(1)", 2561)["gap"]
    response = decide(finding, decision, reason="  ")
    assert response.status_code == 422
    assert "กรุณาระบุเหตุผล" in text_of(response)
    long = decide(finding, decision, reason="ย" * 501)
    assert long.status_code == 422
    assert "ย" * 501 in long.content.decode()
    assert not LintDecision.objects.exists()


@pytest.mark.parametrize("broken", [{"seen": ""}, {"decision": "explode"}, {"findings": []}, {"findings": ["other"]}])
def test_half_a_decision_is_none(broken, unit, found):
    finding = found("7(1)", 2561)["gap"]
    data = {"decision": "accept", "reason": "x", "seen": 0, "findings": [finding.fingerprint], **broken}
    url = f"{reverse('lint_decide', args=[finding.fingerprint])}?plan=KKH2560"
    assert unit.post(url, data).status_code == 422
    assert not LintDecision.objects.exists()


def test_the_second_of_two_is_told_and_keeps_what_was_typed(decide, found, plan, cast):
    finding = found("7(1)")["owner_mismatch"]
    dismiss_finding(plan=plan, finding=finding, by=cast.administrator, reason="เป็นหน่วยเดียวกัน")
    response = decide(finding, "accept", reason="ให้เจ้าของแก้", seen=0)
    shown = text_of(response)
    assert response.status_code == 409
    for text in ("administrator ตัดสินใจข้อนี้ไปแล้ว", "เป็นหน่วยเดียวกัน", "ให้เจ้าของแก้", "นำกลับมาพิจารณา"):
        assert text in shown
    assert LintDecision.objects.count() == 1


def test_reopening(decide, found, plan, cast, unit):
    finding = found("7(1)")["owner_mismatch"]
    first = dismiss_finding(plan=plan, finding=finding, by=cast.administrator, reason="เป็นหน่วยเดียวกัน")
    assert "นำกลับมาพิจารณา" in text_of(unit.get(detail(finding)))
    decide(finding, "reopen", seen=first.pk, reason="ไม่ใช่")
    shown = text_of(unit.get(detail(finding)))
    for text in ("ประวัติการตัดสินใจ", "ไม่ใช่", "เป็นหน่วยเดียวกัน", "ยังไม่ตัดสินใจ"):
        assert text in shown


def test_administrators_decide_too(decide, client, cast, found):
    client.force_login(cast.administrator)
    assert decide(found("7(1)")["owner_mismatch"], "dismiss", client=client).status_code == 302
    assert LintDecision.objects.get().by == cast.administrator


def test_deciding_what_is_gone(decide, plan, cast, found, unit):
    finding = found("7(1)", 2561)["gap"]
    IndicatorVersion.objects.get(indicator__code="7(1)", fiscal_year=2561).bands.filter(level=4).update(
        printed="165 - 170"
    )
    assert decide(finding, "accept").status_code == 404
    dismiss_finding(plan=plan, finding=finding, by=cast.reviewer, reason="x")
    assert "ไม่พบข้อนี้แล้ว" in text_of(decide(finding, "accept"))
    assert LintDecision.objects.count() == 1


def test_states_have_a_word_a_shape_and_a_look():
    for look in (*SEVERITIES.values(), *STATES.values()):
        assert look.word
        assert look.icon
        assert look.tone in {"good", "wait", "wrong", "missing", "quiet"}
