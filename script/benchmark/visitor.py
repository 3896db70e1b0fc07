"""A person with a browser, as far as the server can tell: a session, a cookie jar, the forms of a page."""

import html
import http.client
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

# What stands in the boxes of a grid: the row's key, then the name of the box.
_BOX = re.compile(r'<input [^>]*name="([^"]+:[^"]+)"[^>]*?value="([^"]*)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Lost(Exception):
    """No answer: the server is gone, or cut the connection."""


@dataclass(frozen=True)
class Answer:
    """The status, the text and how many seconds it took; `to` is where it redirects."""

    status: int
    text: str
    seconds: float
    to: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def token(self) -> str:
        """The form's token."""
        found = _TOKEN.search(self.text)
        return found[1] if found else ""

    @property
    def boxes(self) -> dict[str, str]:
        """The boxes of the grid on this page, by name, as they stand."""
        return {name: html.unescape(value) for name, value in _BOX.findall(self.text)}


@dataclass
class Visitor:
    """One person; every request opens its own connection, as from 200 different desks."""

    port: int
    session: str
    cookies: dict[str, str] = field(default_factory=dict)
    timeout: float = 90.0

    def __post_init__(self) -> None:
        self.cookies[settings.SESSION_COOKIE_NAME] = self.session

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **data: str | list[str]) -> Answer:
        return self.send(path, data)

    def send(self, path: str, data: dict[str, str | list[str]]) -> Answer:
        """A form. The token of the last page goes with it."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **data}, doseq=True)
        return self._ask("POST", path, body)

    token: str = ""

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        begin = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise Lost(str(error)) from None
        finally:
            connection.close()
        self._keep(response)
        answer = Answer(response.status, text, time.perf_counter() - begin, response.headers.get("Location", ""))
        self.token = answer.token or self.token
        return answer

    def _keep(self, response: http.client.HTTPResponse) -> None:
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _mark, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
