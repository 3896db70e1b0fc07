"""My work on a desktop: nothing of its tables is hidden behind a sideways scroll, in either language."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)

HIDDEN = "[...document.querySelectorAll('.work-list .table-wrap')].map(each => each.scrollWidth - each.clientWidth)"


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_buttons_of_my_work_are_not_cut(visit, demo, language):
    page = visit(demo("head"), language=language)
    page.goto("/")
    found = page.evaluate(HIDDEN)
    assert found
    assert set(found) == {0}
