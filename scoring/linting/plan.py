"""What only the plan as a whole shows: bands copied from another indicator, names twice, weights, announced numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import takewhile

from django.utils.translation import gettext as _

from ..findings import Finding, PlanSheet, Severity, Sheet
from ..levels import Direction
from ..notation import Bound, NotationError, parse_notation
from ..numbers import format_number
from ..template import Kind, Printed, Template
from .family import measure_key, measured_twice, unjudged_children
from .holes import find_holes
from .reading import Reading
from .values import MEASURED, TOP_LEVEL, Grid, aim_of, is_change, leading, reads

FULL_WEIGHT = Decimal(100)
SHOWN = 3  # codes named in one finding
BY_FORMULA = (Kind.FORMULA, Kind.PASS_SHARE)


class PlanIndex:
    """The sheets of a plan by what they may share with others, each list read once."""

    def __init__(self, plan: PlanSheet) -> None:
        self.plan = plan
        self.by_code: dict[tuple[str, int], list[Sheet]] = defaultdict(list)
        # The first few codes that share a name or a formula; and the first sheet whose target fits its bands.
        self.by_name: dict[object, list[str]] = defaultdict(list)
        self.by_formula: dict[object, list[str]] = defaultdict(list)
        self.fitting: dict[object, Sheet] = {}
        self.by_measure: dict[object, list[Sheet]] = defaultdict(list)
        self.targets = {(code, year): (plan, own) for code, year, plan, own in plan.earlier_targets}
        self.bands = {(code, year): dict(bands) for code, year, bands in plan.earlier_bands}
        self.weighed_years: set[int] = set()
        for sheet in plan.sheets:
            self._add(sheet)

    def _add(self, sheet: Sheet) -> None:
        template = sheet.template
        year = template.fiscal_year
        self.by_code[template.code, year].append(sheet)
        self.targets[template.code, year] = (sheet.plan_target, sheet.template_target)
        self.bands[template.code, year] = {level: printed.used for level, printed in template.bands}
        _remember(self.by_name[_name_key(sheet)], template.code)
        self.by_measure[measure_key(sheet)].append(sheet)
        if template.kind in BY_FORMULA:
            _remember(self.by_formula[_formula_key(template)], template.code)
            if _fits(Reading(sheet, template)):
                self.fitting.setdefault(_bands_key(template), sheet)
        if sheet.weight:
            self.weighed_years.add(year)


def _letters(text: str) -> str:
    return re.sub(r"[^0-9A-Za-zก-๙]+", "", text).casefold()


def _squeezed(text: str) -> str:
    return re.sub(r"[\s%]+", "", text.replace("–", "-").replace("‹", "<"))


def _remember(codes: list[str], code: str) -> None:
    if len(codes) < SHOWN and code not in codes:
        codes.append(code)


def _name_key(sheet: Sheet) -> object:
    return sheet.template.fiscal_year, sheet.parent, _letters(sheet.template.name)


def _formula_key(template: Template) -> object:
    """What a formula counts: itself and the names of its items."""
    items = tuple(_letters(item.name) for item in template.items)
    return template.fiscal_year, _squeezed(template.formula), items


def _bands_key(template: Template) -> object:
    bands = tuple((level, _squeezed(printed.used)) for level, printed in template.bands if printed.used.strip())
    return template.fiscal_year, template.direction, bands


def _fits(reading: Reading) -> bool:
    """Whether level 5 begins at the number of the target."""
    bound, aim = _top_bound(reading), aim_of(reading.template.target, reading.grid)
    return bound is not None and aim is not None and aim.number == bound.value


def _top_bound(reading: Reading) -> Bound | None:
    top = next((band for band in reading.scored if band.level == TOP_LEVEL), None)
    return leading(top.notation, reading.template.direction) if top else None


def sheet_in_plan(sheet: Sheet, index: PlanIndex) -> Iterator[Finding]:
    """What is wrong with one template beside the others of its plan."""
    reading = Reading(sheet, sheet.template)
    yield from _code_twice(reading, index)
    yield from _name_twice(reading, index)
    if measure_key(sheet) is not None:
        yield from measured_twice(reading, index.by_measure[measure_key(sheet)])
    yield from unjudged_children(reading, _children(sheet, index))
    yield from _formula_twice(reading, index)
    yield from _bands_copied(reading, index)
    yield from _weight(reading, index)
    yield from _going_back(reading, index)
    yield from _bands_back(reading, index)
    yield from _a_year_late(reading, index)


def _children(sheet: Sheet, index: PlanIndex) -> list[Sheet]:
    return [child for code in sheet.children for child in index.by_code[code, sheet.template.fiscal_year]]


# Twice


def _before(reading: Reading, codes: list[str]) -> list[str]:
    """The codes before this one: the later of two is the one that repeats."""
    return list(takewhile(lambda code: code != reading.template.code, codes))


def _code_twice(reading: Reading, index: PlanIndex) -> Iterator[Finding]:
    same = index.by_code[reading.template.code, reading.template.fiscal_year]
    if len(same) > 1 and same[-1] is reading.sheet:
        facts = {"code": reading.template.code, "count": len(same)}
        message = _("รหัส %(code)s มี %(count)d ตัวชี้วัดในปีเดียวกัน") % facts
        yield reading.finding("duplicate", Severity.ERROR, "code", message, _("ให้ตัวชี้วัดแต่ละตัวมีรหัสของตัวเอง"))


def _name_twice(reading: Reading, index: PlanIndex) -> Iterator[Finding]:
    template, sheet = reading.template, reading.sheet
    before = _before(reading, index.by_name[_name_key(sheet)])
    if before:
        facts = {"name": template.name, "codes": ", ".join(before)}
        message = _("ชื่อ “%(name)s” ซ้ำกับตัวชี้วัด %(codes)s") % facts
        proposal = _("ตั้งชื่อให้ต่างกัน หรือรวมเป็นตัวชี้วัดเดียว")
        yield reading.finding("duplicate", Severity.WARNING, "name", message, proposal)


def _formula_twice(reading: Reading, index: PlanIndex) -> Iterator[Finding]:
    """The same counts by the same formula under two codes: what tells them apart is not printed."""
    template = reading.template
    if template.kind not in BY_FORMULA or len(template.items) < 2 or reading.sheet.parent_kind == Kind.PASS_SHARE:
        return
    before = _before(reading, index.by_formula[_formula_key(template)])
    if before:
        facts = {"formula": template.formula, "codes": ", ".join(before)}
        message = _("สูตร %(formula)s และชื่อรายการข้อมูลพิมพ์เหมือนกับตัวชี้วัด %(codes)s ทุกคำ จึงไม่บอกว่านับต่างกันอย่างไร") % facts
        proposal = _("ระบุในชื่อรายการข้อมูลว่านับเฉพาะส่วนที่เป็นของตัวชี้วัด “%(name)s”") % {"name": template.name}
        yield reading.finding("duplicate", Severity.NOTE, "items", message, proposal)


def _bands_copied(reading: Reading, index: PlanIndex) -> Iterator[Finding]:
    """Bands that fit the target of another indicator and not the own one: 11(2) has those of 11(1)."""
    template = reading.template
    own, bound = aim_of(template.target, reading.grid), _top_bound(reading)
    if own is None or bound is None or own.number == bound.value or template.across:
        return
    twin = index.fitting.get(_bands_key(template))
    if twin is not None:
        facts = {"code": twin.template.code, "target": own.text, "theirs": twin.template.target}
        facts["top"] = next(band.text for band in reading.scored if band.level == TOP_LEVEL)
        message = _("ช่วงคะแนนทุกระดับเหมือนของ %(code)s ซึ่งเป้าหมายคือ %(theirs)s แต่เป้าหมายของตัวนี้คือ %(target)s") % facts
        message += " " + _("ระดับ 5 ที่พิมพ์ %(top)s จึงเป็นของเป้าหมายอื่น") % facts
        proposal = _("น่าจะคัดลอกมา ตั้งช่วงคะแนนและเกณฑ์ผ่านใหม่ตามเป้าหมาย %(target)s") % facts
        yield reading.finding("duplicate", Severity.ERROR, "bands", message, proposal)


# Weights


def _weight(reading: Reading, index: PlanIndex) -> Iterator[Finding]:
    sheet, template = reading.sheet, reading.template
    if sheet.weight is not None and sheet.weight_above:
        facts = {"weight": format_number(sheet.weight)}
        message = _("มีน้ำหนัก %(weight)s ทั้งที่ตัวชี้วัดหลักมีน้ำหนักอยู่แล้ว จึงนับซ้ำ") % facts
        yield reading.finding("weight_problem", Severity.ERROR, "weight", message, _("ให้น้ำหนักไว้ที่ระดับเดียว"))
        return
    scored = template.kind is not Kind.HEADING and sheet.scored and not sheet.weight_above
    if not scored or sheet.weight or template.fiscal_year not in index.weighed_years:
        return
    if any(each.weight for code in sheet.children for each in index.by_code[code, template.fiscal_year]):
        return
    message = _("ไม่มีน้ำหนัก จึงไม่นับในคะแนนรวมของแผน")
    yield reading.finding("weight_problem", Severity.WARNING, "weight", message, _("กำหนดน้ำหนัก หรือระบุว่าไม่นับคะแนน"))


def _weights(plan: PlanSheet) -> Iterator[Finding]:
    totals: dict[int, Decimal] = defaultdict(Decimal)
    counts: dict[int, int] = defaultdict(int)
    by_issue: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for sheet in plan.sheets:
        if sheet.weight is not None:
            totals[sheet.template.fiscal_year] += sheet.weight
            counts[sheet.template.fiscal_year] += 1
            by_issue[sheet.template.fiscal_year][sheet.issue] += sheet.weight
    for year, total in sorted(totals.items()):
        # One indicator alone was taken from a plan that is not here.
        if total != FULL_WEIGHT and counts[year] > 1:
            facts = {"total": format_number(total), "list": _issue_totals(by_issue[year])}
            facts |= {"rest": format_number(abs(FULL_WEIGHT - total))}
            message = _("น้ำหนักของทั้งแผนรวมได้ %(total)s ไม่ใช่ 100 (%(list)s)") % facts
            proposal = _("ปรับน้ำหนักอีก %(rest)s ให้รวมได้ 100 ระหว่างนี้คะแนนรวมหารด้วยน้ำหนักที่มี") % facts
            yield Finding("", year, "weight_problem", Severity.WARNING, message, proposal, "weight")


def _issue_totals(totals: dict[int, Decimal]) -> str:
    return ", ".join(
        _("ประเด็นที่ %(number)d รวม %(total)s") % {"number": number, "total": format_number(total)}
        for number, total in sorted(totals.items())
    )


# From year to year


def _going_back(reading: Reading, index: PlanIndex) -> Iterator[Finding]:
    """A target that is weaker than that of the year before."""
    template, sheet = reading.template, reading.sheet
    before = index.targets.get((template.code, template.fiscal_year - 1))
    if not before or template.kind not in MEASURED:
        return
    pairs = ((_("ตารางแผน"), before[0], sheet.plan_target), (_("Template"), before[1], sheet.template_target))
    own = aim_of(template.target, reading.grid)
    for where, old, new in pairs:
        last, now = aim_of(old, reading.grid), aim_of(new, reading.grid)
        if now and own and is_change(now.notation) != is_change(own.notation):
            continue  # the table's target is of another measure, of which the better side is not known
        if last and now and reading.grid.better(last.place, now.place):
            facts = {"where": where, "new": now.text, "old": last.text, "year": template.fiscal_year - 1}
            message = _("เป้าหมายใน%(where)s คือ %(new)s หย่อนกว่าเป้าหมาย %(old)s ของปี %(year)d") % facts
            proposal = _("ตรวจกับต้นฉบับ แล้วตั้งเป้าหมายไม่ให้ถอยหลัง")
            yield reading.finding("target_goes_back", Severity.WARNING, "target", message, proposal)
            return


def _bands_back(reading: Reading, index: PlanIndex) -> Iterator[Finding]:
    """Levels that are easier to reach than in the year before, under a target that is no weaker."""
    template, grid = reading.template, reading.grid
    key = (template.code, template.fiscal_year - 1)
    last, now = (aim_of(text, grid) for text in (index.targets.get(key, ("", ""))[1], template.target))
    if last is None or now is None or grid.better(last.place, now.place):
        return
    before_bands, easier = index.bands.get(key, {}), []
    for band in reading.scored:
        text = before_bands.get(band.level, "")
        before, edge = reads(text), grid.edge(band.notation)
        then = grid.edge(before) if before else None
        if edge is not None and then is not None and grid.better(then, edge):
            facts = {"level": band.level, "old": text.strip(), "new": band.text}
            easier.append(_("ระดับ %(level)d จาก %(old)s เป็น %(new)s") % facts)
    if easier:
        facts = {"year": template.fiscal_year - 1, "list": ", ".join(easier), "old": last.text, "new": now.text}
        message = _("บางระดับถึงได้ง่ายกว่าปี %(year)d (%(list)s) ทั้งที่เป้าหมายไม่ได้หย่อนลง (%(old)s เป็น %(new)s)") % facts
        proposal = _("ตรวจกับต้นฉบับ แล้วปรับช่วงคะแนนให้เลื่อนตามเป้าหมาย")
        yield reading.finding("target_goes_back", Severity.WARNING, "bands", message, proposal)


def _a_year_late(reading: Reading, index: PlanIndex) -> Iterator[Finding]:
    """The template's target is the one that the plan's table has for the year before: 140, while <140 was of 2560."""
    template, sheet, grid = reading.template, reading.sheet, reading.grid
    before = index.targets.get((template.code, template.fiscal_year - 1))
    last, plan = aim_of(before[0] if before else "", grid), aim_of(sheet.plan_target, grid)
    own = aim_of(sheet.template_target, grid)
    if last is None or plan is None or own is None or own.number != last.number or own.number == plan.number:
        return
    facts = {"own": own.text, "last": last.text, "plan": plan.text, "year": template.fiscal_year - 1}
    message = _("เป้าหมายใน Template %(own)s คือเป้าหมายในตารางแผนของปี %(year)d (%(last)s) ไม่ใช่ของปีนี้ (%(plan)s)") % facts
    proposal = _("น่าจะเลื่อนช้าไปหนึ่งปี ตรวจว่าเป้าหมายและช่วงคะแนนของทุกปีใน Template เลื่อนตามตารางแผน")
    yield reading.finding("target_mismatch", Severity.NOTE, "template_target", message, proposal)


# The plan itself


def plan_findings(plan: PlanSheet) -> list[Finding]:
    """What is wrong with the plan as a whole."""
    return [*_weights(plan), *_no_weights(plan), *_announced(plan), *_grades(plan)]


def _no_weights(plan: PlanSheet) -> Iterator[Finding]:
    """A plan in which nothing has a weight has no total."""
    if len(plan.sheets) > 1 and not any(sheet.weight for sheet in plan.sheets):
        message = _("ไม่มีตัวชี้วัดใดในแผนนี้พิมพ์น้ำหนักไว้ แผนจึงไม่มีคะแนนรวม")
        proposal = _("กำหนดน้ำหนักให้รวมได้ 100 ถ้าต้องการคะแนนรวม")
        yield Finding("", None, "weight_problem", Severity.NOTE, message, proposal, "weight")


def _announced(plan: PlanSheet) -> Iterator[Finding]:
    for number, each in enumerate(plan.announced, start=1):
        if each.count != each.actual:
            facts = {"text": each.text, "actual": format_number(each.actual), "count": format_number(each.count)}
            message = _("แผนประกาศไว้ว่า “%(text)s” แต่นับได้ %(actual)s ไม่ใช่ %(count)s") % facts
            proposal = _("แก้จำนวนที่ประกาศเป็น %(actual)s หรือแก้รายการ") % facts
            yield Finding("", None, "count_mismatch", Severity.WARNING, message, proposal, f"announced.{number}")


def _grades(plan: PlanSheet) -> Iterator[Finding]:
    """The grades are bands of the plan's own percentage: holes between them, and texts that cannot be read."""
    readable = []
    for grade, text in plan.grades:
        try:
            parse_notation(text)
        except NotationError as error:
            message = _("เกณฑ์ของเกรด %(grade)s อ่านไม่ได้: %(why)s") % {"grade": grade, "why": error.message}
            yield Finding("", None, "unreadable", Severity.ERROR, message, "", f"grades.{grade}")
        else:
            readable.append((grade, text))
    yield from _grade_holes(readable)


