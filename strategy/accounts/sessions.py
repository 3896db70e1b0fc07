"""Sessions in the database that know when they end, so that they need not be written at every request."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session


class SessionStore(db.SessionStore):
    """Django's own, and besides: when the row that was read runs out."""

    runs_out: datetime | None = None

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = super()._get_session_from_db()
        self.runs_out = row.expire_date if row else None
        return row
