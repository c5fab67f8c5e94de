from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exiftool import Exiftool

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def oracle(exiftool: str) -> Iterator[Exiftool]:
    """exiftool, started once for all tests."""
    with Exiftool(exiftool) as started:
        yield started
