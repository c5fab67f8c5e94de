"""A second, independent reading of XMP: what an edit must leave as it was.

Uses the expat parser of the standard library, so that a mistake of the parser that made the edit
can't hide itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

# Document types and entities were refused before the text gets here.
from xml.etree import ElementTree as ET

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.packet import find_body
from tagger.metadata.xmp_properties import EDITED, SUBJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_EDITED_NAMESPACES = {name[1:].partition("}")[0] for name in EDITED}
Shape = tuple[str, tuple[tuple[str, str], ...], str, tuple["Shape", ...]]
"""Name, attributes, text and children of an element."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """All of a packet but the properties that hold keywords.

    Attributes:
        foreign: every other property, attribute and element.
        prefixes: namespace prefixes with what they stand for.
        subject: the values of `dc:subject`, as this reader sees them.
    """

    foreign: Shape
    prefixes: frozenset[tuple[str, str]]
    subject: tuple[str, ...]


class _Builder(ET.TreeBuilder):
    """Builds the tree and notes the namespace prefixes of other programs."""

    def __init__(self) -> None:
        super().__init__()
        self.prefixes: set[tuple[str, str]] = set()

    def start_ns(self, prefix: str, uri: str) -> None:
        if uri not in _EDITED_NAMESPACES:
            self.prefixes.add((prefix, uri))


def take_fingerprint(packet: bytes, edited: frozenset[str] = EDITED) -> Fingerprint:
    """All of a packet but the `edited` properties.

    Raises `MetadataRefusedError` when the packet is not well-formed.
    """
    body = find_body(packet)
    builder = _Builder()
    parser = ET.XMLParser(target=builder)  # noqa: S314 - no entities, see above
    try:
        parser.feed(body)
        root: ET.Element = parser.close()
    except ET.ParseError as error:
        raise MetadataRefusedError("The new XMP metadata could not be read back.") from error
    subject = tuple(text for node in root.iter(SUBJECT) for text in _items(node))
    return Fingerprint(_shape_root(root, edited), frozenset(builder.prefixes), subject)


def _items(node: ET.Element) -> Iterator[str]:
    for item in node.iter(_RDF + "li"):
        yield item.text or ""


def _shape_root(element: ET.Element, edited: frozenset[str]) -> Shape:
    """Like `_shape`; below `rdf:RDF` without keywords and without descriptions left empty."""
    if element.tag != _RDF + "RDF":
        children = tuple(_shape_root(child, edited) for child in element)
        return element.tag, _attributes(element), _text(element), children
    nodes = (_shape_node(node, edited) for node in element)
    children = tuple(node for node in nodes if node[1] or node[3] or node[2])
    return element.tag, _attributes(element), "", children


def _shape_node(node: ET.Element, edited: frozenset[str]) -> Shape:
    attributes = tuple(
        pair for pair in _attributes(node) if pair[0] not in edited and pair != (_RDF + "about", "")
    )
    children = tuple(_shape(child) for child in node if child.tag not in edited)
    return node.tag, attributes, (node.text or "").strip(), children


def _shape(element: ET.Element) -> Shape:
    return element.tag, _attributes(element), _text(element), tuple(map(_shape, element))


def _attributes(element: ET.Element) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(element.attrib.items())) if element.attrib else ()


def _text(element: ET.Element) -> str:
    """White space counts only where it is the whole value."""
    text = element.text or ""
    if not len(element):
        return text
    tails = "".join(child.tail or "" for child in element).strip()
    return text.strip() + tails
