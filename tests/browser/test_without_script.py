"""Every page as it comes from the server, before any script: each form can be sent, nothing to press is dead."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.browser.tour import TOUR

pytestmark = pytest.mark.django_db(transaction=True)
EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
ASKS = ("hx-get", "hx-post")


class Reader(HTMLParser):
    """Collects what would not work; what a script alone shows (`hidden`, `template`) is not there."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict]] = []
        self.forms: dict[str, bool] = {}  # by id or place: whether something sends it
        self.panels: list[list] = []  # elements that a script fills: depth, tag, whether there is another way
        self.dead: list[str] = []

    def handle_starttag(self, tag: str, attributes: list) -> None:
        found = dict(attributes)
        if tag == "form":
            self.forms.setdefault(found.get("id") or str(self.getpos()), False)
            found.setdefault("id", str(self.getpos()))
        if tag in ("button", "input") and not self._is_unseen(found):
            self._pressed(tag, found)
        if any(name in found for name in ASKS) and "href" not in found and not self._form():
            self.panels.append([len(self.open), tag, False])
        if tag == "a" and found.get("href"):
            self.panels = [[depth, name, True] for depth, name, _way in self.panels]
        if tag not in EMPTY:
            self.open.append((tag, found))

    def _is_unseen(self, found: dict) -> bool:
        inside = any(tag == "template" or "hidden" in each for tag, each in self.open)
        return inside or "hidden" in found or "disabled" in found

    def _form(self) -> str:
        return next((each["id"] for tag, each in reversed(self.open) if tag == "form"), "")

    def _pressed(self, tag: str, found: dict) -> None:
        kind = found.get("type", "submit" if tag == "button" else "text")
        form = found.get("form") or self._form()
        if kind in ("submit", "image") and form:
            self.forms[form] = True
        elif tag == "button" and kind != "reset":
            self.dead.append(f"button {found}")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass
        for panel in [each for each in self.panels if each[0] >= len(self.open)]:
            self.panels.remove(panel)
            if not panel[2]:
                self.dead.append(f"only a script fills the {panel[1]}")

    def faults(self) -> list[str]:
        return [*self.dead, *(f"nothing sends form {form}" for form, is_sent in self.forms.items() if not is_sent)]


def faults_of(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    return reader.faults()


@pytest.mark.parametrize(
    ("html", "is_right"),
    [
        ("<form><button>ส่ง</button></form>", True),
        ("<form id=a></form><button form=a>ส่ง</button>", True),
        ("<form><button hidden>ส่ง</button></form>", False),
        ("<form><button disabled>ส่ง</button></form>", False),
        ("<form><button type=button>ส่ง</button><input type=submit></form>", False),
        ("<template><button type=button>ใช้</button></template>", True),
        ("<div hx-get=/why/></div>", False),
        ("<div hx-get=/why/><p><a href=/why/>ดู</a></p></div>", True),
        ("<a hx-get=/why/ href=/why/>ดู</a>", True),
    ],
)
def test_the_reader_knows_what_is_dead(html, is_right):
    assert (faults_of(html) == []) == is_right


def test_every_form_can_be_sent_and_nothing_is_dead(demo):
    dead, asked = [], set()
    for stop in TOUR:
        address = stop.address()
        if (stop.who, address) in asked:
            continue
        asked.add((stop.who, address))
        client = Client()
        if stop.who:
            client.force_login(demo(stop.who))
        html = client.get(address, follow=True).content.decode()
        dead += [f"{stop.name}: {fault}" for fault in faults_of(html)]
    assert dead == []
