"""How files arrive: a telephone's film or a disk image must not fill the disk before it is refused."""

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler

MEGABYTE = 1024 * 1024
LEAST = 20  # megabytes that any form may want to read


def limit() -> int:
    """Bytes of one file that are kept."""
    return max(LEAST, settings.KPITRACK_EVIDENCE_MB) * MEGABYTE


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps the beginning of a file that is too large; its `size` is what was sent, so that forms see and refuse it."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= limit():
            super().receive_data_chunk(raw_data, start)
