"""Copy what the browser and the PDF need into static/vendor: style sheet, htmx, icons, fonts.

A step of script/setup. Nothing is fetched here: the files come from node_modules and from the
installed package of the Sarabun fonts.
"""

import re
import shutil
from pathlib import Path

import fontpkg_sarabun
from fontTools.ttLib import woff2

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"

FILES = (
    "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js",
    "htmx.org/dist/htmx.min.js",
)

# The pictures that pages use, by their names in bootstrap-icons; {% icon "name" %} shows one.
ICON_NAMES = """
arrow-down arrow-left arrow-left-right arrow-return-left arrow-up bar-chart bell box-arrow-right
calculator chat-left-text check-circle check-lg check-square chevron-left chevron-right circle
clipboard-check clock dash-circle exclamation-triangle file-earmark-excel file-earmark-pdf
file-earmark-text funnel gear grid hourglass inbox info-circle key link-45deg list-check lock
paperclip pencil pencil-square people person-circle person-plus printer search send slash-circle
square table translate unlock x-circle x-lg x-octagon
"""
ICONS = tuple(ICON_NAMES.split())

# The browser gets the four cuts that pages use, compressed; the PDF gets the same as TTF.
CUTS = ("Regular", "Italic", "SemiBold", "Bold", "BoldItalic", "Medium")
BROWSER_CUTS = ("Regular", "Italic", "SemiBold", "Bold")


def copy_files() -> None:
    """Without the pointers to source maps, which are not copied and would fail the manifest of static files."""
    for name in FILES:
        text = (MODULES / name).read_text(encoding="utf-8")
        text = re.sub(r"\n?(//|/\*)# sourceMappingURL=\S+( \*/)?", "", text)
        (VENDOR / Path(name).name).write_text(text, encoding="utf-8")


def build_sprite() -> None:
    """One small file with the pictures of ICONS as symbols."""
    symbols = [symbol(name) for name in ICONS]
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"
    (VENDOR / "icons.svg").write_text(sprite, encoding="utf-8")


def symbol(name: str) -> str:
    svg = (MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    inside = re.sub(r"</?svg[^>]*>", "", svg)
    return f'<symbol id="{name}" viewBox="0 0 16 16">{" ".join(inside.split())}</symbol>'


def copy_fonts() -> None:
    source = Path(fontpkg_sarabun.__file__).parent
    target = VENDOR / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / "LICENSE", target / "LICENSE")
    for cut in CUTS:
        shutil.copyfile(source / "files" / f"Sarabun-{cut}.ttf", target / f"Sarabun-{cut}.ttf")
    for cut in BROWSER_CUTS:
        woff2.compress(str(target / f"Sarabun-{cut}.ttf"), str(target / f"Sarabun-{cut}.woff2"))


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    copy_files()
    build_sprite()
    copy_fonts()


if __name__ == "__main__":
    main()
