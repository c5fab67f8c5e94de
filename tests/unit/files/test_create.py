from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tagger.core.errors import WriteFailedError
from tagger.files import NameTakenError, create_file, create_numbered_file, free_name, read_stamp


def test_a_new_file_is_whole_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.xmp"

    stamp = create_file(path, b"<x/>")

    assert path.read_bytes() == b"<x/>"
    assert stamp == read_stamp(path)
    assert path.stat().st_nlink == 1
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_a_new_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "ordinary").touch()
    create_file(tmp_path / "a.xmp", b"<x/>")

    assert (tmp_path / "a.xmp").stat().st_mode == (tmp_path / "ordinary").stat().st_mode


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.xmp"
    path.write_bytes(b"theirs")

    with pytest.raises(NameTakenError) as caught:
        create_file(path, b"ours")

    assert isinstance(caught.value, FileExistsError)
    assert isinstance(caught.value, WriteFailedError)
    assert str(caught.value) == "There is already a file named a.xmp."
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_a_broken_link_holds_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.xmp").symlink_to(tmp_path / "away.xmp")

    with pytest.raises(NameTakenError):
        create_file(tmp_path / "a.xmp", b"ours")

    assert not (tmp_path / "away.xmp").exists()


def test_an_absent_folder_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(WriteFailedError, match="no longer there"):
        create_file(tmp_path / "away/a.xmp", b"<x/>")


def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)


def test_a_drive_without_hard_links_gets_whole_files_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_links(monkeypatch)
    path = tmp_path / "a.xmp"

    create_file(path, b"<x/>")
    with pytest.raises(NameTakenError):
        create_file(path, b"other")

    assert path.read_bytes() == b"<x/>"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_without_hard_links_leaves_no_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    without_links(monkeypatch)
    monkeypatch.setattr(os, "replace", refuse)

    with pytest.raises(WriteFailedError):
        create_file(tmp_path / "a.xmp", b"<x/>")

    assert list(tmp_path.iterdir()) == []


def test_taken_names_are_numbered(tmp_path: Path) -> None:
    wanted = tmp_path / "IMG_1.jpg"
    assert free_name(wanted) == wanted

    made = [create_numbered_file(wanted, bytes([number])) for number in range(3)]

    assert [path.name for path in made] == ["IMG_1.jpg", "IMG_1 (2).jpg", "IMG_1 (3).jpg"]
    assert [path.read_bytes() for path in made] == [b"\0", b"\1", b"\2"]
    assert free_name(wanted).name == "IMG_1 (4).jpg"


@pytest.mark.parametrize("stem", ["a" * 251, "ü" * 125, "日" * 83])
def test_a_long_name_is_cut_at_a_character_to_make_room(tmp_path: Path, stem: str) -> None:
    wanted = tmp_path / f"{stem}.jpg"
    create_file(wanted, b"x")

    second = create_numbered_file(wanted, b"y")

    assert second.name.endswith(" (2).jpg")
    assert stem.startswith(second.name.removesuffix(" (2).jpg"))
    assert len(os.fsencode(second.name)) <= 255


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on Linux only")
def test_a_name_that_is_not_utf8_is_numbered(tmp_path: Path) -> None:
    wanted = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jpg"))
    create_file(wanted, b"x")

    assert os.fsencode(free_name(wanted).name) == b"caf\xe9 (2).jpg"


def test_many_at_once_get_a_name_each(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        contents = [bytes([number]) for number in range(24)]
        made = list(pool.map(lambda c: create_numbered_file(tmp_path / "a.jpg", c), contents))

    assert len(set(made)) == 24
    assert [path.read_bytes() for path in made] == contents
    assert len(list(tmp_path.iterdir())) == 24
