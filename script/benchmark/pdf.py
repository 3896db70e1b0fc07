"""One result form to PDF beside WeasyPrint's own time for the same HTML."""

from decimal import Decimal

from reports.documents.result_data import PrintedBand, Project, ResultFormData
from reports.documents.result_form import result_form
from reports.render import print_pdf, to_pdf, to_print_html
from script.benchmark.timing import seconds

RUNS = 7


def form() -> ResultFormData:
    bands = (">190", "186 - 190", "181 - 185", "176 - 180", "171 - 175", "≤170")
    return ResultFormData(
        plan_name="แผนยุทธศาสตร์ โรงพยาบาลขอนแก่น", hospital="โรงพยาบาลขอนแก่น", fiscal_year="2560",
        indicator_code="7(1)", indicator_name="ระยะเวลารอคอย OPD ลดลง", period="มีนาคม 2560",
        unit_responsible="PST OPD", target="<170 นาที", unit="นาที", counts="35,000/200", value=Decimal("175.00"),
        level=Decimal(4), passed=False, projects=(Project("จัดคิวออนไลน์", Decimal(120000), Decimal(80000)),),
        bands=tuple(PrintedBand(level, text) for level, text in enumerate(bands) if level),
        explanation=("สูตร A/B = 35000/200 = 175", "ได้ระดับ 4 เพราะถึงขีดของระดับ 4"),
        problems="ผู้ป่วยมากในช่วงเช้า", suggestions="เพิ่มช่องบริการ",
    )  # fmt: skip


def run() -> None:
    document = result_form(form())
    page = to_print_html(document, linked=False)
    floor = seconds(lambda: print_pdf(page), RUNS)  # before to_pdf mends WeasyPrint in this process
    ours = seconds(lambda: to_pdf(document), RUNS)
    print(f"pdf: one result form, median of {RUNS} runs")
    print(f"  WeasyPrint alone, same HTML and styles      {floor * 1000:7.0f} ms")
    print(f"  kpitrack, from data, with mended Thai text  {ours * 1000:7.0f} ms   {ours / floor:5.2f} x")
