"""What was exported into a folder, so that a second run makes only what is missing or different.

One line a picture is added as soon as it is there: a stopped export goes on where it was. The
record is the library's, so nothing of it lies among the pictures.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING

from tagger.files import read_stamp

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.photo import Stamp


class ExportRecord:
    """The pictures of one folder by what they were made from.

    A record that can't be read or written costs time and nothing else: pictures are then made
    again, and found to be equal.
    """

    def __init__(self, home: Path, folder: Path) -> None:
        name = blake2b(str(folder).encode(errors="surrogateescape"), digest_size=12).hexdigest()
        self._path = home / "exports" / f"{name}.jsonl"
        self._folder = folder
        self._files = dict(self._read())

    def find(self, key: str) -> Path | None:
        """The picture made from this, if it is still there as it was made."""
        known = self._files.get(key)
        if known is None:
            return None
        path = self._folder / known[0]
        try:
            stamp = read_stamp(path)
        except OSError:
            return None
        return path if _as_list(stamp) == known[1] else None

    def note(self, key: str, name: str) -> None:
        """This picture is there now."""
        try:
            stamp = _as_list(read_stamp(self._folder / name))
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps([key, name, stamp]) + "\n")
        except (OSError, UnicodeError):
            return

    def _read(self) -> list[tuple[str, tuple[str, list[int]]]]:
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeError):
            return []
        return [entry for line in lines if (entry := _parse(line)) is not None]


def key_of(*parts: str) -> str:
    """A short text that differs wherever a part differs."""
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part.encode(errors="surrogateescape") + b"\0")
    return digest.hexdigest()


def _parse(line: str) -> tuple[str, tuple[str, list[int]]] | None:
    """None for a line that was cut off."""
    try:
        key, name, stamp = json.loads(line)
    except ValueError:
        return None
    if not (isinstance(key, str) and isinstance(name, str) and isinstance(stamp, list)):
        return None
    return key, (name, stamp)


def _as_list(stamp: Stamp) -> list[int]:
    return [stamp.size, stamp.mtime_ns]
