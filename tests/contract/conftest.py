from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exiftool import Exiftool

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def oracle(exiftool: str) -> Iterator[Exiftool]:
    """exiftool, started once for the tests of a module: `-use MWG` holds until it ends."""
    with Exiftool(exiftool) as started:
        yield started
