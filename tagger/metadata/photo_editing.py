"""A change of keywords, stars and label in the bytes of a photo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError
from tagger.core.rating import NO_RATING_CHANGE
from tagger.metadata.blocks import Blocks, NewBlocks
from tagger.metadata.facts import has_extended_keywords, has_hidden_packet
from tagger.metadata.iptc_editing import edit_iptc, edit_resources, make_resources
from tagger.metadata.jpeg import JpegFile
from tagger.metadata.packet import Packet, make_packet, parse_packet
from tagger.metadata.profiles import Extra
from tagger.metadata.rating_editing import edit_exif_rating, edit_rating
from tagger.metadata.xmp_editing import edit_keywords, keep_or_drop_empty, stamp_date
from tagger.metadata.xp_keywords import add_xp_keywords, read_xp_keywords, write_xp_keywords

if TYPE_CHECKING:
    from datetime import datetime

    from tagger.metadata.carriers import PhotoFile
    from tagger.metadata.resolution import Resolution
    from tagger.metadata.spliced import NewFile

_EXIF_ROOM_BYTES = 0xFFFF - 8
"""What fits into one JPEG segment beside its length and identifier."""


def edit_photo(
    photo: PhotoFile, resolution: Resolution, now: datetime, *, is_due: bool
) -> NewFile | None:
    """The new file, None where nothing changes.

    `is_due` says that something is to be added which no carrier holds. Without it every carrier
    is asked first, for a photo must not be rewritten to tidy up its metadata.

    Raises `MetadataRefusedError` when the file has several XMP packets, one that can't be parsed
    or edited safely, or no room for more.
    """
    blocks = photo.blocks
    packet = _open_packet(blocks, photo)
    unrated = replace(resolution, rating=NO_RATING_CHANGE)
    new, is_changed = _edit_blocks(photo, packet, unrated, is_full=is_due)
    is_full = is_due or (is_changed and bool(resolution.paths))
    if is_full != is_due or resolution.rating:
        packet = _open_packet(blocks, photo)  # afresh, so that what is held comes first
        new, is_rated = _edit_blocks(photo, packet, resolution, is_full=is_full)
        is_changed = is_changed or is_rated
    if not is_changed:
        return None
    if blocks.packets or resolution.paths or resolution.rating:
        keep_or_drop_empty(packet, is_sidecar=False)
        stamp_date(packet, now)
        return _rebuild(photo, packet, new)
    return photo.rebuild(new)


def _open_packet(blocks: Blocks, photo: PhotoFile) -> Packet:
    if blocks.problems:
        raise MetadataRefusedError(blocks.problems[0])
    if len(blocks.packets) > 1 or (not blocks.packets and has_hidden_packet(blocks)):
        raise MetadataRefusedError("The photo has several XMP packets that may disagree.")
    if has_extended_keywords(blocks):
        raise MetadataRefusedError("The keywords stand in a part of the XMP that can't be edited.")
    return parse_packet(blocks.packets[0]) if blocks.packets else make_packet(photo.packet_end)


def _edit_blocks(
    photo: PhotoFile, packet: Packet, resolution: Resolution, *, is_full: bool
) -> tuple[NewBlocks, bool]:
    """Edit the packet in place; new Exif and Photoshop blocks where they change."""
    blocks = photo.blocks
    is_changed = edit_keywords(packet, resolution, is_full=is_full)
    is_changed = edit_rating(packet, resolution) or is_changed
    resources = exif = iptc = None
    if blocks.iptc is not None:
        iptc, resources = edit_iptc(blocks.iptc, blocks.resources, resolution, is_full=is_full)
    elif blocks.resources is not None:
        resources = edit_resources(blocks.resources, resolution, is_full=is_full)
    if blocks.exif is not None:
        exif = _edit_exif(blocks.exif, resolution, is_full=is_full)
    if is_full and photo.can_gain_blocks:
        resources = resources or _make_iptc(blocks, resolution)
        exif = _make_windows(exif or blocks.exif, resolution) or exif
    is_changed = is_changed or any(one is not None for one in (resources, exif, iptc))
    return NewBlocks(exif=exif, resources=resources, iptc=iptc), is_changed


def _edit_exif(exif: bytes, resolution: Resolution, *, is_full: bool) -> bytes | None:
    rated = edit_exif_rating(exif, resolution.rating)
    return _edit_windows(rated or exif, resolution, is_full=is_full) or rated


def _make_iptc(blocks: Blocks, resolution: Resolution) -> bytes | None:
    names = resolution.missing_names((), is_full=True)
    if Extra.IPTC not in resolution.makes or not names:
        return None
    return make_resources(blocks.resources, names)


def _make_windows(exif: bytes | None, resolution: Resolution) -> bytes | None:
    """Exif with Windows keywords that it had none of; None where there is no room for them."""
    names = resolution.missing_names((), is_full=True)
    if Extra.WINDOWS_EXIF not in resolution.makes or not names:
        return None
    try:
        is_there = exif is not None and read_xp_keywords(exif) is not None
        made = None if is_there else add_xp_keywords(exif, names)
    except MetadataRefusedError:
        return None
    return made if made is not None and len(made) <= _EXIF_ROOM_BYTES else None


def _edit_windows(exif: bytes, resolution: Resolution, *, is_full: bool) -> bytes | None:
    """The Exif block with changed Windows keywords, None without them or without change.

    An Exif block that can't be read as far as that is left alone.
    """
    try:
        present = read_xp_keywords(exif)
    except MetadataRefusedError:
        return None
    if present is None:
        return None
    kept = tuple(name for name in present if not resolution.is_gone_name(name))
    added = resolution.missing_names(
        kept, is_full=is_full and (not present or resolution.is_complete)
    )
    if kept == present and not added:
        return None
    return write_xp_keywords(exif, (*kept, *added))


def _rebuild(photo: PhotoFile, packet: Packet, new: NewBlocks) -> NewFile:
    """With padding in the packet, or without where there is no room for it."""
    try:
        return photo.rebuild(replace(new, packet=packet.to_bytes()))
    except MetadataRefusedError:
        if not isinstance(photo, JpegFile):
            raise
        return photo.rebuild(replace(new, packet=packet.to_short_bytes()))
