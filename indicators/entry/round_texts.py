"""What holds in one round of a template: its target, criterion and bands, its own where it has some."""

from django.utils.translation import gettext as _

from indicators.adapters import bands_of
from indicators.models import IndicatorVersion, Round, ScoreBand
from indicators.naming import targets_of
from scoring.template import Template


def round_bands(version: IndicatorVersion, round_: Round) -> list[ScoreBand]:
    """The bands that score the round, highest level first."""
    return (bands_of(version, round_.number) or bands_of(version))[::-1]


def round_targets(version: IndicatorVersion, template: Template, round_: Round) -> list[tuple[str, str]]:
    """The round's own target, else the plan's and the template's."""
    own = next((rule.target for rule in template.rounds if rule.number == round_.number), "")
    return [(_("เป้าหมายของรอบนี้"), own)] if own else targets_of(version)
