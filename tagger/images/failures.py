"""From whatever a library raises over a broken file to one sentence for the photographer."""

from __future__ import annotations

import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

import rawpy
from PIL import Image, ImageCms, UnidentifiedImageError

from tagger.core.errors import PhotoTooLargeError, UnreadablePhotoError

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    TypeError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    AssertionError,
    ImageCms.PyCMSError,
    rawpy.LibRawError,
)
"""What Pillow, pi-heif and LibRaw raise over damaged files, found by feeding them damaged files."""

_CUT_OFF = "The picture is cut off: a part of the file is missing. Copy it again."

_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn a library's error over a file into a `PhotoError`; the original is its cause.

    Raises:
        UnreadablePhotoError: the file can't be read or understood.
        PhotoTooLargeError: it would take more memory than there is.
    """
    try:
        yield
    except _BOMBS as error:
        raise too_large() from error
    except MemoryError as error:
        raise PhotoTooLargeError(
            "There is not enough memory to open this picture. "
            "Close other programs, or save it smaller."
        ) from error
    except FILE_ERRORS as error:
        raise UnreadablePhotoError(_say_why(error)) from error


def too_large() -> PhotoTooLargeError:
    """The refusal of a picture with more pixels than any photo has."""
    return PhotoTooLargeError(
        "The picture claims more pixels than can be opened safely. Save it smaller to use it."
    )


_SENTENCES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (FileNotFoundError, "The file is no longer there."),
    (PermissionError, "The file may not be read. Change its permissions and scan again."),
    (UnidentifiedImageError, "The file is not a picture that can be opened."),
    (
        rawpy.LibRawFileUnsupportedError,
        "This RAW file can't be opened: its camera is too new, or the file is damaged.",
    ),
    ((EOFError, rawpy.LibRawIOError), _CUT_OFF),
)


def _say_why(error: Exception) -> str:
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence
    if isinstance(error, OSError) and error.filename is not None:
        return "The drive could not read the file. Check the drive, or copy the file again."
    # Pillow tells a cut file from a damaged one by its words alone.
    if "truncated" in str(error).lower():
        return _CUT_OFF
    return "The picture is damaged and can't be opened. Copy it again from the camera or backup."
