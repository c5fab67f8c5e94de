"""Elements put into an XMP packet and taken out, with the white space that belongs to them.

So an edited packet reads like the program's that wrote it.
"""

from __future__ import annotations

from lxml import etree

_PREFIXES = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://www.digikam.org/ns/1.0/": "digiKam",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
}


def append_child(parent: etree._Element, name: str) -> etree._Element:
    """A new last child, indented like the others."""
    namespace = etree.QName(name).namespace or ""
    nsmap = {_PREFIXES[namespace]: namespace} if namespace in _PREFIXES else None
    last = parent[-1] if len(parent) else None
    child = etree.SubElement(parent, name, nsmap=nsmap)
    if last is not None:
        child.tail, last.tail = last.tail, parent.text
        return child
    indent = _indent_of(parent)
    if indent and not (parent.text or "").strip():
        parent.text = indent + " "
        child.tail = indent
    return child


def remove_child(child: etree._Element) -> None:
    """Take an element away with the white space that belongs to it."""
    parent, previous = child.getparent(), child.getprevious()
    if parent is None:
        return
    if child.getnext() is None:
        if previous is not None:
            previous.tail = child.tail
        else:
            parent.text = child.tail
    child.tail = None
    parent.remove(child)


def _indent_of(element: etree._Element) -> str:
    """Line break and white space before an element; empty in a packet of one line."""
    previous, parent = element.getprevious(), element.getparent()
    before = previous.tail if previous is not None else None if parent is None else parent.text
    if not before or before.strip() or "\n" not in before:
        return ""
    return before[before.rindex("\n") :]
