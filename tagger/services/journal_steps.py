"""What later runs made of the files of a run: the way back to where it can be undone."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.core.ids import PhotoId, RunId
    from tagger.library import JournalLine, Library


@dataclass(frozen=True, slots=True)
class _Step:
    """What one run made of one file: digests, None where there is no file."""

    run: RunId
    before: str | None
    after: str | None


class LaterSteps:
    """The steps of all runs after this one."""

    def __init__(self, library: Library, run: RunId) -> None:
        self._library = library
        self._run = run

    def find_run_to_undo(self, line: JournalLine, now: str | None) -> RunId | None:
        """The run to undo first, when a file that is `now` gets back so to what `line` made of it.

        None where another program changed it in between.
        """
        seen = {now}
        todo: deque[tuple[str | None, RunId | None]] = deque([(now, None)])
        while todo:
            state, first = todo.popleft()
            for step in self._by_photo.get(line.photo_id, ()):
                if step.after != state or step.before in seen:
                    continue
                if step.before == line.change.after_digest:
                    return first or step.run
                seen.add(step.before)
                todo.append((step.before, first or step.run))
        return None

    @cached_property
    def _by_photo(self) -> dict[PhotoId, list[_Step]]:
        """The newest first. Without the deltas, which may be 256 MB in all."""
        steps: dict[PhotoId, list[_Step]] = defaultdict(list)
        for run in self._library.write_runs():
            for line in self._library.run_lines(run.id) if run.id > self._run else ():
                change = line.change
                steps[line.photo_id].append(
                    _Step(run.id, change.before_digest, change.after_digest)
                )
        return steps
