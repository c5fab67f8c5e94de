"""Whose photo it is, as the file says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.carriers import read_blocks
from tagger.metadata.packet import parse_first_document
from tagger.metadata.rdf import Property, find_rdf
from tagger.metadata.source import Source

if TYPE_CHECKING:
    from pathlib import Path

_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_RIGHTS = "{http://purl.org/dc/elements/1.1/}rights"
_CREDIT = "{http://ns.adobe.com/photoshop/1.0/}Credit"


@dataclass(frozen=True, slots=True)
class Credit:
    """Author, copyright and credit line; empty where the file says nothing."""

    creator: str = ""
    copyright: str = ""
    credit: str = ""


def read_credit(path: Path) -> Credit:
    """What the XMP of a photo says (IPTC Photo Metadata 2023.2, 8.6 to 8.8).

    A file that can't be read, or whose XMP is damaged, says nothing.
    """
    try:
        with path.open("rb") as file:
            packets = read_blocks(Source(file)).packets
    except (OSError, ValueError):
        return Credit()
    for packet in packets[:1]:
        try:
            rdf = find_rdf(parse_first_document(packet))
        except MetadataRefusedError:
            return Credit()
        found = (Property(rdf, (name,)).first() or "" for name in (_CREATOR, _RIGHTS, _CREDIT))
        return Credit(*found)
    return Credit()
