"""Where the demo year may not be made: a hospital's real installation must never get demo people by accident."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from indicators.demo.people import demo_users
from indicators.models import Result
from strategy.models import Plan, User


def run(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        run("load_demo", *arguments)
    assert not demo_users().exists()
    assert not Result.objects.filter(is_demo=True).exists()
    return str(caught.value)


def test_it_refuses_on_the_real_clock(plan, settings):
    settings.KPITRACK_TODAY = None
    assert "KPITRACK_TODAY" in refused()


def test_it_refuses_before_its_own_day(plan, settings):
    settings.KPITRACK_TODAY = date(2017, 4, 14)
    assert "KPITRACK_TODAY=2017-04-15" in refused()


def test_it_refuses_beside_real_results(saved):
    saved("7(1)", A=33600, B=200)
    User.objects.filter(username="reporter").update(username="somebody")
    assert "มีผลงานจริงแล้ว 1 รายการ" in refused()


def test_it_refuses_to_take_a_real_persons_name(plan, django_user_model):
    django_user_model.objects.create_user("admin", email="admin@hospital.example")
    assert "admin" in refused()


def test_it_refuses_without_the_plan(db):
    Plan.objects.filter(code="KKH2560").update(code="ELSE")
    assert "load_plan" in refused()


def test_no_log_ins_without_a_demo(cast):
    assert run("demo_logins") == ""
