"""What is in the folder: nothing that no code reaches, and everything that is needed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.bundle

_UNUSED_FOLDERS = {"tests", "include", "translations", "qml", "screenshots", "packaging_scripts"}

_UNUSED_PACKAGES = (
    *("triton", "matplotlib", "tkinter", "pytest", "setuptools", "networkx", "scipy", "sklearn"),
)

_UNDER_THE_GPL = ("libreadline", "libgdbm")

_OF_THE_SYSTEM = {
    *("linux-vdso.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"),
    *("libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0", "libutil.so.1"),
    *("libresolv.so.2", "libcuda.so.1", "libGL.so.1", "libEGL.so.1", "libGLX.so.0"),
    *("libGLdispatch.so.0", "libOpenGL.so.0", "libdrm.so.2", "libxcb.so.1", "libX11.so.6"),
    *("libX11-xcb.so.1", "libfontconfig.so.1", "libfreetype.so.6", "libwayland-client.so.0"),
    *("libwayland-cursor.so.0", "libwayland-egl.so.1"),
    *("libcups.so.2", "libgcc_s.so.1", "libstdc++.so.6", "libz.so.1", "libexpat.so.1"),
}
"""Each desktop has these, and the driver of its graphics card must fit them."""


def test_nothing_unused_is_there(bundle_folder: Path) -> None:
    found = {
        str(path.relative_to(bundle_folder))
        for path in bundle_folder.rglob("*")
        if path.is_dir() and path.name in _UNUSED_FOLDERS and ".dist-info" not in str(path)
    }

    assert found == set()
    assert not [name for name in _UNUSED_PACKAGES if (bundle_folder / "_internal" / name).exists()]


def test_nothing_is_there_that_may_not_be_given_away(bundle_folder: Path) -> None:
    names = {path.name for path in bundle_folder.rglob("*.so*")}

    assert not [name for name in names if name.startswith(_UNDER_THE_GPL)]


def test_everything_that_belongs_to_it_is_there(bundle_folder: Path) -> None:
    inside = bundle_folder / "_internal"

    assert (inside / "models/wedding-scenes/weights.safetensors").is_file()
    assert {path.name for path in (inside / "resources").iterdir()} >= {"icons", "presets", "theme"}
    assert (bundle_folder / "LICENSE").is_file()
    assert list(inside.glob("[Pp]illow-*.dist-info/licenses/*")), "others' licences come along"


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own way of linking")
@pytest.mark.timeout(900)
def test_every_library_finds_what_it_is_linked_to(bundle_folder: Path) -> None:
    missing = set()
    foreign = set()
    for library in sorted(bundle_folder.rglob("*.so*")):
        if library.is_symlink() or not library.is_file():
            continue
        for line in _linked_to(library, bundle_folder):
            name, _, place = line.strip().partition(" => ")
            if place.startswith("not found"):
                missing.add((library.name, name))
            elif place.startswith("/") and str(bundle_folder) not in place:
                foreign.add(name)

    assert {name for _, name in missing} <= _OF_THE_SYSTEM
    assert foreign - _OF_THE_SYSTEM == set()


def _linked_to(library: Path, folder: Path) -> list[str]:
    """The lines of ldd, as the program's starter would have it.

    torchvision's libraries find torch's because torch has loaded them before.
    """
    inside = folder / "_internal"
    return subprocess.run(
        ["ldd", library],
        env={"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": f"{inside}:{inside}/torch/lib"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
