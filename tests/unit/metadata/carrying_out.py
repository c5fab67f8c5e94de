"""A change of keywords carried out on real files, with all that has to hold each time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tagger.metadata import LIGHTROOM, CarrierEdit, KeywordChange, KeywordPath, Profile, plan_edits

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
BOUQUET: KeywordPath = ("Wedding", "Bouquet")


def carry_out(
    path: Path, change: KeywordChange, profile: Profile = LIGHTROOM
) -> tuple[CarrierEdit, ...]:
    """Plan, verify, write; then nothing is left to be done."""
    edits = plan_edits(path, change, now=NOW, profile=profile)
    for edit in edits:
        edit.verify(edit.after)
        edit.path.write_bytes(edit.after)
    assert plan_edits(path, change, now=NOW, profile=profile) == ()
    return edits
