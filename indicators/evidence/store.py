"""The store of files beside the database: what was left behind by a crash, and what is missing or has changed."""

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import Storage

from indicators.models import Evidence
from indicators.models.evidence import evidence_storage

# A file is written before its row: what is younger than this may still get one.
SETTLED = 3600.0
# As models.evidence.random_name calls a file, and a storage one whose name is taken. Nothing else is ever deleted:
# the store may have been put where other things lie.
OWN_NAME = re.compile(r"[a-z0-9_]{2}/[A-Za-z0-9_]{32}(_[A-Za-z0-9]{7})?")


def orphans(*, age: float = SETTLED) -> Iterator[str]:
    """Names of files that no evidence knows, because the server died between the file and the row."""
    storage = evidence_storage()
    known = set(Evidence.objects.exclude(file="").values_list("file", flat=True))
    oldest = time.time() - age
    for name in _names(storage):
        if name not in known and _modified(storage, name) < oldest:
            yield name


def _modified(storage: Storage, name: str) -> float:
    try:
        return storage.get_modified_time(name).timestamp()
    except OSError:  # deleted meanwhile
        return time.time()


def _names(storage: Storage) -> Iterator[str]:
    """Of files that this store has written; what a link leads to is not in it."""
    for folder in _listed(storage, "")[0]:
        if not _is_link(storage, folder):
            names = (f"{folder}/{name}" for name in _listed(storage, folder)[1])
            yield from (name for name in names if OWN_NAME.fullmatch(name) and not _is_link(storage, name))


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored
        return [], []


def _is_link(storage: Storage, name: str) -> bool:
    try:
        return Path(storage.path(name)).is_symlink()
    except NotImplementedError:  # no files on a disk
        return False


def damaged() -> Iterator[tuple[Evidence, bool]]:
    """Evidence whose file is missing (True) or is not what was stored (False)."""
    rows = Evidence.objects.exclude(file="").select_related("result__round__indicator").order_by("pk")
    for row in rows.iterator():
        try:
            fingerprint = _fingerprint(row)
        except (OSError, SuspiciousFileOperation):
            yield row, True
            continue
        if fingerprint != row.sha256:
            yield row, False


def _fingerprint(row: Evidence) -> str:
    digest = hashlib.sha256()
    with row.file.storage.open(row.file.name) as content:
        for chunk in content.chunks():
            digest.update(chunk)
    return digest.hexdigest()


def sweep(*, age: float = SETTLED) -> list[str]:
    """Delete what no evidence knows; the names of what is gone."""
    names = list(orphans(age=age))
    for name in names:
        evidence_storage().delete(name)
    return names
