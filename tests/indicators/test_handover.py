"""Deputies and hand-over: who may, on which days, what stays with the unit, who is told, few queries."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.handover import actions
from indicators.handover.units import fetch_unit
from indicators.handover.work import open_work
from indicators.models import Notice
from indicators.notices.wording import sentence_of
from indicators.rules import fetch_round
from strategy.access import Permission, Reach
from strategy.accounts.history import lines_of
from strategy.accounts.refused import Refused
from strategy.models import Membership, OrgUnit, User
from tests.cast import TODAY

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WHY = "ลาคลอด ตามคำสั่งที่ 9/2560"
MOST = 12


@pytest.fixture
def opd(plan) -> OrgUnit:
    return OrgUnit.objects.get(code="PST_OPD")


@pytest.fixture
def boss(cast) -> User:
    """An administrator who is nothing else."""
    user = User.objects.create_user("boss", first_name="boss")
    Membership.objects.create(user=user, unit=cast.administrator.memberships.get().unit, role="administrator")
    return user


@pytest.fixture
def appoint(cast, opd):
    """The head names the executive for ten days, unless said otherwise."""

    def do(by=None, *, of=None, deputy=None, start=TODAY, end=TODAY + 9 * DAY, unit=None):
        by = by or cast.head
        by.__dict__.pop("_kpitrack_reach", None)
        access = fetch_unit(by, (unit or opd).pk)
        return actions.appoint_deputy(
            access=access, of=of or cast.head, deputy=deputy or cast.executive, start=start, end=end, reason=WHY, by=by
        )

    return do


@pytest.fixture
def hand(cast, opd, boss):
    """The head's role goes to the executive today, unless said otherwise."""

    def do(*, leaving=None, to=None, day=TODAY):
        leaving = leaving or cast.head.memberships.get(unit=opd, deputy_of=None, end=None)
        access = fetch_unit(boss, opd.pk)
        return actions.hand_over(access=access, leaving=leaving, to=to or cast.executive, day=day, reason=WHY, by=boss)

    return do


def submits(user, unit, day) -> bool:
    return Reach(user, day).may_in(Permission.SUBMIT, unit)


# Deputies


def test_a_deputy_submits_on_their_days_beside_the_head(appoint, cast, opd, round_of):
    appoint(start=TODAY + DAY, end=TODAY + 3 * DAY)
    days = [submits(cast.executive, opd, TODAY + number * DAY) for number in range(5)]
    assert days == [False, True, True, True, False]
    assert submits(cast.head, opd, TODAY + 2 * DAY)


def test_both_are_told_and_it_is_in_the_history(appoint, cast):
    appoint()
    notice = Notice.objects.get()  # the head did it and need not be told
    assert notice.user == cast.executive
    assert sentence_of(notice) == ("executive รักษาการแทน head ที่ ทีม PST ผู้ป่วยนอก ตั้งแต่ 15 เม.ย. 2560 ถึง 24 เม.ย. 2560")
    assert notice.facts["reason"] == WHY
    line = lines_of(cast.executive)[0]
    assert line.sentence == "รักษาการแทน head ที่ PST OPD ตั้งแต่ 15 เม.ย. 2560 ถึง 24 เม.ย. 2560"
    assert (line.by, line.reason) == (cast.head, WHY)


def test_role_and_whom_one_stands_in_for_are_one_piece_of_a_card(client, appoint, cast, opd):
    """On a phone the cell is a line of label and value: two values would be squeezed side by side."""
    appoint()
    client.force_login(cast.head)
    page = client.get(reverse("unit_detail", args=[opd.pk])).content.decode()
    whom = '<span class="people-name">รักษาการแทน head</span>'
    assert re.search(f'<td data-label="บทบาท"><span>[^<]+{whom}</span></td>', page)


@pytest.mark.parametrize(("name", "is_both"), [("head", False), ("boss", True)])
def test_the_page_says_who_is_told(client, boss, cast, opd, name, is_both):
    """Who does it is not told of it."""
    client.force_login(User.objects.get(username=name))
    address = reverse("deputy_appoint", args=[opd.pk])
    assert ("ทั้งหัวหน้าและผู้รักษาการได้รับแจ้ง" in client.get(address).content.decode()) is is_both
    typed = {"of": cast.head.pk, "deputy": "executive", "start": "15 เม.ย. 2560", "end": "20 เม.ย. 2560", "reason": "x"}
    page = client.post(address, typed, follow=True).content.decode()
    assert "มอบหมายผู้รักษาการแล้ว และแจ้งผู้ที่เกี่ยวข้องแล้ว" in page
    assert "ทั้งสองฝ่าย" not in page
    told = {"head", "executive"} if is_both else {"executive"}
    assert {notice.user.username for notice in Notice.objects.all()} == told


