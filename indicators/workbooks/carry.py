"""What the form of a preview carries along, signed: the file is needed once, and nothing is kept in between."""

from django.core import signing
from django.utils.translation import gettext as _

from indicators.uploads import FileError
from indicators.workbooks.preview import Kind, Preview, Seen
from indicators.workbooks.reading import Contents, Given
from strategy.models import OrgUnit, User

SALT = "indicators.workbook.preview"
GOOD_FOR = 12 * 60 * 60  # seconds
LONGEST = 2_000_000  # characters; the server takes forms of 2.5 MB
MOST_CHOICES = 500  # and of 1,000 boxes


def pack(preview: Preview, user: User) -> str:
    """Everything but what was the same, with the save counts that the page shows. FileError where it is too much."""
    if len(preview.conflicts) > MOST_CHOICES:
        raise FileError(_("มีผู้อื่นบันทึกช่องเดียวกับในไฟล์นี้มากเกินกว่าจะเลือกทีละช่อง ให้ดาวน์โหลดไฟล์ใหม่แล้วกรอกเฉพาะช่องที่ต้องแก้"))
    contents, unit = preview.contents, preview.rows.unit
    kept = [line.given for line in preview.lines if line.kind not in (Kind.SAME, Kind.LEFT)]
    left = [line.given for line in preview.left]
    keys = {given.key for given in (*kept, *left)}
    facts = {
        "unit": unit.pk, "user": user.pk, "file": contents.file_name, "by": contents.made_by, "at": contents.made_at,
        "versions": {key: version for key, version in contents.versions.items() if key in keys},
        "given": [list(vars(each).values()) for each in kept], "left": [list(vars(each).values()) for each in left],
        "counts": [contents.blank, preview.same], "notices": list(contents.notices), "locks": dict(preview.locks),
    }  # fmt: skip
    text = signing.dumps(facts, salt=SALT, compress=True)
    if len(text) > LONGEST:
        raise FileError(_("ไฟล์นี้เปลี่ยนหลายช่องเกินไปสำหรับครั้งเดียว ให้แบ่งกรอกและส่งทีละแผ่นงาน"))
    return text


def unpack(text: str, unit: OrgUnit, user: User) -> tuple[Contents, Seen]:
    """Back again. FileError where it was changed, is too old, or belongs to another unit or person."""
    try:
        facts = signing.loads(text[: LONGEST + 1], salt=SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired:
        raise FileError(_("ตรวจไฟล์ไว้นานเกินไปแล้ว ยังไม่ได้บันทึกอะไร กรุณาเลือกไฟล์อีกครั้ง")) from None
    except signing.BadSignature:
        facts = {}
    if (facts.get("unit"), facts.get("user")) != (unit.pk, user.pk):
        raise FileError(_("ข้อมูลที่ตรวจไว้ส่งมาไม่ครบ ยังไม่ได้บันทึกอะไร กรุณาเลือกไฟล์อีกครั้ง"))
    given, left = (tuple(Given(*each) for each in facts.get(name, ())) for name in ("given", "left"))
    blank, same = facts["counts"]
    contents = Contents(
        facts["file"], facts["by"], facts["at"], facts["versions"], given, blank, left, tuple(facts["notices"]), same
    )
    return contents, facts["locks"]
