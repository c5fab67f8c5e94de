"""From a change of keywords to the bytes of every file that carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tagger.metadata.edits import CarrierEdit
    from tagger.metadata.keyword_paths import KeywordChange


def plan_edits(path: Path, change: KeywordChange, *, now: datetime) -> tuple[CarrierEdit, ...]:
    """The new bytes of the photo and its sidecars; empty when nothing would change.

    Raises `MetadataRefusedError` when a file that must change can't be edited without risk,
    `UnreadablePhotoError` when the photo can't be opened.
    """
    raise NotImplementedError
