"""One row of the table of addresses, and tables that several addresses share."""

from dataclasses import dataclass

METHODS = ("get", "post", "head", "put", "patch", "delete", "options")


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
    # What PUT, PATCH, DELETE and OPTIONS get, for any object; one word stands for all four.
    others: str = "405"  # from everybody who is logged in
    nobodys: str = ""  # from who is not; empty: the log-in where GET or POST lead there, else as everybody
    is_public: bool = False  # it takes something that belongs to no hospital

    @property
    def rows(self) -> dict[str, list[str]]:
        lines = [line.split() for line in self.table.strip().splitlines()]
        return {person: cells for person, *cells in lines}

    @property
    def objects(self) -> tuple[str, ...]:
        """The indicators whose objects are asked for; one empty word where the address takes nothing."""
        return self.codes if self.takes else ("",)

    def expected(self, person: str) -> dict[tuple[str, str], str]:
        """For an indicator and a method: what that person gets. HEAD is GET without a body."""
        row, found = self.rows[person], {}
        for place, code in enumerate(self.objects):
            get, post = row[2 * place : 2 * place + 2]
            cells = (get, post, get, *self._others(person, row))
            found |= {(code, method): cell for method, cell in zip(METHODS, cells, strict=True)}
        return found

    def _others(self, person: str, row: list[str]) -> list[str]:
        words = self.others
        if person == "anonymous":
            words = self.nobodys or ("login" if "login" in row else self.others)
        return words.split() * (1 if " " in words else 4)


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
