"""A grid of which only some rows are one's own: those come alone, the others at a press."""

import pytest

from indicators.grids.page import GridPage
from indicators.grids.row_view import RowView
from indicators.grids.rows import Heading
from indicators.models import Round
from strategy.models import OrgUnit
from tests.indicators.grids import form_of, grid_of, person, url_of

pytestmark = pytest.mark.django_db


def test_ones_own_rows_come_alone_and_the_others_at_a_press(client, indicator, cast):
    """One of 63 rows far down on a phone is not to be looked for."""
    head = person("med", "PCT_MED", "head")
    seen = grid_of(head, indicator("15(2)"), 2560, 6)
    own = sum(row.access.is_own for row in seen.rows)
    client.force_login(head)
    pages = {query: client.get(url_of(seen) + query).content.decode() for query in ("", "?all=1", "?open=1&all=1")}
    assert [page.count('class="grid-row"') for page in pages.values()] == [own, 63, 63]
    assert [page.count("data-code=") for page in pages.values()] == [own] * 3
    assert f'href="{url_of(seen)}?all=1"' in pages[""]
    assert "แสดงแถวของหน่วยงานอื่นด้วย" in pages[""]
    assert f'href="{url_of(seen)}"' in pages["?all=1"]
    assert "เฉพาะแถวของหน่วยงาน" in pages["?all=1"]
    assert f'action="{url_of(seen)}?all=1"' in pages["?all=1"]
    both = f'href="{url_of(seen)}?open=1&amp;all=1"'  # one choice leaves the other as it is
    assert both in pages["?all=1"]
    assert both in client.get(url_of(seen) + "?open=1").content.decode()
    saved = client.post(url_of(seen) + "?all=1", form_of(seen))
    assert saved["Location"] == url_of(seen) + "?all=1"


def test_who_sees_all_rows_is_not_offered_fewer(client, indicator, cast):
    client.force_login(cast.reviewer)
    page = client.get(url_of(grid_of(cast.reviewer, indicator("15(2)"), 2560, 6))).content.decode()
    assert page.count('class="grid-row"') == 63
    assert "หน่วยงานอื่นด้วย" not in page
    assert 'all=1"' not in page


def test_no_row_asks_all_the_others(client, indicator, cast, monkeypatch):
    """With 63 rows nobody notices; with thousands the page would not come."""
    asked = []
    for model, name in ((RowView, "target"), (Round, "label")):
        read = getattr(model, name).fget
        monkeypatch.setattr(model, name, property(lambda self, read=read: asked.append(self) or read(self)))
    seen = grid_of(cast.reviewer, indicator("15(2)"), 2560, 6)
    client.force_login(cast.reviewer)
    client.get(url_of(seen))
    assert 2 * 63 <= len(asked) <= 6 * 63


def test_a_heading_without_a_row_is_left_out(indicator, cast):
    """Of 14, where rows before the heading belong to the unit."""
    first = indicator("14").children.order_by("position").first()
    first.responsibilities.update(responsible_unit=OrgUnit.objects.get(code="PCT_MED"))
    seen = grid_of(person("med", "PCT_MED", "head"), indicator("14"), 2560, 1)
    assert any(isinstance(line, Heading) for line in seen.lines)
    own, everything = (GridPage(seen, {}, only_own=own).lines for own in (True, False))
    assert first.code in [line.row.row.code for line in own if line.row]
    assert not any(line.heading for line in own)
    assert any(line.heading for line in everything)
