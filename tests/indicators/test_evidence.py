"""Evidence: adding files and links, who may see them, how they are sent out, and how they are taken away."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.evidence import actions
from indicators.evidence.forms import check_file
from indicators.evidence.rules import MOST
from indicators.evidence.views import evidence_file
from indicators.models import Evidence, Result, ReviewEvent
from indicators.models.evidence import evidence_storage, random_name
from indicators.refusals import NotAllowed
from indicators.rules import fetch_round
from indicators.workflow import transition
from strategy.models import Membership, OrgUnit
from tests.files import docx, pdf, picture, zipped

pytestmark = pytest.mark.django_db
SEEN_BY = {
    "reporter": True,
    "head": True,
    "other_head": False,
    "reviewer": True,
    "executive": True,
    "administrator": True,
}


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    """Each test has an empty store of its own."""
    monkeypatch.setitem(vars(evidence_storage()), "location", str(tmp_path))


def stored() -> list[Path]:
    """Every file in the store."""
    return [path for path in Path(evidence_storage().location).rglob("*") if path.is_file()]


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def url(round_of):
    return lambda number=6, name="evidence", code="7(1)": reverse(name, args=[round_of(code, number).pk])


@pytest.fixture
def attach(client, cast, url):
    """Send files: `attach(("รายงาน.pdf", pdf()))`."""

    def post(*files, description="รายงานจาก HOSxP", by=None, number=6, follow=False):
        client.force_login(by or cast.head)
        data = {"action": "files", "description": description, "files": [sent(*file) for file in files]}
        return client.post(url(number), data, follow=follow)

    return post


@pytest.fixture
def attached(cast, round_of, access):
    """A file on a result, made by the head."""

    def make(name="รายงาน.pdf", content=b"", number=6, code="7(1)", by=None) -> Evidence:
        head = by or cast.head
        file = check_file(sent(name, content or pdf(os.urandom(8).hex().encode())))
        seen = access(head, round_of(code, number))
        return actions.add_files(access=seen, by=head, files=[file], description="รายงาน")[0]

    return make


# Adding


def test_a_file_is_kept_as_it_is_under_a_name_that_nobody_guesses(attach, cast, saved):
    result = saved("7(1)", 6, A=33600, B=200)
    response = attach(("รายงาน มี.ค. 2560.PDF", pdf()), follow=True)
    row = Evidence.objects.get()
    assert "แนบแล้ว 1 ไฟล์: รายงาน มี.ค. 2560.pdf" in response.content.decode()
    assert (row.name, row.content_type, row.description) == (
        "รายงาน มี.ค. 2560.pdf",
        "application/pdf",
        "รายงานจาก HOSxP",
    )
    assert (row.result, row.added_by, row.size) == (result, cast.head, len(pdf()))
    assert row.sha256 == hashlib.sha256(pdf()).hexdigest()
    (path,) = stored()
    assert path.read_bytes() == pdf()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "รายงาน" not in str(path)
    assert path.suffix == ""
    assert len(path.name) >= 32


def test_the_save_count_stays_so_that_an_open_page_is_not_overtaken(attach, saved):
    before = saved("7(1)", 6, A=33600, B=200)
    attach(("a.pdf", pdf()))
    assert Result.objects.get().lock == before.lock


def test_several_files_at_once_and_one_event(attach, saved):
    saved("7(1)", 6, A=33600, B=200)
    attach(("a.pdf", pdf()), ("b.png", picture()), ("c.docx", docx()))
    assert [row.name for row in Evidence.objects.order_by("pk")] == ["a.pdf", "b.png", "c.docx"]
    event = ReviewEvent.objects.get(action="evidence")
    assert [fact["name"] for fact in event.after["evidence"]] == ["a.pdf", "b.png", "c.docx"]
    assert (event.before, event.from_status, event.to_status) == ({}, "draft", "draft")


def test_evidence_may_come_before_the_numbers(attach, client, cast, round_of, access, saved):
    """An empty draft with the save count 0: a page that was opened before there was any saves all the same."""
    seen_before = access(cast.head, round_of("7(1)"))
    attach(("a.pdf", pdf()))
    result = Result.objects.get()
    assert (result.lock, result.status, result.entered_by, result.values.count()) == (0, "draft", None, 0)
    assert seen_before.result is None
    for page in ("entry", "evidence"):
        assert client.get(reverse(page, args=[result.round_id])).status_code == 200
    assert saved("7(1)", 6, A=33600, B=200).lock == 1


def test_the_good_ones_stay_where_others_are_refused(attach, saved):
    saved("7(1)", 6, A=33600, B=200)
    response = attach(("a.pdf", pdf()), ("b.zip", zipped({"x": "y"})), ("c.pdf", b""), ("d.png", picture()))
    page = response.content.decode()
    assert response.status_code == 422
    assert [row.name for row in Evidence.objects.order_by("pk")] == ["a.pdf", "d.png"]
    assert "“b.zip” เป็นไฟล์บีบอัด" in page
    assert "“c.pdf” เป็นไฟล์ว่าง" in page
    assert "แนบแล้ว 2 ไฟล์: a.pdf, d.png" in page
    assert 'value="รายงานจาก HOSxP"' in page
    assert len(stored()) == 2


def test_a_picture_called_pdf_is_kept_as_the_picture_that_it_is(attach, saved):
    saved("7(1)", 6, A=33600, B=200)
    attach(("scan.pdf", picture()))
    row = Evidence.objects.get()
    assert (row.name, row.content_type) == ("scan.png", "image/png")


def test_a_name_of_a_stranger_is_no_path(attach, saved):
    saved("7(1)", 6, A=33600, B=200)
    attach(("..\\..\\evil\u202egnp.exe", picture()), ("ก" * 250 + ".png", picture("GIF")))
    assert [row.name for row in Evidence.objects.order_by("pk")] == ["evilgnp.png", "ก" * 120 + ".gif"]


@pytest.mark.parametrize("description", ["", "   ", "ก" * 501, "\u202e", "\u200b\u200b", "a\0b"])
def test_without_a_description_nothing_is_kept(attach, saved, description):
    saved("7(1)", 6, A=33600, B=200)
    response = attach(("a.pdf", pdf()), description=description)
    assert response.status_code == 422
    assert "เบราว์เซอร์ไม่จำไฟล์" in response.content.decode()
    assert (Evidence.objects.count(), stored()) == (0, [])


def test_a_description_cannot_turn_the_words_around_it(attach, saved):
    saved("7(1)", 6, A=33600, B=200)
    attach(("a.pdf", pdf()), description="รายงาน\u202eแก้\nไข")
    assert Evidence.objects.get().description == "รายงานแก้ ไข"


def test_no_file_at_all(attach, saved):
    saved("7(1)", 6, A=33600, B=200)
    assert "กรุณาเลือกไฟล์อย่างน้อยหนึ่งไฟล์" in attach().content.decode()
    assert Evidence.objects.count() == 0


def test_too_many_at_once(attach, saved):
    saved("7(1)", 6, A=33600, B=200)
    response = attach(*((f"{n}.pdf", pdf(str(n).encode())) for n in range(11)))
    assert "เลือกมา 11 ไฟล์ แนบได้ครั้งละไม่เกิน 10 ไฟล์" in response.content.decode()


def test_a_result_has_no_more_than_twenty(attach, attached, saved):
    saved("7(1)", 6, A=33600, B=200)
    for _number in range(MOST - 1):
        attached()
    assert "หลักฐานมีได้ไม่เกิน 20 รายการ" in attach(("a.pdf", pdf()), ("b.png", picture())).content.decode()
    assert Evidence.objects.count() == len(stored()) == MOST - 1
    attach(("a.pdf", pdf()))
    assert Evidence.objects.count() == MOST


def test_a_second_click_is_no_second_file(attach, saved):
    saved("7(1)", 6, A=33600, B=200)
    attach(("a.pdf", pdf()))
    response = attach(("b.pdf", pdf()))
    assert "“b.pdf” แนบไว้แล้วในชื่อ “a.pdf”" in response.content.decode()
    assert Evidence.objects.count() == len(stored()) == 1


def test_what_is_there_already_does_not_keep_the_others_out(attach, saved):
    saved("7(1)", 6, A=33600, B=200)
    attach(("a.pdf", pdf()))
    page = attach(("b.pdf", pdf()), ("c.png", picture()), ("d.png", picture()), follow=True).content.decode()
    assert [row.name for row in Evidence.objects.order_by("pk")] == ["a.pdf", "c.png"]
    assert "แนบแล้ว 1 ไฟล์: c.png" in page
    assert "ไม่ได้แนบซ้ำ เพราะมีไฟล์เดียวกันอยู่แล้ว: b.pdf, d.png" in page
    assert len(stored()) == 2


def test_too_large(attach, saved, settings):
    settings.KPITRACK_EVIDENCE_MB = 1
    saved("7(1)", 6, A=33600, B=200)
    response = attach(("a.pdf", pdf(bytes(1024 * 1024))))
    assert "“a.pdf” มีขนาด 1.0 MB เกิน 1 MB กรุณาลดขนาดไฟล์ หรือแนบเป็นลิงก์แทน" in response.content.decode()
    assert stored() == []


def test_fifty_megabytes_are_not_kept_while_they_arrive(attach, saved, monkeypatch):
    """What arrives beyond the limit is dropped, and its size is told all the same."""
    kept = []
    monkeypatch.setattr(
        "indicators.evidence.forms.check_file",
        lambda file: kept.append(Path(file.temporary_file_path()).stat().st_size) or check_file(file),
    )
    saved("7(1)", 6, A=33600, B=200)
    response = attach(("film.pdf", pdf(bytes(50 * 1024 * 1024))))
    assert "มีขนาด 50.0 MB เกิน 20 MB" in response.content.decode()
    assert kept[0] < 21 * 1024 * 1024
    assert stored() == []


def test_a_link(client, cast, url, saved):
    saved("7(1)", 6, A=33600, B=200)
    client.force_login(cast.head)
    data = {"action": "link", "link": "https://hdc.moph.go.th/kkn/report?id=7", "description": "รายงาน HDC"}
    page = client.post(url(), data, follow=True).content.decode()
    row = Evidence.objects.get()
    assert (row.kind, row.link, row.file.name, row.sha256) == ("link", data["link"], "", "")
    assert 'rel="noopener noreferrer nofollow"' in page
    assert "hdc.moph.go.th" in page
    again = client.post(url(), data)
    assert "ลิงก์นี้แนบไว้แล้ว" in again.content.decode()
    assert Evidence.objects.count() == 1


def test_a_link_that_runs_is_refused_and_comes_back(client, cast, url, saved):
    saved("7(1)", 6, A=33600, B=200)
    client.force_login(cast.head)
    response = client.post(url(), {"action": "link", "link": "javascript:alert(1)", "description": "รายงาน"})
    assert response.status_code == 422
    assert "ลิงก์ต้องขึ้นต้นด้วย https:// หรือ http://" in response.content.decode()
    assert 'value="javascript:alert(1)"' in response.content.decode()
    assert Evidence.objects.count() == 0


# What goes wrong


def test_where_the_database_refuses_the_file_goes(attach, saved, monkeypatch):
    saved("7(1)", 6, A=33600, B=200)

    def refuse(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(ReviewEvent.objects, "create", refuse)
    with pytest.raises(DatabaseError):
        attach(("a.pdf", pdf()), ("b.png", picture()))
    assert (Evidence.objects.count(), stored()) == (0, [])


def test_where_the_disk_refuses_there_is_a_sentence_and_no_row(attach, saved, monkeypatch):
    saved("7(1)", 6, A=33600, B=200)
    storage, real = evidence_storage(), type(evidence_storage()).save

    def full(name, content):
        if stored():
            raise OSError("No space left on device")
        return real(storage, name, content)

    monkeypatch.setattr(storage, "save", full)
    response = attach(("a.pdf", pdf()), ("b.png", picture()))
    assert response.status_code == 403
    assert "เก็บไฟล์ไม่ได้ในขณะนี้ ยังไม่ได้แนบไฟล์ใด" in response.content.decode()
    assert (Evidence.objects.count(), stored()) == (0, [])


def test_what_was_written_before_the_disk_was_full_goes(attach, saved, monkeypatch):
    """Each further try would leave one more half a file."""
    saved("7(1)", 6, A=33600, B=200)
    storage = evidence_storage()

    def full(name, content):
        path = Path(storage.path(name))
        path.parent.mkdir()
        path.write_bytes(content.read(5))
        raise OSError("No space left on device")

    monkeypatch.setattr(storage, "save", full)
    assert "เก็บไฟล์ไม่ได้ในขณะนี้" in attach(("a.pdf", pdf())).content.decode()
    assert stored() == []


@pytest.mark.parametrize("method", ["write", "seek", "__init__"])
def test_a_full_disk_while_the_file_arrives_is_a_sentence(attach, saved, monkeypatch, method):
    """It is kept beside while it arrives, before anybody has looked at the form."""
    saved("7(1)", 6, A=33600, B=200)

    def full(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, method, full)
    response = attach(("a.pdf", pdf(bytes(3 * 1024 * 1024))), ("b.png", picture()))
    page = response.content.decode()
    assert response.status_code == 422
    assert "“a.pdf” รับไว้ไม่ได้ในขณะนี้ เพราะที่พักไฟล์ของระบบเต็ม" in page
    assert stored() == []


# When, and by whom


@pytest.mark.parametrize(("status", "answer"), [("draft", 302), ("submitted", 302), ("approved", 403)])
def test_while_the_result_is_open_or_waits(status, answer, attach, saved, submitted, approved):
    {"draft": saved, "submitted": submitted, "approved": approved}[status]("7(1)", 6, A=33600, B=200)
    response = attach(("a.pdf", pdf()))
    assert response.status_code == answer
    assert Evidence.objects.count() == (1 if answer == 302 else 0)
    if answer == 403:
        assert "อนุมัติแล้ว แนบหรือลบหลักฐานได้เมื่อผู้ตรวจสอบเปิดให้แก้ไขใหม่" in response.content.decode()


def test_after_it_came_back(attach, submitted, cast, access):
    result = submitted("7(1)", 6, A=33600, B=200)
    seen = access(cast.reviewer, result.round)
    transition(access=seen, action="return", by=cast.reviewer, lock=result.lock, reason="แนบรายงาน")
    assert attach(("a.pdf", pdf())).status_code == 302


@pytest.mark.parametrize("who", ["executive", "administrator", "reviewer"])
def test_who_may_look_may_not_add(who, attach, cast, saved):
    saved("7(1)", 6, A=33600, B=200)
    response = attach(("a.pdf", pdf()), by=getattr(cast, who))
    assert response.status_code == 403
    assert "ไม่ได้เป็นผู้บันทึกของหน่วยงาน" in response.content.decode()
    assert (Evidence.objects.count(), stored()) == (0, [])


def test_not_before_the_round_begins_and_not_after_it_is_locked(attach, settings, saved, round_of):
    assert attach(("a.pdf", pdf()), number=12).status_code == 403
    saved("7(1)", 6, A=33600, B=200)
    settings.KPITRACK_TODAY = round_of("7(1)").locks + timedelta(days=1)
    response = attach(("a.pdf", pdf()))
    assert response.status_code == 403
    assert "ปิดรับผลงานงวดนี้แล้ว" in response.content.decode()
    assert stored() == []


def test_a_closed_period_takes_nothing(cast, access, attached, saved, round_of, monkeypatch):
    saved("7(1)", 6, A=33600, B=200)
    row = attached()

    def closed(round_):
        raise NotAllowed("งวดนี้ปิดแล้ว")

    monkeypatch.setattr(actions, "refuse_closed", closed)
    with pytest.raises(NotAllowed, match="ปิดแล้ว"):
        attached("b.png", picture())
    with pytest.raises(NotAllowed, match="ปิดแล้ว"):
        actions.remove_evidence(access=access(cast.head, round_of("7(1)")), by=cast.head, evidence=row)
    assert len(stored()) == 1


# Seeing


@pytest.mark.parametrize("person", SEEN_BY)
def test_a_draft_s_evidence_is_for_those_who_see_its_values(person, client, cast, url, attached, saved):
    saved("7(1)", 6, A=33600, B=200)
    row = attached()
    client.force_login(getattr(cast, person))
    file = client.get(reverse("evidence_file", args=[row.pk]))
    page = client.get(url())
    assert (file.status_code == 200, page.status_code == 200) == (SEEN_BY[person],) * 2
    assert {file.status_code, page.status_code} <= {200, 404}


def test_what_is_approved_is_for_the_whole_hospital(client, cast, url, attached, submitted, access):
    result = submitted("7(1)", 6, A=33600, B=200)
    row = attached()
    transition(access=access(cast.reviewer, result.round), action="approve", by=cast.reviewer, lock=result.lock)
    for person, answer in ((cast.other_head, 200), (cast.outsider, 404)):
        client.force_login(person)
        assert client.get(reverse("evidence_file", args=[row.pk])).status_code == answer
        assert client.get(url()).status_code == answer


def test_another_hospital_sees_nothing_whatever_its_role(client, cast, attached, approved, django_user_model):
    hospital = OrgUnit.objects.create(code="NB", name="โรงพยาบาลเพื่อนบ้าน", kind="hospital")
    approved("7(1)", 5, A=33600, B=200)
    row = attached(number=6)
    for role in ("reporter", "head", "reviewer", "executive", "administrator"):
        person = django_user_model.objects.create_user(f"nb_{role}")
        Membership.objects.create(user=person, unit=hospital, role=role)
        client.force_login(person)
        for name in ("evidence_file", "evidence_remove"):
            method = client.get if name == "evidence_file" else client.post
            assert method(reverse(name, args=[row.pk])).status_code == 404
    assert Evidence.objects.get(pk=row.pk).removed_at is None


def test_the_file_is_saved_and_never_shown(client, cast, attached, saved):
    saved("7(1)", 6, A=33600, B=200)
    row = attached("รายงาน มี.ค. 2560.pdf", pdf())
    client.force_login(cast.head)
    response = client.get(reverse("evidence_file", args=[row.pk]))
    assert b"".join(response.streaming_content) == pdf()
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E0%B8%A3")
    assert response["Content-Disposition"].endswith("2560.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_only_the_head_is_sent_where_only_it_is_asked_for(rf, cast, attached, saved):
    saved("7(1)", 6, A=33600, B=200)
    row = attached("a.pdf", pdf())
    request = rf.head("/")  # the test client leaves the body out by itself
    request.user = cast.head
    response = evidence_file(request, row.pk)
    assert response["Content-Length"] == str(len(pdf()))
    assert b"".join(response.streaming_content) == b""


def test_a_part_that_is_asked_for_is_the_whole(client, cast, attached, saved):
    saved("7(1)", 6, A=33600, B=200)
    row = attached("a.pdf", pdf())
    client.force_login(cast.head)
    response = client.get(reverse("evidence_file", args=[row.pk]), headers={"range": "bytes=2-5"})
    assert (response.status_code, b"".join(response.streaming_content)) == (200, pdf())


def test_a_link_is_no_file(client, cast, saved, access, round_of):
    saved("7(1)", 6, A=33600, B=200)
    seen = access(cast.head, round_of("7(1)"))
    row = actions.add_link(access=seen, by=cast.head, link="https://a.th/", description="x")
    client.force_login(cast.head)
    assert client.get(reverse("evidence_file", args=[row.pk])).status_code == 404


def test_a_file_that_is_gone_is_a_sentence(client, cast, attached, saved):
    saved("7(1)", 6, A=33600, B=200)
    row = attached("รายงาน.pdf")
    stored()[0].unlink()
    client.force_login(cast.head)
    response = client.get(reverse("evidence_file", args=[row.pk]))
    assert response.status_code == 404
    assert "ระบบมีบันทึกของ “รายงาน.pdf” แต่ไม่พบตัวไฟล์ในที่เก็บ" in response.content.decode()
    assert row.sha256 in response.content.decode()


def test_what_people_typed_is_no_markup(client, cast, url, saved, access, round_of):
    saved("7(1)", 6, A=33600, B=200)
    seen = access(cast.head, round_of("7(1)"))
    actions.add_link(access=seen, by=cast.head, link='https://a.th/?x="><b>', description="<script>alert(1)</script>")
    client.force_login(cast.reviewer)
    page = client.get(url()).content.decode()
    assert "<script>alert" not in page
    assert '"><b>' not in page


# Taking away


def remove(client, row, who, **options):
    client.force_login(who)
    return client.post(reverse("evidence_remove", args=[row.pk]), **options)


def test_of_a_draft_the_file_goes_and_the_record_stays(
    client, cast, attached, saved, django_capture_on_commit_callbacks
):
    saved("7(1)", 6, A=33600, B=200)
    row = attached("a.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        page = remove(client, row, cast.head, follow=True).content.decode()
    row.refresh_from_db()
    assert (row.removed_by, row.file.name, stored()) == (cast.head, "", [])
    assert "ลบ “a.pdf” แล้ว" in page
    assert "ยังไม่มีหลักฐานของงวดนี้" in page
    event = ReviewEvent.objects.filter(action="evidence").last()
    assert [fact["sha256"] for fact in event.before["evidence"]] == [row.sha256]
    assert event.after == {}
    assert client.get(reverse("evidence_file", args=[row.pk])).status_code == 404


def test_the_file_goes_only_once_the_row_is_committed(
    client, cast, attached, saved, django_capture_on_commit_callbacks
):
    saved("7(1)", 6, A=33600, B=200)
    row = attached("a.pdf")
    with django_capture_on_commit_callbacks() as waiting:
        remove(client, row, cast.head)
    assert len(stored()) == len(waiting) == 1


def test_of_what_was_submitted_the_file_stays_for_the_reviewers(
    client, cast, attached, submitted, django_capture_on_commit_callbacks
):
    submitted("7(1)", 6, A=33600, B=200)
    row = attached("a.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        remove(client, row, cast.head)
    row.refresh_from_db()
    assert row.removed_at is not None
    assert len(stored()) == 1
    answers = {}
    for person in (cast.head, cast.executive, cast.reviewer):
        client.force_login(person)
        answers[person.username] = client.get(reverse("evidence_file", args=[row.pk])).status_code
    assert answers == {"head": 404, "executive": 404, "reviewer": 200}


def test_twice_is_once(client, cast, attached, submitted):
    submitted("7(1)", 6, A=33600, B=200)
    row = attached("a.pdf")
    seen = fetch_round(cast.head, row.result.round_id)
    for _click in range(2):
        actions.remove_evidence(access=seen, by=cast.head, evidence=row)
    assert ReviewEvent.objects.filter(action="evidence").count() == 2  # added, removed


def test_a_second_click_on_taking_away_is_no_page_that_is_not_there(client, cast, attached, saved):
    saved("7(1)", 6, A=33600, B=200)
    row = attached("a.pdf")
    assert [remove(client, row, cast.head, follow=True).status_code for _click in range(2)] == [200, 200]
    assert ReviewEvent.objects.filter(action="evidence").count() == 2
    answers = {who: remove(client, row, getattr(cast, who)).status_code for who in ("executive", "other_head")}
    assert answers == {"executive": 404, "other_head": 404}


def test_the_same_file_may_come_again_once_it_was_taken_away(attach, client, cast, saved):
    saved("7(1)", 6, A=33600, B=200)
    attach(("a.pdf", pdf()))
    remove(client, Evidence.objects.get(), cast.head)
    attach(("a.pdf", pdf()))
    assert Evidence.objects.filter(removed_at__isnull=True).count() == 1


def test_an_approval_that_was_faster_keeps_the_evidence(cast, attached, submitted, access):
    """The head's page was opened while the result waited; the reviewer approves before the head takes away."""
    result = submitted("7(1)", 6, A=33600, B=200)
    row = attached("a.pdf")
    seen = access(cast.head, result.round)
    transition(access=access(cast.reviewer, result.round), action="approve", by=cast.reviewer, lock=result.lock)
    with pytest.raises(NotAllowed, match="อนุมัติแล้ว"):
        actions.remove_evidence(access=seen, by=cast.head, evidence=row)
    with pytest.raises(NotAllowed, match="อนุมัติแล้ว"):
        actions.add_link(access=seen, by=cast.head, link="https://a.th/", description="x")
    row.refresh_from_db()
    assert row.removed_at is None


