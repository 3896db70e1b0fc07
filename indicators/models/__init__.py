"""KPI templates (templates.py) and results with their review (results.py)."""

from indicators.models.results import DataValue, ProjectLine, Result, ReviewEvent
from indicators.models.templates import (
    Baseline,
    DataItem,
    Indicator,
    IndicatorVersion,
    Responsibility,
    Round,
    ScoreBand,
)

__all__ = [
    "Baseline",
    "DataItem",
    "DataValue",
    "Indicator",
    "IndicatorVersion",
    "ProjectLine",
    "Responsibility",
    "Result",
    "ReviewEvent",
    "Round",
    "ScoreBand",
]
