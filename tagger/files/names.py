"""Which names are photos, which are sidecars, and which nobody ever wants to see."""

from __future__ import annotations

import re
from functools import lru_cache
from os import getpid, urandom
from pathlib import PurePath

from tagger.core.formats import format_of

_JUNK_FOLDERS = frozenset(
    {
        "$recycle.bin",
        "recycler",
        "system volume information",
        "lost+found",
        "@eadir",  # Synology's thumbnails
        "#recycle",
        "#snapshot",
        "@recycle",  # QNAP's bin
        "thumbs",
    }
)
# Folders that programs keep as one document of their own: previews, or originals that must not
# be touched behind the program's back.
_PACKAGE_SUFFIXES = (
    ".lrdata",
    ".lrcat-data",
    ".cocatalog",
    ".cosessiondb",
    ".photoslibrary",
    ".migratedphotolibrary",
    ".aplibrary",
)
_TEMPORARY_NAME = re.compile(r"\.tagger-[0-9]+-[0-9a-f]{16}\.tmp")


@lru_cache(maxsize=1024)
def _is_photo_suffix(suffix: str) -> bool:
    return format_of(PurePath(f"x.{suffix}")) is not None


def is_photo_name(name: str) -> bool:
    """Whether a file of this name is a photo; hidden files (`._IMG_1.jpg`) are none."""
    stem, dot, suffix = name.rpartition(".")
    return bool(stem and dot) and name[0] != "." and _is_photo_suffix(suffix)


def is_sidecar_name(name: str) -> bool:
    """Whether a file of this name holds another file's metadata."""
    return name[:1] != "." and name.lower().endswith(".xmp")


def is_skipped_folder(name: str) -> bool:
    """Whether a folder of this name holds thumbnails, bins or another program's own store."""
    lowered = name.lower()
    return name[:1] == "." or lowered in _JUNK_FOLDERS or lowered.endswith(_PACKAGE_SUFFIXES)


def is_in_skipped_folder(rel_path: str) -> bool:
    """Whether this folder, or one above it below the watched folder, is skipped."""
    return any(is_skipped_folder(folder) for folder in rel_path.split("/"))


def is_watched_path(rel_path: str) -> bool:
    """Whether a change of this file below a watched folder matters: photos and sidecars."""
    folder, slash, name = rel_path.rpartition("/")
    if not (is_photo_name(name) or is_sidecar_name(name)):
        return False
    return not (slash and is_in_skipped_folder(folder))


def temporary_name() -> str:
    """A fresh name for a file being written: hidden, and short whatever the photo's name."""
    return f".tagger-{getpid()}-{urandom(8).hex()}.tmp"


def is_temporary_name(name: str) -> bool:
    """Whether `temporary_name` made this name, in this process or another."""
    return _TEMPORARY_NAME.fullmatch(name) is not None
