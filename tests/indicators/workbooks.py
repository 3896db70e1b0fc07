"""A person with a workbook: down, filled in, up, applied. What the tests of workbooks share."""

import io
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from indicators.models import Responsibility, Result
from indicators.workbooks.sheet import FIRST_ROW, INPUT_COLUMN, KEY_COLUMN
from strategy.models import OrgUnit

Edit = Callable[[Workbook], None]


def url_of(unit: str, name: str = "workbook_upload") -> str:
    return reverse(name, args=[OrgUnit.objects.get(code=unit).pk])


def own(indicator, unit: str) -> None:
    """The unit is responsible for the indicator as well."""
    responsible, measured = OrgUnit.objects.get(code=unit), indicator.plan.unit
    Responsibility.objects.create(
        indicator=indicator, measured_unit=measured, responsible_unit=responsible, position=99
    )  # fmt: skip


class Desk:
    """One person's file and browser."""

    def __init__(self, client, user, unit: str) -> None:
        self.client, self.unit = client, unit
        self.user = user
        self.log_in()

    def log_in(self) -> None:
        self.client.force_login(self.user)

    def download(self) -> bytes:
        self.log_in()
        response = self.client.get(url_of(self.unit, "workbook"))
        assert response.status_code == 200, response.status_code
        return response.content

    def send(self, content: bytes | None, name: str = "kpi.xlsx"):
        """Upload; the answer is the preview."""
        self.log_in()
        data = {} if content is None else {"file": SimpleUploadedFile(name, content)}
        return self.client.post(url_of(self.unit), data)

    def apply(self, preview, **choices: str):
        """Press the button of a preview."""
        self.log_in()
        return self.client.post(url_of(self.unit), {"changes": preview.context["page"].carried, **choices})

    def round_trip(self, edit: Edit, **choices: str):
        """Download, edit, upload, apply."""
        return self.apply(self.send(edited(self.download(), edit)), **choices)


def edited(content: bytes, edit: Edit) -> bytes:
    """The workbook after somebody has worked in it."""
    book = load_workbook(io.BytesIO(content))
    edit(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def inputs(book: Workbook) -> Iterator[tuple[str, str, object]]:
    """KPI code, item code and the cell of every input, sheet by sheet."""
    for sheet in book.worksheets:
        for number in range(FIRST_ROW, sheet.max_row + 1):
            key = sheet.cell(number, KEY_COLUMN).value
            if key and ":" in str(key) and not str(key).startswith("kpitrack"):
                yield sheet.cell(number, 1).value, str(key).partition(":")[2], sheet.cell(number, INPUT_COLUMN)


def cell_of(book: Workbook, code: str, item: str, sheet: str | None = None):
    """The first input of this KPI and item, or that of one sheet."""
    found = [cell for kpi, each, cell in inputs(book) if (kpi, each) == (code, item)]
    return next(cell for cell in found if sheet in (None, cell.parent.title))


def fill(sheet: str | None = None, **values: object) -> Edit:
    """Type into the cells of KPI 7(1)."""

    def edit(book: Workbook) -> None:
        for item, value in values.items():
            cell_of(book, "7(1)", item, sheet).value = value

    return edit


def numbers(code: str, number: int, year: int = 2560) -> dict[str, Decimal]:
    """What is saved for a round."""
    result = Result.objects.filter(
        round__indicator__code=code, round__fiscal_year=year, round__number=number
    ).first()  # fmt: skip
    return {row.code: row.value for row in result.values.all()} if result else {}


# Packages


def repacked(content: bytes, **changes: bytes | None) -> bytes:
    """The package with parts replaced, added, or taken away; `__` stands for `/`, `_dot_` for `.`."""
    parts = {name.replace("__", "/").replace("_dot_", "."): part for name, part in changes.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w"):
        pass
    return repacked(out.getvalue(), **parts)
