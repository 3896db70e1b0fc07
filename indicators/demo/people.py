"""The people of the demo: one log-in of every role, and a head for every unit that enters a KPI. All are invented."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from strategy.models import Membership, OrgUnit, User

PASSWORD = "kpitrack-demo-2560"  # noqa: S105 - the demo's, printed by demo_logins
EMAIL_DOMAIN = "demo.invalid"  # what marks a demo person; no real address ends so
Role = Membership.Role


@dataclass(frozen=True)
class Person:
    """A log-in with its roles as (unit code, role)."""

    username: str
    first_name: str
    last_name: str
    title: str
    roles: tuple[tuple[str, str], ...] = ()
    is_admin: bool = False


NAMED = (
    Person("head", "สมศรี", "ใจงาม", "หัวหน้าพยาบาลผู้ป่วยนอก", (("PST_OPD", Role.HEAD), ("SOCMED", Role.HEAD))),
    Person("reporter", "วรรณา", "แก้วใส", "พยาบาลวิชาชีพ", (("PST_OPD", Role.REPORTER),)),
    Person("reviewer", "ประเสริฐ", "ตั้งใจ", "นักวิเคราะห์นโยบายและแผน", (("POLICY", Role.REVIEWER),)),
    Person("reviewer2", "จันทร์เพ็ญ", "รอบคอบ", "นักวิเคราะห์นโยบายและแผน", (("POLICY", Role.REVIEWER),)),
    Person("executive", "วิชัย", "มั่นคง", "ผู้อำนวยการโรงพยาบาล", (("KKH", Role.EXECUTIVE),)),
    Person("admin", "ธนา", "เรียบร้อย", "ผู้ดูแลระบบ", (("KKH", Role.ADMINISTRATOR),), is_admin=True),
    Person("outsider", "มานี", "มาเยือน", "ผู้เยี่ยมชม"),
)
# One who enters and one who reviews in each of the other plans, where it is loaded.
OF_OTHER_PLANS = (
    Person("province", "สุนีย์", "ใฝ่ดี", "หัวหน้ากลุ่มงานประกันสุขภาพ", (("KKPHO_INSURANCE", Role.HEAD),)),
    Person("province-reviewer", "อรุณ", "แจ่มใส", "นักวิเคราะห์นโยบายและแผน", (("KKPHO_STRATEGY", Role.REVIEWER),)),
    Person("kalasin", "บุญส่ง", "เที่ยงตรง", "ผู้รับผิดชอบตัวชี้วัด", (("KSNPHO", Role.HEAD),)),
    Person("kalasin-reviewer", "นิภา", "ถี่ถ้วน", "นักวิเคราะห์นโยบายและแผน", (("KSNPHO_STRATEGY", Role.REVIEWER),)),
    Person("department", "ไพศาล", "ขยันกิจ", "หัวหน้ากลุ่มงานประกันสุขภาพ", (("DEPT", Role.HEAD),)),
    Person("department-reviewer", "ลัดดา", "สุขุม", "นักวิเคราะห์นโยบายและแผน", (("DEPTHOSP", Role.REVIEWER),)),
)
# The units with most to report have somebody who types for the head.
WITH_REPORTER = ("QS", "ACCOUNT", "NURSING", "SP_BOARD", "SOCMED")
FIRST_NAMES = (
    "กาญจนา", "ขวัญใจ", "จิราพร", "ชัยวัฒน์", "ณัฐพล", "ดวงใจ", "ธิดา", "นภา", "บุญมี", "ปราณี", "พงศ์เทพ", "พิมพ์ใจ",
    "มนัส", "ยุพา", "รัตนา", "วีระ", "ศิริพร", "สมชาย", "สุดา", "สุรชัย", "อนงค์", "อรทัย", "อุดม", "เกษม", "โสภา",
)  # fmt: skip
LAST_NAMES = (
    "แสงทอง", "ศรีสุข", "พูนผล", "ทองดี", "บุญเรือง", "งามตา", "สายธาร", "ร่มเย็น", "ดีพร้อม", "ชื่นบาน", "มีสุข",
    "พรหมดี", "วงศ์งาม", "ใจเย็น", "สุขเกษม", "รุ่งเรือง", "อ่อนหวาน", "เพียรดี", "สว่างใจ", "คงมั่น", "ยิ้มแย้ม", "ภูเขียว",
    "นาดี",
)  # fmt: skip


def demo_people(owners: Iterable[OrgUnit]) -> list[Person]:
    """Everybody: the named log-ins, a head for each owner that has none of them, some reporters."""
    people = [*NAMED, *_of_other_plans()]
    headed = {code for person in NAMED for code, role in person.roles if role == Role.HEAD}
    for unit in owners:
        if unit.code not in headed:
            people.append(_person("head", unit, Role.HEAD, len(people)))
        if unit.code in WITH_REPORTER:
            people.append(_person("reporter", unit, Role.REPORTER, len(people)))
    return people


def _of_other_plans() -> Iterator[Person]:
    """Those whose unit is there: a hospital may load its own plan alone."""
    codes = {code for person in OF_OTHER_PLANS for code, _role in person.roles}
    present = set(OrgUnit.objects.filter(code__in=codes).values_list("code", flat=True))
    for person in OF_OTHER_PLANS:
        if all(code in present for code, _role in person.roles):
            yield person


def _person(prefix: str, unit: OrgUnit, role: str, number: int) -> Person:
    title = f"หัวหน้า/ประธาน {unit.label}" if role == Role.HEAD else f"เจ้าหน้าที่ {unit.label}"
    first, last = FIRST_NAMES[number % len(FIRST_NAMES)], LAST_NAMES[number % len(LAST_NAMES)]
    return Person(f"{prefix}-{unit.code.lower()}", first, last, title, ((unit.code, role),))


def demo_users() -> QuerySet[User]:
    """The demo people that are in the database."""
    return User.objects.filter(email__endswith=f"@{EMAIL_DOMAIN}")


def taken_names(people: Iterable[Person]) -> list[str]:
    """User names of the demo that belong to somebody real."""
    names = [person.username for person in people]
    real = User.objects.filter(username__in=names).exclude(email__endswith=f"@{EMAIL_DOMAIN}")
    return list(real.order_by("username").values_list("username", flat=True))


def create_people(people: list[Person]) -> dict[str, User]:
    """The people as users with their roles, by user name; who is there already stays as they are."""
    units = {unit.code: unit for unit in OrgUnit.objects.all()}
    present = {user.username: user for user in demo_users()}
    encoded = make_password(PASSWORD)  # once: hashing is slow on purpose
    for person in people:
        if person.username not in present:
            present[person.username] = _create(person, encoded, units)
    return present


def _create(person: Person, encoded: str, units: dict[str, OrgUnit]) -> User:
    user = User.objects.create(
        username=person.username, password=encoded, email=f"{person.username}@{EMAIL_DOMAIN}",
        first_name=person.first_name, last_name=person.last_name, title=person.title[:150],
        is_staff=person.is_admin, is_superuser=person.is_admin,
    )  # fmt: skip
    roles = [(units[code], role) for code, role in person.roles if code in units]
    Membership.objects.bulk_create(Membership(user=user, unit=unit, role=role) for unit, role in roles)
    return user
