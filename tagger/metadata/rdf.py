"""Properties in an RDF tree as XMP writes them (ISO 16684-1, section 7).

Reading accepts what real files have: every array kind, values as attributes, `rdf:nodeID`.
Editing changes only simple arrays and refuses the rest. White space is kept so that an edited
packet reads like the program's that wrote it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.rdf_nodes import append_child, remove_child

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DESCRIPTION, _LI = RDF + "Description", RDF + "li"
_ARRAYS = frozenset({RDF + "Bag", RDF + "Seq", RDF + "Alt"})
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TOO_COMPLEX = "The keywords in the XMP metadata are stored in a way that can't be edited safely."


def find_rdf(root: etree._Element) -> etree._Element:
    """The one `rdf:RDF` element; `MetadataRefusedError` when there is none or several."""
    found = list(root.iter(RDF + "RDF"))
    if len(found) != 1:
        raise MetadataRefusedError("The XMP metadata is damaged and can't be read.")
    return found[0]


def _elements(parent: etree._Element) -> list[etree._Element]:
    """Children without comments and processing instructions."""
    return list(parent.iterchildren(tag=etree.Element))


class Places:
    """Where any of some properties stand, found in one walk through a packet.

    It knows nothing of what is edited afterwards, except within one `Property` that it gave.

    Attributes:
        elements: property elements in all descriptions, each with its name.
        attributes: descriptions that hold one as an attribute, with its name.
    """

    def __init__(self, rdf: etree._Element, names: Collection[str]) -> None:
        self._rdf = rdf
        self.elements: list[tuple[str, etree._Element]] = []
        self.attributes: list[tuple[etree._Element, str]] = []
        for node in _elements(rdf):
            held = node.attrib
            self.attributes += [(node, name) for name in names if name in held]
            self.elements += [(str(one.tag), one) for one in node.iterchildren(*names)]

    def of(self, *names: str) -> Property:
        """The property under its several names, which are among those looked for."""
        return Property(self._rdf, names, self)


class Property:
    """All places of one property in a packet, under its several names.

    Attributes:
        elements: property elements, in all descriptions.
        attributes: descriptions that hold it as an attribute, with its name.
    """

    def __init__(
        self, rdf: etree._Element, names: Sequence[str], places: Places | None = None
    ) -> None:
        """`places` spares the walk where several properties are looked for."""
        self._rdf = rdf
        found = places or Places(rdf, names)
        self.elements = [one for name, one in found.elements if name in names]
        self.attributes = [(node, name) for node, name in found.attributes if name in names]

    @property
    def exists(self) -> bool:
        """Whether the packet has it, be it empty."""
        return bool(self.elements or self.attributes)

    def texts(self) -> list[str]:
        """Every value in all places."""
        found = [str(node.attrib[name]) for node, name in self.attributes]
        for element in self.elements:
            found.extend(_read_items(self._rdf, element))
        return found

    def first(self) -> str | None:
        """The first value with text in it."""
        return next((text.strip() for text in self.texts() if text.strip()), None)

    def remove(self, is_unwanted: Callable[[str], bool]) -> bool:
        """Take values out; returns whether there were any. The property stays, maybe empty."""
        found = False
        for node, name in self.attributes:
            if is_unwanted(str(node.attrib[name])):
                del node.attrib[name]
                found = True
        for element in self.elements:
            for item in _editable_items(element):
                if is_unwanted(_text_of(item)):
                    found = True
                    _clear_item(item)
        return found

    def append(self, texts: Iterable[str], name: str, kind: str) -> bool:
        """Add values to the first place, or to a new one; returns whether there were any."""
        added = list(texts)
        if added:
            array = self._array(name, kind)
            for text in added:
                append_child(array, _LI).text = text
        return bool(added)

    def drop_if_empty(self) -> None:
        """Take the property away when no value is left in it."""
        for element in self.elements:
            if (
                not any(_elements(child) for child in _elements(element))
                and not (element.text or "").strip()
            ):
                remove_child(element)

    def _array(self, name: str, kind: str) -> etree._Element:
        """The array that new values go into, made where there is none."""
        if not self.elements:
            self.elements.append(append_child(first_description(self._rdf), name))
            self._move_attributes(kind)
        element = self.elements[0]
        items = _editable_items(element)
        arrays = _elements(element)
        if arrays:
            return arrays[0]
        texts = [_text_of(item) for item in items]
        element.text = None
        array = append_child(element, RDF + kind)
        for text in texts:
            append_child(array, _LI).text = text
        return array

    def _move_attributes(self, kind: str) -> None:
        """An array can't be an attribute, so its value becomes the first item."""
        texts = [str(node.attrib[name]) for node, name in self.attributes]
        for node, name in self.attributes:
            del node.attrib[name]
        self.attributes = []
        if texts:
            array = append_child(self.elements[0], RDF + kind)
            for text in texts:
                append_child(array, _LI).text = text


