"""How often something may be asked for, counted in the cache of this process."""

import hashlib

from django.core.cache import cache

MOST = 3
WITHIN = 15 * 60  # seconds


def is_too_often(what: str) -> bool:
    """Counts this time too. The cache never sees the text itself."""
    key = "asked:" + hashlib.sha256(what.strip().lower().encode()).hexdigest()
    cache.add(key, 0, WITHIN)
    try:
        return int(cache.incr(key)) > MOST
    except ValueError:  # it ran out in between
        return False
