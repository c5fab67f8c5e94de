"""JPEGs and sidecars with chosen metadata, made on the spot, for tests of keywords."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tests.pictures import make_picture

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAMESPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
    'xmlns:lr="http://ns.adobe.com/lightroom/1.0/" '
    'xmlns:digiKam="http://www.digikam.org/ns/1.0/" '
    'xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/" '
    'xmlns:mediapro="http://ns.iview-multimedia.com/mediapro/1.0/" '
    'xmlns:acdsee="http://ns.acdsee.com/iptc/1.0/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:acme="http://acme.example/1.0/"'
)


def array(name: str, values: Sequence[str], kind: str = "Bag") -> str:
    """A property with an array, `array("dc:subject", ["cake"])`."""
    items = "".join(f"<rdf:li>{value}</rdf:li>" for value in values)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"


def packet(*properties: str, attributes: str = "") -> bytes:
    """An XMP document without wrapper."""
    inside = "".join(properties)
    attributes = f" {attributes}" if attributes else ""
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {NAMESPACES}>'
        f'<rdf:Description rdf:about=""{attributes}>{inside}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def segment(marker: int, payload: bytes) -> bytes:
    """A JPEG segment."""
    return b"\xff" + bytes([marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def xmp_segment(content: bytes) -> bytes:
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + content)


def resource(number: int, data: bytes) -> bytes:
    """A Photoshop image resource without name."""
    head = b"8BIM" + number.to_bytes(2, "big") + b"\x00\x00" + len(data).to_bytes(4, "big")
    return head + data + b"\x00" * (len(data) % 2)


def dataset(record: int, number: int, data: bytes) -> bytes:
    """An IPTC dataset."""
    return bytes([0x1C, record, number]) + len(data).to_bytes(2, "big") + data


def photoshop_segment(*resources: bytes) -> bytes:
    return segment(0xED, b"Photoshop 3.0\x00" + b"".join(resources))


def exif_block(keywords: str, order: str = "<") -> bytes:
    """A TIFF block with Windows keywords between two other tags, and a maker note at the end."""
    value = (keywords + "\x00").encode("utf-16-le")
    make, note = b"ACME\x00\x00\x00\x00", b"maker note with offsets"
    start = 8 + 2 + 3 * 12 + 4
    ifd = struct.pack(order + "H", 3)
    ifd += struct.pack(order + "HHII", 0x010F, 2, len(make), start)
    ifd += struct.pack(order + "HHII", 0x927C, 7, len(note), start + len(make) + len(value))
    ifd += struct.pack(order + "HHII", 0x9C9E, 1, len(value), start + len(make))
    ifd += struct.pack(order + "I", 0)
    magic = b"II*\x00" if order == "<" else b"MM\x00*"
    return magic + struct.pack(order + "I", 8) + ifd + make + value + note


def exif_segment(block: bytes) -> bytes:
    return segment(0xE1, b"Exif\x00\x00" + block)


def save_jpeg_with(path: Path, *segments: bytes, trailer: bytes = b"") -> Path:
    """A small real JPEG whose first segments, behind JFIF, are the given ones."""
    make_picture().save(path, "JPEG")
    data = path.read_bytes()
    jfif_end = 4 + int.from_bytes(data[4:6], "big")
    assert data[2:4] == b"\xff\xe0"
    path.write_bytes(data[:jfif_end] + b"".join(segments) + data[jfif_end:] + trailer)
    return path
