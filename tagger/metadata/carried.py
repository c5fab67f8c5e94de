"""What a photo and its sidecars say, place by place, before anybody puts it together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError, UnreadablePhotoError
from tagger.metadata.acdsee import read_categories
from tagger.metadata.carriers import read_blocks
from tagger.metadata.facts import has_extended_keywords, read_iptc, reconcile_flat
from tagger.metadata.keyword_paths import KeywordPath, split_path, unique_paths
from tagger.metadata.packet import parse_first_document, parse_packet
from tagger.metadata.rdf import Property, find_rdf
from tagger.metadata.source import MAX_BLOCK_BYTES, Source
from tagger.metadata.tiff import PERCENT_TAG, RATING_TAG, read_short
from tagger.metadata.xmp_properties import (
    ACDSEE,
    COLOR_CLASS,
    DIGIKAM,
    LABEL,
    LIGHTROOM,
    LIGHTROOM_MISSPELT,
    MEDIAPRO,
    RATING,
    WINDOWS,
    WINDOWS_RATING,
    XmpFacts,
    clamp_rating,
    read_facts,
    read_number,
    stars_from_percent,
)
from tagger.metadata.xp_keywords import read_xp_keywords

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lxml import etree

    from tagger.metadata.blocks import Blocks


class Carrier(StrEnum):
    """A place where keywords stand."""

    SUBJECT = "dc:subject"
    HIERARCHY = "lr:hierarchicalSubject"
    DIGIKAM = "digiKam:TagsList"
    WINDOWS_LIST = "MicrosoftPhoto:LastKeywordXMP"
    MEDIAPRO = "mediapro:CatalogSets"
    ACDSEE = "acdsee:categories"
    IPTC = "IPTC Keywords"
    WINDOWS_EXIF = "Exif XPKeywords"
    RECONCILED = "dc:subject and IPTC Keywords by the MWG rules"
    """No place of its own: what these two say together."""


class StarsCarrier(StrEnum):
    """A place where stars stand."""

    XMP = "xmp:Rating"
    WINDOWS_XMP = "MicrosoftPhoto:Rating"
    EXIF = "Exif Rating"
    EXIF_PERCENT = "Exif RatingPercent"


@dataclass(frozen=True)
class CarriedFile:
    """One file, the photo or a sidecar.

    Attributes:
        lists: keywords by place, places without keywords left out.
        stars: -1 to 5 by place, places without stars left out.
        label: `xmp:Label`.
        color_class: Photo Mechanic's number from 0 (none) to 8, None where there is none.
    """

    path: Path
    is_sidecar: bool
    lists: dict[Carrier, tuple[KeywordPath, ...]] = field(default_factory=dict)
    stars: dict[StarsCarrier, int] = field(default_factory=dict)
    label: str | None = None
    color_class: int | None = None
    problems: tuple[str, ...] = ()


_PATH_LISTS = (
    (Carrier.HIERARCHY, (LIGHTROOM, LIGHTROOM_MISSPELT)),
    (Carrier.DIGIKAM, (DIGIKAM,)),
    (Carrier.WINDOWS_LIST, (WINDOWS,)),
    (Carrier.MEDIAPRO, (MEDIAPRO,)),
)


def read_carried_photo(path: Path) -> CarriedFile:
    """What the photo itself says; `UnreadablePhotoError` when it can't be opened."""
    try:
        with path.open("rb") as file:
            blocks = read_blocks(Source(file))
    except OSError as error:
        raise UnreadablePhotoError(f"{path.name} can't be opened: {error.strerror}.") from error
    problems = list(blocks.problems)
    carried = CarriedFile(path, is_sidecar=False)
    xmp = XmpFacts()
    extended = (blocks.extended,) if has_extended_keywords(blocks) and blocks.extended else ()
    if len(blocks.packets) > 1:
        problems.append("The photo has several XMP packets; programs differ in which they read.")
    for packet in (*blocks.packets[:1], *extended):
        carried, facts = _read_packet(packet, carried, problems)
        xmp = xmp if xmp.has_keywords else facts
    return _with_blocks(carried, blocks, xmp, problems)


