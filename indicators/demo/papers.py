"""The files of the demo year's evidence, made here: a page as from a scanner (PDF) and a bar chart (PNG)."""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import fontpkg_sarabun
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(fontpkg_sarabun.__file__).parent / "files"
PAGE, PIXELS_AN_INCH = (827, 1169), 100  # A4
CHART = (960, 540)
INK, GREY, PALE, ACCENT = "#1f2933", "#5c6773", "#c5cdd5", "#2f6f9f"


@cache
def _font(size: int, name: str = "Sarabun-Regular.ttf") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size)


def page_of(title: str, lines: Sequence[str]) -> bytes:
    """A sheet with a heading and some lines, as a PDF."""
    image = Image.new("RGB", PAGE, "white")
    draw = ImageDraw.Draw(image)
    draw.text((80, 80), title, INK, _font(26, "Sarabun-Bold.ttf"))
    draw.line((80, 136, PAGE[0] - 80, 136), PALE, 2)
    for number, line in enumerate(lines):
        draw.text((80, 160 + number * 38), line, INK, _font(20))
    draw.text((80, PAGE[1] - 90), "เอกสารสมมติสำหรับข้อมูลสาธิต", GREY, _font(16))
    return _bytes(image, "PDF", resolution=PIXELS_AN_INCH)


def chart_of(title: str, columns: Sequence[tuple[str, int]]) -> bytes:
    """Columns with their figures, as a PNG."""
    image = Image.new("RGB", CHART, "white")
    draw = ImageDraw.Draw(image)
    draw.text((40, 24), title, INK, _font(26, "Sarabun-Bold.ttf"))
    foot, width, top = CHART[1] - 80, (CHART[0] - 80) // len(columns), max(figure for _label, figure in columns)
    draw.line((40, foot, CHART[0] - 40, foot), PALE, 2)
    for number, (label, figure) in enumerate(columns):
        left, height = 40 + number * width + width // 5, (foot - 140) * figure // top
        middle = left + width * 3 // 10
        draw.rectangle((left, foot - height, left + width * 3 // 5, foot), ACCENT)
        draw.text((middle, foot - height - 6), f"{figure:,}", INK, _font(20), anchor="ms")
        draw.text((middle, foot + 12), label, INK, _font(20), anchor="ma")
    draw.text((40, CHART[1] - 34), "ภาพสมมติสำหรับข้อมูลสาธิต", GREY, _font(16))
    return _bytes(image, "PNG")


def _bytes(image: Image.Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
