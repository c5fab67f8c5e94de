"""Copies, checks, moving and compacting of a library."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tagger.cli.main import run_command
from tagger.core.errors import LibraryError, WrongUseError
from tagger.core.ids import ContentId
from tagger.core.tag import TagState, Verdict
from tagger.library import KEPT_ASIDE, Library, ScoredPhoto, check_backup, list_backups
from tagger.library.thumbnails import ThumbnailStore
from tagger.services import moving
from tagger.services.moving import move_library
from tagger.services.places import home_folder
from tagger.services.upkeep import back_up, compact, verify
from tagger.services.workspace import Workspace
from tests.unit.library.shelf import Shelf, picture

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.library import BackupCheck


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A library with a decision, a backup, caches, a classifier and somebody else's file."""
    home = tmp_path / "home"
    with Library.open(home) as library:
        shelf = Shelf(library)
        shelf.scan(picture("1.jpg"), picture("2.jpg"))
        shelf.decide("1.jpg", Verdict.CONFIRMED)
        library.back_up()
        scores = [
            ScoredPhoto(shelf.row(f"{number}.jpg").id, {}, feature=b"12") for number in (1, 2)
        ]
        library.store_scores(shelf.model_id, scores)
    thumbnails = ThumbnailStore(home / "thumbnails.db")
    thumbnails.save("1.jpg-1", b"x" * 50_000)
    thumbnails.save("gone-1", b"y" * 500_000)
    thumbnails.close()
    (home / "models" / "mine").mkdir(parents=True)
    (home / "models" / "mine" / "model.json").write_text("{}")
    for place in ("presets/mine.json", "runs/lesson/1.pt", "exports/1.jsonl", "reports/mine.html"):
        (home / place).parent.mkdir(parents=True)
        (home / place).write_text(place)
    (home / "somebody.txt").write_text("else")
    return home


def states(home: Path) -> dict[str, TagState]:
    with Library.open(home) as library:
        return Shelf(library).states("1.jpg")


def test_a_backup_now_and_one_elsewhere(home: Path, tmp_path: Path) -> None:
    with Workspace.open(home) as workspace:
        here = back_up(workspace)
        first = back_up(workspace, tmp_path / "usb" / "wedding")
        second = back_up(workspace, tmp_path / "usb" / "wedding")
        with pytest.raises(WrongUseError, match="name a folder"):
            back_up(workspace, home / "somebody.txt")

    assert here == list_backups(home)[0]
    assert first != second
    assert [check_backup(path).decisions for path in (here, first, second)] == [1, 1, 1]


def test_verifying_says_what_is_whole_and_what_is_not(home: Path) -> None:
    assert [(finding.subject, finding.ok) for finding in verify(home)] == [
        ("library", True),
        (list_backups(home)[0].name, True),
    ]
    list_backups(home)[0].write_bytes(b"torn")

    library, backup = verify(home)

    assert library.ok
    assert not backup.ok
    assert "damaged" in backup.sentence


