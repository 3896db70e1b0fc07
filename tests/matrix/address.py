"""One row of the table of addresses, and tables that several addresses share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Address:
    """One URL name: which object it takes, in which status the result stands before, and what each person gets."""

    table: str
    # A word of a part's TAKES, or "round", "indicator", "month" (an indicator with a year and a month),
    # "grid" (the same of an indicator that is made one), "finding"; empty: nothing
    takes: str = ""
    status: str = "draft"
    codes: tuple[str, str] = ("7(1)", "22")
    htmx: bool = False
    others: str = "405"  # what PUT, PATCH and DELETE get from somebody who is logged in
    is_public: bool = False  # it takes something that belongs to no hospital

    @property
    def rows(self) -> dict[str, list[str]]:
        lines = [line.split() for line in self.table.strip().splitlines()]
        return {person: cells for person, *cells in lines}


# Public inside the hospital, to be read alone.
OPEN = """
    anonymous      login login  login login
    outsider       404   405    404   405
    reporter       200   405    200   405
    head           200   405    200   405
    other_head     200   405    200   405
    reviewer       200   405    200   405
    executive      200   405    200   405
    administrator  200   405    200   405
"""
# A decision of the strategy unit.
DECISION = """
    anonymous      login login  login login
    outsider       405   404    405   404
    reporter       405   404    405   404
    head           405   404    405   404
    other_head     405   404    405   404
    reviewer       405   moved  405   moved
    executive      405   404    405   404
    administrator  405   404    405   404
"""
