"""The linter over a plan of 2,000 indicators beside reading their notations alone."""

from dataclasses import replace
from decimal import Decimal

from scoring.levels import Direction
from scoring.lint import PlanSheet, Sheet, lint_plan
from scoring.notation import parse_notation
from scoring.template import Item, Kind, Printed, Template
from script.benchmark.timing import seconds

COUNT = 2_000
RUNS = 3


def sheet(number: int) -> Sheet:
    """A percentage as the plan prints them, with figures of its own and a few defects."""
    top = 60 + number % 40
    bands = (f"<{top - 20}", *(f"{low} - {low + 4}" for low in range(top - 20, top, 5)), f">{top}")
    template = Template(
        code=str(number), name=f"ร้อยละที่ {number}", fiscal_year=2560, revision=1, kind=Kind.FORMULA, unit="ร้อยละ",
        direction=Direction.HIGHER, formula="A/B*100",
        items=(Item("A", f"ตัวตั้ง {number}", at_most="B", whole=True), Item("B", f"ตัวหาร {number}", whole=True)),
        bands=tuple((level, Printed(text)) for level, text in enumerate(bands)),
        pass_criterion=Printed(f">{top}"), fail_criterion=Printed(f"<{top}"), target=f"{top}%",
    )  # fmt: skip
    return Sheet(template, weight=Decimal(1), plan_target=f"{top}%", template_target=f"{top}%", issue=1)


def fresh(sheets: list[Sheet]) -> PlanSheet:
    """Templates that have worked nothing out yet."""
    return PlanSheet("bench", tuple(replace(each, template=replace(each.template)) for each in sheets))


def reading(sheets: list[Sheet]) -> None:
    parse_notation.cache_clear()
    for each in sheets:
        for _level, printed in each.template.bands:
            parse_notation(printed.used)


def run() -> None:
    sheets = [sheet(number) for number in range(COUNT)]
    floor = seconds(lambda: reading(sheets), RUNS)
    taken = seconds(lambda: sum(map(len, lint_plan(fresh(sheets)))) and None, RUNS)
    found = sum(map(len, lint_plan(fresh(sheets))))
    print(f"lint: a plan of {COUNT:,} indicators of one year, median of {RUNS} runs")
    print(f"  {'notations alone':24} {floor:8.2f} s")
    print(f"  {'all rules':24} {taken:8.2f} s   {taken / COUNT * 1000:6.2f} ms a template   {found:,} findings")
