"""`manage.py lint`: the defects of the real plan, the two formats, and the exit status."""

import io
import json
import sys
from functools import cache

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from indicators.lint.sheets import closed_fingerprints, open_errors, plan_sheet, sheet_of
from indicators.models import IndicatorVersion, LintDecision
from scoring.lint import KINDS, lint_plan, lint_sheet
from strategy.models import OrgUnit, Plan

pytestmark = pytest.mark.usefixtures("plan")
YEARS = (2560, 2561, 2562, 2563)


def lint(*arguments: str) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("lint", *arguments, stdout=out)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


@pytest.fixture
def findings(plan):
    return _findings()


@cache
def _findings() -> list:
    """Of the plan as it is loaded for every test, so once is enough."""
    return [each for group in lint_plan(plan_sheet(Plan.objects.get(code="KKH2560"))) for each in group]


# What the printed plan has, KPI by KPI: kind, indicator, years (empty: all), a part of the message.
MUST_FIND = [
    ("pass_below_target", "3", (2561,), "≥4.6"),
    ("frequency_mismatch", "4", (), "ปีละ 2 ครั้ง"),
    ("target_in_no_band", "5", (2560, 2561, 2562), "10%|7.5%|5%"),
    ("pass_below_target", "5", (), "<12.0|<9.0|<7.0|<7."),
    ("overlap", "5", (2562,), "7"),
    ("unreadable", "5", (2562, 2563), "7."),
    ("count_mismatch", "1", (), "9 แห่ง"),
    ("pass_excludes_target", "6", (2560, 2561, 2562), "17.5%|15%|10%"),
    ("formula_mismatch", "6", (), "A/B) *100"),
    ("formula_mismatch", "7(1)", (), "คูณ 100"),
    ("pass_fail_gap", "7(2)(1)", (), "20"),
    ("gap", "7(2)(3)", (), "25.01 ถึง 35.99"),
    ("formula_mismatch", "7(2)(3)", (), "mean"),
    ("target_weaker_than_baseline", "7(2)(3)", (), "7.89%"),
    ("formula_mismatch", "7(3)", (), "A5, B5"),
    ("frequency_mismatch", "8", (), "รายไตรมาส"),
    ("overlap", "9(1)", (2560, 2561), "118"),
    ("duplicate", "9(2)", (), "9(1)"),
    ("pass_fail_overlap", "10", (), "เหมือนกัน"),
    ("inverted_band", "10", (2563,), "2.02- 2.01"),
    ("duplicate", "11(2)", (), "11(1)"),
    ("target_below_band5", "11(2)", (2560,), "85%"),
    ("pass_below_target", "11(2)", (2561, 2562, 2563), ">89|>90"),
    ("target_weaker_than_baseline", "12(2)", (2560, 2561), "90.1%"),
    ("pass_fail_overlap", "13(1)", (), "ระดับ"),
    ("gap", "13(1)", (), "50% พอดี"),
    ("pass_excludes_target", "14", (2560, 2561, 2562), "85%|90%|95%"),
    ("target_mismatch", "14(15)", (), "เกณฑ์ร้อยละ 40"),
    ("formula_mismatch", "14(6)", (), "3 ราย"),
    ("level_missing", "14", (), "14(10)"),
    ("duplicate", "14(11)", (), "ตัวชี้วัด 1 "),
    ("owner_mismatch", "14(18)", (), "ชื่อบุคคล"),
    ("inverted_band", "15(1)", (), "95 -94"),
    ("unreachable_level", "15(1)", (), "10 ตัว"),
    ("duplicate", "15(1)", (), "สองชุด"),
    ("level_missing", "15(2)", (), "63 จาก 63"),
    ("duplicate", "15(2)(DO0205)", (), "14(10)"),
    ("gap", "15(1)", (), "97"),
    ("pass_fail_gap", "15(2)", (2560, 2561, 2562), "85|90|95"),
    ("inverted_band", "15(2)", (2563,), "95 - 94"),
    ("overlap", "16", (2560, 2562), "90 - 94"),
    ("unreachable_level", "16", (2560, 2562), "ระดับ 3"),
    ("target_mismatch", "16", (2560, 2562, 2563), ">90%|>95%|95%"),
    ("ha_mismatch", "16", (), "IV-6"),
    ("frequency_mismatch", "16", (), "1 ครั้งต่อปี"),
    ("target_goes_back", "16", (2563,), ">95%"),
    ("target_mismatch", "17", (), "ลดลง"),
    ("pass_vs_band5", "17", (), "≥"),
    ("non_monotonic", "17", (2560,), "0-1"),
    ("pass_excludes_target", "18(1)", (2560, 2561, 2562), ">ระดับ 4"),
    ("impossible_criterion", "18(1)", (2563,), ">ระดับ 5"),
    ("owner_mismatch", "18(2)", (), "HRD"),
    ("pass_fail_overlap", "18(3)", (), "≤"),
    ("pass_fail_overlap", "19", (), "%"),
    ("gap", "19", (), "ดีกว่า"),
    ("pass_fail_overlap", "20", (), "%"),
    ("pass_fail_overlap", "21", (), "%"),
    ("formula_mismatch", "21", (), "หน่วยงาน"),
    ("gap", "22", (), "ระดับ 4"),
    ("target_weaker_than_baseline", "22", (2560,), "8.24%"),
    ("pass_excludes_target", "23", (), "ไม่เกินระดับ 2"),
    ("formula_mismatch", "23", (), "แต่ช่วงให้ระดับ"),
    ("overlap", "24(1)", (), "6"),
    ("unreadable", "24(1)", (2560,), "< >10"),
    ("pass_fail_gap", "24(2)", (), "10"),
    ("owner_mismatch", "24(2)", (), "หมายเลขโทรศัพท์"),
    ("target_mismatch", "25", (), "<140|<135|<130|<125"),
    ("unreadable", "25", (2561,), "1<40|1>40"),
    ("formula_mismatch", "25", (), "MJ/เตียง/วัน"),
    *(("ha_mismatch", code, (), "IV-5") for code in ("25", "26", "27", "28", "29")),
    ("frequency_mismatch", "26", (), "31 ธันวาคม"),
    ("overlap", "26(1)", (), "70|75|80|85"),
    ("gap", "28", (2561, 2562, 2563), "0.0001"),
    ("gap", "29", (), ""),
    ("target_weaker_than_baseline", "29", (), "30.33%"),
    ("target_below_band5", "30", (), "10"),
    ("weight_problem", "", (), "94"),
    ("gap", "", (None,), "79.01 ถึง 80"),
]