def first_description(rdf: etree._Element) -> etree._Element:
    """The description that gets new properties, made where there is none."""
    nodes = _elements(rdf)
    found = next((node for node in nodes if node.tag == _DESCRIPTION), None)
    if found is None:
        found = append_child(rdf, _DESCRIPTION)
        found.set(RDF + "about", "")
    return found


def drop_property(place: Property) -> None:
    """Take a property away wherever it stands."""
    for node, name in place.attributes:
        del node.attrib[name]
    for element in place.elements:
        remove_child(element)


def set_simple(rdf: etree._Element, name: str, value: str) -> None:
    """Set a property with one value where it stands, else as the packet writes others."""
    place = Property(rdf, (name,))
    for node, attribute in place.attributes:
        node.set(attribute, value)
    for element in place.elements:
        if not len(element):
            element.text = value
    if place.exists:
        return
    node = first_description(rdf)
    namespace = etree.QName(name).namespace
    has_attributes = any(not str(key).startswith(RDF) for key in node.attrib) or not len(node)
    if has_attributes and namespace in {uri for prefix, uri in node.nsmap.items() if prefix}:
        node.set(name, value)
    else:
        append_child(node, name).text = value


def _read_items(rdf: etree._Element, element: etree._Element) -> list[str]:
    node_id = element.get(RDF + "nodeID")
    if node_id is not None:
        targets = [node for node in _elements(rdf) if node.get(RDF + "nodeID") == node_id]
        return [_text_of(item) for node in targets for item in _elements(node)]
    arrays = [child for child in _elements(element) if child.tag in _ARRAYS]
    if arrays:
        return [_text_of(item) for array in arrays for item in _elements(array)]
    return [_text_of(element)] if (element.text or "").strip() else []


def _text_of(item: etree._Element) -> str:
    """The value of an item, with or without qualifiers (`rdf:value`)."""
    value = next(item.iter(RDF + "value"), item)
    return value.text or ""


def _editable_items(element: etree._Element) -> list[etree._Element]:
    """The items of a plain array, or the element itself when it holds plain text."""
    arrays = _elements(element)
    if set(element.attrib) - {_XML_LANG} or len(arrays) > 1:
        raise MetadataRefusedError(_TOO_COMPLEX)
    if not arrays:
        return [element] if (element.text or "").strip() else []
    items = _elements(arrays[0])
    if arrays[0].tag not in _ARRAYS or arrays[0].attrib or not all(map(_is_plain, items)):
        raise MetadataRefusedError(_TOO_COMPLEX)
    return items


def _is_plain(item: etree._Element) -> bool:
    references = (RDF + "nodeID", RDF + "resource")
    return item.tag == _LI and not any(name in item.attrib for name in references)


def _clear_item(item: etree._Element) -> None:
    if item.tag == _LI:
        remove_child(item)
    else:
        item.text = None
