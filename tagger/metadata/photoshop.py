"""Photoshop image resources (`8BIM`): IPTC in resource 0x0404, its digest in 0x0425.

Source: Adobe Photoshop file formats specification, "Image resource blocks"; MWG guidelines 2.0,
section 3.3 for the digest.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tagger.core.errors import MetadataRefusedError

IPTC_ID, DIGEST_ID, XMP_ID = 0x0404, 0x0425, 0x0424
_SIGNATURES = (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR")
_BROKEN = "The Photoshop block with the IPTC data of this file is damaged."


class Resource(NamedTuple):
    """One resource; `raw` is all of it as it stands in the file."""

    number: int
    data: bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Resources:
    """All resources of a file in their order, and the bytes that trail behind them."""

    items: tuple[Resource, ...]
    tail: bytes

    def find(self, number: int) -> bytes | None:
        """The data of the first resource with this number."""
        return next((one.data for one in self.items if one.number == number), None)

    def count(self, number: int) -> int:
        """How many resources have this number."""
        return sum(one.number == number for one in self.items)

    def replaced(self, number: int, data: bytes) -> Resources:
        """With other data in the resource, which is put at the end where there is none."""
        fresh = Resource(number, data, _make_raw(number, data))
        items = tuple(fresh if one.number == number else one for one in self.items)
        return Resources(items if self.count(number) else (*items, fresh), self.tail)

    def others(self) -> tuple[bytes, ...]:
        """Everything but IPTC and its digest, byte for byte."""
        kept = (one.raw for one in self.items if one.number not in (IPTC_ID, DIGEST_ID))
        return (*kept, self.tail)

    def to_bytes(self) -> bytes:
        """The block as it goes into the file."""
        return b"".join(one.raw for one in self.items) + self.tail


@lru_cache(maxsize=64)
def parse_resources(block: bytes) -> Resources:
    """Raises `MetadataRefusedError` when a resource reaches past the end."""
    items: list[Resource] = []
    offset = 0
    while block[offset : offset + 4] in _SIGNATURES:
        resource = _read_resource(block, offset)
        items.append(resource)
        offset += len(resource.raw)
    tail = block[offset:]
    if tail.strip(b"\x00"):
        raise MetadataRefusedError(_BROKEN)
    return Resources(tuple(items), tail)


def _read_resource(block: bytes, offset: int) -> Resource:
    name_length = block[offset + 6] if offset + 6 < len(block) else 0
    start = offset + 6 + _even(1 + name_length)
    size = int.from_bytes(block[start : start + 4], "big")
    data = block[start + 4 : start + 4 + size]
    if start + 4 > len(block) or len(data) < size:
        raise MetadataRefusedError(_BROKEN)
    number = int.from_bytes(block[offset + 4 : offset + 6], "big")
    if block[offset : offset + 4] != _SIGNATURES[0]:
        number = -1
    return Resource(number, data, block[offset : start + 4 + _even(size)])


def _make_raw(number: int, data: bytes) -> bytes:
    head = b"8BIM" + number.to_bytes(2, "big") + b"\x00\x00" + len(data).to_bytes(4, "big")
    return head + data + b"\x00" * (len(data) % 2)


def _even(size: int) -> int:
    return size + size % 2


def is_digest_true(resources: Resources) -> bool | None:
    """Whether the digest fits the IPTC block; None where there is no digest."""
    digest = resources.find(DIGEST_ID)
    return None if digest is None else digest == make_digest(resources.find(IPTC_ID) or b"")


def make_digest(iptc: bytes) -> bytes:
    """MD5 of the IPTC block, as the format wants it; no matter of security."""
    return hashlib.md5(iptc, usedforsecurity=False).digest()