@pytest.mark.parametrize(("kind", "code", "years", "part"), MUST_FIND)
def test_the_plans_own_misprints_are_found(findings, kind, code, years, part):
    of = [each for each in findings if (each.kind, each.indicator) == (kind, code)]
    assert {each.fiscal_year for each in of} >= set(years or YEARS)
    for finding in of:
        if finding.fiscal_year in (years or YEARS) and kind != "gap":
            assert any(one in finding.message for one in part.split("|")), finding.message
    assert any(one in each.message for each in of for one in part.split("|"))


# What a careless linter would find, and the plan does not have.
MUST_NOT_FIND = [
    ("gap", "4"),  # only a note below 1.00
    ("overlap", "7(1)"),
    ("integer_gap", "1"),
    ("integer_gap", "13(1)"),
    ("integer_gap", "30"),
    ("target_below_band5", "13(1)"),
    ("pass_vs_band5", "13(1)"),
    ("target_mismatch", "24(1)"),
    ("target_mismatch", "1"),
    ("frequency_mismatch", "5"),
    ("frequency_mismatch", "26(1)"),  # told once, at 26
    ("owner_mismatch", "1"),
    ("weight_problem", "7(2)(1)"),
    ("weight_problem", "26(2)"),
    ("level_missing", "26(2)"),
    ("level_missing", "7"),
    ("formula_mismatch", "4"),
    ("formula_mismatch", "9(1)"),
    ("count_mismatch", "27"),
]


@pytest.mark.parametrize(("kind", "code"), MUST_NOT_FIND)
def test_nothing_false_is_said(findings, kind, code):
    of = [each for each in findings if (each.kind, each.indicator) == (kind, code)]
    assert [each.message for each in of if each.severity.value != "note"] == []
    if kind != "gap" or code != "4":
        assert of == []


def test_counts_that_the_plan_announces(findings):
    counts = {each.indicator: each.message for each in findings if each.kind == "count_mismatch" and each.indicator}
    assert "9" in counts["15(1)"]
    assert "10" in counts["15(1)"]


