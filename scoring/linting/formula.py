"""The formula: names that do not exist or are not used, terms, factors, and the printed formula beside the used one."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from ..findings import Finding, Severity
from ..formula import CannotCompute, Formula, FormulaError, NoCases, evaluate, parse_formula
from ..levels import level_of
from ..numbers import format_number
from ..spans import PERCENT, formula_span
from ..syntax import Chain, Name, Node, Number, names_in
from ..template import Item, Kind, Template
from .reading import Reading
from .values import aim_of

WITH_FORMULA = (Kind.FORMULA, Kind.PASS_SHARE)
MOST_TERMS = 20
# A value in these is a share, an index or marks, where x 100 has its place.
OF_HUNDRED = ("ร้อยละ", "%", "เปอร์เซ็นต์", "อัตรา", "สัดส่วน", "ดัชนี", "คะแนน")
_FORMULA_ONLY = re.compile(r"[A-Za-z0-9_+\-*/().,:<>=×÷≤≥ \t\n]+")
_TIMES = re.compile(r"(?<![A-Za-z0-9_])[xX×](?![A-Za-z0-9_])|(?<=\))\s*[xX×]\s*(?=\d)|(?<=\d)\s*[xX×]\s*(?=[(A-Z])")
_MARKS_OF_RESULT = re.compile(r"เป็น\s*(\d+)(?:\s*-\s*(\d+))?\D[^\n]*?ได้\s*(\d)\s*คะแนน")
_COUNTED = re.compile(r"ร้อยละ(?:ของ)?\s*(หน่วยงาน|ตำบล|ผู้ป่วย|บุคลากร|หน่วยบริการ)")
_COUNTED_IN = {
    "หน่วยงาน": ("หน่วยงาน",),
    "ตำบล": ("ตำบล",),
    "ผู้ป่วย": ("คน", "ราย"),
    "บุคลากร": ("คน", "ราย"),
    "หน่วยบริการ": ("แห่ง", "หน่วยบริการ"),
}
_MEAN = re.compile(r"ร้อยละเฉลี่ย|ค่าเฉลี่ยร้อยละ|เฉลี่ยร้อยละ")
PARTS_OF_SHARE = 2
COUNTING_UNITS = frozenset(unit for units in _COUNTED_IN.values() for unit in units)


def formula_findings(reading: Reading) -> Iterator[Finding]:
    """All that is wrong with the formula of one template."""
    template = reading.template
    if template.kind not in WITH_FORMULA or not template.formula:
        return
    try:
        formula = parse_formula(template.formula)
    except FormulaError as error:
        facts = {"formula": template.formula, "why": error.message}
        message = _("อ่านสูตร %(formula)s ไม่ได้: %(why)s") % facts
        yield _finding(reading, Severity.ERROR, message, _("พิมพ์สูตรใหม่ด้วยรหัสของรายการข้อมูล เช่น A/B*100"))
        return
    yield from _names(reading, formula)
    yield from _terms(reading, formula)
    yield from _times_hundred(reading, formula)
    yield from _units(reading, formula)
    yield from _counted_things(reading, formula)
    yield from _mean_in_name(reading, formula)
    yield from _wider_than_named(reading)
    yield from _printed(reading, formula)
    yield from _marks(reading)


def _finding(reading: Reading, severity: Severity, message: str, proposal: str, place: str = "formula") -> Finding:
    return reading.finding("formula_mismatch", severity, place, message, proposal)


def _items(template: Template) -> dict[str, Item]:
    return {item.code: item for item in template.items}


def _names(reading: Reading, formula: Formula) -> Iterator[Finding]:
    """Names that are no item, and items that nothing uses."""
    items = _items(reading.template)
    facts = {"formula": reading.template.formula}
    unknown = [name for name in formula.ordered_names if name not in items]
    if unknown:
        facts["names"] = ", ".join(unknown)
        message = _("สูตร %(formula)s ใช้ %(names)s ซึ่งไม่มีในรายการข้อมูล จึงคำนวณไม่ได้") % facts
        yield _finding(reading, Severity.ERROR, message, _("เพิ่มรายการข้อมูล %(names)s หรือแก้สูตร") % facts)
    unused = [code for code in items if code not in _used(formula, items)]
    if unused and not unknown:
        facts["names"] = ", ".join(unused)
        message = _("รายการข้อมูล %(names)s ไม่ได้ใช้ในสูตร %(formula)s") % facts
        yield _finding(reading, Severity.WARNING, message, _("ใส่ %(names)s ในสูตร หรือลบรายการข้อมูลนั้น") % facts)


def _used(formula: Formula, items: dict[str, Item]) -> set[str]:
    """Also what a used item is derived from, or may not exceed."""
    used = set(formula.names)
    for _pass in items:
        related = [item for code, item in items.items() if code in used]
        more = {name for item in related for name in _derived_names(item)} | {i.at_most for i in related if i.at_most}
        if more <= used:
            break
        used |= more
    return used


def _derived_names(item: Item) -> frozenset[str]:
    try:
        return parse_formula(item.derived).names if item.derived else frozenset()
    except FormulaError:
        return frozenset()


def _terms(reading: Reading, formula: Formula) -> Iterator[Finding]:
    counts = _mean_of_other_count(formula.root)
    if counts:
        facts = {"formula": reading.template.formula, "terms": counts[0], "divisor": counts[1]}
        message = _("สูตร %(formula)s บวกกัน %(terms)d พจน์ แต่หารด้วย %(divisor)d") % facts
        yield _finding(reading, Severity.WARNING, message, _("หารด้วย %(terms)d หรือใช้ mean(…)") % facts)


def _mean_of_other_count(node: Node) -> tuple[int, int] | None:
    """How many terms are added and by what they are divided, where the two differ."""
    if not isinstance(node, Chain) or node.is_sum or not isinstance(node.first, Chain) or not node.first.is_sum:
        return None
    divisors = [operand.value for sign, operand in node.rest if sign == "/" and isinstance(operand, Number)]
    added = all(sign == "+" for sign, _operand in node.first.rest)
    terms = len(node.first.rest) + 1
    if not added or len(divisors) != 1 or not 2 <= divisors[0] <= MOST_TERMS or divisors[0] % 1:
        return None
    return None if terms == divisors[0] else (terms, int(divisors[0]))


def _times_hundred(reading: Reading, formula: Formula) -> Iterator[Finding]:
    if _is_inflated(formula, reading.template.unit):
        yield _finding(
            reading, Severity.ERROR, _inflated_words(reading.template, reading.template.formula), _("ตัด x 100 ออก")
        )


def _is_inflated(formula: Formula, unit: str) -> bool:
    """A mean in minutes, multiplied by 100."""
    root = formula.root
    if not unit or formula.is_pair or any(word in unit for word in OF_HUNDRED) or not isinstance(root, Chain):
        return False
    operands = [("*", root.first), *root.rest]
    times = any(sign == "*" and operand == Number(Decimal(PERCENT)) for sign, operand in operands)
    return not root.is_sum and times and any(_divides(sign, operand) for sign, operand in operands)


def _divides(sign: str, operand: Node) -> bool:
    return sign == "/" or (isinstance(operand, Chain) and any(each == "/" for each, _node in operand.rest))


def _inflated_words(template: Template, text: str) -> str:
    facts = {"formula": text, "unit": template.unit}
    return _("สูตร %(formula)s คูณ 100 แต่หน่วยวัดคือ %(unit)s ไม่ใช่ร้อยละ ผลจึงมากกว่าจริง 100 เท่า") % facts


def _units(reading: Reading, formula: Formula) -> Iterator[Finding]:
    """A/B measured in other units than the measure itself: หน่วย ÷ คน for MJ/เตียง/วัน."""
    parts = [part.strip() for part in re.split(r"/|ต่อ", reading.template.unit) if part.strip()]
    items, root = _items(reading.template), formula.root
    if len(parts) < 2 or not isinstance(root, Chain) or root.is_sum or len(root.rest) != 1:
        return
    (sign, under), over = root.rest[0], root.first
    if sign != "/" or not isinstance(over, Name) or not isinstance(under, Name):
        return
    top, bottom = items.get(over.name), items.get(under.name)
    if not top or not bottom or not top.unit or not bottom.unit:
        return
    if top.unit != parts[0] or bottom.unit not in parts[1:]:
        facts = {"formula": reading.template.formula, "unit": reading.template.unit}
        facts |= {"top": f"{top.name} ({top.unit})", "bottom": f"{bottom.name} ({bottom.unit})"}
        message = _("หน่วยวัดคือ %(unit)s แต่สูตร %(formula)s หาร %(top)s ด้วย %(bottom)s จึงได้คนละหน่วย") % facts
        yield _finding(reading, Severity.WARNING, message, _("แก้รายการข้อมูลให้ได้ %(unit)s หรือแก้หน่วยวัด") % facts)


def _counted_things(reading: Reading, formula: Formula) -> Iterator[Finding]:
    """ร้อยละของหน่วยงาน, counted in people."""
    match, items = _COUNTED.match(reading.template.name), _items(reading.template)
    names = [name for name in formula.ordered_names if name in items]
    if not match or not names:
        return
    whole = items[names[-1]]
    if whole.unit in COUNTING_UNITS and whole.unit not in _COUNTED_IN[match[1]]:
        facts = {"thing": match[1], "code": whole.code, "item": whole.name, "unit": whole.unit}
        message = _("ชื่อตัวชี้วัดเป็นร้อยละของ%(thing)s แต่ตัวหาร %(code)s คือ %(item)s นับเป็น%(unit)s") % facts
        yield _finding(reading, Severity.WARNING, message, _("นับตัวตั้งและตัวหารเป็น%(thing)s หรือแก้ชื่อตัวชี้วัด") % facts)


def _mean_in_name(reading: Reading, formula: Formula) -> Iterator[Finding]:
    """ร้อยละเฉลี่ย…, by A/B*100, which is the share of all and no mean of shares."""
    root, template = formula.root, reading.template
    if not _MEAN.match(template.name) or not isinstance(root, Chain) or len(formula.names) != PARTS_OF_SHARE:
        return
    facts = {"formula": template.formula}
    message = _("ชื่อตัวชี้วัดเป็นร้อยละเฉลี่ย แต่สูตร %(formula)s ให้ร้อยละของทั้งหมด ไม่ใช่ค่าเฉลี่ยของร้อยละ") % facts
    proposal = _("ตัดคำว่า “เฉลี่ย” ออกจากชื่อ หรือเปลี่ยนสูตรเป็นค่าเฉลี่ย เช่น mean(…)")
    yield _finding(reading, Severity.NOTE, message, proposal)


def _wider_than_named(reading: Reading) -> Iterator[Finding]:
    """หน่วยงานในโรงพยาบาล, of all หน่วยงานในสังกัดกระทรวงสาธารณสุข."""
    template = reading.template
    for item in template.items if "ในโรงพยาบาล" in template.name else ():
        if "สังกัดกระทรวง" in item.name and "โรงพยาบาล" not in item.name:
            facts = {"code": item.code, "item": item.name}
            message = _("ชื่อตัวชี้วัดนับเฉพาะในโรงพยาบาล แต่รายการข้อมูล %(code)s คือ %(item)s ซึ่งกว้างกว่าโรงพยาบาล") % facts
            proposal = _("แก้ชื่อรายการข้อมูล %(code)s ให้นับเฉพาะในโรงพยาบาล") % facts
            yield _finding(reading, Severity.WARNING, message, proposal, f"items.{item.code}")


# The printed formula


def _printed(reading: Reading, formula: Formula) -> Iterator[Finding]:
    """The printed formula where it says something else than the one in use; a reason closes the matter to a note."""
    template = reading.template
    printed, balanced = _read_printed(template.formula_printed)
    if printed is None:
        return
    if _same(printed, formula):
        if not balanced:
            message = _("สูตรที่พิมพ์ %(printed)s มีวงเล็บไม่ครบคู่") % {"printed": template.formula_printed.strip()}
            proposal = _("พิมพ์สูตรเป็น %(formula)s") % {"formula": template.formula}
            yield _finding(reading, Severity.WARNING, message, proposal, "formula_printed")
        return
    facts = {
        "printed": template.formula_printed.strip(),
        "formula": template.formula,
        "reason": template.formula_reason,
    }
    message = _("สูตรที่พิมพ์ %(printed)s ไม่ตรงกับสูตรที่ใช้คำนวณ %(formula)s") % facts
    faults = [*_faults(reading, printed), *([] if balanced else [_("วงเล็บไม่ครบคู่")])]
    if faults:
        message += " " + _("เพราะ %(faults)s") % {"faults": " ".join(faults)}
    if template.formula_reason:
        proposal = _("แก้ไขแล้ว: ใช้ %(formula)s เพราะ %(reason)s") % facts
        yield _finding(reading, Severity.NOTE, message, proposal, "formula_printed")
    else:
        proposal = _("พิมพ์สูตรให้ตรงกับที่ใช้ หรือบันทึกเหตุผลที่ใช้สูตรต่างจากที่พิมพ์")
        yield _finding(reading, Severity.WARNING, message, proposal, "formula_printed")


def _read_printed(text: str) -> tuple[Formula | None, bool]:
    """The printed formula where it is one and not a sentence, and whether its brackets are complete."""
    if not text.strip() or not _FORMULA_ONLY.fullmatch(text):
        return None, True
    plain = _TIMES.sub("*", text.replace("\n", " "))
    missing = plain.count(")") - plain.count("(")
    balanced = missing == 0
    plain = "(" * max(0, missing) + plain + ")" * max(0, -missing)
    try:
        return parse_formula(plain), balanced
    except FormulaError:
        return None, True


def _same(one: Formula, other: Formula) -> bool:
    """Whether two formulas come to the same for several sets of numbers, and so for all that are written here."""
    names = sorted(one.names | other.names)
    return all(
        _result(one, values) == _result(other, values)
        for seed in (3, 7, 11)
        for values in [
            {name: Fraction(seed + 5 * place, 1 + place % 3) for place, name in enumerate(names, start=seed)}
        ]
    )


def _result(formula: Formula, values: dict[str, Fraction]) -> object:
    try:
        outcome = evaluate(formula, values)
    except (CannotCompute, NoCases):
        return None
    return outcome.value, outcome.second


def _faults(reading: Reading, printed: Formula) -> Iterator[str]:
    """What exactly is wrong with it."""
    template, items = reading.template, _items(reading.template)
    unknown = [name for name in printed.ordered_names if name not in items]
    if unknown:
        yield _("%(names)s ไม่มีในรายการข้อมูล") % {"names": ", ".join(unknown)}
        yield from _too_low(reading, printed, set(unknown))
    if _is_inflated(printed, template.unit):
        yield _inflated_words(template, template.formula_printed.strip())


def _too_low(reading: Reading, printed: Formula, unknown: set[str]) -> Iterator[str]:
    """Five terms of which one has no data, divided by five: 80 at most, while the target is more."""
    rest = _without(printed.root, unknown)
    aim = aim_of(reading.template.target, reading.grid)
    if rest is None or not reading.grid.higher:
        return
    most = formula_span(Formula("", rest), _items(reading.template)).high
    if most is None:
        return
    facts = {"most": format_number(most)}
    if aim is not None and most < Fraction(reading.grid.value(aim.place)):
        facts["wanted"] = aim.text
        yield _("ค่ามากที่สุดจากข้อมูลที่มีคือ %(most)s จึงไม่ถึงเป้าหมาย %(wanted)s") % facts
    elif reading.worst_pass is not None and most < Fraction(reading.grid.value(reading.worst_pass)):
        facts["wanted"] = reading.template.pass_criterion.used if reading.template.pass_criterion else ""
        yield _("ค่ามากที่สุดจากข้อมูลที่มีคือ %(most)s จึงไม่ถึงเกณฑ์ผ่าน %(wanted)s") % facts


def _without(node: Node, unknown: set[str]) -> Node | None:
    """The formula without the terms of a sum that have no data; None where nothing is left."""
    if not unknown & set(names_in(node)):
        return node
    if not isinstance(node, Chain):
        return None
    if node.is_sum:
        kept = [(sign, each) for sign, each in (("+", node.first), *node.rest) if not unknown & set(names_in(each))]
        return Chain(kept[0][1], tuple(kept[1:])) if len(kept) > 1 else kept[0][1] if kept else None
    first = _without(node.first, unknown)
    lost = any(unknown & set(names_in(operand)) for _sign, operand in node.rest)
    return None if first is None or lost else Chain(first, node.rest)


def _marks(reading: Reading) -> Iterator[Finding]:
    """A table of marks printed with the formula (ถ้าได้คะแนนเป็น 2 - 3 … ได้ 3 คะแนน) beside the score bands."""
    differing = []
    for match in _MARKS_OF_RESULT.finditer(reading.template.formula_printed) if reading.scored else ():
        low, high, marks = int(match[1]), int(match[2] or match[1]), int(match[3])
        for value in range(low, min(high, low + MOST_TERMS) + 1):
            level = level_of(Decimal(value), reading.scale)
            if level != marks:
                facts = {"value": value, "marks": marks, "level": level}
                differing.append(_("ผล %(value)d ได้ %(marks)d คะแนน แต่ช่วงให้ระดับ %(level)d") % facts)
    if differing:
        message = _("คะแนนที่พิมพ์ไว้กับสูตรไม่ตรงกับช่วงคะแนนของ Template: %(list)s") % {"list": ", ".join(differing)}
        yield _finding(reading, Severity.ERROR, message, _("ตกลงให้ใช้เกณฑ์เดียว แล้วพิมพ์ทั้งสองแห่งให้ตรงกัน"), "formula_printed")
