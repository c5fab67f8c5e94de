"""What one process can do by itself in a run of writing: one step for one photo.

Helpers load this module, so it needs little.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from tagger.core.errors import CancelledError, PhotoError
from tagger.files import read_stamp, stamp_sidecars
from tagger.services.writing.placing import begin_change, place_change, replaces
from tagger.services.writing.readying import prepare_photo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tagger.core.ids import PhotoId
    from tagger.core.photo import Stamp
    from tagger.core.writes import FileChange, PendingWrite
    from tagger.services.writing.placing import BegunChange
    from tagger.services.writing.planning import Way
    from tagger.services.writing.readying import Planned


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does a share.

    Attributes:
        way: how photos are prepared.
        is_stopped: asked before each photo that is to be placed.
        wait: called with seconds while another program holds a file; may raise.
    """

    way: Way
    is_stopped: Callable[[], bool]
    wait: Callable[[float], object]


@dataclass(frozen=True, slots=True)
class Preparing:
    """A photo to be planned and verified; with each new `batch` its folder is looked at anew."""

    pending: PendingWrite
    batch: int

    @property
    def photo_id(self) -> PhotoId:
        """Which photo it is."""
        return self.pending.photo_id

    @property
    def size(self) -> int:
        """Of the photo in bytes."""
        return self.pending.stamp.size

    def begin(self, hand: Hand, _: ExitStack) -> Callable[[], Planned | PhotoError]:
        """What does it."""
        return partial(prepare_photo, self.pending, hand.way)


@dataclass(frozen=True, slots=True)
class Placed:
    """How a photo and its sidecars look right after they were written."""

    stamp: Stamp
    sidecars: str


Outcome = Placed | PhotoError | CancelledError | OSError
"""What came of a photo; `OSError` where it was written, and gone when it was to be looked at."""


@dataclass(frozen=True, slots=True)
class Placing:
    """A photo whose files are to be written, as the journal has it.

    Attributes:
        names: of the files beside it that may concern it, new ones included.
        size: of the photo in bytes.
    """

    photo_id: PhotoId
    path: Path
    changes: tuple[FileChange, ...]
    names: tuple[str, ...]
    size: int

    def begin(self, hand: Hand, stack: ExitStack) -> Callable[[], Outcome]:
        """Let the disk have the new files, which are gone with the stack. Returns what does it."""
        begun: dict[Path, BegunChange] = {}
        with suppress(PhotoError, OSError):
            for change in self.changes:
                if replaces(change) and not hand.is_stopped():
                    begun[change.path] = stack.enter_context(begin_change(change))
        return partial(self._place, hand, begun)

    def _place(self, hand: Hand, begun: Mapping[Path, BegunChange]) -> Outcome:
        if hand.is_stopped():
            return CancelledError()
        try:
            for change in self.changes:
                early = begun.get(change.path)
                place_change(change, hand.wait, begun=early, syncs_folder=False)
            return Placed(read_stamp(self.path), stamp_sidecars(self.path, self.names))
        except (PhotoError, OSError) as error:
            return error


Job = Preparing | Placing


def do_all(jobs: Sequence[Job], hand: Hand) -> list[Any]:
    """What comes of each. The disk writes the files of all together before it is waited for."""
    with ExitStack() as stack:
        begun = [job.begin(hand, stack) for job in jobs]
        return [do() for do in begun]
