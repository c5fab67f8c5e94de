"""Small pieces that all queries share: lists of ids as one parameter, times and paths as text."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.library.path_text import decode_path, encode_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeVar

    Item = TypeVar("Item")

CHUNK = 200
"""Photos in one transaction: below 100 ms on a slow machine, so that nobody waits long."""


def pack(values: Iterable[int | str]) -> str:
    """Values as one parameter, for `IN (SELECT value FROM json_each(?))`: no limit on how many."""
    return json.dumps(list(values))


def split_chunks(items: Sequence[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    """Runs of at most `size` items, in order."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def encode_time(time: datetime | None) -> str | None:
    """ISO 8601, which sorts as text. The camera's clock keeps being without time zone."""
    return None if time is None else time.isoformat()


def decode_time(text: str | None) -> datetime | None:
    """What `encode_time` was given."""
    return None if text is None else datetime.fromisoformat(text)


def join_path(folder: str, rel_path: str) -> Path:
    """The absolute path of stored texts."""
    return Path(decode_path(folder), decode_path(rel_path))


def encode_text(text: str | None) -> str | None:
    """Text that may quote a file name, ready to be stored."""
    return None if text is None else encode_path(text)


def decode_text(text: str | None) -> str | None:
    """What `encode_text` was given."""
    return None if text is None else decode_path(text)
