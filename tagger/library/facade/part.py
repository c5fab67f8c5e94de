"""What every part of the door stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.library.kept_reads import KeptReads

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tagger.library.features import FeatureStore
    from tagger.library.store import Store


class Part:
    """An opened library: each part adds the methods of one subject."""

    def __init__(self, store: Store, features: FeatureStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._features = features
        self._now = now
        self._kept = KeptReads()
