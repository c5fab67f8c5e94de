from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.library import Library
from tests.unit.library.shelf import Clock, Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, now=Clock()) as library:
        yield library
        assert library.check() == "ok"


@pytest.fixture
def shelf(library: Library) -> Shelf:
    return Shelf(library)
