"""People in Django admin: nobody shuts themselves out, nothing that is on record goes, and roles say who gave them."""

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.urls import reverse

from strategy.accounts.history import lines_of
from strategy.models import Membership, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.administrator)
    return client


def test_nobody_shuts_themselves_out(admin, cast):
    typed = {"username": "administrator", "first_name": "ผู้ดูแล", "memberships-TOTAL_FORMS": "0", "_save": "1"}
    typed |= {"memberships-INITIAL_FORMS": "0"}
    assert admin.post(reverse("admin:strategy_user_change", args=[cast.administrator.pk]), typed).status_code == 302
    user = User.objects.get(pk=cast.administrator.pk)
    assert (user.first_name, user.is_active, user.is_staff, user.is_superuser) == ("ผู้ดูแล", True, True, True)


def test_somebody_elses_account_may_be_closed(admin, cast):
    typed = {"username": "head", "memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0", "_save": "1"}
    assert admin.post(reverse("admin:strategy_user_change", args=[cast.head.pk]), typed).status_code == 302
    assert not User.objects.get(pk=cast.head.pk).is_active


def test_no_account_is_deleted(admin, cast):
    chosen = {"action": "delete_selected", "_selected_action": [cast.head.pk], "post": "yes"}
    admin.post(reverse("admin:strategy_user_changelist"), chosen)
    assert admin.post(reverse("admin:strategy_user_delete", args=[cast.head.pk]), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=cast.head.pk).exists()


@pytest.mark.parametrize("model", [AccessLog, AccessFailureLog])
def test_the_log_of_log_ins_stays(admin, model):
    line = model.objects.create(username="head")
    chosen = {"action": "delete_selected", "_selected_action": [line.pk], "post": "yes"}
    admin.post(reverse(f"admin:axes_{model._meta.model_name}_changelist"), chosen)
    assert admin.post(reverse(f"admin:axes_{model._meta.model_name}_delete", args=[line.pk])).status_code == 403
    assert model.objects.filter(pk=line.pk).exists()


def test_a_role_of_the_admins_pages_stands_in_the_persons_history(admin, cast, plan):
    typed = {"user": cast.outsider.pk, "unit": plan.unit_id, "role": "executive", "start": "2017-04-01", "end": ""}
    assert admin.post(reverse("admin:strategy_membership_add"), typed).status_code == 302
    role = Membership.objects.get(user=cast.outsider)
    admin.post(reverse("admin:strategy_membership_change", args=[role.pk]), {**typed, "role": "reviewer"})
    admin.post(reverse("admin:strategy_membership_delete", args=[role.pk]), {"post": "yes"})
    lines = lines_of(cast.outsider)
    assert [line.by for line in lines] == [cast.administrator] * 3
    unit = plan.unit.label
    assert [line.sentence for line in lines] == [
        f"ลบบทบาท ผู้ตรวจสอบ (กลุ่มงานยุทธศาสตร์) ที่ {unit} ตั้งแต่ 1 เม.ย. 2560",
        f"แก้ไขบทบาทเป็น ผู้ตรวจสอบ (กลุ่มงานยุทธศาสตร์) ที่ {unit} ตั้งแต่ 1 เม.ย. 2560",
        f"ให้บทบาท ผู้บริหาร ที่ {unit} ตั้งแต่ 1 เม.ย. 2560",
    ]
