"""Going back to a backup, on real files: nothing a person decided and wrote is lost."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tagger.cli.main import run_command
from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, LibraryError, WrongUseError
from tagger.core.tag import TagState, Verdict
from tagger.library import DecisionRequest, Library, ScoredPhoto, list_backups
from tagger.services.indexing import scan_library
from tagger.services.restoring import recover_decisions, restore
from tagger.services.workspace import Workspace
from tagger.services.writing.running import write_pending
from tests.pictures import save_jpeg
from tests.unit.library.shelf import MODEL

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.progress import Progress
    from tagger.services.restoring import Recovered

NAMES = ("a.jpg", "b.jpg", "c.jpg", "d.jpg")


def report(_: Progress) -> None:
    """Nobody watches."""


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    for number, name in enumerate(NAMES):
        save_jpeg(folder / name, seed=number)
    return folder


@pytest.fixture
def home(tmp_path: Path, photos: Path) -> Path:
    """`a` is a bride in the backup; `b` was decided and written since, `c` only decided."""
    home = tmp_path / "home"
    with Workspace.open(home) as workspace:
        workspace.library.register_model(MODEL)
        workspace.library.add_folder(photos)
        scan_library(workspace, CancelToken(), report)
        decide(workspace.library, photos / "a.jpg")
        write(workspace)
        workspace.library.back_up()
        decide(workspace.library, photos / "b.jpg")
        write(workspace)
        decide(workspace.library, photos / "c.jpg")
    return home


def decide(library: Library, path: Path, verdict: Verdict = Verdict.CONFIRMED) -> None:
    request = DecisionRequest(library.find_photo(path).id, library.find_tag("bride").id, verdict)
    library.decide([request], label="bride")


def write(workspace: Workspace) -> None:
    assert not write_pending(workspace, CancelToken(), report).failed


def recover(home: Path) -> Recovered:
    with Workspace.open(home) as workspace:
        return recover_decisions(workspace, CancelToken(), report)


def brides(home: Path) -> dict[str, TagState]:
    with Library.open(home) as library:
        return {
            row.path.name: tag.state
            for row in library.photo_rows(library.find(None))
            for tag in row.tags
            if tag.name == "bride"
        }


def tags(library: Library) -> dict[str, set[str]]:
    rows = library.photo_rows(library.find(None))
    return {row.path.name: {tag.name for tag in row.tags} for row in rows}


def test_what_was_written_since_comes_back_from_the_files(home: Path) -> None:
    restored = restore(home)
    assert brides(home) == {"a.jpg": TagState.CONFIRMED}

    recovered = recover(home)

    assert (restored.photos, restored.decisions, restored.passed_over) == (len(NAMES), 1, ())
    assert (recovered.photos, recovered.decisions, recovered.offline) == (1, 1, ())
    assert brides(home) == dict.fromkeys(("a.jpg", "b.jpg"), TagState.CONFIRMED)
    with Workspace.open(home) as workspace:
        folders = [folder.id for folder in workspace.library.folders()]
        assert workspace.library.count_unwritten(folders) == 0


def test_what_the_backup_knows_is_not_counted_again(home: Path) -> None:
    with Workspace.open(home) as workspace:
        workspace.library.back_up()
        write(workspace)
    restore(home)

    recovered = recover(home)

    assert (recovered.photos, recovered.decisions) == (0, 0)
    assert brides(home) == dict.fromkeys(("a.jpg", "b.jpg", "c.jpg"), TagState.CONFIRMED)


def test_from_a_damaged_library_by_command(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = home / "library.db"
    content = bytearray(library.read_bytes())
    content[4096 : 40 * 4096] = b"\xa5" * 39 * 4096
    library.write_bytes(content)

    assert run_command(["status", "--home", str(home)]) == 3
    assert "tagger library restore" in capsys.readouterr().err
    assert run_command(["library", "verify", "--home", str(home)]) == 3
    assert "is damaged" in capsys.readouterr().out
    assert run_command(["library", "restore", "--home", str(home)]) == 0
    assert "1 decision on 1 photo came from keywords" in capsys.readouterr().out
    assert run_command(["library", "verify", "--home", str(home)]) == 0
    assert brides(home) == dict.fromkeys(("a.jpg", "b.jpg"), TagState.CONFIRMED)


def test_what_was_read_before_a_stop_is_not_forgotten(
    home: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("new.jpg", "newer.jpg"):
        save_jpeg(photos / name, seed=9 + len(name))
    with Workspace.open(home) as workspace:
        scan_library(workspace, CancelToken(), report)
        for name in ("new.jpg", "newer.jpg"):
            decide(workspace.library, photos / name)
        write(workspace)
    restore(home)
    monkeypatch.setattr("tagger.services.indexing._PHOTOS_PER_STORE", 1)
    monkeypatch.setattr("tagger.services.indexing._CHANGED_PER_STORE", 1)
    cancel = CancelToken()

    def stop_after_the_first(progress: Progress) -> None:
        if progress.task == "Reading new photos" and progress.done:
            cancel.cancel()

    with Workspace.open(home) as workspace:
        with pytest.raises(CancelledError):
            recover_decisions(workspace, cancel, stop_after_the_first)
        assert len(brides(home)) < 5, "not all was read"
    recover(home)

    assert set(brides(home)) == {"a.jpg", "b.jpg", "c.jpg", "new.jpg", "newer.jpg"}


def test_photos_that_came_since_come_back_with_their_decisions(home: Path, photos: Path) -> None:
    save_jpeg(photos / "new.jpg", seed=9)
    with Workspace.open(home) as workspace:
        scan_library(workspace, CancelToken(), report)
        decide(workspace.library, photos / "new.jpg")
        write(workspace)

    restore(home)
    recover(home)

    assert set(brides(home)) == {"a.jpg", "b.jpg", "c.jpg", "new.jpg"}


def test_a_rejection_that_was_written_since_stays_out_of_the_file(home: Path, photos: Path) -> None:
    with Workspace.open(home) as workspace:
        decide(workspace.library, photos / "a.jpg", Verdict.REJECTED)
        write(workspace)

    restore(home)
    assert recover(home).photos == 2  # b and c, which were written since
    with Workspace.open(home) as workspace:
        write(workspace)
        row = workspace.library.find_photo(photos / "a.jpg")
        assert workspace.library.file_keywords(row.id) == ()
    assert recover(home).decisions == 0


def test_predictions_that_may_be_written_are_no_decisions(home: Path) -> None:
    with Library.open(home) as library:
        library.change_setting("write.predictions_from", "0")
    restore(home)
    with Library.open(home) as library:
        library.change_setting("write.predictions_from", "0")

    assert recover(home).decisions == 0


def test_predictions_that_were_written_into_new_photos_are_no_decisions(
    home: Path, photos: Path
) -> None:
    with Library.open(home) as library:
        library.change_setting("write.predictions_from", "0.8")
        library.back_up()
    save_jpeg(photos / "new.jpg", seed=9)
    with Workspace.open(home) as workspace:
        scan_library(workspace, CancelToken(), report)
        [model] = workspace.library.models()
        tag, photo = workspace.library.find_tag("bride"), photos / "new.jpg"
        scored = ScoredPhoto(workspace.library.find_photo(photo).id, {tag.id: 0.9})
        workspace.library.store_scores(model.id, [scored])
        write(workspace)
    restore(home)

    recover(home)

    assert set(brides(home)) == {"a.jpg", "b.jpg", "c.jpg"}


def test_a_keyword_brings_back_the_class_that_wrote_it_alone(home: Path, photos: Path) -> None:
    with Workspace.open(home) as workspace:
        library = workspace.library
        library.add_tag("mother of the bride", ("Family", "Bride"))
        library.add_tag("just bride", ("Bride",))
        library.back_up()
        for name, tag in (("c.jpg", "mother of the bride"), ("d.jpg", "just bride")):
            row = library.find_photo(photos / name)
            request = DecisionRequest(row.id, library.find_tag(tag).id, Verdict.CONFIRMED)
            library.decide([request], label=tag)
        write(workspace)
        before = tags(library)
    restore(home)
    recover(home)

    with Library.open(home) as library:
        found = tags(library)
    assert found["c.jpg"] == before["c.jpg"] == {"bride", "mother of the bride"}
    assert found["d.jpg"] == before["d.jpg"] == {"just bride"}


def test_a_drive_that_is_away_is_named_and_asked_later(
    home: Path, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = photos.rename(photos.with_name("away"))
    assert run_command(["library", "restore", "--home", str(home)]) == 0
    assert f"{photos} is away" in capsys.readouterr().out
    assert set(brides(home)) == {"a.jpg"}
    away.rename(photos)

    for command in ("scan", "learn-keywords"):
        assert run_command([command, "--home", str(home)]) == 0
    assert set(brides(home)) == {"a.jpg", "b.jpg"}


def test_a_damaged_backup_is_passed_over(home: Path) -> None:
    newest = list_backups(home)[0]
    older = newest.with_name(newest.name[:-13] + "2020-01-01.db")
    shutil.copy(newest, older)
    newest.write_bytes(newest.read_bytes()[:9000])

    restored = restore(home)

    assert restored.backup == older
    assert len(restored.passed_over) == 1
    older.write_bytes(b"")
    with pytest.raises(LibraryError, match="No other backup can be used"):
        restore(home)


def test_backups_by_name_date_and_path(home: Path, tmp_path: Path) -> None:
    newest = list_backups(home)[0]
    elsewhere = shutil.copy(newest, tmp_path / "usb.db")

    for wanted in (newest.name, newest.stem[-10:], str(elsewhere)):
        assert restore(home, wanted).decisions == 1
    with pytest.raises(WrongUseError, match=newest.name):
        restore(home, "1999-01-01")


def test_a_list_of_backups(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["library", "restore", "--list", "--json", "--home", str(home)]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert (entry["problem"], entry["photos"], entry["decisions"]) == (None, 4, 1)


def test_a_library_without_backups(tmp_path: Path) -> None:
    Library.open(tmp_path).close()
    with pytest.raises(LibraryError, match="There is no backup"):
        restore(tmp_path)
