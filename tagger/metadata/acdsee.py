"""ACDSee's categories: one XMP text that holds a small XML document of its own.

`<Categories><Category Assigned="0">People<Category Assigned="1">Ana</Category></Category>
</Categories>`: the text before the child categories is the name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.keyword_paths import KeywordPath, clean_path, name_key
from tagger.metadata.packet import parse_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_CATEGORIES, _CATEGORY = "Categories", "Category"


def read_categories(text: str) -> list[KeywordPath]:
    """The assigned categories; none when the text is no such document."""
    try:
        root = parse_document(text.strip())
    except MetadataRefusedError:
        return []
    return [path for path, node in _walk(root, ()) if path and _is_assigned(node)]


def is_document(text: str) -> bool:
    """Whether the text is such a document, be it without categories."""
    try:
        return str(parse_document(text.strip()).tag) == _CATEGORIES
    except MetadataRefusedError:
        return False


def edit_categories(
    text: str, is_unwanted: Callable[[KeywordPath], bool], added: Iterable[KeywordPath]
) -> str:
    """The text with categories assigned and no longer assigned.

    Raises `MetadataRefusedError` when it is no such document.
    """
    root = parse_document(text.strip())
    for path, node in list(_walk(root, ())):
        if _is_assigned(node) and is_unwanted(path):
            _withdraw(node)
    for path in added:
        _assign(root, path)
    return etree.tostring(root, encoding="unicode")


def _walk(
    parent: etree._Element, above: KeywordPath
) -> Iterator[tuple[KeywordPath, etree._Element]]:
    for node in parent.iterchildren(_CATEGORY):
        path = (*above, *clean_path((node.text or "",)))
        yield path, node
        yield from _walk(node, path)


def _is_assigned(node: etree._Element) -> bool:
    return node.get("Assigned") == "1"


def _withdraw(node: etree._Element) -> None:
    parent = node.getparent()
    if len(node) or parent is None:
        node.set("Assigned", "0")
    else:
        parent.remove(node)


def _assign(root: etree._Element, path: KeywordPath) -> None:
    node = root
    for name in path:
        key = name_key(name)
        same = (one for one in node.iterchildren(_CATEGORY) if name_key(one.text or "") == key)
        found = next(same, None)
        if found is None:
            found = etree.SubElement(node, _CATEGORY, {"Assigned": "0"})
            found.text = name
        node = found
    node.set("Assigned", "1")