def _grade_holes(grades: list[tuple[str, str]]) -> Iterator[Finding]:
    worst_first = list(reversed(grades))
    names = {level: grade for level, (grade, _text) in enumerate(worst_first, start=1)}
    bands = tuple((level, Printed(text)) for level, (_grade, text) in enumerate(worst_first, start=1))
    template = Template("", "", 0, 1, Kind.CHECKLIST, "ร้อยละ", Direction.HIGHER, bands=bands)
    reading = Reading(Sheet(template), template)
    for hole in find_holes(reading):
        if hole.below and hole.above and hole.first is not None and hole.last is not None:
            yield _grade_hole(reading.grid, names, hole.below.level, hole.above.level, (hole.first, hole.last))


def _grade_hole(grid: Grid, names: dict[int, str], below: int, above: int, part: tuple[int, int]) -> Finding:
    facts = {"low": grid.words(part[0]), "high": grid.words(part[1]), "below": names[below], "above": names[above]}
    message = _("ค่า %(low)s ถึง %(high)s ไม่อยู่ในเกรดใด อยู่ระหว่างเกรด %(below)s กับ %(above)s ระบบให้เกรด %(below)s") % facts
    proposal = _("พิมพ์เกรด %(above)s ให้เริ่มต่อจากเกรด %(below)s") % facts
    whole = format_number(grid.value(part[1])).endswith(".99")
    kind, severity = ("integer_gap", Severity.NOTE) if whole else ("gap", Severity.WARNING)
    return Finding("", None, kind, severity, message, proposal, f"grades.{names[above]}")
