from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tagger.core.tag import Verdict
from tagger.services.ribbon import Ribbon, read_ribbon
from tagger.services.workspace import Workspace
from tests.unit.library.shelf import TAKEN, Shelf, picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHOOT = "2026-06-20"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "home") as workspace:
        yield workspace


@pytest.fixture
def shelf(workspace: Workspace) -> Shelf:
    """Brides for an hour, nothing for an hour, then bouquets for an hour; a photo a minute."""
    shelf = Shelf(workspace.library)
    minutes = [*range(60), *range(125, 181)]
    shelf.scan(
        *(picture(f"{m}.jpg", taken_at=TAKEN + timedelta(minutes=m)) for m in minutes),
        picture("no-date.jpg"),
    )
    shelf.score(
        {f"{m}.jpg": {"bride": 0.9, "bouquet": 0.05} for m in minutes if m < 60}
        | {f"{m}.jpg": {"bride": 0.05, "bouquet": 0.8} for m in minutes if m >= 120}
    )
    return shelf


def test_stretches_have_no_gaps_and_every_dated_photo_once(
    workspace: Workspace, shelf: Shelf
) -> None:
    ribbon = read_ribbon(workspace, SHOOT, stretches=7)

    starts = [stretch.start for stretch in ribbon.stretches]
    ends = [stretch.end for stretch in ribbon.stretches]
    assert starts[1:] == ends[:-1]
    assert starts[0] == TAKEN
    photos = [photo for stretch in ribbon.stretches for photo in stretch.photo_ids]
    assert len(photos) == len(set(photos)) == 116
    for stretch in ribbon.stretches:
        rows = workspace.library.photo_rows(stretch.photo_ids)
        assert all(row.taken_at and stretch.start <= row.taken_at < stretch.end for row in rows)


def test_what_was_likely_when(workspace: Workspace, shelf: Shelf) -> None:
    ribbon = read_ribbon(workspace, SHOOT, stretches=3)

    assert ribbon.classes == ("bride", "bouquet", "reception_room")
    brides, nothing, bouquets = ribbon.stretches
    assert brides.shares == pytest.approx((0.9, 0, 0), abs=0.01)
    assert not any(nothing.shares)
    assert not nothing.photo_ids
    assert bouquets.shares == pytest.approx((0, 0.8, 0), abs=0.01)


def test_what_a_person_said_counts_instead(workspace: Workspace, shelf: Shelf) -> None:
    for minute in range(60):
        shelf.decide(f"{minute}.jpg", Verdict.REJECTED)
        shelf.decide(f"{minute}.jpg", Verdict.CONFIRMED, "bouquet")

    assert read_ribbon(workspace, SHOOT, stretches=3).stretches[0].shares == (0, 1, 0)


def test_a_shoot_of_one_moment_has_no_ribbon(workspace: Workspace, shelf: Shelf) -> None:
    shelf.scan(picture("x.jpg", taken_at=TAKEN + timedelta(days=40)))

    assert read_ribbon(workspace, "2026-07-30") == Ribbon("2026-07-30")
    assert read_ribbon(workspace, "no such shoot") == Ribbon("no such shoot")
