"""Replacing real files: what is kept, what is refused, and that nothing is left behind."""

from __future__ import annotations

import os
import stat
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import MetadataRefusedError, PhotoChangedError, WriteFailedError
from tagger.files import read_stamp, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable

OLD, NEW = b"old" * 1000, b"newer" * 1000


def accept(copy: Path) -> None:
    assert copy.read_bytes() == NEW


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "a.jpg"
    path.write_bytes(OLD)
    return path


def replace(path: Path, verify: Callable[[Path], None] = accept) -> None:
    replace_file(path, NEW, expected=read_stamp(path), verify=verify)


def assert_untouched(path: Path) -> None:
    assert path.read_bytes() == OLD
    assert os.listdir(path.parent) == [path.name]  # noqa: PTH208 - names as the system has them


def test_the_new_content_arrives_with_a_new_time(photo: Path) -> None:
    os.utime(photo, ns=(1, 1))

    stamp = replace_file(photo, NEW, expected=read_stamp(photo), verify=accept)

    assert photo.read_bytes() == NEW
    assert stamp == read_stamp(photo)
    assert abs(stamp.mtime_ns / 1e9 - time.time()) < 60
    assert list(photo.parent.iterdir()) == [photo]


@pytest.mark.parametrize("name", ["a" * 251 + ".jpg", "ü" * 125 + ".jpg", "Ana & Luis 'x' .jpg"])
def test_any_name_that_exists_can_be_replaced(tmp_path: Path, name: str) -> None:
    photo = tmp_path / name
    photo.write_bytes(OLD)

    replace(photo)

    assert photo.read_bytes() == NEW


def test_a_link_stays_a_link_and_its_file_is_replaced(photo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "link.jpg").symlink_to(photo)

    replace(other / "link.jpg")

    assert (other / "link.jpg").is_symlink()
    assert not photo.is_symlink()
    assert photo.read_bytes() == NEW
    assert list(other.iterdir()) == [other / "link.jpg"]


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to(tmp_path / "b.jpg")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "a.jpg")

    with pytest.raises(WriteFailedError, match="circle"):
        replace_file(tmp_path / "a.jpg", NEW, expected=read_stamp(tmp_path), verify=accept)


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_rights_and_owner_are_kept(photo: Path) -> None:
    photo.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(photo, 1234, 5678)
    before = photo.stat()

    replace(photo)

    after = photo.stat()
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


def set_attribute(path: Path, name: str, value: bytes) -> None:
    try:
        os.setxattr(path, name, value)
    except OSError:
        pytest.skip("this drive keeps no such attributes")


@pytest.mark.skipif(sys.platform != "linux", reason="extended attributes of Linux")
def test_extended_attributes_and_access_lists_are_kept(photo: Path) -> None:
    set_attribute(photo, "user.xdg.tags", b"Ana, Luis")
    # Owner rw, user 1000 r, group r, mask rw, others none: acl(5), version 2 of the layout.
    entries = [(1, 6, -1), (2, 4, 1000), (4, 4, -1), (16, 6, -1), (32, 0, -1)]
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
    set_attribute(photo, "system.posix_acl_access", acl)

    replace(photo)

    assert os.getxattr(photo, "user.xdg.tags") == b"Ana, Luis"
    assert os.getxattr(photo, "system.posix_acl_access") == acl


def test_the_copy_is_verified_before_anything_happens(photo: Path) -> None:
    def refuse(copy: Path) -> None:
        assert copy.parent == photo.parent
        assert photo.read_bytes() == OLD
        raise MetadataRefusedError("Not this one.")

    with pytest.raises(MetadataRefusedError):
        replace(photo, refuse)

    assert_untouched(photo)


def test_a_verification_that_cannot_read_is_a_failure(photo: Path) -> None:
    def fail(copy: Path) -> None:
        (copy / "no folder").read_bytes()

    with pytest.raises(WriteFailedError):
        replace(photo, fail)

    assert_untouched(photo)


