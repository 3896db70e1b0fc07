"""A second hospital beside the real plan's, each with an administrator who is nobody else."""

from types import SimpleNamespace

import pytest

from strategy.models import Membership, OrgUnit, User
from tests.cast import PASSWORD


@pytest.fixture
def houses(cast, plan) -> SimpleNamespace:
    """boss and boss2 administer the plan's hospital, nb_boss the neighbour, where ward and nurse are."""
    hospital = OrgUnit.objects.create(code="NB", name="โรงพยาบาลเพื่อนบ้าน", kind="hospital")
    ward = OrgUnit.objects.create(code="NB_WARD", name="หอผู้ป่วยเพื่อนบ้าน", parent=hospital)

    def make(name, unit, role):
        user = User.objects.create_user(name, password=PASSWORD, first_name=name)
        Membership.objects.create(user=user, unit=unit, role=role)
        return user

    return SimpleNamespace(
        hospital=hospital,
        ward=ward,
        boss=make("boss", plan.unit, "administrator"),
        boss2=make("boss2", plan.unit, "administrator"),
        nb_boss=make("nb_boss", hospital, "administrator"),
        nurse=make("nurse", ward, "head"),
    )
