"""One line of evidence and one comment, as pages and papers show them."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Concat, Trim

from indicators.models import Evidence


@dataclass(frozen=True)
class EvidenceLine:
    """A file or a link with what it shows, who added it and when."""

    pk: int
    kind: str
    description: str
    name: str
    link: str
    size: int | None
    who: str
    at: datetime

    @property
    def is_file(self) -> bool:
        return self.kind == Evidence.Kind.FILE

    @property
    def host(self) -> str:
        """Where a link leads to, so that nobody is led astray by a description."""
        return urlsplit(self.link).hostname or self.link


@dataclass(frozen=True)
class CommentLine:
    """One message: who said what when."""

    pk: int
    text: str
    who: str
    at: datetime


def name_of(user: str) -> Case:
    """How a person is called (User.__str__), as a column; `user` leads to the person."""
    full = Trim(Concat(f"{user}__first_name", Value(" "), f"{user}__last_name"))
    nameless = {f"{user}__first_name": "", f"{user}__last_name": ""}
    return Case(When(**nameless, then=F(f"{user}__username")), default=full, output_field=CharField())
