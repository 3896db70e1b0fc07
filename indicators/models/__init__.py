"""KPI templates and their parts, results with their review and evidence, the calendar's exceptions, notices."""

from indicators.models.decisions import LintDecision, TemplateOverride
from indicators.models.evidence import Comment, Evidence
from indicators.models.notices import Digest, Notice
from indicators.models.parts import Baseline, DataItem, ScoreBand
from indicators.models.recovery import RecoveryMeasure, RecoveryStep
from indicators.models.results import DataValue, ItemNote, ProjectLine, Result, ReviewEvent
from indicators.models.schedule import Cancellation, Closure, Extension, Waiver
from indicators.models.templates import Indicator, IndicatorVersion, Responsibility, Round

__all__ = [
    "Baseline",
    "Cancellation",
    "Closure",
    "Comment",
    "DataItem",
    "DataValue",
    "Digest",
    "Evidence",
    "Extension",
    "Indicator",
    "IndicatorVersion",
    "ItemNote",
    "LintDecision",
    "Notice",
    "ProjectLine",
    "RecoveryMeasure",
    "RecoveryStep",
    "Responsibility",
    "Result",
    "ReviewEvent",
    "Round",
    "ScoreBand",
    "TemplateOverride",
    "Waiver",
]