def test_an_interrupt_leaves_nothing(photo: Path) -> None:
    def interrupt(copy: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace(photo, interrupt)

    assert_untouched(photo)


def test_a_photo_that_changed_before_is_not_replaced(photo: Path) -> None:
    expected = read_stamp(photo)
    os.utime(photo, ns=(5, 5))

    with pytest.raises(PhotoChangedError):
        replace_file(photo, NEW, expected=expected, verify=accept)

    assert_untouched(photo)


def test_a_photo_that_changes_while_the_copy_is_made_is_not_replaced(photo: Path) -> None:
    def edit_elsewhere(copy: Path) -> None:
        photo.write_bytes(b"edited elsewhere")

    with pytest.raises(PhotoChangedError):
        replace(photo, edit_elsewhere)

    assert photo.read_bytes() == b"edited elsewhere"
    assert list(photo.parent.iterdir()) == [photo]


def test_a_photo_that_goes_while_the_copy_is_made_stays_gone(photo: Path) -> None:
    with pytest.raises(WriteFailedError, match="no longer there"):
        replace(photo, lambda copy: photo.unlink())

    assert list(photo.parent.iterdir()) == []


@pytest.mark.parametrize("mode", [0o444, 0o044, 0o400])
def test_a_locked_photo_is_refused_even_to_root(photo: Path, mode: int) -> None:
    photo.chmod(mode)

    with pytest.raises(WriteFailedError, match="write-protected"):
        replace(photo)

    photo.chmod(0o644)
    assert_untouched(photo)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="rights do not stop this user"
)
def test_a_locked_folder_is_refused(photo: Path) -> None:
    photo.parent.chmod(0o555)
    try:
        with pytest.raises(WriteFailedError, match="folder is write-protected"):
            replace(photo)
    finally:
        photo.parent.chmod(0o755)
    assert_untouched(photo)


def test_a_folder_that_the_system_calls_closed_is_refused(
    photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != photo.parent)

    with pytest.raises(WriteFailedError, match="folder is write-protected"):
        replace(photo)

    assert_untouched(photo)


def test_a_photo_with_two_names_is_refused(photo: Path, tmp_path: Path) -> None:
    (tmp_path / "second.jpg").hardlink_to(photo)

    with pytest.raises(WriteFailedError, match="hard link"):
        replace(photo)

    assert photo.samefile(tmp_path / "second.jpg")
    assert photo.read_bytes() == OLD


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WriteFailedError, match="regular file"):
        replace(tmp_path)


def test_an_absent_photo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WriteFailedError, match="no longer there"):
        replace_file(tmp_path / "a.jpg", NEW, expected=read_stamp(tmp_path), verify=accept)


def test_a_full_disk_leaves_the_photo_whole(
    tmp_path: Path, mount_ram: Callable[[Path, str], None]
) -> None:
    mount_ram(tmp_path, "size=256k")
    photo = tmp_path / "a.jpg"
    photo.write_bytes(OLD)

    with pytest.raises(WriteFailedError, match="The disk is full; "):
        replace_file(photo, bytes(1 << 20), expected=read_stamp(photo), verify=lambda copy: None)

    assert_untouched(photo)


def test_a_write_protected_drive_is_named(
    tmp_path: Path, mount_ram: Callable[[Path, str], None]
) -> None:
    mount_ram(tmp_path, "size=256k")
    photo = tmp_path / "a.jpg"
    photo.write_bytes(OLD)
    mount_ram(tmp_path, "remount,ro")

    with pytest.raises(WriteFailedError, match="drive is write-protected"):
        replace(photo)

    assert_untouched(photo)


def lock_for(attempts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes renaming fail as on Windows while another program holds the file."""
    real, failures = os.replace, iter(range(attempts))

    def locked(source: Path, target: Path) -> None:
        if next(failures, None) is None:
            real(source, target)
            return
        error = PermissionError(13, "in use")
        error.winerror = 32  # type: ignore[attr-defined,unused-ignore] # exists on Windows only
        raise error

    monkeypatch.setattr(os, "replace", locked)


def test_a_short_lock_is_waited_for(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock_for(2, monkeypatch)
    waits: list[float] = []

    replace_file(photo, NEW, expected=read_stamp(photo), verify=accept, wait=waits.append)

    assert photo.read_bytes() == NEW
    assert waits == [0.05, 0.1]


def test_a_long_lock_is_a_failure(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock_for(99, monkeypatch)
    waits: list[float] = []

    with pytest.raises(WriteFailedError, match="Another program holds the file"):
        replace_file(photo, NEW, expected=read_stamp(photo), verify=accept, wait=waits.append)

    assert sum(waits) < 3
    assert_untouched(photo)


def test_a_change_while_waiting_for_a_lock_is_seen(
    photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock_for(1, monkeypatch)

    with pytest.raises(PhotoChangedError):
        replace_file(
            photo,
            NEW,
            expected=read_stamp(photo),
            verify=accept,
            wait=lambda _: photo.write_bytes(b"edited elsewhere"),
        )

    assert photo.read_bytes() == b"edited elsewhere"


@pytest.mark.skipif(sys.platform != "linux", reason="chattr of ext4")
def test_a_photo_that_the_system_made_immutable_is_refused(photo: Path) -> None:
    if subprocess.run(["chattr", "+i", photo], check=False, capture_output=True).returncode:
        pytest.skip("chattr does not work here")
    try:
        with pytest.raises(WriteFailedError):
            replace(photo)
    finally:
        subprocess.run(["chattr", "-i", photo], check=True)
    assert_untouched(photo)
