"""The program on a screen, with real keys: nothing of it is called, it is only looked at."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import pytest
from PIL import ImageChops

from tagger.metadata import read_metadata
from tagger.services.finding import find_rows
from tagger.services.workspace import Workspace
from tests.screen import open_screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PIL import Image

    from tests.screen import Screen

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="looked at through X11"),
]

_PATIENCE_S = 240
_LOOK_S = 0.1
_CLOSE_S = 2.0

T = TypeVar("T")


class Visit:
    """A person before the screen.

    Attributes:
        pictures: what the screen showed after each step, in `folder` too.
    """

    def __init__(self, screen: Screen, home: Path, photos: Path, folder: Path) -> None:
        self._screen = screen
        self._folder = folder
        self.pictures: dict[str, Image.Image] = {}
        self.workspace = Workspace.open(home)
        environment = {name: os.environ[name] for name in os.environ if name != "QT_QPA_PLATFORM"}
        environment |= {"DISPLAY": screen.display, "HOME": str(folder)}
        command = [sys.executable, "-c", "from tagger.gui import main; main()"]
        self.process = subprocess.Popen(
            [*command, "--home", str(home), str(photos)], env=environment
        )
        self._window = self.wait(lambda: screen.find_window(self.process))

    def wait(self, look: Callable[[], T]) -> T:
        """Look again and again until there is something to see, while the program runs."""
        deadline = time.monotonic() + _PATIENCE_S
        while not (seen := look()):
            assert time.monotonic() < deadline, "it took too long"
            with suppress(subprocess.TimeoutExpired):
                pytest.fail(f"the window is gone with exit code {self.process.wait(_LOOK_S)}")
        return seen

    def find(self, query: str) -> list[str]:
        """Names of the photos that a search means, as the library has them now."""
        return [row.path.name for row in find_rows(self.workspace, query)]

    def press(self, *keys: str, title: str = "tagger") -> None:
        window = self.wait(lambda: self._screen.find_window(self.process, title))
        self._screen.press(window, *keys)

    def search(self, text: str) -> None:
        """As a person does it; what is on the screen then is another picture."""
        before = self._screen.look()
        self.press("ctrl+f")
        self._screen.type(text)
        self.press("Return")
        self.wait(lambda: _differ(before, self._screen.look()) > 0.05)

    def keep(self, step: str) -> None:
        """The picture of this step differs from all before."""
        old = list(self.pictures.values())
        self.wait(lambda: all(_differ(one, self._screen.look()) for one in old))
        self.pictures[step] = self._screen.look()
        self.pictures[step].save(self._folder / f"{len(self.pictures)} {step}.png")

    def leave(self) -> float:
        """Close the window as the desktop does; returns the seconds until it is gone."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(_PATIENCE_S) == 0
        return time.monotonic() - began


@pytest.fixture
def visit(tmp_path: Path, wedding_dir: Path) -> Iterator[Visit]:
    """Twelve real photos, and the program's own classifier."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in ("bouquet", "dance"):
        for path in sorted((wedding_dir / "images" / name).iterdir())[:6]:
            (photos / path.name).write_bytes(path.read_bytes())
    with open_screen() as screen:
        visit = Visit(screen, tmp_path / "home", photos, tmp_path)
        try:
            yield visit
        finally:
            visit.process.kill()
            visit.process.wait()
            visit.workspace.library.close()


def test_a_day_by_keys_alone(visit: Visit, tmp_path: Path) -> None:
    visit.wait(lambda: visit.workspace.library.summary().tagged == 12)
    visit.keep("tagged")
    bouquets = visit.find("tag:bouquet")
    assert 4 <= len(bouquets) <= 8

    visit.search("tag:bouquet")
    visit.keep("filtered")
    visit.press("ctrl+a", "Return")
    visit.wait(lambda: sorted(visit.find("state:confirmed")) == sorted(bouquets))
    visit.keep("confirmed")
    visit.press("ctrl+z")
    visit.wait(lambda: not visit.find("state:confirmed"))
    visit.keep("taken back")
    visit.press("ctrl+shift+z")
    visit.wait(lambda: sorted(visit.find("state:confirmed")) == sorted(bouquets))

    visit.press("ctrl+s")
    written = [tmp_path / "photos" / name for name in bouquets]
    visit.wait(lambda: not visit.find("is:pending"))
    assert all(("Wedding", "Bouquet") in read_metadata(path).paths for path in written)
    visit.keep("written")

    visit.press("ctrl+e")
    visit.wait(lambda: visit._screen.find_window(visit.process, "Export"))
    visit.keep("export")
    visit.press("Return", title="Export")
    visit.wait(lambda: len(list((tmp_path / "Pictures").rglob("*.jpg"))) == len(bouquets))

    assert visit.leave() < _CLOSE_S + 3, "two seconds for its threads, the rest for Python's end"


def _differ(first: Image.Image, second: Image.Image) -> float:
    """The share of the screen that is different."""
    changed = ImageChops.difference(first, second).convert("L").histogram()
    return 1 - changed[0] / sum(changed)
