"""Who prepares the photos of a batch: threads of this process, and a helper ahead of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tagger.core.formats import format_of
from tagger.services.neighbours import Neighbours
from tagger.services.writing.planning import Way
from tagger.services.writing.readying import prepare_photo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from tagger.core.ids import PhotoId
    from tagger.library import PendingWrite
    from tagger.metadata import Profile
    from tagger.metadata.exiftool import Exiftool
    from tagger.services.writing.helping import Helper
    from tagger.services.writing.readying import Ready

_SHARE = 0.7
"""Of a batch is the helper's: this process also places what both have prepared."""


class Preparer:
    """Prepares batches, the helper's share while the batch before is being placed.

    Attributes:
        exiftool: what edits the formats that are not ours, None where they get sidecars.
    """

    def __init__(
        self,
        pool: Executor,
        profile: Profile,
        exiftool: Exiftool | None = None,
        helper: Helper | None = None,
    ) -> None:
        self.exiftool = exiftool
        self._pool = pool
        self._profile = profile
        self._helper = helper
        self._ahead: frozenset[PhotoId] = frozenset()

    def look_ahead(self, batch: Sequence[PendingWrite]) -> None:
        """Let the helper begin with the next batch; it shares no sidecar with the one in work."""
        if self._helper is None or self._ahead:
            return
        own = [pending for pending in batch if _is_spliced(pending)]
        share = own[: round(_SHARE * len(batch))]
        if share and self._helper.ask(share):
            self._ahead = frozenset(pending.photo_id for pending in share)

    def prepare(self, batch: Sequence[PendingWrite]) -> list[Ready]:
        """Plan and verify these photos."""
        wanted = {pending.photo_id: pending for pending in batch}
        ahead, self._ahead = self._ahead, frozenset()
        ready = self._prepare([one for number, one in wanted.items() if number not in ahead])
        if self._helper is not None and ahead:
            answers = self._helper.answer()
            ready += [one for one in answers if one.pending.photo_id in wanted]
            done = {one.pending.photo_id for one in ready}
            ready += self._prepare([one for number, one in wanted.items() if number not in done])
        return ready

    def _prepare(self, photos: Sequence[PendingWrite]) -> list[Ready]:
        way = Way(Neighbours(), self._profile, self.exiftool)
        return list(self._pool.map(partial(prepare_photo, way=way), photos))


def _is_spliced(pending: PendingWrite) -> bool:
    """Whether our own code writes it, for the helper has no exiftool."""
    fmt = format_of(pending.path)
    return fmt is not None and fmt.holds_keywords
