"""The thread between the unit and the reviewers: who writes, who reads, who is told, and that nothing is lost."""

import pytest
from django.urls import reverse

from indicators.evidence.actions import add_comment
from indicators.evidence.page import thread_of
from indicators.models import Comment, Notice, Result
from indicators.refusals import NotAllowed
from strategy.models import Membership, OrgUnit

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(client, cast, round_of):
    def post(text, who="head", *, follow=False, page="", number=6, **data):
        client.force_login(getattr(cast, who))
        url = reverse("comment_add", args=[round_of("7(1)", number).pk])
        return client.post(url, {"text": text, "next": page, **data}, follow=follow)

    return post


@pytest.fixture
def place(round_of):
    return lambda name, number=6: reverse(name, args=[round_of("7(1)", number).pk])


# Writing


def test_the_head_writes_and_the_reviewers_are_told(write, cast, submitted, place):
    result = submitted("7(1)", 6, A=33600, B=200)
    response = write("ตัวเลขรวมผู้ป่วยนอกเวลาด้วยหรือไม่", page=place("entry"))
    assert response["Location"] == f"{place('entry')}#thread"
    comment = Comment.objects.get()
    assert (comment.result, comment.author, comment.text) == (result, cast.head, "ตัวเลขรวมผู้ป่วยนอกเวลาด้วยหรือไม่")
    notice = Notice.objects.get(kind="comment")
    assert (notice.user, notice.url) == (cast.reviewer, f"{place('review_detail')}#thread")
    assert notice.facts["text"] == comment.text
    assert notice.facts["by"] == "head"


def test_the_reviewer_answers_and_the_unit_is_told(write, cast, submitted, place):
    submitted("7(1)", 6, A=33600, B=200)
    response = write("รวม", "reviewer", page=f"{place('review_detail')}?office=3&q=7")
    assert response["Location"] == f"{place('review_detail')}?office=3&q=7#thread"
    told = Notice.objects.filter(kind="comment")
    assert {notice.user for notice in told} == {cast.head, cast.reporter}
    assert {notice.url for notice in told} == {f"{place('entry')}#thread"}


def test_both_see_the_whole_thread_in_order(write, client, cast, submitted, place):
    submitted("7(1)", 6, A=33600, B=200)
    for text, who in (("คำถามแรก", "head"), ("คำตอบ\nสองบรรทัด", "reviewer"), ("ขอบคุณ", "reporter")):
        write(text, who)
    for who in ("head", "reviewer", "executive"):
        client.force_login(getattr(cast, who))
        page = client.get(place("evidence")).content.decode()
        found = [page.find(text) for text in ("คำถามแรก", "คำตอบ\nสองบรรทัด", "ขอบคุณ")]
        assert -1 < found[0] < found[1] < found[2]


def test_a_second_click_sends_it_once(write, submitted):
    submitted("7(1)", 6, A=33600, B=200)
    for _click in range(3):
        write("ส่งแล้ว")
    assert (Comment.objects.count(), Notice.objects.filter(kind="comment").count()) == (1, 1)
    write("รับทราบ", "reviewer")
    write("ส่งแล้ว")
    assert Comment.objects.count() == 3


def test_the_result_is_not_touched(write, submitted):
    before = submitted("7(1)", 6, A=33600, B=200)
    write("ถาม")
    assert Result.objects.get().lock == before.lock


@pytest.mark.parametrize("status", ["draft", "submitted", "approved"])
def test_in_every_status(status, write, saved, submitted, approved):
    {"draft": saved, "submitted": submitted, "approved": approved}[status]("7(1)", 6, A=33600, B=200)
    assert write("ถาม").status_code == 302
    assert write("ตอบ", "reviewer").status_code == 302


def test_in_a_closed_period_too(write, submitted, access, cast, round_of):
    from dataclasses import replace

    submitted("7(1)", 6, A=33600, B=200)
    closed = replace(access(cast.head, round_of("7(1)")), is_closed=True)
    add_comment(access=closed, by=cast.head, text="ถาม")
    assert Comment.objects.count() == 1


