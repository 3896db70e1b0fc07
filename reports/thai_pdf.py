"""Mends WeasyPrint so that Thai text in a PDF is copied and searched as it was written.

HarfBuzz draws ำ as two glyphs, and WeasyPrint gives every glyph the text of the first cluster it was met in; after
the first ำ of a document each later า would be read as ำ ("กำรประชุม"). Two things are changed:

* a glyph that has a character of its own in the font's cmap always stands for that character;
* each drawn line that holds Thai carries its text in an /ActualText span, which readers prefer to the glyphs.

Both reach into WeasyPrint's inside, so they are made for exactly `MENDED_VERSION`; with another version nothing is
touched and `ThaiPdfWarning` says so. tests/reports/test_render.py extracts text and fails when an upgrade breaks it.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any

import pydyf
import weasyprint
from fontTools.ttLib import TTFont
from weasyprint.draw import text as draw_text
from weasyprint.pdf import fonts as pdf_fonts

MENDED_VERSION = "70.0"
_MARK = "_kpitrack_thai"
_PRIVATE_USE = range(0xE000, 0xF900)
logger = logging.getLogger(__name__)


class ThaiPdfWarning(RuntimeWarning):
    """This WeasyPrint is not the one that the mending was made for: copied Thai text may be wrong."""


def mend_weasyprint() -> bool:
    """Mend WeasyPrint in this process, once. True if it is mended, False (and a warning) for another version."""
    if weasyprint.__version__ != MENDED_VERSION:
        _warn_version()
        return False
    if not hasattr(draw_text.draw_first_line, _MARK):
        draw_text.draw_first_line = _with_actual_text(draw_text.draw_first_line)
        pdf_fonts.Font.__init__ = _with_own_characters(pdf_fonts.Font.__init__)
    return True


def _warn_version() -> None:
    message = (
        f"reports.thai_pdf mends WeasyPrint {MENDED_VERSION}, but {weasyprint.__version__} is installed: "
        "Thai text copied from PDF files may be wrong. Install the pinned version, or make the mending fit."
    )
    logger.warning(message)
    warnings.warn(message, ThaiPdfWarning, stacklevel=3)


class OwnCharacters(dict[int, str]):
    """Glyph number to text, where a glyph's own characters win over the cluster that it was drawn in."""

    def __init__(self, own: Mapping[int, str]):
        super().__init__()
        self._own = own

    def __setitem__(self, glyph: int, text: str) -> None:
        own = self._own.get(glyph)
        super().__setitem__(glyph, text if own is None or text in tuple(own) else own[0])


@lru_cache(maxsize=32)
def own_characters(font_file: bytes, index: int) -> dict[int, str]:
    """Glyph number to the characters that the font's cmap draws with it, lowest code point first."""
    found: dict[int, str] = {}
    with TTFont(io.BytesIO(font_file), fontNumber=index, lazy=True) as font:
        for code, name in sorted((font.getBestCmap() or {}).items()):
            if code not in _PRIVATE_USE:  # the second shapes of Thai marks in old fonts
                glyph = font.getGlyphID(name)
                found[glyph] = found.get(glyph, "") + chr(code)
    return found


def _with_own_characters(init: Callable[..., None]) -> Callable[..., None]:
    @wraps(init)
    def mended(self: Any, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        self.to_unicode = OwnCharacters(own_characters(bytes(self.file_content), self.index))

    return mended


def _with_actual_text(draw: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(draw)
    def mended(stream: Any, textbox: Any, *args: Any, **kwargs: Any) -> Any:
        text = line_text(textbox)
        if not holds_thai(text):
            return draw(stream, textbox, *args, **kwargs)
        stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(text)}))
        try:
            return draw(stream, textbox, *args, **kwargs)
        finally:
            stream.end_marked_content()

    setattr(mended, _MARK, True)
    return mended


def line_text(textbox: Any) -> str:
    """The text of the first line of a text box, the one that is about to be drawn."""
    layout = getattr(textbox, "pango_layout", None)
    if layout is None or not textbox.text.strip():
        return ""
    line, _next_line = layout.get_first_line()
    drawn: bytes = layout.text.encode()[line.start_index : line.start_index + line.length]
    return drawn.decode(errors="replace")


def holds_thai(text: str) -> bool:
    """Whether a character of the Thai block is in `text`."""
    return any("\u0e00" <= character <= "\u0e7f" for character in text)
