"""The raw blocks of metadata that a file holds, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tagger.core.errors import MetadataRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Blocks:
    """Bytes as they stand in the file, not yet understood.

    Attributes:
        packets: XMP packets; more than one is nothing that a program may edit.
        extended: the second part of an XMP packet longer than a JPEG segment.
        exif: a TIFF block, from `II` or `MM` on.
        resources: Photoshop image resources, `8BIM` after `8BIM`.
        iptc: IPTC-IIM datasets that stand outside of Photoshop resources (TIFF tag 33723).
        problems: sentences about blocks that could not be reached.
    """

    packets: tuple[bytes, ...] = ()
    extended: bytes | None = None
    exif: bytes | None = None
    resources: bytes | None = None
    iptc: bytes | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewBlocks:
    """Blocks to put in place of the old ones; None leaves a block as it is."""

    packet: bytes | None = None
    exif: bytes | None = None
    resources: bytes | None = None
    iptc: bytes | None = None


def take_until_damage(parts: Iterable[T]) -> tuple[list[T], tuple[str, ...]]:
    """The parts of a file up to the first damage, and the sentence about it if there is one."""
    taken: list[T] = []
    try:
        for part in parts:
            taken.append(part)  # noqa: PERF402 - what was taken before the damage must stay
    except MetadataRefusedError as error:
        return taken, (str(error),)
    return taken, ()