def test_both_are_told_where_the_administrator_does_it(appoint, boss, cast):
    appoint(boss)
    assert {notice.user for notice in Notice.objects.all()} == {cast.head, cast.executive}


REFUSED = [
    ({"start": TODAY - DAY}, "วันเริ่มต้องเป็นวันนี้"),
    ({"end": TODAY - DAY}, "วันเริ่มต้องเป็นวันนี้"),
    ({"end": TODAY + 367 * DAY}, "ไม่เกินหนึ่งปี"),
    ({"deputy": "head"}, "เลือกบุคคลอื่น"),
    ({"deputy": "closed"}, "เลือกบุคคลอื่น"),
    ({"deputy": "head2"}, "อยู่แล้ว"),
    ({"of": "reporter"}, "ไม่ได้เป็นหัวหน้าของหน่วยงานนี้แล้ว"),
    ({"of": "other_head"}, "ไม่ได้เป็นหัวหน้าของหน่วยงานนี้แล้ว"),
]


@pytest.mark.parametrize(("change", "sentence"), REFUSED)
def test_what_is_no_deputy(appoint, cast, opd, change, sentence):
    User.objects.create_user("closed", is_active=False)
    Membership.objects.create(user=User.objects.create_user("head2"), unit=opd, role="head")
    people = {key: User.objects.get(username=change[key]) for key in ("of", "deputy") if key in change}
    with pytest.raises(Refused, match=sentence):
        appoint(**{**change, **people})
    assert not Notice.objects.exists()


def test_no_longer_than_the_head_is_head(appoint, cast):
    cast.head.memberships.update(end=TODAY + 5 * DAY)
    with pytest.raises(Refused, match="ถึง 20 เม"):
        appoint(end=TODAY + 6 * DAY)
    appoint(end=TODAY + 5 * DAY)


def test_the_same_deputy_twice_a_year_but_not_twice_at_once(appoint):
    appoint()
    with pytest.raises(Refused, match="อยู่แล้ว"):
        appoint(start=TODAY + 9 * DAY, end=TODAY + 20 * DAY)
    appoint(start=TODAY + 10 * DAY, end=TODAY + 20 * DAY)


# Who may, over units and days


@pytest.mark.parametrize(
    ("name", "sees", "appoints", "hands_over"),
    [
        ("head", True, True, False),
        ("boss", True, True, True),
        ("administrator", True, True, True),
        ("deputy", True, False, False),  # a deputy names nobody else
        ("group", True, False, False),  # sees the department, and leaves it to its head
        ("past", False, False, False),
        ("future", False, False, False),
        ("reporter", False, False, False),
        ("other_head", False, False, False),
        ("reviewer", False, False, False),
        ("executive", False, False, False),
        ("outsider", False, False, False),
        ("nb_boss", False, False, False),
    ],
)
def test_who_may(client, cast, boss, opd, plan, name, sees, appoints, hands_over):
    group = OrgUnit.objects.create(code="GROUP_OPD", name="กลุ่มภารกิจ", kind="mission_group", parent=plan.unit)
    OrgUnit.objects.filter(pk=opd.pk).update(parent=group)
    neighbour = OrgUnit.objects.create(code="NB", name="เพื่อนบ้าน", kind="hospital")
    others = {
        "deputy": {"unit": opd, "role": "head", "deputy_of": cast.head, "start": TODAY, "end": TODAY},
        "group": {"unit": group, "role": "head"},
        "past": {"unit": opd, "role": "head", "end": TODAY - DAY},
        "future": {"unit": opd, "role": "head", "start": TODAY + DAY},
        "nb_boss": {"unit": neighbour, "role": "administrator"},
    }
    if name in others:
        Membership.objects.create(user=User.objects.create_user(name), **others[name])
    client.force_login(User.objects.get(username=name))
    pages = ("unit_detail", "deputy_appoint", "hand_over")
    found = [client.get(reverse(page, args=[opd.pk])).status_code == 200 for page in pages]
    assert found == [sees, appoints, hands_over]
    assert [client.post(reverse(page, args=[opd.pk])).status_code == 200 for page in pages[1:]] == found[1:]