def read_carried_sidecar(path: Path) -> CarriedFile:
    """What a sidecar says; one that can't be read says nothing but the problem."""
    carried, problems = CarriedFile(path, is_sidecar=True), list[str]()
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BLOCK_BYTES + 1)
    except OSError as error:
        problems.append(f"{path.name} can't be opened: {error.strerror}.")
    else:
        carried, facts = _read_packet(data, carried, problems)
        _put(carried, Carrier.RECONCILED, ((name,) for name in facts.subject or ()))
    return _finished(carried, problems)


def _read_packet(
    packet: bytes, carried: CarriedFile, problems: list[str]
) -> tuple[CarriedFile, XmpFacts]:
    rdf = _parse(packet, problems)
    if rdf is None:
        return carried, XmpFacts()
    facts = read_facts(rdf)
    _put(carried, Carrier.SUBJECT, ((text,) for text in facts.subject or ()))
    for carrier, kinds in _PATH_LISTS:
        for kind in kinds:
            texts = Property(rdf, kind.names).texts()
            _put(carried, carrier, (split_path(text, kind.separator) for text in texts))
    for text in Property(rdf, (ACDSEE,)).texts():
        _put(carried, Carrier.ACDSEE, read_categories(text))
    return _read_grades(rdf, carried), facts


def _parse(packet: bytes, problems: list[str]) -> etree._Element | None:
    try:
        return find_rdf(parse_packet(packet).root)
    except MetadataRefusedError as error:
        problems.append(str(error))
    try:
        return find_rdf(parse_first_document(packet))
    except MetadataRefusedError:
        return None


def _read_grades(rdf: etree._Element, carried: CarriedFile) -> CarriedFile:
    """Stars, label and colour class."""
    stars = read_number(Property(rdf, (RATING,)).first())
    percent = read_number(Property(rdf, WINDOWS_RATING).first())
    if stars is not None:
        carried.stars.setdefault(StarsCarrier.XMP, clamp_rating(stars))
    if percent is not None:
        carried.stars.setdefault(StarsCarrier.WINDOWS_XMP, stars_from_percent(percent))
    number = read_number(Property(rdf, (COLOR_CLASS,)).first())
    return replace(
        carried,
        label=carried.label or Property(rdf, (LABEL,)).first(),
        color_class=carried.color_class if number is None else int(number),
    )


def _with_blocks(
    carried: CarriedFile, blocks: Blocks, xmp: XmpFacts, problems: list[str]
) -> CarriedFile:
    flat, _ = reconcile_flat(xmp, blocks, problems)
    _put(carried, Carrier.RECONCILED, ((name,) for name in flat))
    try:
        iptc, _ = read_iptc(blocks, frozenset(flat))
        _put(carried, Carrier.IPTC, ((name,) for name in iptc))
        if blocks.exif is not None:
            names = read_xp_keywords(blocks.exif) or ()
            _put(carried, Carrier.WINDOWS_EXIF, ((name,) for name in names))
    except MetadataRefusedError as error:
        problems.append(str(error))
    if blocks.exif is not None:
        _put_exif_stars(carried, blocks.exif)
    return _finished(carried, problems)


def _put_exif_stars(carried: CarriedFile, exif: bytes) -> None:
    stars, percent = read_short(exif, RATING_TAG), read_short(exif, PERCENT_TAG)
    if stars is not None and stars <= 5:
        carried.stars[StarsCarrier.EXIF] = stars
    if percent is not None and percent <= 100:
        carried.stars[StarsCarrier.EXIF_PERCENT] = stars_from_percent(percent)


def _put(carried: CarriedFile, carrier: Carrier, paths: Iterable[KeywordPath]) -> None:
    found = unique_paths((*carried.lists.get(carrier, ()), *paths))
    if found:
        carried.lists[carrier] = found


def _finished(carried: CarriedFile, problems: list[str]) -> CarriedFile:
    return replace(carried, problems=tuple(dict.fromkeys(problems)))
