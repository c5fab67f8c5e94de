from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.files import is_network_drive, is_online
from tagger.files.drives import file_system_type, is_network_type

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_TABLE = r"""
sysfs /sys sysfs rw 0 0
/dev/sda1 / ext4 rw,relatime 0 0
//nas/photos /mnt/nas cifs rw 0 0
/dev/sdb1 /mnt/nas/card exfat rw 0 0
nas:/export /mnt/Ana\040&\040Luis nfs4 rw 0 0
auto /mnt/auto autofs rw 0 0
nas:/auto /mnt/auto nfs rw 0 0
me@host: /home/me/remote fuse.sshfs rw 0 0
/dev/sdc1 /media/disk fuseblk rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("path", "file_system", "is_network"),
    [
        ("/home/me", "ext4", False),
        ("/mnt/nas", "cifs", True),
        ("/mnt/nas/2026", "cifs", True),
        ("/mnt/nasty", "ext4", False),
        ("/mnt/nas/card/DCIM", "exfat", False),
        ("/mnt/Ana & Luis/1", "nfs4", True),
        ("/mnt/auto/x", "nfs", True),
        ("/home/me/remote/x", "fuse.sshfs", True),
        ("/media/disk", "fuseblk", False),
    ],
)
def test_the_mount_table_tells_network_drives(
    path: str, file_system: str, is_network: bool
) -> None:
    assert file_system_type(path, _TABLE) == file_system
    assert is_network_type(file_system) is is_network


def test_this_disk_is_no_network_drive(tmp_path: Path) -> None:
    if is_network_drive(tmp_path):
        pytest.skip("the temporary folder of this machine is on a network drive")
    assert not is_network_drive(tmp_path / "absent")


def test_a_folder_with_photos_is_online(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    assert is_online(tmp_path)


def test_an_absent_folder_and_a_file_are_offline(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    assert not is_online(tmp_path / "away")
    assert not is_online(tmp_path / "a.jpg")


def test_an_empty_mount_point_is_offline_where_photos_were(tmp_path: Path) -> None:
    (tmp_path / ".directory").touch()  # what desktops leave behind
    assert not is_online(tmp_path)
    assert is_online(tmp_path, was_populated=False)


def test_a_mounted_drive_that_somebody_emptied_is_online(
    tmp_path: Path, mount_ram: Callable[[Path, str], None]
) -> None:
    mount_ram(tmp_path, "size=1m")
    assert is_online(tmp_path)
