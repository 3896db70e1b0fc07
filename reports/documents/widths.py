"""How wide the columns of a printed table are, so that no number in them has to be broken."""

import re
from collections.abc import Iterable, Sequence

# Percent of the width between the margins, by the way the sheet lies: a digit in the letters of print.css, and the
# edges of a cell.
PORTRAIT, LANDSCAPE = (1.1, 2.2), (0.71, 1.4)
MOST = 80.0  # percent that columns with long numbers may have together; beyond it all stay as they were planned
LONGEST = 24  # characters; longer runs of digits are no numbers to read, and are broken
NUMBERS, NUMBER = re.compile(r"-?[\d,./]*\d[\d,./]*"), re.compile(r"-?\d[\d,.]*/?")
WHOLE = 8  # shorter numbers with strokes between them stay on one line (the filter whole_numbers)


def fitted(planned: Sequence[float], texts: Sequence[Iterable[str]], sizes: tuple[float, float]) -> list[float]:
    """The planned percents, those of columns with longer numbers grown and the others made smaller in proportion."""
    needs = [_need(each, sizes) for each in texts]
    grown: set[int] = set()
    widths = list(planned)
    while lacking := {at for at, need in enumerate(needs) if at not in grown and widths[at] < need}:
        grown |= lacking
        taken = sum(needs[at] for at in grown)
        left = sum(planned[at] for at in range(len(planned)) if at not in grown)
        if taken > MOST or not left:
            return list(planned)
        widths = [need if at in grown else planned[at] * (100 - taken) / left for at, need in enumerate(needs)]
    return widths


def _need(texts: Iterable[str], sizes: tuple[float, float]) -> float:
    letter, edges = sizes
    lengths = (len(piece) for text in texts for found in NUMBERS.findall(text) for piece in _pieces(found))
    longest = max((length for length in lengths if length <= LONGEST), default=0)
    return longest * letter + edges if longest else 0.0


def _pieces(numbers: str) -> list[str]:
    return [numbers] if len(numbers) < WHOLE else NUMBER.findall(numbers)
