"""The user's own exiftool, where the settings ask for it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tagger.metadata.exiftool import Exiftool, find_exiftool
from tagger.services.settings import WRITE_EXIFTOOL, profile_in_use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.library import Library

_COMMAND = "exiftool"
_ABSENT = (
    "exiftool is not on this computer, so TIFF, DNG, HEIC and AVIF got sidecars; install it, or "
    "say where it is: tagger settings write.exiftool FILE."
)


@contextmanager
def exiftool_in_use(library: Library) -> Iterator[Exiftool | None]:
    """The program, ended afterwards; None where nobody asked for it, or it is absent.

    A profile that leaves photos as they are has no use for it.
    """
    command = _find(library)
    if command is None or not profile_in_use(library).is_in_file:
        yield None
        return
    with Exiftool(command) as exiftool:
        yield exiftool


def explain_absence(library: Library) -> str | None:
    """One sentence where the settings ask for exiftool and there is none."""
    return _ABSENT if library.setting(WRITE_EXIFTOOL) and _find(library) is None else None


def _find(library: Library) -> str | None:
    setting = library.setting(WRITE_EXIFTOOL)
    if setting is None:
        return None
    return find_exiftool(_COMMAND if setting == "on" else setting)
