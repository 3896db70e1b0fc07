"""Rounds get the days on which they open and lock; results already submitted keep when that was."""

from datetime import date

from django.db import migrations, models

BUDDHIST_ERA = 543


def set_days(apps, schema_editor):
    """As new rounds get them: open from the period's first day, locked on 31 October after the fiscal year."""
    Round = apps.get_model("indicators", "Round")
    years = Round.objects.order_by().values_list("fiscal_year", flat=True).distinct()
    for year in list(years):
        rounds, last = Round.objects.filter(fiscal_year=year), date(year - BUDDHIST_ERA, 10, 31)
        rounds.filter(due__lte=last).update(opens=models.F("start"), locks=last)
        rounds.filter(due__gt=last).update(opens=models.F("start"), locks=models.F("due"))
    Result = apps.get_model("indicators", "Result")
    Result.objects.filter(first_submitted_at__isnull=True).update(first_submitted_at=models.F("submitted_at"))


class Migration(migrations.Migration):
    dependencies = [("indicators", "0004_review_and_calendar")]

    operations = [
        migrations.RunPython(set_days, migrations.RunPython.noop),
    ]
