"""What PostgreSQL knows of freshly filled tables: until it counts them, it may try every pair of their rows."""

from django.db import connection


def count_tables() -> None:
    """Let PostgreSQL count all tables now instead of within the next minutes; nothing elsewhere."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
