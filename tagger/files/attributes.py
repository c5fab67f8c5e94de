"""Giving a new file what belonged to the old one beside its bytes."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress

# Hashes of the content that the kernel keeps: true for the old bytes only.
_CONTENT_BOUND = frozenset({"security.ima", "security.evm"})
_ACCESS_LIST = "system.posix_acl_access"


def copy_attributes(source_fd: int, target_fd: int) -> None:
    """Copy owner, rights, access list and extended attributes, each as far as the system lets us.

    The times stay those of writing, so that other programs see that the file has changed. On
    Windows the new file inherits the rights of its folder.
    """
    if sys.platform == "win32":
        return
    status = os.fstat(source_fd)
    _copy_owner(status, target_fd)
    # After the owner, since chown clears bits.
    with suppress(OSError):
        os.fchmod(target_fd, stat.S_IMODE(status.st_mode))
    if sys.platform == "linux":
        _copy_extended(source_fd, target_fd)


if sys.platform != "win32":

    def _copy_owner(status: os.stat_result, target_fd: int) -> None:
        try:
            os.fchown(target_fd, status.st_uid, status.st_gid)
        except OSError:
            with suppress(OSError):  # only root gives files away; the group may be ours
                os.fchown(target_fd, -1, status.st_gid)


if sys.platform == "linux":

    def _copy_extended(source_fd: int, target_fd: int) -> None:
        names = _extended_names(source_fd)
        for name in names - _CONTENT_BOUND:
            with suppress(OSError):
                os.setxattr(target_fd, name, os.getxattr(source_fd, name))
        if _ACCESS_LIST not in names:
            with suppress(OSError):  # one that the folder hands down to every new file
                os.removexattr(target_fd, _ACCESS_LIST)

    def _extended_names(fd: int) -> set[str]:
        try:
            return set(os.listxattr(fd))
        except OSError:
            return set()
