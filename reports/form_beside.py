"""What stands beside a result, made ready for the form: evidence and recovery measures."""

from django.utils.translation import gettext as _

from indicators.evidence.lines import EvidenceLine
from indicators.models import Result
from indicators.recovery.queries import MeasureLine
from reports.documents.beside_tables import PrintedEvidence, PrintedMeasure
from reports.documents.model import State
from strategy import clock
from strategy.periods import thai_date

LONGEST_LINK = 120  # of an address in a narrow column


def printed_evidence(line: EvidenceLine) -> PrintedEvidence:
    name = line.name or (line.link if len(line.link) <= LONGEST_LINK else f"{line.link[:LONGEST_LINK]}…")
    return PrintedEvidence(line.description, name, f"{line.who} {thai_date(clock.day_of(line.at))}")


def printed_measure(line: MeasureLine, result: Result) -> PrintedMeasure:
    """As it stands on the day of printing; of another round with the day on which that ended."""
    other = "" if line.round == result.round_id else _("(จากงวดที่สิ้นสุด %(day)s)") % {"day": thai_date(line.round_end)}
    status = _("เลยกำหนด (%(status)s)") % {"status": line.status_label} if line.is_overdue else line.status_label
    what = f"{line.what}\n{other}" if other else line.what
    return PrintedMeasure(what, line.who, thai_date(line.by_when), status, State.LATE if line.is_overdue else None)
