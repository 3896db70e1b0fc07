"""How files arrive: a telephone's film or a disk image must not fill the disk before it is refused."""

import logging
from contextlib import suppress
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

log = logging.getLogger(__name__)
MEGABYTE = 1024 * 1024
LEAST = 20  # megabytes that any form may want to read


def limit() -> int:
    """Bytes of one file that are kept."""
    return max(LEAST, settings.KPITRACK_EVIDENCE_MB) * MEGABYTE


class LostFile(UploadedFile):
    """A file that could not be kept because the disk is full: forms see it by `is_lost` and say so."""

    is_lost = True


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps the beginning of a file that is too large; its `size` is what was sent, so that forms see and refuse it.

    A full disk must not be an error of the server before the form is even looked at.
    """

    is_full = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.is_full = False
        self.__dict__.pop("file", None)  # that of the file before
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._give_up()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start > limit() or self.is_full:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._give_up()

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if not self.is_full:
            try:
                return super().file_complete(file_size)
            except OSError:  # the last of it is written only now
                self._give_up()
        return LostFile(BytesIO(), self.file_name, self.content_type, file_size)

    def _give_up(self) -> None:
        log.exception("An uploaded file cannot be kept.")
        self.is_full = True
        if hasattr(self, "file"):
            with suppress(OSError):
                self.file.close()
