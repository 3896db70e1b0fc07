"""Listens to a browser: whatever went wrong behind the page fails the test that opened it."""

from collections.abc import Iterator

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

OWN = ("data:", "blob:", "about:")
ANSWERS = ("Failed to load resource", "Response Status Error Code")  # judged by their status
# A preview that a newer one replaced. htmx tells the end of a request and then why; only the reason is judged.
REPLACED = ("htmx:afterRequest", "htmx:sendAbort")
PAGES = ("document", "xhr", "fetch")  # these may answer 404 or 409; a style sheet or a script may not


class Watch:
    """Console errors (violations of the content security policy among them), failed requests, strange addresses."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.home, self.faults = home, []
        self.addresses: list[str] = []
        self.is_closing = False
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def stop(self) -> None:
        """The browser is about to be closed: a request that is cut off by that is no fault."""
        self.is_closing = True

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self.is_closing and not message.text.startswith(ANSWERS + REPLACED):
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        self.addresses.append(f"{request.method} {request.url}")
        if not request.url.startswith((self.home, *OWN)):
            self.faults.append(f"another server: {request.url}")

    def _response(self, response: Response) -> None:
        limit = 500 if response.request.resource_type in PAGES else 400
        if response.status >= limit:
            self.faults.append(f"{response.status}: {response.url}")

    def posts(self, ending: str) -> Iterator[str]:
        """The posts to addresses that end so."""
        return (line for line in self.addresses if line.startswith("POST") and line.endswith(ending))
