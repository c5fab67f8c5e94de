"""A change of keywords in the bytes of an XMP sidecar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.packet import make_packet, parse_packet
from tagger.metadata.rating_editing import edit_rating
from tagger.metadata.rdf import find_rdf, set_simple
from tagger.metadata.xmp_editing import (
    edit_keywords,
    ensure_subject,
    keep_or_drop_empty,
    stamp_date,
)
from tagger.metadata.xmp_properties import LABEL, RATING, SIDECAR_FOR

if TYPE_CHECKING:
    from datetime import datetime

    from tagger.metadata.file_metadata import FileMetadata
    from tagger.metadata.resolution import Resolution


def edit_sidecar(
    name: str, data: bytes, resolution: Resolution, now: datetime, *, must_speak: bool
) -> bytes | None:
    """The new bytes, None where nothing changes.

    `must_speak`: the sidecar has had no keywords so far, and those embedded in the photo no
    longer hold, so all that remain are written even when nothing is added.
    Raises `MetadataRefusedError` when the sidecar can't be parsed or edited safely.
    """
    try:
        packet = parse_packet(data)
        is_full = resolution.is_complete
        is_changed = edit_keywords(packet, resolution, is_full=is_full)
        if not (edit_rating(packet, resolution) or is_changed or must_speak):
            return None
        if (is_changed and resolution.paths and not is_full) or must_speak:
            packet = parse_packet(data)  # afresh, so that what is held comes first
            edit_keywords(packet, resolution, is_full=True)
            edit_rating(packet, resolution)
    except MetadataRefusedError as error:
        raise MetadataRefusedError(f"{name}: {error} Repair or remove this sidecar.") from error
    keep_or_drop_empty(packet, is_sidecar=True)
    if must_speak:
        ensure_subject(packet)
    stamp_date(packet, now)
    return packet.to_bytes()


def make_sidecar(
    extension: str, held: FileMetadata, resolution: Resolution, now: datetime
) -> bytes:
    """A new sidecar with all keywords, rating and label of the photo.

    Programs that find a sidecar look no further, so what is embedded in the photo is repeated.
    `photoshop:SidecarForExtension` names the photo's type as Adobe's programs do.
    """
    packet = make_packet(None)
    rdf = find_rdf(packet.root)
    set_simple(rdf, SIDECAR_FOR, extension.upper())
    if held.rating is not None:
        set_simple(rdf, RATING, str(held.rating))
    if held.label is not None:
        set_simple(rdf, LABEL, held.label)
    edit_keywords(packet, resolution, is_full=True)
    edit_rating(packet, resolution)
    ensure_subject(packet)
    stamp_date(packet, now)
    return packet.to_bytes()
