"""Keywords in the IPTC block of Photoshop resources, and the digest that vouches for it.

The digest rules are those of the MWG guidelines 2.0, section 3.3: a digest that fits, or none,
means that XMP is up to date; after our edit it fits again. One that does not fit says that
somebody changed IPTC alone, which must stay visible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError
from tagger.metadata import photoshop
from tagger.metadata.iptc import (
    URGENCY,
    Iptc,
    decode_text,
    find_charset,
    make_iptc,
    parse_iptc,
    to_utf8,
    with_keywords,
    with_urgency,
)
from tagger.metadata.keyword_paths import cut_for_iptc, is_beginning, name_key
from tagger.metadata.xmp_properties import urgency_from_stars

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tagger.core.rating import RatingChange
    from tagger.metadata.resolution import Resolution

_TIFF_WORD_BYTES = 4
"""TIFF holds IPTC as 32-bit numbers (Adobe's TIFF technical notes); the digest is of all bytes."""


def read_iptc_keywords(block: bytes, known: frozenset[str]) -> tuple[str, ...]:
    """The keywords of a block; `known` ones of XMP help to tell its character set.

    Raises `MetadataRefusedError` when the block is damaged.
    """
    iptc = parse_iptc(block)
    charset = find_charset(iptc, known)
    return tuple(decode_text(keyword, charset) for keyword in iptc.keywords)


def edit_resources(block: bytes, resolution: Resolution, *, is_full: bool) -> bytes | None:
    """The Photoshop resources with changed IPTC keywords, None where nothing changes.

    IPTC that does not exist is not made. Raises `MetadataRefusedError` when resources or IPTC
    are damaged or there are several IPTC blocks.
    """
    resources = photoshop.parse_resources(block)
    old = resources.find(photoshop.IPTC_ID)
    if not old:
        return None
    if resources.count(photoshop.IPTC_ID) > 1 or resources.count(photoshop.DIGEST_ID) > 1:
        raise MetadataRefusedError("The photo has several IPTC blocks that may disagree.")
    changed = _edit(parse_iptc(old), resolution, is_full=is_full)
    if changed is None:
        return None
    new = changed.to_bytes()
    edited = resources.replaced(photoshop.IPTC_ID, new)
    if photoshop.is_digest_true(resources) is not False:
        edited = edited.replaced(photoshop.DIGEST_ID, photoshop.make_digest(new))
    return edited.to_bytes()


def edit_iptc(
    block: bytes, resources: bytes | None, resolution: Resolution, *, is_full: bool
) -> tuple[bytes | None, bytes | None]:
    """IPTC outside of Photoshop resources (TIFF), and these with its new digest.

    None for what does not change. Raises `MetadataRefusedError` when one of them is damaged, or
    IPTC stands in both.
    """
    changed = _edit(parse_iptc(block), resolution, is_full=is_full)
    if changed is None:
        return None, None
    new = changed.to_bytes()
    new += bytes(-len(new) % _TIFF_WORD_BYTES)
    parsed = photoshop.parse_resources(resources or b"")
    if parsed.find(photoshop.IPTC_ID):
        raise MetadataRefusedError("The photo has several IPTC blocks that may disagree.")
    if parsed.find(photoshop.DIGEST_ID) != photoshop.make_digest(block):
        return new, None
    return new, parsed.replaced(photoshop.DIGEST_ID, photoshop.make_digest(new)).to_bytes()


def make_resources(block: bytes | None, names: Iterable[str]) -> bytes | None:
    """The resources with a first IPTC block that holds these keywords; None where there is one.

    Raises `MetadataRefusedError` when the resources are damaged.
    """
    resources = photoshop.parse_resources(block or b"")
    if resources.find(photoshop.IPTC_ID):
        return None
    added = _missing(names, ())
    iptc = with_keywords(make_iptc(), (), added).to_bytes()
    digest = photoshop.make_digest(iptc)
    edited = resources.replaced(photoshop.IPTC_ID, iptc).replaced(photoshop.DIGEST_ID, digest)
    return edited.to_bytes()


def edit_urgency(iptc: Iptc, before: int, rating: RatingChange) -> Iptc | None:
    """The urgency that mirrors the stars, None where it does not or nothing changes.

    Newsrooms mean something else by it: it follows the stars only where it said the same as they
    did (`before`), as digiKam and old programs keep it.
    """
    if rating.rating is None:
        return None
    old, new = (urgency_from_stars(stars).encode() for stars in (before, rating.rating))
    if iptc.find(URGENCY) != old or old == new:
        return None
    return with_urgency(iptc, new)


def _edit(iptc: Iptc, resolution: Resolution, *, is_full: bool) -> Iptc | None:
    """Changed keywords and urgency, None where neither changes."""
    rated = edit_urgency(iptc, resolution.held_rating, resolution.rating)
    return _edit_keywords(rated or iptc, resolution, is_full=is_full) or rated


def _edit_keywords(iptc: Iptc, resolution: Resolution, *, is_full: bool) -> Iptc | None:
    charset = find_charset(iptc, frozenset(resolution.held_names))
    texts = {data: decode_text(data, charset) for data in iptc.keywords}
    kept = {data: text for data, text in texts.items() if not _is_gone(text, resolution)}
    is_full = is_full and (not iptc.keywords or resolution.is_complete)
    wanted = resolution.held_names if is_full else ()
    added = _missing((*wanted, *resolution.names), kept.values())
    if len(kept) == len(texts) and not added:
        return None
    encoded = tuple(data if iptc.is_utf8 else text.encode() for data, text in kept.items())
    return with_keywords(to_utf8(iptc, charset), encoded, added)


def _missing(names: Iterable[str], present: Collection[str]) -> tuple[bytes, ...]:
    """The names that are not there in full or cut, cut and encoded."""
    added: dict[bytes, None] = {}
    for name in names:
        if not any(
            name_key(text) == name_key(name) or is_beginning(text, name) for text in present
        ):
            added[cut_for_iptc(name).encode()] = None
    return tuple(added)


def _is_gone(text: str, resolution: Resolution) -> bool:
    """Whether it is a name that leaves, or the first 64 bytes of one and of none that stays."""
    if resolution.is_gone_name(text):
        return True
    is_cut = any(is_beginning(text, key) for key in resolution.gone_names)
    return is_cut and not any(is_beginning(text, name) for name in resolution.held_names)
