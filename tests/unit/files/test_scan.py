"""The walk on real folders: what is found, what is passed over, what must not be concluded."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError
from tagger.files import FoundFile, ScanProblem, read_stamp, scan_folder
from tagger.files.names import temporary_name

if TYPE_CHECKING:
    from collections.abc import Iterator


def put(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def scan(root: Path, below: str = "") -> list[FoundFile | ScanProblem]:
    return list(scan_folder(root, CancelToken(), below=below))


def found(root: Path, below: str = "") -> list[str]:
    items = scan(root, below)
    assert all(isinstance(item, FoundFile) for item in items), items
    return [item.rel_path for item in items]


def test_photos_of_all_folders_come_in_a_stable_order_with_their_stamps(tmp_path: Path) -> None:
    for name in ["b/2.jpg", "b/1.CR3", "a/c/x.png", "z.jpg", "a.jpg", "a/notes.txt"]:
        put(tmp_path / name)

    items = scan(tmp_path)

    assert [item.rel_path for item in items] == [
        "a.jpg",
        "z.jpg",
        "a/c/x.png",
        "b/1.CR3",
        "b/2.jpg",
    ]
    assert items[0] == FoundFile("a.jpg", read_stamp(tmp_path / "a.jpg"))


def test_only_the_part_below_is_walked_and_paths_stay_relative_to_the_root(tmp_path: Path) -> None:
    put(tmp_path / "a/b/1.jpg")
    put(tmp_path / "a/2.jpg")
    put(tmp_path / "3.jpg")

    assert found(tmp_path, "a/b") == ["a/b/1.jpg"]


def test_hidden_files_bins_and_preview_stores_are_passed_over(tmp_path: Path) -> None:
    for name in [".x/a.jpg", "._a.jpg", "@eaDir/a.jpg", "P.lrdata/a.jpg", "$RECYCLE.BIN/a.jpg"]:
        put(tmp_path / name)

    assert found(tmp_path) == []


def test_an_empty_photo_is_found(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", b"")

    [item] = scan(tmp_path)

    assert isinstance(item, FoundFile)
    assert item.stamp.size == 0


def test_a_folder_named_like_a_photo_is_a_folder(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg/b.jpg")

    assert found(tmp_path) == ["a.jpg/b.jpg"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_pipes_and_sockets_named_like_photos_are_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(tmp_path / "socket.jpg"))
        put(tmp_path / "a.jpg")

        assert found(tmp_path) == ["a.jpg"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
def test_a_name_that_is_not_utf8_keeps_its_bytes(tmp_path: Path) -> None:
    put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jpg")))

    assert found(tmp_path) == ["caf\udce9.jpg"]
    assert read_stamp(tmp_path / found(tmp_path)[0]).size == 1


def test_names_of_255_bytes_are_found(tmp_path: Path) -> None:
    name = "ü" * 125 + "x.jpg"
    put(tmp_path / name)

    assert found(tmp_path) == [name]


def test_a_linked_folder_is_followed_once_and_real_folders_win(tmp_path: Path) -> None:
    put(tmp_path / "root/real/1.jpg")
    put(tmp_path / "elsewhere/2.jpg")
    (tmp_path / "root/a-link").symlink_to(tmp_path / "root/real")
    (tmp_path / "root/b-link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "root/c-link").symlink_to(tmp_path / "elsewhere")

    assert found(tmp_path / "root") == ["real/1.jpg", "b-link/2.jpg"]


def test_a_folder_behind_two_links_is_listed_once(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere/a/b/1.jpg")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/1-link").symlink_to(tmp_path / "elsewhere/a/b")
    (tmp_path / "root/2-link").symlink_to(tmp_path / "elsewhere/a")

    assert found(tmp_path / "root") == ["1-link/1.jpg"]


@pytest.mark.parametrize("target", [".", "..", "../.."])
def test_a_link_upwards_is_told_and_hides_nothing(tmp_path: Path, target: str) -> None:
    root = tmp_path / "root"
    put(root / "a/1.jpg")
    (root / "a/loop").symlink_to(target)

    photo, problem = scan(root)

    assert photo.rel_path == "a/1.jpg"
    assert isinstance(problem, ScanProblem)
    assert (problem.rel_path, problem.is_unseen) == ("a/loop", False)


def test_a_link_to_an_absent_photo_is_a_place_not_seen(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to(tmp_path / "away.jpg")

    [problem] = scan(tmp_path)

    assert isinstance(problem, ScanProblem)
    assert (problem.rel_path, problem.is_unseen) == ("a.jpg", True)


def test_an_absent_root_is_one_problem_with_everything(tmp_path: Path) -> None:
    [problem] = scan(tmp_path / "away")

    assert isinstance(problem, ScanProblem)
    assert (problem.rel_path, problem.is_unseen) == ("", True)


def refuse(monkeypatch: pytest.MonkeyPatch, folder: Path, number: int) -> None:
    real = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path) == folder:
            raise OSError(number, os.strerror(number))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOENT, errno.EIO])
def test_a_folder_that_cannot_be_read_is_one_problem_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    for name in ["a/1.jpg", "b/deep/2.jpg", "c/3.jpg"]:
        put(tmp_path / name)
    refuse(monkeypatch, tmp_path / "b", number)

    first, problem, last = scan(tmp_path)

    assert (first.rel_path, last.rel_path) == ("a/1.jpg", "c/3.jpg")
    assert isinstance(problem, ScanProblem)
    assert (problem.rel_path, problem.is_unseen) == ("b", True)
    assert problem.sentence.startswith("This folder can't be read.")


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="rights do not stop this user"
)
def test_a_folder_without_rights_is_one_problem(tmp_path: Path) -> None:
    put(tmp_path / "b/2.jpg")
    (tmp_path / "b").chmod(0)
    try:
        [problem] = scan(tmp_path)
    finally:
        (tmp_path / "b").chmod(0o700)

    assert isinstance(problem, ScanProblem)
    assert problem.rel_path == "b"


def test_a_drive_that_goes_away_during_the_walk_is_told_last(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(root / "1.jpg")
    put(root / "2.jpg")
    walk = scan_folder(root, CancelToken())

    assert next(walk).rel_path == "1.jpg"
    root.rename(tmp_path / "unplugged")
    root.mkdir()  # the empty mount point
    *_, last = walk

    assert isinstance(last, ScanProblem)
    assert (last.rel_path, last.is_unseen) == ("", True)


def test_a_cancelled_walk_stops_before_the_next_photo(tmp_path: Path) -> None:
    put(tmp_path / "1.jpg")
    put(tmp_path / "2.jpg")
    cancel = CancelToken()
    walk = scan_folder(tmp_path, cancel)
    next(walk)

    cancel.cancel()

    with pytest.raises(CancelledError):
        next(walk)


def test_what_a_dead_process_left_half_written_is_removed(tmp_path: Path) -> None:
    left = put(tmp_path / "a" / temporary_name())
    foreign = put(tmp_path / "a/.tagger-notes.tmp")
    put(tmp_path / "a/1.jpg")

    assert found(tmp_path) == ["a/1.jpg"]
    assert not left.exists()
    assert foreign.exists()


_NAMES = st.text(
    st.characters(blacklist_characters="/\x00", blacklist_categories=["Cs"]), min_size=1, max_size=8
).filter(lambda name: name not in {".", ".."})


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.sets(_NAMES, min_size=1, max_size=6), suffix=st.sampled_from([".jpg", ".ARW"]))
def test_every_visible_photo_is_found_whatever_its_name(
    tmp_path_factory: pytest.TempPathFactory, names: set[str], suffix: str
) -> None:
    root = tmp_path_factory.mktemp("names")
    expected = {name + suffix for name in names if not name.startswith(".")}
    for name in names:
        put(root / (name + suffix))

    assert set(found(root)) == expected
