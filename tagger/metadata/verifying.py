"""Checks on written bytes: the last gate before a file is replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError
from tagger.core.rating import MAX_STARS, RatingChange, normal_rating
from tagger.metadata import photoshop
from tagger.metadata.carriers import PhotoFile, open_photo
from tagger.metadata.facts import Facts, facts_of_photo, facts_of_xmp
from tagger.metadata.iptc import Iptc, has_same_texts, parse_iptc
from tagger.metadata.iptc_editing import edit_urgency
from tagger.metadata.jpeg import JpegFile
from tagger.metadata.packet import parse_packet
from tagger.metadata.rating_editing import edit_exif_rating
from tagger.metadata.rdf import find_rdf
from tagger.metadata.spliced import NewFile, join
from tagger.metadata.tiff import PERCENT_TAG, RATING_TAG, read_short
from tagger.metadata.tiff_file import TiffFile
from tagger.metadata.webp import WebpFile
from tagger.metadata.xmp_fingerprint import take_fingerprint
from tagger.metadata.xmp_properties import XmpFacts, edited_names, read_facts
from tagger.metadata.xp_keywords import is_same_but_keywords, read_xp_keywords

if TYPE_CHECKING:
    from tagger.metadata.blocks import Blocks
    from tagger.metadata.edits import CarrierEdit


def verify_bytes(edit: CarrierEdit, written: NewFile) -> Facts:
    """What the new file says; raises unless `written` is `edit.new` and harmed nothing.

    Raises:
        MetadataRefusedError: it would harm something.
    """
    is_planned = written is edit.new or join(written) == edit.after
    _require(is_planned, "What was written is not what was planned.")
    if edit.path.suffix.lower() == ".xmp":
        return facts_of_xmp(_verify_packet(edit.before, join(written), edit.rating))
    _require(edit.before is not None, "A photo is never made anew.")
    before, after = edit.opened or open_photo(edit.before or b""), open_photo(written)
    _verify_image(before, after)
    if isinstance(before, TiffFile):
        _verify_tiff(before.blocks, after.blocks, edit.rating)
    else:
        _verify_exif(before.blocks.exif, after.blocks.exif, edit.rating)
    return _verify_blocks(before.blocks, after.blocks, edit.rating)


def _require(is_true: bool, sentence: str) -> None:  # noqa: FBT001 - reads like assert
    if not is_true:
        raise MetadataRefusedError(f"{sentence} The file stays as it was.")


def _verify_image(before: PhotoFile, after: PhotoFile) -> None:
    if isinstance(before, JpegFile) and isinstance(after, JpegFile):
        same = before.has_image_of(after)
    else:
        same = before.hash_image() == after.hash_image()
    _require(same, "The picture itself would have changed.")
    if isinstance(before, WebpFile) and isinstance(after, WebpFile):
        _require(before.features() == after.features(), "The picture would look different.")


def _verify_blocks(before: Blocks, after: Blocks, rating: RatingChange) -> Facts:
    _require(not after.problems, "The new metadata could not be read back.")
    _require(before.extended == after.extended, "Extended XMP metadata would have changed.")
    said = None
    if before.packets or after.packets:
        _require(len(after.packets) == 1, "The new metadata could not be read back.")
        old = before.packets[0] if before.packets else None
        said = _verify_packet(old, after.packets[0], rating)
    _verify_resources(before.resources, after.resources, rating)
    return facts_of_photo(after, said if after.extended is None else None)


def _verify_packet(before: bytes | None, after: bytes, rating: RatingChange) -> XmpFacts:
    """All properties of other programs are equal, and both readers see the same keywords."""
    edited = edited_names(rating)
    new = take_fingerprint(after, edited)
    facts = read_facts(find_rdf(parse_packet(after).root))
    _require(new.subject == (facts.subject or ()), "The new keywords could not be read back.")
    held = normal_rating(facts.rating, facts.label)
    is_rated = rating.rating in {None, held.rating} and rating.label in {None, held.label}
    _require(is_rated, "The new stars or label could not be read back.")
    if before is not None:
        old = take_fingerprint(before, edited)
        _require(old.foreign == new.foreign, "Metadata of other programs would have changed.")
        _require(old.prefixes <= new.prefixes, "Metadata of other programs would have changed.")
    return facts


def _verify_exif(before: bytes | None, after: bytes | None, rating: RatingChange) -> None:
    """Nothing but Windows' keywords and planned stars may differ, and nothing may have moved."""
    if before == after:
        return
    sentence = "Exif data of the camera would have changed."
    _require(after is not None, sentence)
    if before is not None and rating.rating is not None:
        before = edit_exif_rating(before, rating) or before
    if before != after:
        _require(is_same_but_keywords(before, after or b""), sentence)


def _verify_tiff(before: Blocks, after: Blocks, rating: RatingChange) -> None:
    """Of the first directory's own tags, which the hash of the image leaves out."""
    sentence = "Exif data of the camera would have changed."
    _require((before.exif is None) == (after.exif is None), sentence)
    if before.exif is not None:
        planned = edit_exif_rating(before.exif, rating) or before.exif
        for tag in (RATING_TAG, PERCENT_TAG):
            same = read_short(planned, tag) == read_short(after.exif or b"", tag)
            _require(same, sentence)
        kept = (read_xp_keywords(one or b"") is None for one in (before.exif, after.exif))
        _require(len(set(kept)) == 1, sentence)
    _require((before.iptc is None) == (after.iptc is None), "IPTC data would have changed.")
    if before.iptc != after.iptc:
        old, new = (parse_iptc(one.iptc or b"") for one in (before, after))
        same = _is_same_iptc(old, new, rating)
        _require(same, "IPTC data would have changed.")


def _verify_resources(before: bytes | None, after: bytes | None, rating: RatingChange) -> None:
    if before == after:
        return
    sentence = "IPTC or Photoshop data would have changed."
    _require(after is not None, sentence)
    old, new = (photoshop.parse_resources(block or b"") for block in (before, after))
    _require(old.others() == new.others(), sentence)
    old_iptc, new_iptc = (parse_iptc(one.find(photoshop.IPTC_ID) or b"") for one in (old, new))
    _require(old_iptc == new_iptc or _is_same_iptc(old_iptc, new_iptc, rating), sentence)


def _is_same_iptc(before: Iptc, after: Iptc, rating: RatingChange) -> bool:
    """Whether nothing but keywords and the mirror of planned stars differs."""
    planned = (edit_urgency(before, stars, rating) or before for stars in range(MAX_STARS + 1))
    return has_same_texts(before, after) or any(has_same_texts(one, after) for one in planned)