def test_taking_away_does_not_stop_an_approval_of_a_page_that_is_open(cast, attached, submitted, access):
    result = submitted("7(1)", 6, A=33600, B=200)
    row = attached("a.pdf")
    seen = access(cast.reviewer, result.round)
    actions.remove_evidence(access=access(cast.head, result.round), by=cast.head, evidence=row)
    transition(access=seen, action="approve", by=cast.reviewer, lock=result.lock)
    assert Result.objects.get().status == "approved"


def test_only_those_who_enter_take_away(client, cast, attached, saved):
    saved("7(1)", 6, A=33600, B=200)
    row = attached("a.pdf")
    others = ("other_head", "reviewer", "executive", "administrator")
    answers = {name: remove(client, row, getattr(cast, name)).status_code for name in others}
    assert answers == {"other_head": 404, "reviewer": 302, "executive": 302, "administrator": 302}
    row.refresh_from_db()
    assert row.removed_by is None
    remove(client, row, cast.reporter)
    row.refresh_from_db()
    assert row.removed_by == cast.reporter


# Around it


def test_the_history_tells_it_in_words(client, cast, attached, saved):
    saved("7(1)", 6, A=33600, B=200)
    row = attached("a.pdf")
    remove(client, row, cast.head)
    page = client.get(reverse("entry", args=[row.result.round_id])).content.decode()
    assert "หลักฐาน a.pdf" in page
    assert f"รายงาน (SHA-256 {row.sha256[:12]}…)" in page
    assert "แนบหรือลบหลักฐาน" in page


