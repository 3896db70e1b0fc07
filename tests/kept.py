"""The whole content of the test database, kept aside and put back: faster than loading the plan again.

A test with `transaction=True` leaves its rows behind. Django would empty the tables; here the database gets back the
content that it had before, by SQLite's own backup, or from copies of the tables in a schema of PostgreSQL.
"""

import sqlite3
from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase

_files: dict[str, sqlite3.Connection] = {}
_schemas: set[str] = set()


def keep(name: str) -> None:
    """Keep the content as it stands now."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _files[name] = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(_files[name])
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS kept_{name} CASCADE")
        cursor.execute(f"CREATE SCHEMA kept_{name}")
        for table in _tables(cursor):
            cursor.execute(f'CREATE TABLE kept_{name}."{table}" AS TABLE public."{table}"')
        cursor.execute(
            f"CREATE TABLE kept_{name}.sequences_ AS SELECT format('%I.%I', schemaname, sequencename) AS name,"
            " last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )
    _schemas.add(name)


def is_kept(name: str) -> bool:
    return name in _files or name in _schemas


def put_back(name: str) -> None:
    """The content as it was kept; whatever was written since is gone."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _files[name].backup(connection.connection)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        tables = _tables(cursor)
        cursor.execute("TRUNCATE " + ", ".join(f'public."{table}"' for table in tables) + " RESTART IDENTITY")
        for table in tables:  # foreign keys are checked at the end of the transaction
            cursor.execute(f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE SELECT * FROM kept_{name}."{table}"')
        cursor.execute(f"SELECT setval(name::regclass, last_value) FROM kept_{name}.sequences_")


def _tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [row[0] for row in cursor.fetchall()]


def end_other_sessions() -> None:
    """PostgreSQL drops no database that somebody is connected to; a thread of a test may not have been cleared away."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def put_back_after_transactional_tests(name: str) -> None:
    """Instead of emptying all tables."""

    def tear_down(_test: TransactionTestCase) -> None:
        if is_kept(name):
            put_back(name)

    TransactionTestCase._fixture_teardown = tear_down
