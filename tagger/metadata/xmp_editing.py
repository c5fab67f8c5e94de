"""Puts a change of keywords into a parsed XMP packet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.metadata.acdsee import edit_categories, is_document, read_categories
from tagger.metadata.keyword_paths import join_path, split_path
from tagger.metadata.rdf import (
    RDF,
    Places,
    Property,
    find_rdf,
    first_description,
    set_simple,
)
from tagger.metadata.rdf_nodes import append_child
from tagger.metadata.xmp_properties import (
    ACDSEE,
    HIERARCHY,
    KEYWORD_NAMES,
    LIGHTROOM,
    METADATA_DATE,
    PATH_LISTS,
    SUBJECT,
    PathList,
)

if TYPE_CHECKING:
    from datetime import datetime

    from lxml import etree

    from tagger.metadata.packet import Packet
    from tagger.metadata.resolution import Resolution


def edit_keywords(packet: Packet, resolution: Resolution, *, is_full: bool) -> bool:
    """Add and remove in every keyword property; returns whether anything changed.

    `dc:subject` and Lightroom's hierarchy are made when there is something to add, the
    properties of other programs only kept up. A full edit also gives those two what the other
    carriers hold. Raises `MetadataRefusedError` when a property can't be edited safely.
    """
    rdf = find_rdf(packet.root)
    places = Places(rdf, KEYWORD_NAMES)
    changes = [_edit_subject(places.of(SUBJECT), resolution, is_full=is_full)]
    changes += [
        _edit_paths(places.of(*one.names), one, resolution, is_full=is_full) for one in PATH_LISTS
    ]
    changes.append(_edit_categories(rdf, places.of(ACDSEE), resolution, is_full=is_full))
    return any(changes)


def stamp_date(packet: Packet, now: datetime) -> None:
    """Set `xmp:MetadataDate`; `xmp:ModifyDate` stays, for the picture did not change."""
    set_simple(find_rdf(packet.root), METADATA_DATE, now.isoformat(timespec="seconds"))


def keep_or_drop_empty(packet: Packet, *, is_sidecar: bool) -> None:
    """Take emptied properties away.

    In a sidecar an empty `dc:subject` stays: it says that the photo has no keywords any more,
    whatever is embedded in it.
    """
    names = [name for one in PATH_LISTS for name in one.names]
    Property(find_rdf(packet.root), names if is_sidecar else [*names, SUBJECT]).drop_if_empty()


def ensure_subject(packet: Packet) -> None:
    """Make an empty `dc:subject` where there is none: the photo has no keywords."""
    rdf = find_rdf(packet.root)
    if not Property(rdf, (SUBJECT,)).exists:
        append_child(append_child(first_description(rdf), SUBJECT), RDF + "Bag")


def _edit_subject(subject: Property, resolution: Resolution, *, is_full: bool) -> bool:
    removed = subject.remove(resolution.is_gone_name)
    missing = resolution.missing_names(subject.texts(), is_full=is_full)
    return subject.append(missing, SUBJECT, "Bag") or removed


def _edit_paths(
    entries: Property, kind: PathList, resolution: Resolution, *, is_full: bool
) -> bool:
    is_made = kind is LIGHTROOM or (is_full and kind.extra in resolution.makes)
    if not entries.exists and not is_made:
        return False
    is_empty = not any(text.strip() for text in entries.texts())
    is_full = is_full and (kind is LIGHTROOM or is_empty or resolution.is_complete)
    separator = kind.separator
    removed = entries.remove(lambda text: resolution.is_gone_path(split_path(text, separator)))
    present = [split_path(text, separator) for text in entries.texts()]
    missing = resolution.missing_paths(present, is_full=is_full)
    texts = [join_path(path, separator) for path in missing]
    name = HIERARCHY if kind is LIGHTROOM else kind.names[0]
    return entries.append(texts, name, kind.kind) or removed


def _edit_categories(
    rdf: etree._Element, categories: Property, resolution: Resolution, *, is_full: bool
) -> bool:
    """ACDSee's document stands in one text; one that can't be read is left alone."""
    changed = False
    for text in categories.texts():
        present = read_categories(text)
        gets_all = is_full and (not present or resolution.is_complete)
        missing = resolution.missing_paths(present, is_full=gets_all)
        is_due = bool(missing) or any(map(resolution.is_gone_path, present))
        if is_due and is_document(text):
            edited = edit_categories(text, resolution.is_gone_path, missing)
            set_simple(rdf, ACDSEE, edited)
            changed = True
    return changed
