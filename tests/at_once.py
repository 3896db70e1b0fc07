"""Many threads on one real database, each with a connection of its own.

SQLite's test database lives in memory, where threads share one cache and cannot wait for each other; so it is
written to a file for the time being, opened as in production.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections


@contextmanager
def real_database(folder: Path) -> Iterator[None]:
    """The database as it stands, as a file where it lives in memory. Only in tests with `transaction=True`."""
    if connection.vendor != "sqlite":
        yield
        return
    path = folder / "at_once.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    keeper, connections["default"].connection = connection.connection, None  # memory lives as long as this does
    settings, name = connection.settings_dict, connection.settings_dict["NAME"]
    settings["NAME"] = str(path)
    try:
        yield
    finally:
        if connection.connection is not None:
            connection.connection.close()
        settings["NAME"], connection.connection = name, keeper


def at_once(*works: Callable[[], object]) -> list[object]:
    """Start all at the same moment; what each gave or raised, in their order."""
    gate = threading.Barrier(len(works))
    found: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        gate.wait()
        try:
            found[place] = work()
        except Exception as error:
            found[place] = error
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
