"""What is read of a document on its way in: no more than tells that it is too large."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class LimitedUpload(FileUploadHandler):
    """Drop what comes after the size a document may have, so that a huge one fills neither memory nor disk.

    What is kept is a little over the limit: the field says that it is too large, and the rest of the form is read.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The piece that begins at the byte `start`, for the handlers that follow; nothing beyond the limit."""
        return raw_data if start <= settings.UPLOAD_MAX_BYTES else None

    def file_complete(self, file_size: int) -> None:
        """Leave the document to the handlers after this one."""
