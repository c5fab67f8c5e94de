"""What differs between two states of a file, so that either can be made from the other.

A delta is a run of hunks, compressed: where each starts, the bytes before and the bytes after. What
is equal is not stored, so it stays small however large the picture is.
"""

from __future__ import annotations

import os
import struct
import sys
import zlib
from collections import deque
from typing import TYPE_CHECKING

import xxhash

from tagger.core.errors import WriteFailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import FileIO
    from pathlib import Path

_HUNK = struct.Struct("<QII")
_STEP = 1 << 16
_SMALL_BYTES = 1 << 12
_CHUNK_BYTES = 1 << 20
_ANCHOR_BYTES = 64
_MAX_HUNK_BYTES = (1 << 32) - 1
Piece = bytes | memoryview
_Hunk = tuple[int, bytes, bytes]
"""Where it starts in the old state, what stood there, what stands there now."""


def digest_of(*pieces: Piece) -> str:
    """32 hexadecimal digits that tell one state of a file from every other."""
    digest = xxhash.xxh3_128()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def digest_of_file(path: Path) -> str:
    """The same of a file, read in parts: memory for all of a picture takes longer to get than that.

    Raises:
        OSError: it can't be read.
    """
    digest = xxhash.xxh3_128()
    with path.open("rb", buffering=0) as file:
        for piece in _read(file, sys.maxsize):
            digest.update(piece)
    return digest.hexdigest()


def make_delta(before: bytes, after: bytes) -> bytes:
    """The delta from one state to the other; `apply_delta` and `revert_delta` use it."""
    hunks = list(_find_hunks(before, after))
    return zlib.compress(b"".join(_HUNK.pack(at, len(a), len(b)) + a + b for at, a, b in hunks), 1)


def apply_delta(before: bytes, delta: bytes) -> bytes:
    """The newer state."""
    return _patch(before, _read_hunks(delta))


def revert_delta(after: bytes, delta: bytes) -> bytes:
    """The older state."""
    return _patch(after, invert(_read_hunks(delta)))


class Patching:
    """The newer state of a file in pieces, made while the older one is read.

    So a picture is never in memory as a whole. A piece holds until the next one is taken. Walking
    through raises `OSError` when the file can't be read; whether it was the one that the delta was
    made from, `before_digest` tells in the end.
    """

    def __init__(self, path: Path, delta: bytes) -> None:
        self._path, self._delta = path, delta
        self._digest = xxhash.xxh3_128()

    @property
    def before_digest(self) -> str:
        """Of what has been read."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[Piece]:
        with self._path.open("rb", buffering=0) as file:
            read = 0
            for at, old, new in _read_hunks(self._delta):
                yield from self._copy(file, at - read)
                deque(self._copy(file, len(old)), maxlen=0)
                yield new
                read = at + len(old)
            yield from self._copy(file, sys.maxsize)

    def _copy(self, file: FileIO, size: int) -> Iterator[memoryview]:
        for piece in _read(file, size):
            self._digest.update(piece)
            yield piece


def _read(file: FileIO, size: int) -> Iterator[memoryview]:
    """The next bytes of a file, as many as there are, each piece in the place of the last one."""
    held = os.fstat(file.fileno()).st_size
    # One more than there should be shows that this was all.
    buffer = memoryview(bytearray(min(size, max(held, 0) + 1, _CHUNK_BYTES)))
    while size and (count := file.readinto(buffer[:size])):
        yield buffer[:count]
        size -= count


def invert(hunks: Iterator[_Hunk]) -> Iterator[_Hunk]:
    """Hunks that lead back; their places are those in the newer state."""
    growth = 0
    for at, old, new in hunks:
        yield at + growth, new, old
        growth += len(new) - len(old)


def _patch(state: bytes, hunks: Iterator[_Hunk]) -> bytes:
    view = memoryview(state)
    pieces: list[Piece] = []
    end = 0
    for at, old, new in hunks:
        if at < end or not state.startswith(old, at):
            raise WriteFailedError("The journal does not fit this file, so it stays as it is.")
        pieces += [view[end:at], new]
        end = at + len(old)
    return b"".join([*pieces, view[end:]])


def _read_hunks(delta: bytes) -> Iterator[_Hunk]:
    data, place = zlib.decompress(delta), 0
    while place < len(data):
        at, old, new = _HUNK.unpack_from(data, place)
        start = place + _HUNK.size
        place = start + old + new
        yield at, data[start : start + old], data[start + old : place]


def _find_hunks(before: bytes, after: bytes) -> Iterator[_Hunk]:
    """Hunks by rising place: common ends are cut off, then a common middle parts the rest."""
    todo, view = [(0, len(before), 0, len(after))], memoryview(after)
    while todo:
        a, a_end, b, b_end = todo.pop()
        same = _count_equal(before, a, a_end, view, b, b_end)
        a, b = a + same, b + same
        same = _count_equal_back(before, a, a_end, view, b, b_end)
        a_end, b_end = a_end - same, b_end - same
        if a == a_end and b == b_end:
            continue
        middle = _find_middle(before, a, a_end, after, b, b_end)
        if middle is None:
            yield a, before[a:a_end], after[b:b_end]
        else:
            todo += [(middle[0], a_end, middle[1], b_end), (a, middle[0], b, middle[1])]


def _find_middle(
    before: bytes, a: int, a_end: int, after: bytes, b: int, b_end: int
) -> tuple[int, int] | None:
    """A place in both where equal bytes begin; None where it is not worth the search."""
    if min(a_end - a, b_end - b) <= _SMALL_BYTES:
        return None
    for part in (8, 4, 12, 2, 14):
        place = a + (a_end - a) * part // 16
        anchor = before[place : place + _ANCHOR_BYTES]
        found = after.find(anchor, b, b_end)
        if found >= 0 and anchor.count(anchor[:1]) < len(anchor):
            return place, found
    return None


def _count_equal(before: bytes, a: int, a_end: int, after: memoryview, b: int, b_end: int) -> int:
    def is_same(start: int, stop: int) -> bool:
        return before.startswith(after[b + start : b + stop], a + start)

    return _count(min(a_end - a, b_end - b), is_same)


def _count_equal_back(
    before: bytes, a: int, a_end: int, after: memoryview, b: int, b_end: int
) -> int:
    def is_same(start: int, stop: int) -> bool:
        return before.startswith(after[b_end - stop : b_end - start], a_end - stop)

    return _count(min(a_end - a, b_end - b), is_same)


def _count(length: int, is_same: Callable[[int, int], bool]) -> int:
    """How many of these bytes are the same from the first one on."""
    same, end = 0, min(_STEP, length)
    while same < length and is_same(same, end):
        same, end = end, min(end + _STEP, length)
    while end - same > 1:  # one of those before the end differs
        middle = (same + end) // 2
        if is_same(same, middle):
            same = middle
        else:
            end = middle
    return same
