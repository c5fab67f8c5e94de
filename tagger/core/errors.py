"""Every error that a person may see. The message is one sentence they understand."""


class TaggerError(Exception):
    """Root of all errors with a sentence for the user."""


class WrongUseError(TaggerError):
    """The request itself makes no sense: an unknown class, a folder that is no folder."""


class QueryError(WrongUseError):
    """A search text can't be understood.

    Attributes:
        position: where in the text, counted in characters from 0.
        text: the whole search text, where the error knows it.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position
        self.text = ""


class PhotoError(TaggerError):
    """One photo can't be read or written. Stored on the photo; the others go on."""


class UnreadablePhotoError(PhotoError):
    """The file is not an image, is damaged, or is of a kind that no reader opens."""


class PhotoTooLargeError(PhotoError):
    """Decoding would take more memory than a photo ever needs."""


class PhotoTimeoutError(PhotoError):
    """Reading the photo took longer than its time limit."""


class MetadataRefusedError(PhotoError):
    """The metadata in this file can't be edited without risk, so the file stays untouched."""


class PhotoChangedError(PhotoError):
    """Another program changed the file between our reading and our writing. Try again later."""


class WriteFailedError(PhotoError):
    """The file system refused: read-only, full, locked or gone. The photo is as it was."""


class ReadOnlyError(WriteFailedError):
    """The file, its folder or its drive may not be changed. Somebody has to unlock it first."""


class DriveAwayError(WriteFailedError):
    """The drive with the photo is away. Writing goes on when it is back."""


class LibraryError(TaggerError):
    """The index can't be used: newer version, damaged, locked or on a full disk."""


class ModelError(TaggerError):
    """The classifier can't be used: missing, damaged, of another version or too large."""


class CancelledError(TaggerError):
    """The user asked to stop. What was finished is kept."""