def test_the_page_asks_as_often_for_three_as_for_one(client, cast, url, attached, saved):
    saved("7(1)", 6, A=33600, B=200)
    counts = []
    for more in (1, 2):
        for _number in range(more):
            attached()
        for person in (cast.head, cast.reviewer, cast.executive):
            client.force_login(person)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url()).status_code == 200
            counts.append(len(asked))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 12


def test_nothing_here_without_a_log_in(client, url, attached, saved):
    saved("7(1)", 6, A=33600, B=200)
    row = attached()
    for address in (url(), reverse("evidence_file", args=[row.pk])):
        assert client.get(address)["Location"].startswith(reverse("login"))


def test_of_another_measured_unit(client, cast, plan, indicator):
    """K405's hospitals: the evidence of one is not that of another."""
    from tests.builders import K405_BANDS, K405_ITEMS, make, measure_in, report

    measure = make(plan, "K9", items=K405_ITEMS, bands=K405_BANDS, kind="formula", formula="EIA+TPS")
    first, second = measure_in(measure, ("10998", "10999"), "PST_OPD")
    result = report(measure, 1, cast, unit=first, status="draft", EIA=80, TPS=80)
    client.force_login(cast.head)
    place = reverse("evidence", args=[result.round_id])
    client.post(f"{place}?unit=10998", {"action": "files", "description": "x", "files": [sent("a.pdf", pdf())]})
    row = Evidence.objects.get()
    assert row.result == result
    assert "a.pdf" in client.get(f"{place}?unit=10998").content.decode()
    assert "a.pdf" not in client.get(f"{place}?unit={second.code}").content.decode()
    assert client.get(reverse("evidence_file", args=[row.pk])).status_code == 200
    client.post(f"{place}?unit=10999", {"action": "link", "description": "x", "link": "https://a.th/"})
    assert Evidence.objects.get(link="https://a.th/").result.measured_unit == second