# Refused, with nothing lost


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "กรุณาพิมพ์ความเห็นก่อนส่ง"),
        (" \r\n ", "กรุณาพิมพ์ความเห็นก่อนส่ง"),
        ("ก" * 2001, "ยาว 2001 ตัวอักษร ยาวได้ไม่เกิน 2000 ตัวอักษร"),
    ],
)
def test_too_little_and_too_much(text, sentence, write, submitted, place):
    submitted("7(1)", 6, A=33600, B=200)
    response = write(text, page=place("entry"))
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert text.strip() in page
    assert f'value="{place("entry")}"' in page
    assert (Comment.objects.count(), Notice.objects.filter(kind="comment").count()) == (0, 0)


def test_just_enough(write, submitted):
    submitted("7(1)", 6, A=33600, B=200)
    write("ก" * 2000)
    assert len(Comment.objects.get().text) == 2000


def test_a_nought_is_refused(write, submitted):
    submitted("7(1)", 6, A=33600, B=200)
    assert write("a\0b").status_code == 422


def test_of_a_result_that_is_not_there_there_is_nothing_to_say(write):
    response = write("ถาม")
    assert response.status_code == 403
    assert "ถาม" in response.content.decode()
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "answer"), [("executive", 403), ("administrator", 403), ("other_head", 404), ("outsider", 404)]
)
def test_others_do_not_write(who, answer, write, submitted):
    submitted("7(1)", 6, A=33600, B=200)
    response = write("ขอแทรก", who)
    assert response.status_code == answer
    assert Comment.objects.count() == 0
    if answer == 403:
        assert "ขอแทรก" in response.content.decode()


def test_other_heads_do_not_read_it_although_the_result_is_approved(write, client, cast, approved, place):
    approved("7(1)", 6, A=33600, B=200)
    write("เรื่องภายใน")
    client.force_login(cast.other_head)
    page = client.get(place("evidence"))
    assert page.status_code == 200
    assert "เรื่องภายใน" not in page.content.decode()
    assert "ความเห็นระหว่างหน่วยงาน" not in page.content.decode()


def test_who_may_not_is_refused_by_the_action_itself(cast, access, round_of, submitted):
    submitted("7(1)", 6, A=33600, B=200)
    with pytest.raises(NotAllowed):
        add_comment(access=access(cast.executive, round_of("7(1)")), by=cast.executive, text="x")


@pytest.mark.parametrize(
    "page",
    ["https://evil.th/", "//evil.th/", "/lint/", "/rounds/999999/entry/", "javascript:alert(1)", "\\evil.th", ""],
)
def test_one_comes_back_to_a_page_of_this_round_only(page, write, submitted, place):
    submitted("7(1)", 6, A=33600, B=200)
    assert write("ถาม", page=page)["Location"] == f"{place('entry')}#thread"
    assert write("ตอบ", "reviewer", page=page)["Location"] == f"{place('review_detail')}#thread"


def test_what_is_written_is_no_markup(write, client, cast, submitted, place):
    submitted("7(1)", 6, A=33600, B=200)
    write("<img src=x onerror=alert(1)>")
    client.force_login(cast.reviewer)
    assert "<img src=x" not in client.get(place("evidence")).content.decode()


def test_who_is_head_and_reviewer_tells_both_sides(write, cast, submitted):
    submitted("7(1)", 6, A=33600, B=200)
    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="POLICY"), role="reviewer")
    write("แจ้งทุกฝ่าย")
    assert {notice.user for notice in Notice.objects.filter(kind="comment")} == {cast.reporter, cast.reviewer}


def test_names_in_the_thread_are_those_of_people(cast, access, round_of, submitted):
    result = submitted("7(1)", 6, A=33600, B=200)
    for first, last in (("สมหญิง", "ใจดี"), ("สมหญิง", ""), ("", "")):
        cast.head.first_name, cast.head.last_name = first, last
        cast.head.save()
        add_comment(access=access(cast.head, result.round), by=cast.head, text=f"{first}{last}")
        line = thread_of(access(cast.head, result.round)).lines[-1]
        assert line.who == str(cast.head)
