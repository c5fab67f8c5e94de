"""What one photo's blocks say, put together by the MWG rules (guidelines 2.0, section 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError
from tagger.metadata import photoshop
from tagger.metadata.file_metadata import FileMetadata
from tagger.metadata.iptc_editing import read_iptc_keywords
from tagger.metadata.keyword_paths import (
    KeywordPath,
    is_beginning,
    name_key,
    unique_names,
    unique_paths,
)
from tagger.metadata.tiff import PERCENT_TAG, RATING_TAG, XMP_TAG, has_tag, read_short
from tagger.metadata.xmp_properties import XmpFacts, clamp_rating, read_packet, stars_from_percent
from tagger.metadata.xp_keywords import read_xp_keywords

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagger.metadata.blocks import Blocks

_SEVERAL = "The photo has several XMP packets that may disagree."
_MARKS = (b"subject", b"hierarchicalSubject", b"TagsList", b"LastKeywordXMP", b"CatalogSets")


@dataclass(frozen=True, slots=True)
class Facts:
    """What one file says.

    Attributes:
        names: flat keywords; `paths` may hold flat ones as well.
        has_keywords: whether its XMP speaks of keywords at all, be it of none.
        overruled: flat keywords that it holds too and that do not count: those of IPTC where XMP
            is newer, and the reverse.
    """

    names: tuple[str, ...] = ()
    paths: tuple[KeywordPath, ...] = ()
    rating: int | None = None
    label: str | None = None
    has_keywords: bool = False
    problems: tuple[str, ...] = ()
    overruled: tuple[str, ...] = ()


def facts_of_sidecar(data: bytes, name: str) -> Facts:
    """What a sidecar says. Never raises."""
    xmp, problem = read_packet(data)
    return facts_of_xmp(xmp, (f"{name}: {problem}",) if problem else ())


def facts_of_xmp(xmp: XmpFacts, problems: tuple[str, ...] = ()) -> Facts:
    """What a packet says that stands alone."""
    names = xmp.subject or ()
    return Facts(names, xmp.paths, xmp.rating, xmp.label, xmp.has_keywords, problems)


def facts_of_photo(blocks: Blocks, xmp: XmpFacts | None = None) -> Facts:
    """What the photo itself says. Never raises. `xmp` spares reading its packet again."""
    problems = list(blocks.problems)
    if xmp is None:
        xmp = _read_packets(blocks, problems)
    names, overruled = reconcile_flat(xmp, blocks, problems)
    rating = xmp.rating
    if blocks.exif is not None:
        names = (*names, *_read_windows(blocks.exif, problems))
        rating = _exif_rating(blocks.exif) if rating is None else rating
    return Facts(names, xmp.paths, rating, xmp.label, xmp.has_keywords, tuple(problems), overruled)


def merge_facts(all_facts: Iterable[Facts]) -> FileMetadata:
    """One answer from several files; the first has the word on rating and label."""
    facts = list(all_facts)
    paths = unique_paths(path for one in facts for path in one.paths)
    flat = [name for one in facts for name in one.names]
    return FileMetadata(
        keywords=unique_names([*flat, *(path[-1] for path in paths)]),
        paths=tuple(path for path in paths if len(path) > 1),
        rating=next((one.rating for one in facts if one.rating is not None), None),
        label=next((one.label for one in facts if one.label is not None), None) or None,
        problems=tuple(dict.fromkeys(problem for one in facts for problem in one.problems)),
    )


def has_extended_keywords(blocks: Blocks) -> bool:
    """Whether keywords may stand in the second part of a long packet, where no edit reaches."""
    extended = blocks.extended
    return extended is not None and any(mark in extended for mark in _MARKS)


def has_hidden_packet(blocks: Blocks) -> bool:
    """Whether XMP stands inside Exif or Photoshop data, where a JPEG, PNG or WebP has none.

    A second packet at the right place would hide it from some programs and not from others.
    """
    in_exif = blocks.exif is not None and has_tag(blocks.exif, XMP_TAG)
    return in_exif or b"8BIM\x04\x24" in (blocks.resources or b"")


def _read_packets(blocks: Blocks, problems: list[str]) -> XmpFacts:
    """The facts of the packet; of several packets the union of keywords."""
    packets = [*blocks.packets]
    if len(packets) > 1:
        problems.append(_SEVERAL)
    if blocks.extended is not None and has_extended_keywords(blocks):
        packets.append(blocks.extended)
    found: list[XmpFacts] = []
    for packet in packets[:8]:
        facts, problem = read_packet(packet)
        found.append(facts)
        problems.extend([problem] if problem else [])
    return _union(found)


def _union(found: Sequence[XmpFacts]) -> XmpFacts:
    if len(found) == 1:
        return found[0]
    subjects = [one.subject for one in found if one.subject is not None]
    return XmpFacts(
        subject=tuple(text for subject in subjects for text in subject) if subjects else None,
        paths=tuple(path for one in found for path in one.paths),
        rating=next((one.rating for one in found if one.rating is not None), None),
        label=next((one.label for one in found if one.label is not None), None),
    )


def reconcile_flat(
    xmp: XmpFacts, blocks: Blocks, problems: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Flat keywords of XMP or of IPTC, and those overruled by them.

    XMP counts, unless the digest says that IPTC is newer.
    """
    subject = unique_names(xmp.subject or ())
    try:
        iptc, is_newer = read_iptc(blocks, frozenset(subject))
    except MetadataRefusedError as error:
        problems.append(str(error))
        return subject, ()
    keys = {name_key(name) for name in subject}
    long = tuple(text if name_key(text) in keys else _long_form(text, subject) for text in iptc)
    if not iptc or (subject and not is_newer):
        return subject, long
    return long, subject


def read_iptc(blocks: Blocks, known: frozenset[str]) -> tuple[tuple[str, ...], bool]:
    """IPTC keywords, and whether they changed behind XMP's back."""
    is_newer = False
    iptc = blocks.iptc
    if blocks.resources is not None:
        resources = photoshop.parse_resources(blocks.resources)
        inside = [one.data for one in resources.items if one.number == photoshop.IPTC_ID]
        if inside:
            is_newer = photoshop.is_digest_true(resources) is False
            names = [name for block in inside for name in read_iptc_keywords(block, known)]
            return unique_names(names), is_newer
        digest = resources.find(photoshop.DIGEST_ID)
        is_newer = bool(iptc and digest) and digest != photoshop.make_digest(iptc or b"")
    return unique_names(read_iptc_keywords(iptc, known)) if iptc else (), is_newer


def _long_form(text: str, subject: Sequence[str]) -> str:
    """The XMP text of a keyword of which IPTC holds only the beginning."""
    return next((name for name in subject if is_beginning(text, name)), text)


def _read_windows(exif: bytes, problems: list[str]) -> tuple[str, ...]:
    try:
        return read_xp_keywords(exif) or ()
    except MetadataRefusedError as error:
        problems.append(str(error))
        return ()


def _exif_rating(exif: bytes) -> int | None:
    stars, percent = read_short(exif, RATING_TAG), read_short(exif, PERCENT_TAG)
    if stars is not None and stars <= 5:
        return clamp_rating(stars)
    return None if percent is None or percent > 100 else stars_from_percent(percent)