# The store


def test_what_a_crash_left_behind_is_found_and_swept(attached, saved, capsys):
    """A file without a row: the server died between the two."""
    saved("7(1)", 6, A=33600, B=200)
    attached()
    left_behind = evidence_storage().save(random_name(Evidence(), "a.pdf"), ContentFile(b"x"))
    call_command("check_evidence")
    assert left_behind not in capsys.readouterr().out  # it may still get its row
    old = next(path for path in stored() if left_behind.endswith(path.name))
    os.utime(old, (0, 0))
    call_command("check_evidence")
    assert f"ไม่มีผลงานใดอ้างถึง: {left_behind}" in capsys.readouterr().out
    assert len(stored()) == 2
    call_command("check_evidence", "--sweep")
    assert f"ลบแล้ว: {left_behind}" in capsys.readouterr().out
    assert len(stored()) == 1


def test_nothing_is_swept_that_the_store_has_not_written(tmp_path_factory, capsys):
    """The store may lie where other things do, or a link in it may lead there."""
    place, elsewhere = Path(evidence_storage().location), tmp_path_factory.mktemp("elsewhere")
    name = random_name(Evidence(), "a.pdf")
    own = name.partition("/")[2]
    others = [place / "README", place / "ab" / "notes.txt", place / "ab" / "cd" / own, elsewhere / own]
    for path in others:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
        os.utime(path, (0, 0))
    (place / "zz").symlink_to(elsewhere)
    (place / "ab" / own).symlink_to(elsewhere / own)
    (place / "ab" / ("x" * 32)).symlink_to(place / "nowhere")
    (place / "loop").symlink_to(place)
    call_command("check_evidence", "--sweep")
    assert all(path.exists() for path in others)
    assert "ลบแล้ว" not in capsys.readouterr().out


def test_what_is_missing_or_has_changed_is_told(attached, saved, capsys):
    saved("7(1)", 6, A=33600, B=200)
    for name in ("gone.pdf", "changed.pdf", "outside.pdf", "good.pdf"):
        attached(name)
    paths = {row.name: Path(row.file.path) for row in Evidence.objects.all()}
    paths["gone.pdf"].unlink()
    row = Evidence.objects.get(name="outside.pdf")
    Evidence.objects.filter(pk=row.pk).update(file="../../etc/passwd")  # as if the database had been meddled with
    paths["changed.pdf"].write_bytes(b"x")
    with pytest.raises(CommandError, match="3 ไฟล์"):
        call_command("check_evidence")
    out = capsys.readouterr().out
    assert ("ไม่พบไฟล์" in out, "เนื้อหาเปลี่ยนไป" in out) == (True, True)
    assert [name in out for name in paths] == [True, True, True, False]


def test_an_empty_store_is_whole(capsys):
    call_command("check_evidence")
    assert "ไฟล์หลักฐานครบถ้วน" in capsys.readouterr().out