@pytest.mark.parametrize(
    ("name", "may"), [("head", True), ("boss", True), ("head2", False), ("executive", False), ("other_head", False)]
)
def test_who_ends_a_deputy(client, appoint, cast, boss, opd, name, may):
    """The head who named them, or the administrator; not another head of the unit, nor the deputy."""
    Membership.objects.create(user=User.objects.create_user("head2"), unit=opd, role="head")
    given = appoint()
    client.force_login(User.objects.get(username=name))
    address = reverse("deputy_end", args=[given.pk])
    assert (client.get(address).status_code == 200) is may
    response = client.post(address, {"last": "15 เม.ย. 2560", "reason": "กลับมาแล้ว"})
    assert (response.status_code == 302) is may
    given.refresh_from_db()
    assert given.end == (TODAY if may else TODAY + 9 * DAY)


def test_an_ordinary_role_is_no_deputy_to_be_ended(client, cast, opd):
    client.force_login(cast.head)
    own = cast.head.memberships.get()
    assert client.get(reverse("deputy_end", args=[own.pk])).status_code == 404


def test_yesterday_ends_a_deputy_at_once(client, appoint, cast, opd):
    given = appoint(start=TODAY)
    client.force_login(cast.head)
    client.post(reverse("deputy_end", args=[given.pk]), {"last": "14 เม.ย. 2560", "reason": "กลับมาแล้ว"})
    assert not Membership.objects.filter(pk=given.pk).exists()
    told = Notice.objects.filter(user=cast.executive).latest("pk")
    assert sentence_of(told) == "executive รักษาการแทน head ที่ ทีม PST ผู้ป่วยนอก ถึง 14 เม.ย. 2560"


def test_a_head_names_people_of_their_own_house_alone(client, cast, opd):
    nurse = User.objects.create_user("nurse", first_name="พยาบาลเพื่อนบ้าน")
    neighbour = OrgUnit.objects.create(code="NB", name="เพื่อนบ้าน", kind="hospital")
    Membership.objects.create(user=nurse, unit=neighbour, role="head")
    client.force_login(cast.head)
    page = client.get(reverse("deputy_appoint", args=[opd.pk])).content.decode()
    assert "พยาบาลเพื่อนบ้าน" not in page
    assert "(reviewer)" in page
    assert "(outsider)" not in page
    typed = {"of": cast.head.pk, "deputy": "nurse", "start": "15 เม.ย. 2560", "end": "20 เม.ย. 2560", "reason": "x"}
    assert "ไม่พบ “nurse”" in client.post(reverse("deputy_appoint", args=[opd.pk]), typed).content.decode()


def test_a_head_cannot_be_made_to_speak_for_another(client, cast, opd):
    other = User.objects.create_user("head2")
    Membership.objects.create(user=other, unit=opd, role="head")
    client.force_login(cast.head)
    typed = {"of": other.pk, "deputy": "reviewer", "start": "15 เม.ย. 2560", "end": "20 เม.ย. 2560", "reason": "x"}
    assert client.post(reverse("deputy_appoint", args=[opd.pk]), typed).status_code == 200
    assert not Membership.objects.filter(deputy_of=other).exists()


# Hand-over


def test_the_old_role_ends_the_day_before_and_the_new_begins(hand, cast, opd):
    hand(day=TODAY + 5 * DAY)
    before, after = TODAY + 4 * DAY, TODAY + 5 * DAY
    assert (submits(cast.head, opd, before), submits(cast.executive, opd, before)) == (True, False)
    assert (submits(cast.head, opd, after), submits(cast.executive, opd, after)) == (False, True)


def test_results_drafts_and_history_stay_with_the_unit(hand, saved, submitted, cast, round_of, access, opd):
    draft = saved("7(1)", 6, A=33600, B=200)
    sent = submitted("7(1)", 5, A=33600, B=200)
    hand()
    assert access(cast.executive, draft.round).may_enter
    assert access(cast.executive, sent.round).may_withdraw
    with pytest.raises(Http404):  # their only role in the house
        access(cast.head, draft.round)
    draft.refresh_from_db()
    assert draft.entered_by == cast.head
    assert [event.actor for event in sent.events.all()] == [cast.head, cast.head]


def test_deputies_of_who_leaves_stop_with_them(hand, appoint, cast, opd):
    now = appoint(deputy=cast.reviewer)
    later = appoint(deputy=cast.reporter, start=TODAY + 20 * DAY, end=TODAY + 25 * DAY)
    hand(day=TODAY + 5 * DAY)
    now.refresh_from_db()
    assert now.end == TODAY + 4 * DAY
    assert not Membership.objects.filter(pk=later.pk).exists()


