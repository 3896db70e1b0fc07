"""The store of files beside the database: what was left behind by a crash, and what is missing or has changed."""

import hashlib
import time
from collections.abc import Iterator

from django.core.files.storage import Storage

from indicators.models import Evidence
from indicators.models.evidence import evidence_storage

# A file is written before its row: what is younger than this may still get one.
SETTLED = 3600.0


def orphans(*, age: float = SETTLED) -> Iterator[str]:
    """Names of files that no evidence knows, because the server died between the file and the row."""
    storage = evidence_storage()
    known = set(Evidence.objects.exclude(file="").values_list("file", flat=True))
    oldest = time.time() - age
    for name in _names(storage):
        if name not in known and storage.get_modified_time(name).timestamp() < oldest:
            yield name


def _names(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored
        return
    yield from (f"{folder}/{name}".lstrip("/") for name in files)
    for name in folders:
        yield from _names(storage, f"{folder}/{name}".lstrip("/"))


def damaged() -> Iterator[tuple[Evidence, bool]]:
    """Evidence whose file is missing (True) or is not what was stored (False)."""
    rows = Evidence.objects.exclude(file="").select_related("result__round__indicator").order_by("pk")
    for row in rows.iterator():
        try:
            fingerprint = _fingerprint(row)
        except OSError:
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
