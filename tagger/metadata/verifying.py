"""Checks on written bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.metadata.edits import CarrierEdit


def verify_bytes(edit: CarrierEdit, written: bytes) -> None:
    """Raise `MetadataRefusedError` unless `written` is `edit.after` and harmed nothing."""
    raise NotImplementedError