def test_a_deputy_may_take_over(hand, appoint, cast, opd):
    appoint()
    hand(day=TODAY + 3 * DAY)
    assert submits(cast.executive, opd, TODAY + 100 * DAY)


def test_both_are_told_of_the_hand_over(hand, cast, boss):
    hand()
    assert {notice.user for notice in Notice.objects.all()} == {cast.head, cast.executive}
    assert sentence_of(Notice.objects.first()) == (
        "head ส่งมอบบทบาท หัวหน้าหน่วยงาน ของ ทีม PST ผู้ป่วยนอก ให้ executive ตั้งแต่ 15 เม.ย. 2560"
    )
    assert lines_of(cast.head)[0].sentence == "ส่งมอบบทบาท หัวหน้าหน่วยงาน ที่ PST OPD ให้ executive ตั้งแต่ 15 เม.ย. 2560"
    assert lines_of(cast.executive)[0].sentence == "รับมอบบทบาท หัวหน้าหน่วยงาน ที่ PST OPD จาก head ตั้งแต่ 15 เม.ย. 2560"


@pytest.mark.parametrize(
    ("start", "end", "day", "is_refused"),
    [
        (None, None, TODAY, False),
        (None, None, TODAY - DAY, True),
        (TODAY, None, TODAY, True),  # it would have no day of its own
        (TODAY, None, TODAY + DAY, False),
        (TODAY + 5 * DAY, None, TODAY, True),
        (None, TODAY - 2 * DAY, TODAY, True),  # ended long ago
        (None, TODAY - DAY, TODAY, False),
        (None, TODAY + DAY, TODAY + 2 * DAY, False),
        (None, TODAY + DAY, TODAY + 3 * DAY, True),  # a day without a head in between
    ],
)
def test_days_of_a_hand_over(hand, cast, start, end, day, is_refused):
    role = cast.head.memberships.get()
    Membership.objects.filter(pk=role.pk).update(start=start, end=end)
    role.refresh_from_db()
    if is_refused:
        with pytest.raises(Refused):
            hand(leaving=role, day=day)
        assert Membership.objects.get(pk=role.pk).end == end
    else:
        hand(leaving=role, day=day)
        assert Membership.objects.get(pk=role.pk).end == day - DAY


def test_not_to_oneself_nor_to_a_closed_account_nor_twice(hand, cast, opd):
    for to in (cast.head, User.objects.create_user("closed", is_active=False)):
        with pytest.raises(Refused, match="บุคคลอื่น"):
            hand(to=to)
    seen = cast.head.memberships.get()
    hand()
    with pytest.raises(Refused, match="ในระหว่างนี้"):  # the page was open in two windows
        hand(leaving=seen, to=cast.reviewer)


def test_nothing_of_it_happens_where_the_new_role_is_refused(hand, appoint, cast, opd):
    """The receiver is head there already: the old role goes on, and so does the deputy."""
    deputy = appoint(deputy=cast.reviewer)
    Membership.objects.create(user=cast.executive, unit=opd, role="head")
    with pytest.raises(Refused, match="อยู่แล้ว"):
        hand()
    assert cast.head.memberships.get().end is None
    deputy.refresh_from_db()
    assert deputy.end == TODAY + 9 * DAY
    assert Notice.objects.filter(facts__event="handed_over").count() == 0


def test_a_reporters_role_is_handed_over_too(client, boss, cast, opd):
    client.force_login(boss)
    typed = {"leaving": cast.reporter.memberships.get().pk, "to": "reviewer", "day": "1 พ.ค. 2560", "reason": WHY}
    assert client.post(reverse("hand_over", args=[opd.pk]), typed).status_code == 302
    given = cast.reviewer.memberships.get(unit=opd)
    assert (given.role, given.start, given.note) == ("reporter", date(2017, 5, 1), WHY)


def test_a_wrong_hand_over_comes_back_as_typed(client, boss, cast, opd):
    client.force_login(boss)
    typed = {"leaving": cast.head.memberships.get().pk, "to": "head", "day": "32 พ.ค. 2560", "reason": ""}
    page = client.post(reverse("hand_over", args=[opd.pk]), typed).content.decode()
    for part in ("ไม่มีวันที่", "กรุณาระบุเหตุผล", 'value="32 พ.ค. 2560"', 'value="head"'):
        assert part in page
    elsewhere = {**typed, "leaving": cast.other_head.memberships.get().pk, "day": "1 พ.ค. 2560", "reason": "x"}
    assert client.post(reverse("hand_over", args=[opd.pk]), elsewhere).status_code == 200
    assert cast.other_head.memberships.get().end is None


