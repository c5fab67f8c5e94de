"""The bundled program on a machine like a photographer's: no Python, nothing in the environment.

`TAGGER_BUNDLE` names the folder to test, else it is `dist/tagger`. It is tested from a folder whose
name has spaces and letters that are not in ASCII.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import SHARED
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ROOT = Path(__file__).resolve().parents[2]
_SUFFIX = ".exe" if sys.platform == "win32" else ""
_KEPT = ("SYSTEMROOT", "TEMP", "TMP")
"""Without these no program starts on Windows."""

_PATIENCE_S = 240


@dataclass(frozen=True)
class Outcome:
    """What one command printed and returned."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What `--json` printed."""
        assert self.out, self.err
        return json.loads(self.out)


@dataclass(frozen=True)
class Bundle:
    """The folder that was built, and a library for its programs.

    Attributes:
        environment: all that its programs get to know of this machine.
    """

    folder: Path
    home: Path
    environment: Mapping[str, str]

    @property
    def console(self) -> Path:
        return self.folder / f"tagger{_SUFFIX}"

    @property
    def window(self) -> Path:
        return self.folder / f"tagger-gui{_SUFFIX}"

    def __call__(self, *arguments: str | Path) -> Outcome:
        """Run a command to its end."""
        done = subprocess.run(
            [self.console, *map(str, arguments), "--home", str(self.home)],
            env=self.environment,
            cwd=self.folder.parent,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_PATIENCE_S,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def open_window(self, *arguments: Path, **variables: str) -> subprocess.Popen[bytes]:
        """Start the window; what it prints goes where the tests print."""
        return subprocess.Popen(
            [self.window, *map(str, arguments), "--home", str(self.home)],
            env={**self.environment, **variables},
            cwd=self.folder.parent,
        )


def _link_or_copy(source: str, target: str) -> str:
    """Gigabytes in no time where the system can."""
    with suppress(OSError):
        os.link(source, target)
        return target
    return shutil.copy2(source, target)


@pytest.fixture(scope="session")
def bundle_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What was built, in a folder with an unhandy name."""
    built = _ROOT / os.environ.get("TAGGER_BUNDLE", "dist/tagger")
    if not built.is_dir():
        pytest.skip(f"There is nothing in {built}: make bundle comes first.")
    place = tmp_path_factory.mktemp("machine") / "Ana & Luís, Fotos für Zoë"
    shutil.copytree(built, place / "tagger", copy_function=_link_or_copy, symlinks=True)
    yield place / "tagger"
    shutil.rmtree(place)


@pytest.fixture
def bundle(bundle_folder: Path, tmp_path: Path) -> Bundle:
    user = tmp_path / "Zoë"
    for name in ("empty", "Pictures"):
        (user / name).mkdir(parents=True)
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {"HOME": str(user), "USERPROFILE": str(user), "PATH": str(user / "empty")}
    return Bundle(bundle_folder, user / "Bibliothek é", environment)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with twelve photos: real ones where `../shared` has them."""
    folder = tmp_path / "Hochzeit Müller"
    found = sorted((SHARED / "data/wedding/images").glob("bouquet/*.jpg"))[:12]
    if not found:
        for number in range(12):
            save_jpeg(folder / f"IMG_{number:02}.jpg", width=900, height=600, seed=number)
        return folder
    folder.mkdir()
    for number, source in enumerate(found):
        shutil.copyfile(source, folder / f"IMG_{number:02}.jpg")
    return folder
