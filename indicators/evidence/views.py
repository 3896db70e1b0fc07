"""The page of a result's evidence, the files themselves, and the comments that the entry and review pages send."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.evidence import actions
from indicators.evidence.forms import Checked, FilesForm, LinkForm
from indicators.evidence.page import evidence_of, thread_of
from indicators.evidence.rules import fetch_evidence
from indicators.models import Comment, Evidence
from indicators.naming import title_of
from indicators.places import own_page
from indicators.refusals import NotAllowed
from indicators.result_parts import parts_of
from indicators.rules import RoundAccess, fetch_round
from strategy.models import User

PAGES = ("entry", "review_detail", "evidence")  # that show a thread
LONGEST_COMMENT = Comment._meta.get_field("text").max_length or 0
# What a browser may do with a file that it should show after all: nothing.
SANDBOX = "sandbox; default-src 'none'"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence of a result, with what adds to it."""
    access = _fetch(request, pk)
    if request.method != "POST":
        return _page(request, access)
    send = _add_link if request.POST.get("action") == "link" else _add_files
    return send(request, access)


def _fetch(request: HttpRequest, pk: int) -> RoundAccess:
    """The round of somebody who may see its values; others get 404."""
    access = fetch_round(_user(request), pk, request.GET.get("unit"))
    if not access.may_see_values:
        raise Http404
    return access


def _page(request: HttpRequest, access: RoundAccess, *, status: int = 200, **facts: Any) -> HttpResponse:
    parts = parts_of(access.result)
    context = {
        "access": access,
        "title": title_of(access.round.indicator),
        "evidence": evidence_of(access, parts),
        "thread": thread_of(access, parts),
        "why_not": actions.why_not(access),
        "back": own_page(access),
        "files_form": FilesForm(),
        "link_form": LinkForm(),
        "refusal": "",
        **facts,
    }
    return render(request, "indicators/evidence/page.html", context, status=status)


def _add_files(request: HttpRequest, access: RoundAccess) -> HttpResponse:
    """The good ones are kept although others are refused; the page says which."""
    form = FilesForm(request.POST, request.FILES)
    is_valid = form.is_valid()
    if "description" in form.errors or not form.accepted:
        return _page(request, access, files_form=form, sent=form, status=422 if actions.may_change(access) else 403)
    try:
        rows = actions.add_files(
            access=access, by=_user(request), files=form.accepted, description=form.cleaned_data["description"]
        )
    except NotAllowed as refused:
        return _page(request, access, files_form=form, refusal=str(refused), status=403)
    _tell_added(request, rows, form.accepted)
    if is_valid:
        return redirect(_address(access))
    return _page(request, _fetch(request, access.round.pk), files_form=form, sent=form, status=422)


def _tell_added(request: HttpRequest, rows: list[Evidence], files: list[Checked]) -> None:
    facts = {"count": len(rows), "names": ", ".join(row.name for row in rows)}
    messages.success(request, _("แนบแล้ว %(count)s ไฟล์: %(names)s") % facts)
    added = [(row.name, row.sha256) for row in rows]
    if again := [file.name for file in files if (file.name, file.sha256) not in added]:
        messages.info(request, _("ไม่ได้แนบซ้ำ เพราะมีไฟล์เดียวกันอยู่แล้ว: %(names)s") % {"names": ", ".join(again)})


def _add_link(request: HttpRequest, access: RoundAccess) -> HttpResponse:
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, access, link_form=form, sent=form, status=422 if actions.may_change(access) else 403)
    try:
        actions.add_link(access=access, by=_user(request), **form.cleaned_data)
    except NotAllowed as refused:
        return _page(request, access, link_form=form, refusal=str(refused), status=403)
    messages.success(request, _("แนบลิงก์แล้ว"))
    return redirect(_address(access))


@login_required
@require_safe
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file under its own name, to be saved and never to be shown by this site."""
    row, access = fetch_evidence(_user(request), pk)
    if row.kind != Evidence.Kind.FILE:
        raise Http404
    try:
        size = row.file.size
    except (OSError, ValueError):  # deleted, or the disk is away
        context = {"evidence": row, "access": access, "back": _address(access)}
        return render(request, "indicators/evidence/missing.html", context, status=404)
    # Not every server leaves the body out where only the head was asked for.
    content = _chunks(row) if request.method == "GET" else ()
    response = StreamingHttpResponse(content, content_type=row.content_type)
    response["Content-Length"] = size
    response["Content-Disposition"] = content_disposition_header(True, row.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = SANDBOX
    return response


def _chunks(row: Evidence) -> Iterator[bytes]:
    """The file piece by piece; it is opened when the first is asked for, and closed whatever happens."""
    with row.file.storage.open(row.file.name) as content:
        yield from content.chunks()


@login_required
@require_POST
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one away and come back to the page."""
    row, access = fetch_evidence(_user(request), pk, also_removed=True)
    try:
        actions.remove_evidence(access=access, by=_user(request), evidence=row)
    except NotAllowed as refused:
        messages.error(request, _("ยังไม่ได้ลบ “%(name)s” %(why)s") % {"name": _name(row), "why": refused})
        return redirect(_address(access))
    messages.success(request, _("ลบ “%(name)s” แล้ว ประวัติของผลงานยังบันทึกไว้ว่าเคยแนบ") % {"name": _name(row)})
    return redirect(_address(access))


def _name(row: Evidence) -> str:
    return row.name or row.description


# Comments


@login_required
@require_POST
def comment_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a message from the page that shows the thread, and come back to it."""
    access = fetch_round(_user(request), pk, request.GET.get("unit"))
    if not access.may_see_draft:
        raise Http404
    text = request.POST.get("text", "").replace("\r\n", "\n").strip()
    error = _comment_error(text)
    if error:
        return _comment_again(request, access, text, error, 422)
    try:
        actions.add_comment(access=access, by=_user(request), text=text)
    except NotAllowed as refused:
        return _comment_again(request, access, text, str(refused), 403)
    messages.success(request, _("ส่งความเห็นแล้ว"))
    return redirect(f"{_came_from(request, access)}#thread")


def _came_from(request: HttpRequest, access: RoundAccess) -> str:
    """The page of this round that showed the thread, with its filter; else the person's own page of the round."""
    address = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return own_page(access)
    try:
        found = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return own_page(access)
    return address if found.url_name in PAGES and found.kwargs == {"pk": access.round.pk} else own_page(access)


def _comment_error(text: str) -> str:
    if not text:
        return _("กรุณาพิมพ์ความเห็นก่อนส่ง")
    if "\0" in text:
        return _("ความเห็นมีอักขระที่ใช้ไม่ได้ กรุณาพิมพ์ใหม่")
    if len(text) > LONGEST_COMMENT:
        facts = {"length": len(text), "longest": LONGEST_COMMENT}
        return _("ความเห็นยาว %(length)s ตัวอักษร ยาวได้ไม่เกิน %(longest)s ตัวอักษร กรุณาย่อให้สั้นลง หรือแนบเป็นไฟล์") % facts
    return ""


def _comment_again(request: HttpRequest, access: RoundAccess, text: str, error: str, status: int) -> HttpResponse:
    """The thread on a page of its own, with what was typed."""
    context = {
        "access": access,
        "title": title_of(access.round.indicator),
        "thread": thread_of(access),
        "text": text,
        "error": error,
        "next": _came_from(request, access),
    }
    return render(request, "indicators/evidence/comment.html", context, status=status)


# Addresses


def _address(access: RoundAccess) -> str:
    return reverse("evidence", args=[access.round.pk]) + access.query


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required has seen to it
    return request.user