def test_hundreds_of_findings_of_known_kinds_each_with_a_fingerprint_of_its_own(findings):
    assert len(findings) > 500
    assert all(each.proposal for each in findings)
    assert {each.kind for each in findings} <= set(KINDS)
    prints = {(each.fingerprint): each for each in findings}
    twice = len(findings) - len(prints)
    assert twice == 0


def test_json_is_a_list_of_six_keys():
    text, status = lint("KKH2560", "--format", "json")
    rows = json.loads(text)
    assert status == 1
    assert {tuple(row) for row in rows} == {
        ("indicator", "fiscal_year", "kind", "severity", "message", "proposal"),
    }
    assert {row["fiscal_year"] for row in rows} == {*YEARS, None}
    assert {row["severity"] for row in rows} == {"error", "warning", "note"}


def test_one_year_says_the_same_as_all_years_do_of_it():
    every = json.loads(lint("KKH2560", "--format", "json")[0])
    one = json.loads(lint("kkh2560", "--year", "2563", "--format", "json")[0])
    of_year = [row for row in every if row["fiscal_year"] in (2563, None)]
    assert sorted(one, key=str) == sorted(of_year, key=str)


def test_text_is_grouped_and_ends_with_counts():
    text, status = lint("--year", "2560")  # the only plan needs no code
    lines = text.rstrip("\n").split("\n")
    assert status == 1
    assert sum(line.startswith("15(1) ") for line in lines) == 1
    assert any("[ข้อผิดพลาด] inverted_band: ระดับ 4 (95 -94)" in line for line in lines)
    assert any("ข้อเสนอ: แก้ระดับ 4 จาก 95 -94 เป็น 95 - 99.99" in line for line in lines)
    assert lines[-2].startswith("พบ ")
    assert "ข้อผิดพลาด" in lines[-2]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("NOPE",), "ไม่มีแผนรหัส NOPE (ที่มี: KKH2560)"),
        (("KKH2560", "--year", "2599"), "ปีที่มี: 2560, 2561, 2562, 2563"),
        (("KKH2560", "--year", "สองพัน"), "สองพัน"),
    ],
)
def test_refusals_are_sentences(arguments, part):
    with pytest.raises(CommandError) as caught:
        call_command("lint", *arguments, stdout=io.StringIO())
    assert part in str(caught.value)


def test_several_plans_need_a_code(plan):
    Plan.objects.create(code="OTHER", name="อื่น", unit=OrgUnit.objects.first(), first_year=2560, last_year=2560)
    with pytest.raises(CommandError, match="KKH2560, OTHER"):
        call_command("lint", stdout=io.StringIO())
    text, status = lint("OTHER")
    assert status == 0
    assert "พบ 0 รายการ" in text


def decide(finding, decision, user):
    LintDecision.objects.create(
        plan=Plan.objects.get(code="KKH2560"), fiscal_year=finding.fiscal_year, kind=finding.kind,
        fingerprint=finding.fingerprint, message=finding.message, decision=decision, reason="ตกลงแล้ว", by=user,
        at=timezone.now(),
    )  # fmt: skip


def test_decided_errors_are_closed_until_they_are_taken_up_again(findings, cast):
    plan = Plan.objects.get(code="KKH2560")
    errors = [each for each in findings if each.severity.value == "error"]
    for finding in errors[1:]:
        decide(finding, "dismiss", cast.reviewer)
    decide(errors[0], "accept", cast.reviewer)
    assert lint("KKH2560")[1] == 0
    assert "(ตัดสินใจแล้ว)" in lint("KKH2560")[0]
    decide(errors[0], "reopen", cast.reviewer)
    assert lint("KKH2560")[1] == 1
    assert open_errors(findings, closed_fingerprints(plan)) == errors[:1]


def test_thai_goes_out_whatever_the_locale_says(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    with pytest.raises(SystemExit):
        call_command("lint", "--year", "2560")
    sys.stdout.flush()
    assert "ข้อผิดพลาด" in raw.getvalue().decode("utf-8")


def test_sheets_take_few_queries(plan, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        plan_sheet(Plan.objects.get(code="KKH2560"))


def test_a_draft_is_read_among_the_others_of_its_year(plan):
    version = IndicatorVersion.objects.get(indicator__code="26(1)", fiscal_year=2560, is_active=True)
    draft = sheet_of(version)
    assert draft.parent == "26"
    assert draft.weight_above
    assert {"frequency", "ha_standard", "owner"} <= draft.inherited
    assert "overlap" in {each.kind for each in lint_sheet(draft)}
