"""What the file system says, in one sentence that says what to do."""

from __future__ import annotations

import errno
import os

from tagger.core.errors import DriveAwayError, ReadOnlyError, WriteFailedError

_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_AWAY = (
    "ENODEV",
    "ENXIO",
    "ENOTCONN",
    "ESTALE",
    "EHOSTDOWN",
    "EHOSTUNREACH",
    "ENETDOWN",
    "ENETUNREACH",
    "ETIMEDOUT",
    "ECONNRESET",
    "ECONNABORTED",
    "ECONNREFUSED",
    "ESHUTDOWN",
)
_LOCKED = ("EBUSY", "ETXTBSY", "EAGAIN", "EDEADLK")


def _codes(names: tuple[str, ...]) -> frozenset[int]:
    """Windows and macOS know fewer."""
    return frozenset(getattr(errno, name) for name in names if hasattr(errno, name))


_AWAY_CODES, _LOCK_CODES = _codes(_AWAY), _codes(_LOCKED)
_BY_MEANING = {
    "The disk is full; free some space and try again.": ("ENOSPC", "EDQUOT"),
    "The drive is write-protected; unlock it, or copy the photos to another drive.": ("EROFS",),
    "The system does not allow this; check the rights of the file and of its folder.": (
        "EACCES",
        "EPERM",
    ),
    "The file or its folder is no longer there; scan the folder again.": ("ENOENT",),
    "The drive reported an error; save your photos to another drive and have this one checked.": (
        "EIO",
        "EUCLEAN",
        "EBADMSG",
    ),
    "The drive is away; connect it again.": _AWAY,
    "The name is too long for this drive; shorten it.": ("ENAMETOOLONG",),
    "Too many files are open; close other programs and try again.": ("EMFILE", "ENFILE"),
    "Another program holds the file; close it there and try again.": _LOCKED,
    "There is already a file of this name.": ("EEXIST",),
    "The file would be larger than this drive allows.": ("EFBIG",),
    "There is a folder where a file was expected, or the other way round.": ("EISDIR", "ENOTDIR"),
    "The link leads in a circle; remove it.": ("ELOOP",),
    "There is not enough memory; close other programs and try again.": ("ENOMEM",),
}
_SENTENCES = {
    getattr(errno, name): sentence
    for sentence, names in _BY_MEANING.items()
    for name in names
    if hasattr(errno, name)  # Windows and macOS know fewer
}
# ERROR_ACCESS_DENIED is what os.replace meets when somebody reads the target without sharing it.
_WINDOWS_LOCKS = frozenset({5, 32, 33})


def is_lock(error: OSError) -> bool:
    """Whether another program holds the file: worth another try."""
    return getattr(error, "winerror", None) in _WINDOWS_LOCKS or error.errno in _LOCK_CODES


def sentence_for(error: OSError) -> str:
    """One sentence for a photographer, for any error of the file system."""
    if is_lock(error):
        return _SENTENCES[errno.EBUSY]
    if error.errno in _SENTENCES:
        return _SENTENCES[error.errno]
    reason = os.strerror(error.errno) if error.errno is not None else str(error)
    return f"The file system refused ({reason}); try again, or check the drive."


def write_error_for(error: OSError) -> WriteFailedError:
    """The error of writing that says whether to unlock, to connect or to try again."""
    sentence = sentence_for(error)
    if is_lock(error):
        return WriteFailedError(sentence)
    if error.errno in _READ_ONLY:
        return ReadOnlyError(sentence)
    if error.errno in _AWAY_CODES:
        return DriveAwayError(sentence)
    return WriteFailedError(sentence)
