"""A long run shares its work with other processes: nothing comes out differently, ever."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, Any

import pytest

from tagger.core.ids import PhotoId
from tagger.core.writes import PendingWrite
from tagger.files import read_stamp
from tagger.metadata import LIGHTROOM
from tagger.services.writing import helping
from tagger.services.writing.helping import Helper, estimate_effort, helpers_for
from tagger.services.writing.jobs import Placing, Preparing
from tests.pictures import save_jpeg
from tests.unit.services.writing.desk import Desk, edit_outside, keywords

if TYPE_CHECKING:
    from tagger.metadata import Profile
    from tagger.services.writing.jobs import Job

BRIDE = "Wedding|Bride"
PHOTOS = 100
"""Several batches."""


class Spy(Helper):
    """A helper that the run begins with, and of whom a test sees what it did."""

    answers: list[type[Job]]
    dies_after: int | None = None

    def __init__(self, profile: Profile) -> None:
        super().__init__(profile)
        super().answer()  # it has started

    def answer(self) -> list[tuple[Job, Any]]:
        if len(self.answers) == self.dies_after:
            self._process.kill()
        done = super().answer()
        self.answers += [type(done[0][0])]
        return done


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> type[Spy]:
    Spy.answers, Spy.dies_after = [], None
    monkeypatch.setattr(helping, "Helper", Spy)
    monkeypatch.setattr(helping, "HELPED_FROM", PHOTOS)
    monkeypatch.setattr(helping, "core_count", lambda: 2)
    return Spy


def test_a_helper_prepares_its_share_and_may_die(desk: Desk, spy: type[Spy]) -> None:
    photos = [
        save_jpeg(desk.folder / f"{n:03}.jpg", width=16, height=8, seed=n) for n in range(PHOTOS)
    ]
    desk.scan()
    before = {photo: photo.read_bytes() for photo in photos}
    for photo in photos:
        desk.confirm(photo)

    result = desk.write()

    assert (result.written, result.failed) == (PHOTOS, [])
    assert all(keywords(photo) == {BRIDE} for photo in photos)
    assert {*spy.answers} == {Preparing, Placing}
    assert desk.undo_run(result.run).restored == PHOTOS
    assert {photo: photo.read_bytes() for photo in photos} == before

    spy.answers, spy.dies_after = [], 1
    for photo in photos:
        desk.confirm(photo)
    edit_outside(photos[-1], add=("Ana",))
    assert desk.write().failed == []
    assert 1 <= len(spy.answers) <= 3  # some were on the way already
    assert keywords(photos[-1]) == {BRIDE, "Ana"}
    assert all(keywords(photo) == {BRIDE} for photo in photos[:-1])
    assert multiprocessing.active_children() == []


def test_large_photos_are_worth_help_sooner(desk: Desk) -> None:
    for name in ("a.jpg", "b.jpg"):
        save_jpeg(desk.folder / name, width=16, height=8)
    raw = desk.folder / "c.cr3"
    raw.write_bytes(bytes(9_000_000))
    with (desk.folder / "b.jpg").open("ab") as file:
        file.write(bytes(8_000_000))
    stamps = [read_stamp(desk.folder / name) for name in ("a.jpg", "b.jpg", "c.cr3")]
    small, large, sidecar = (
        PendingWrite(PhotoId(1), desk.folder / name, stamp, 1, (), (), ())
        for name, stamp in zip(("a.jpg", "b.jpg", "c.cr3"), stamps, strict=True)
    )

    assert estimate_effort(100, [small]) == 100
    assert estimate_effort(100, [small, large]) == 300
    assert estimate_effort(100, [sidecar]) == 100
    assert estimate_effort(0, []) == 0


def test_no_helper_where_it_would_not_help(spy: type[Spy], monkeypatch: pytest.MonkeyPatch) -> None:
    with helpers_for(PHOTOS - 1, LIGHTROOM) as helpers:
        assert helpers == []
    monkeypatch.setattr(helping, "core_count", lambda: 1)
    with helpers_for(PHOTOS, LIGHTROOM) as helpers:
        assert helpers == []