# What changes hands


def test_open_work_is_listed(client, boss, cast, saved, submitted, opd):
    saved("7(1)", 6, A=33600, B=200)
    submitted("7(1)", 5, A=33600, B=200)
    work = open_work(fetch_unit(boss, opd.pk).unit)
    assert {(row.code, row.round.number, *row.states) for row in work.rows if row.round.number > 4} == {
        ("7(1)", 6, "late", "draft"),
        ("7(1)", 5, "submitted"),
    }
    client.force_login(boss)
    page = client.get(reverse("hand_over", args=[opd.pk])).content.decode()
    assert page.count('<span class="code">7(1)</span>') == 6
    assert "ฉบับร่าง" in page


def test_a_units_work_includes_what_is_below_it(boss, opd, plan):
    group = OrgUnit.objects.create(code="GROUP_OPD", name="กลุ่มภารกิจ", kind="mission_group", parent=plan.unit)
    OrgUnit.objects.filter(pk=opd.pk).update(parent=group)
    assert {row.code for row in open_work(fetch_unit(boss, group.pk).unit).rows} == {"7(1)"}
    empty = OrgUnit.objects.create(code="EMPTY", name="ว่าง", parent=plan.unit)
    assert open_work(fetch_unit(boss, empty.pk).unit).is_nothing


# The list of units


def test_a_head_finds_their_units_and_the_administrator_all(client, cast, boss, opd):
    client.force_login(cast.head)
    page = client.get("/units/").content.decode()
    assert "1 หน่วยงาน" in page
    assert opd.name in page
    client.force_login(boss)
    assert "50" in client.get("/units/").content.decode()
    assert opd.name in client.get("/units/", {"q": "pst_opd"}).content.decode()


def test_units_that_owe_and_have_no_head(client, cast, boss, opd):
    client.force_login(boss)
    assert opd.name not in client.get("/units/", {"without": "on", "q": "PST"}).content.decode()
    cast.head.memberships.update(end=TODAY - DAY)
    page = client.get("/units/", {"without": "on", "q": "PST"}).content.decode()
    assert opd.name in page
    assert "มีตัวชี้วัดแต่ไม่มีหัวหน้า" in page
    cast.head.memberships.update(end=None)
    User.objects.filter(pk=cast.head.pk).update(is_active=False)
    assert opd.name in client.get("/units/", {"without": "on", "q": "PST"}).content.decode()


def test_the_link_is_in_the_menu_of_heads(client, cast):
    client.force_login(cast.head)
    assert 'href="/units/"' in client.get("/dashboard/").content.decode()
    client.force_login(cast.reporter)
    assert 'href="/units/"' not in client.get("/dashboard/").content.decode()


# Few queries, and the same for more rows


@pytest.fixture
def more(cast, opd, saved, submitted):
    def make() -> None:
        for number in range(3):
            user = User.objects.create_user(f"more{number}", first_name="คน")
            Membership.objects.create(user=user, unit=opd, role="reporter")
            Membership.objects.create(user=user, unit=opd, role="head", end=TODAY - DAY)
            start = TODAY + number * DAY
            Membership.objects.create(user=user, unit=opd, role="head", start=start, end=start, deputy_of=cast.head)
            saved("7(1)", 4 + number, A=33600, B=200)

    return make


PAGES = ("units", "unit_detail", "deputy_appoint", "deputy_end")


@pytest.mark.parametrize(
    ("name", "who"), [*((name, who) for name in PAGES for who in ("head", "boss")), ("hand_over", "boss")]
)
def test_pages_ask_little_and_the_same_for_more(client, cast, boss, appoint, opd, saved, more, name, who):
    deputy = appoint()
    saved("7(1)", 3, A=33600, B=200)
    args = {"units": [], "deputy_end": [deputy.pk]}.get(name, [opd.pk])

    def cost() -> int:
        client.force_login(cast.head if who == "head" else boss)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(name, args=args)).status_code == 200
        told = "\n".join(row["sql"][:160] for row in asked.captured_queries)
        assert len(asked) <= MOST, told
        return len(asked)

    before = cost()
    more()
    assert cost() == before


def test_a_round_is_entered_by_the_deputy(client, appoint, cast, round_of):
    march = round_of("7(1)", 6)
    appoint()
    assert fetch_round(cast.executive, march.pk).may_submit
    client.force_login(cast.executive)
    assert client.get(reverse("entry", args=[march.pk])).status_code == 200
