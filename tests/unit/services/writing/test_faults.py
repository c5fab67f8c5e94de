"""Every system call of writing and of taking back fails once: photo whole, journal true."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import TaggerError
from tagger.metadata.carriers import open_photo
from tagger.metadata.exiftool import Exiftool
from tests.unit.files.test_replace_faults import FaultyCall, SimulatedCrashError
from tests.unit.services.writing.desk import Desk, keywords

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts the calls of Linux")
BRIDE = {"Wedding|Bride"}
FULL, BROKEN = (OSError(code, os.strerror(code)) for code in (errno.ENOSPC, errno.EIO))
CRASH = SimulatedCrashError()


def fail_at(number: int, error: BaseException, act: Callable[[], object]) -> str | None:
    """The name of the call that failed, None when there are no more."""
    fault = FaultyCall(number, error)
    with pytest.MonkeyPatch.context() as patch:
        fault.install(patch)
        with suppress(SimulatedCrashError, TaggerError, OSError):
            act()
    return fault.name


def count_faults(error: BaseException, once: Callable[[int], str | None]) -> int:
    for number in range(1, 300):
        if once(number) is None:
            return number
    raise AssertionError(error)


@pytest.mark.parametrize("error", [FULL, CRASH], ids=["full disk", "crash"])
def test_writing_that_fails_at_any_call_is_made_up_for(
    desk: Desk, photo: Path, error: BaseException
) -> None:
    original = photo.read_bytes()

    def once(number: int) -> str | None:
        desk.confirm(photo)
        desk.workspace.library.write_again([desk.row(photo).id])
        name = fail_at(number, error, desk.write)
        now = photo.read_bytes()
        assert now == original or keywords(photo) == BRIDE, name

        desk.scan()
        assert desk.workspace.library.planned_lines() == []
        assert desk.write().failed == [], name
        assert keywords(photo) == BRIDE, name
        assert [path.name for path in desk.folder.iterdir()] == ["a.jpg"], name
        run = desk.workspace.library.write_runs()[0]
        assert desk.undo_run(run.id).restored == 1, name
        assert photo.read_bytes() == original, name
        return name

    assert count_faults(error, once) > 15


@pytest.mark.slow
@pytest.mark.parametrize("error", [FULL, CRASH], ids=["full disk", "crash"])
def test_writing_by_exiftool_that_fails_at_any_call_is_made_up_for(
    desk: Desk,
    exiftool: str,
    photos_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
) -> None:
    photo = desk.folder / "a.tif"
    shutil.copyfile(photos_dir / "valid/tiff/lab.tif", photo)
    desk.scan()
    original = photo.read_bytes()
    content_ids: set[str] = set()
    with Exiftool(exiftool) as tool:
        in_use = "tagger.services.writing.running.exiftool_in_use"
        monkeypatch.setattr(in_use, lambda _: nullcontext(tool))

        def once(number: int) -> str | None:
            desk.confirm(photo)
            desk.workspace.library.write_again([desk.row(photo).id])
            name = fail_at(number, error, desk.write)
            assert photo.read_bytes() == original or keywords(photo) == BRIDE, name

            desk.scan()
            assert desk.workspace.library.planned_lines() == []
            assert desk.write().failed == [], name
            assert keywords(photo) == BRIDE, name
            content_ids.add(open_photo(photo.read_bytes()).hash_image())
            for run in desk.workspace.library.write_runs()[:1]:
                assert desk.undo_run(run.id).restored == 1, name
            assert photo.read_bytes() == original, name
            assert [path.name for path in desk.folder.iterdir()] == ["a.tif"], name
            return name

        assert count_faults(error, once) > 25
    assert len(content_ids) == 1


@pytest.mark.parametrize("error", [BROKEN, CRASH], ids=["broken drive", "crash"])
def test_taking_back_that_fails_at_any_call_is_made_up_for(
    desk: Desk, photo: Path, error: BaseException
) -> None:
    original = photo.read_bytes()
    desk.confirm(photo)
    run = desk.write().run
    written = photo.read_bytes()
    assert run is not None

    def once(number: int) -> str | None:
        name = fail_at(number, error, lambda: desk.undo_run(run))
        assert photo.read_bytes() in {original, written}, name

        desk.scan()
        assert desk.workspace.library.planned_lines() == [], name
        desk.undo_run(run)
        assert photo.read_bytes() == original, name
        assert desk.pending() == 0, name
        again = desk.workspace.library.write_runs()[0]
        assert desk.undo_run(again.id).restored == 1, name
        assert photo.read_bytes() == written, name
        return name

    assert count_faults(error, once) > 15
