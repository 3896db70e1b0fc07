"""Drafts of the entry page that save themselves: the same form, answered in JSON for the page's script."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.actions import InvalidEntry, save_result
from indicators.entry.forms import box_name
from indicators.entry.ground import Ground
from indicators.entry.page import errors_by_box
from indicators.entry.posted import Posted
from indicators.models import Result
from indicators.refusals import NotAllowed
from indicators.rules import RoundAccess
from indicators.views.entry import another_sentence, fetch_entry, is_by_another, refusal_of
from indicators.workflow import StaleResult
from strategy import clock
from strategy.models import User


@require_POST
def autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """Save what can be saved of what is typed right now.

    `state` is saved, same (nothing to save), conflict (somebody else saved: the page asks the person), refused, or
    login; `lock` is the save count from now on, `errors` are sentences by the id of their box.
    """
    if not request.user.is_authenticated:
        return _told("login", 401, message=_("หมดเวลาเข้าสู่ระบบ สิ่งที่พิมพ์ยังอยู่ในหน้านี้ กดบันทึกร่างเพื่อเข้าสู่ระบบแล้วบันทึก"))
    if is_by_another(request):
        return _told("refused", 403, message=another_sentence())
    access = fetch_entry(request, pk)
    if not access.may_enter:
        return _told("refused", 403, message=refusal_of(access))
    return _answer(access, request)


def _answer(access: RoundAccess, request: HttpRequest) -> JsonResponse:
    assert isinstance(request.user, User)  # noqa: S101 - asked before
    posted = Posted(request.POST, Ground(access))
    errors = errors_by_box(posted.form, posted.projects)
    result = access.result
    if posted.says_the_same(result) if result else posted.is_blank:
        return _told("same", lock=result.lock if result else 0, errors=errors)
    try:
        saved = save_result(access=access, by=request.user, entry=posted.entry, lock=posted.lock)
    except StaleResult as stale:
        # Sent twice on a bad line, this very content was saved in this very moment.
        if stale.current is not None and posted.says_the_same(stale.current):
            return _told("same", lock=stale.current.lock, errors=errors)
        return _told("conflict", 409, message=_conflict())
    except InvalidEntry as error:
        found = {f"id_{box_name(code)}": sentence for code, sentence in error.errors.items()}
        return _told("refused", 422, message=str(error), errors=errors | found)
    except NotAllowed as error:
        return _told("refused", 403, message=str(error))
    return _told("saved", lock=saved.lock, errors=errors, message=_saved(saved))


def _conflict() -> str:
    return _("มีผู้อื่นบันทึกผลงานนี้หลังจากที่เปิดหน้านี้ กดบันทึกร่างเพื่อเทียบทั้งสองฉบับ สิ่งที่พิมพ์ยังอยู่")


def _saved(result: Result) -> str:
    at = timezone.localtime(result.entered_at or clock.now())
    return _("บันทึกแล้ว %(time)s น.") % {"time": f"{at:%H:%M}"}


def _told(state: str, status: int = 200, **facts: Any) -> JsonResponse:
    return JsonResponse({"state": state, "message": "", "errors": {}, **facts}, status=status)
