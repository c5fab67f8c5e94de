"""A second, independent reading of XMP: what an edit must leave as it was.

Uses the expat parser of the standard library, so that a mistake of the parser that made the edit
can't hide itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

# Document types and entities were refused before the text gets here.
from xml.etree import ElementTree as ET

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.packet import find_body
from tagger.metadata.xmp_properties import EDITED, SUBJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ABOUT = _RDF + "about"
_EDITED_NAMESPACES = {name[1:].partition("}")[0] for name in EDITED}
Shape = tuple[str, dict[str, str], str, list["Shape"]]
"""Name, attributes, text and children of an element."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """All of a packet but the properties that hold keywords.

    Attributes:
        foreign: every other property, attribute and element.
        prefixes: namespace prefixes of other programs with what they stand for.
        subject: the values of `dc:subject`, as this reader sees them.
    """

    foreign: Shape
    prefixes: frozenset[tuple[str, str]]
    subject: tuple[str, ...]


def take_fingerprint(packet: bytes, edited: frozenset[str] = EDITED) -> Fingerprint:
    """All of a packet but the `edited` properties.

    Raises `MetadataRefusedError` when the packet is not well-formed.
    """
    root, prefixes = _parse(find_body(packet))
    subject = tuple(text for node in root.iter(SUBJECT) for text in _items(node))
    return Fingerprint(_shape_root(root, edited), prefixes, subject)


def _parse(body: str) -> tuple[ET.Element, frozenset[tuple[str, str]]]:
    """The tree, and the namespace prefixes that it declares.

    Asked for as events, for a builder in Python takes four times as long.
    """
    parsing: ET.XMLPullParser[Any] = ET.XMLPullParser(("start-ns", "start"))
    try:
        parsing.feed(body.encode())
        parsing.close()
        events = [*cast("Iterator[tuple[str, Any]]", parsing.read_events())]
    except ET.ParseError as error:
        raise MetadataRefusedError("The new XMP metadata could not be read back.") from error
    root: ET.Element = next(found for kind, found in events if kind == "start")
    declared = [pair for kind, pair in events if kind == "start-ns"]
    return root, frozenset(pair for pair in declared if pair[1] not in _EDITED_NAMESPACES)


def _items(node: ET.Element) -> Iterator[str]:
    for item in node.iter(_RDF + "li"):
        yield item.text or ""


def _shape_root(element: ET.Element, edited: frozenset[str]) -> Shape:
    """Like `_shape`; below `rdf:RDF` without keywords and without descriptions left empty."""
    if element.tag != _RDF + "RDF":
        children = [_shape_root(child, edited) for child in element]
        return element.tag, element.attrib, _text(element), children
    nodes = [_shape_node(node, edited) for node in element]
    children = [node for node in nodes if node[1] or node[3] or node[2]]
    return element.tag, element.attrib, "", children


def _shape_node(node: ET.Element, edited: frozenset[str]) -> Shape:
    attributes = {key: value for key, value in node.attrib.items() if key not in edited}
    if attributes.get(_ABOUT) == "":
        del attributes[_ABOUT]
    return node.tag, attributes, (node.text or "").strip(), _shapes(node, edited)


def _shapes(elements: Iterable[ET.Element], edited: frozenset[str] = frozenset()) -> list[Shape]:
    return [
        (one.tag, one.attrib, _text(one), _shapes(one) if len(one) else [])
        for one in elements
        if one.tag not in edited
    ]


def _text(element: ET.Element) -> str:
    """White space counts only where it is the whole value."""
    text = element.text or ""
    if not len(element):
        return text
    tails = "".join([child.tail or "" for child in element]).strip()
    return text.strip() + tails
