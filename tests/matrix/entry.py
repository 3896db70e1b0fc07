"""The entry page's own saving."""

from tests.matrix.address import Address

# Answered to a script: a log-in page has no place there, so 401 tells it.
ADDRESSES = {
    "autosave": Address(
        """
        anonymous      405   401              405   401
        outsider       405   404              405   404
        reporter       405   moved_with_200   405   404
        head           405   moved_with_200   405   404
        other_head     405   404              405   moved_with_200
        reviewer       405   404              405   404
        executive      405   403              405   403
        administrator  405   403              405   403
        """,
        takes="round",
    ),
}
TAKES: dict = {}
SENDS = {"autosave": lambda plan, code: {"note": "พิมพ์ต่อ"}}
