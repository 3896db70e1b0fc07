"""What keeps the writing of results and the closing of their period apart: one lock on the plan's row.

Who writes holds the gate open until the transaction ends; any number of people may. Who closes waits until all of
them are through, then lets nobody in before the closing is committed. A first result has no row yet that could be
locked, and several rows would be locked in any order by those who write several; the one row of the plan has neither
trouble, and nobody who closes ever waits for a second lock that a writer holds.
"""

from django.db import connection
from django.db.transaction import TransactionManagementError

from indicators.models import Indicator
from strategy.models import Plan


def hold_open(indicator: int) -> None:
    """Keep the periods of the indicator's plan from being closed until this transaction ends.

    What is asked of the database afterwards sees every closing that came before.
    """
    _in_transaction()
    # A share of a row's lock is not in Django's vocabulary. SQLite has one writer at a time (BEGIN IMMEDIATE).
    if connection.vendor == "postgresql":
        plans, indicators = Plan._meta.db_table, Indicator._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT p.id FROM "{plans}" p JOIN "{indicators}" i ON i.plan_id = p.id'  # noqa: S608 - names of tables
                " WHERE i.id = %s FOR SHARE OF p",
                [indicator],
            )


def shut(plan: Plan) -> None:
    """Wait for everybody who writes results of the plan, and let nobody else write until this transaction ends."""
    _in_transaction()
    # Not the stronger lock: whoever refers to the plan by a foreign key need not wait.
    list(Plan.objects.select_for_update(no_key=True, of=("self",)).filter(pk=plan.pk).values_list("pk"))


def _in_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("The gate of a plan is held by a transaction.")
