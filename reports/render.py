"""One document to HTML, to PDF and to XLSX."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from reports.documents.model import Cell, Document
from reports.xlsx import workbook_bytes
from scoring.numbers import to_thai_digits

FONT_FAMILY = "Sarabun"
FONT_FACES = {  # file name: (weight, style)
    "Sarabun-Regular.ttf": (400, "normal"),
    "Sarabun-Bold.ttf": (700, "normal"),
    "Sarabun-Italic.ttf": (400, "italic"),
    "Sarabun-BoldItalic.ttf": (700, "italic"),
}
STYLES = ("css/document.css", "css/print.css")
# What neither XML nor a sheet of paper can hold: control characters (but tab and line feed), lone surrogates.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_T = TypeVar("_T")


def to_html(document: Document, *, level: int = 1) -> SafeString:
    """The document as a fragment for a page; its title is a heading of `level` (1 to 5)."""
    return _fragment(_printable(document), level)


def to_print_html(document: Document, *, linked: bool = True) -> SafeString:
    """The document as a page of its own, to print from a browser; `linked` names the style sheets in it."""
    ready = _printable(document)
    context = {"document": ready, "body": _fragment(ready, 1), "linked": linked, "demo_word": demo_word()}
    return render_to_string("documents/print.html", context)


def to_pdf(document: Document) -> bytes:
    """The document as PDF on A4, tagged, with text that copies and searches as it was written."""
    from reports.thai_pdf import mend_weasyprint

    mend_weasyprint()
    return print_pdf(to_print_html(document, linked=False))


def print_pdf(html: str) -> bytes:
    """A finished print page as PDF with the project's fonts and styles, as WeasyPrint alone makes it."""
    from weasyprint import CSS, HTML  # takes half a second and system libraries: only for who prints
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    fetcher = _local_files()
    sheets = [CSS(string=text, font_config=fonts, url_fetcher=fetcher) for text in (font_face_css(), *_style_texts())]
    page = HTML(string=html, url_fetcher=fetcher)
    content: bytes = page.write_pdf(stylesheets=sheets, font_config=fonts, presentational_hints=True, pdf_tags=True)
    return content


def to_xlsx(document: Document) -> bytes:
    """The document as a workbook of one sheet, with real numbers and set up to print on A4."""
    return workbook_bytes(_map_texts(document, _clean), demo=demo_word() if document.demo else "")


def demo_word() -> str:
    """The word that every sheet of made-up data carries."""
    return gettext("ข้อมูลสาธิต")


def _fragment(ready: Document, level: int) -> SafeString:
    context = {"document": ready, "level": level, "sublevel": level + 1, "demo_word": demo_word()}
    return render_to_string("documents/document.html", context)


# Texts


def _printable(document: Document) -> Document:
    """The document without control characters and, where it asks for them, with Thai digits."""
    clean = _map_texts(document, _clean)
    return _map_texts(_numbers_as_text(clean), to_thai_digits) if document.thai_digits else clean


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _map_texts(value: _T, change: Callable[[str], str]) -> _T:
    """A copy of dataclasses and tuples in which every text is changed; language codes and enums are left alone."""
    if type(value) is str:
        return change(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(_map_texts(part, change) for part in value)  # type: ignore[return-value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [field.name for field in dataclasses.fields(value) if field.name != "language"]
        return dataclasses.replace(value, **{name: _map_texts(getattr(value, name), change) for name in fields})
    return value


def _numbers_as_text(value: _T) -> _T:
    """Every number cell as the text it shows, still to the right."""
    if isinstance(value, Cell):
        return _number_as_text(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(_numbers_as_text(part) for part in value)  # type: ignore[return-value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: _numbers_as_text(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **parts)
    return value


def _number_as_text(cell: Cell) -> Cell:
    if not isinstance(cell.value, Decimal):
        return cell
    return dataclasses.replace(cell, value=cell.text)


# Style sheets and fonts


def font_file(name: str) -> Path:
    """A font file of the project, else of the installed package fontpkg_sarabun.

    Raises FileNotFoundError, which names what to install, where there is neither.
    """
    found = finders.find(f"vendor/fonts/{name}")
    if found:
        return Path(found)
    try:
        import fontpkg_sarabun
    except ImportError:
        raise FileNotFoundError(f"{name}: run script/setup, or install the package fontpkg-sarabun") from None
    path = Path(fontpkg_sarabun.__file__).parent / "files" / name
    if not path.is_file():
        raise FileNotFoundError(f"{name} is neither in static/vendor/fonts nor in fontpkg-sarabun")
    return path


@cache
def font_face_css() -> str:
    """@font-face rules with the whole font files: subsets under one family name print wrong digits."""
    return "\n".join(
        f'@font-face {{ font-family: {FONT_FAMILY}; src: url("{font_file(name).as_uri()}");'
        f" font-weight: {weight}; font-style: {style}; }}"
        for name, (weight, style) in FONT_FACES.items()
    )


def _style_texts() -> tuple[str, ...]:
    return tuple(_style_path(name).read_text(encoding="utf-8") for name in STYLES)


def _style_path(name: str) -> Path:
    found = finders.find(name)
    return Path(found) if found else Path(settings.BASE_DIR) / "static" / name


def _local_files() -> Any:
    """Fetches fonts from this machine and nothing else: a document must not make the server call addresses."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("file",))
