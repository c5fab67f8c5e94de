"""Whether a folder's drive is there, and whether it tells of changes that others make."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# File systems whose changes by other computers the local kernel never hears of.
_NETWORK_TYPES = frozenset(
    {"9p", "afpfs", "afs", "ceph", "cifs", "coda", "davfs", "drvfs", "glusterfs", "gpfs", "lustre"}
    | {"ncpfs", "nfs", "nfs4", "ocfs2", "prl_fs", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs"}
    | {"vmhgfs"}
)
_MOUNTS = Path("/proc/self/mounts")
_ESCAPE = re.compile(r"\\([0-7]{3})")


def is_online(root: Path, *, was_populated: bool = True) -> bool:
    """Whether the drive of a library folder is there.

    The folder in which a drive appears often stays behind, empty, when the drive is away. So an
    empty folder that once held photos is taken for an absent drive, unless a drive is mounted
    at this very place: then somebody has emptied it.

    Args:
        root: the library folder.
        was_populated: the library knows photos below this folder.
    """
    try:
        if not root.is_dir():
            return False
        if not was_populated or os.path.ismount(root):
            return True
        with os.scandir(root) as entries:
            return any(not entry.name.startswith(".") for entry in entries)
    except PermissionError:
        return True  # it is there; the scan says what is wrong with it
    except OSError:
        return False


def find_mounts(root: Path, rel_dirs: Iterable[str]) -> set[str]:
    """Those of the folders below `root` at which a drive is mounted."""
    return {path for path in rel_dirs if os.path.ismount(root / path)}


def is_network_drive(folder: Path) -> bool:
    """Whether the folder lies on a network (or similar) drive, which has to be polled."""
    resolved = os.path.realpath(folder)
    if resolved.startswith("\\\\"):  # a UNC path; Windows resolves mapped letters to it
        return True
    if sys.platform != "linux":
        return False
    try:
        table = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    return is_network_type(file_system_type(resolved, table))


def is_network_type(file_system: str) -> bool:
    """Whether a type as in the mount table is polled; `fuseblk` (NTFS, exFAT) is local."""
    return file_system in _NETWORK_TYPES or file_system.startswith("fuse.")


def file_system_type(resolved: str, mount_table: str) -> str:
    """The type of the file system that holds an absolute path without links; `""` if unknown.

    Args:
        resolved: what the type is asked of.
        mount_table: text as in `/proc/self/mounts`, see proc(5) and fstab(5): blanks in paths
            are octal escapes; of two drives mounted at one place the later one is seen.
    """
    best_point, best_type = "", ""
    for line in mount_table.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _ESCAPE.sub(lambda match: chr(int(match[1], 8)), fields[1])
        if len(point) >= len(best_point) and _is_below(resolved, point):
            best_point, best_type = point, fields[2]
    return best_type


def _is_below(path: str, point: str) -> bool:
    return path == point or path.startswith(point.rstrip("/") + "/")