def test_verifying_makes_no_library(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="There is no library"):
        verify(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_verifying_finds_that_the_library_is_gone(home: Path) -> None:
    (home / "library.db").unlink()

    library, backup = verify(home)

    assert (library.ok, backup.ok) == (False, True)
    assert "tagger library restore" in library.sentence
    assert not (home / "library.db").exists()


def test_compacting_keeps_what_photos_need(home: Path) -> None:
    with Workspace.open(home) as workspace:
        workspace.library._features.store("b1", {ContentId("gone"): b"z" * 400_000})
        result = compact(workspace)
        kept = workspace.library._features.load("b1", [ContentId("1.jpg"), ContentId("gone")])
    thumbnails = ThumbnailStore(home / "thumbnails.db")

    assert kept == {ContentId("1.jpg"): b"12"}
    assert thumbnails.load("1.jpg-1") is not None
    assert thumbnails.load("gone-1") is None
    assert result.bytes_after < result.bytes_before - 800_000
    assert states(home) == {"bride": TagState.CONFIRMED}
    thumbnails.close()


def test_moving_takes_everything_of_ours_and_leaves_a_note(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "drive" / "tagger"

    moved = move_library(home, target)

    assert moved.home == target
    assert states(target) == {"bride": TagState.CONFIRMED}
    assert (target / "models" / "mine" / "model.json").read_text() == "{}"
    assert len(list_backups(target)) == 1
    for place in ("presets/mine.json", "runs/lesson/1.pt", "exports/1.jsonl", "reports/mine.html"):
        assert (target / place).read_text() == place
    left = {path.name for path in home.iterdir() if not path.name.endswith(".lock")}
    assert left == {"library-moved-to.txt", "somebody.txt"}
    assert home_folder(home) == target


def test_there_and_back_and_on_again(home: Path, tmp_path: Path) -> None:
    second, third = tmp_path / "second", tmp_path / "third"
    move_library(home, second)
    move_library(second, home)
    assert (home_folder(home), home_folder(second)) == (home, home)

    move_library(home, third)
    assert (home_folder(home), home_folder(second), home_folder(third)) == (third, third, third)
    assert states(third) == {"bride": TagState.CONFIRMED}


def test_a_library_on_a_drive_that_is_away_is_never_made_anew(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    move_library(home, tmp_path / "drive")
    (tmp_path / "drive").rename(tmp_path / "away")

    assert run_command(["status", "--home", str(home)]) == 3
    assert "Attach that drive" in capsys.readouterr().err
    assert not (home / "library.db").exists()
    assert not (tmp_path / "drive").exists()


def test_what_stops_a_move_leaves_everything_as_it_was(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    Library.open(other).close()
    (tmp_path / "link").symlink_to(home)
    for target, words in (
        (other, "already"),
        (home / "inside", "one in the other"),
        (home / "somebody.txt", "one in the other"),
        (tmp_path / "link" / "inside", "one in the other"),
        (tmp_path / "usb.txt", "is a file"),
    ):
        (tmp_path / "usb.txt").touch()
        with pytest.raises(WrongUseError, match=words):
            move_library(home, target)
    with Library.open(home), pytest.raises(LibraryError, match="Close it and try again"):
        move_library(home, tmp_path / "new")
    assert states(home) == {"bride": TagState.CONFIRMED}


@pytest.mark.parametrize("stays_open", [True, False])
def test_a_decision_made_while_the_library_is_copied_is_not_lost(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stays_open: bool
) -> None:
    opened = []

    def decide_first(path: Path) -> BackupCheck:
        library = Library.open(home)
        Shelf(library).decide("1.jpg", Verdict.REJECTED)
        opened.append(library)
        if not stays_open:
            library.close()
        return check_backup(path)

    monkeypatch.setattr(moving, "check_backup", decide_first)
    with pytest.raises(LibraryError, match="ry again"):
        move_library(home, tmp_path / "new")

    opened[0].close()
    assert states(home) == {"bride": TagState.REJECTED}
    assert not (tmp_path / "new" / "library.db").exists()


def test_a_damaged_library_is_not_moved(home: Path, tmp_path: Path) -> None:
    content = bytearray((home / "library.db").read_bytes())
    content[4096 : 30 * 4096] = b"\xa5" * 29 * 4096
    (home / "library.db").write_bytes(content)

    with pytest.raises(LibraryError, match="damaged"):
        move_library(home, tmp_path / "new")
    assert (home / "library.db").read_bytes()[4096:] == content[4096:]
    assert not (tmp_path / "new" / "library.db").exists()
    assert len(list_backups(home)) == 1


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_target_that_can_t_be_written(home: Path, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(LibraryError, match="can't be moved"):
        move_library(home, tmp_path / "locked" / "new")


def test_a_library_whose_place_can_t_be_taken_says_so(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "working.lock").unlink(missing_ok=True)
    (home / "working.lock").mkdir()  # what nobody may write to, root neither

    for command in (["move", str(tmp_path / "new")], ["restore"], ["compact"]):
        assert run_command(["library", *command, "--home", str(home)]) == 3
        assert "can't be changed" in capsys.readouterr().err
    assert states(home) == {"bride": TagState.CONFIRMED}


def test_the_commands(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--home", str(home), "--json"]
    assert run_command(["library", "backup", "--to", str(tmp_path / "usb"), *at]) == 0
    assert json.loads(capsys.readouterr().out)["backup"].startswith(str(tmp_path / "usb"))
    assert run_command(["library", "compact", *at]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"bytes_before", "bytes_after"}
    assert run_command(["library", "verify", *at]) == 0
    assert all(finding["ok"] for finding in json.loads(capsys.readouterr().out))
    assert run_command(["library", "restore", "--no-rescan", *at]) == 0
    restored = json.loads(capsys.readouterr().out)["restored"]
    assert restored["kept_aside"].startswith(str(home / KEPT_ASIDE))
    assert run_command(["library", "move", str(tmp_path / "new"), *at]) == 0
    assert json.loads(capsys.readouterr().out)["home"] == str(tmp_path / "new")
