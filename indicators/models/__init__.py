"""KPI templates and their parts, results with their review, decisions about defects of templates."""

from indicators.models.decisions import LintDecision, TemplateOverride
from indicators.models.parts import Baseline, DataItem, ScoreBand
from indicators.models.results import DataValue, ItemNote, ProjectLine, Result, ReviewEvent
from indicators.models.templates import Indicator, IndicatorVersion, Responsibility, Round

__all__ = [
    "Baseline",
    "DataItem",
    "DataValue",
    "Indicator",
    "IndicatorVersion",
    "ItemNote",
    "LintDecision",
    "ProjectLine",
    "Responsibility",
    "Result",
    "ReviewEvent",
    "Round",
    "ScoreBand",
    "TemplateOverride",
]
