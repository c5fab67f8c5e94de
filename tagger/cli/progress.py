"""Progress on standard error: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.text import Text

from tagger.cli.output import duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.core.progress import Progress
    from tagger.services.reporting import Report

_LINE_EVERY_S = 5.0


def describe(progress: Progress) -> str:
    """`Tagging: 320 of 963, 14.2 photos a second, 45 s left`."""
    count = f"{progress.done:,}"
    if progress.total is not None:
        count += f" of {progress.total:,}"
    parts = [f"{progress.task}: {count}"]
    if progress.rate:
        parts.append(f"{progress.rate:.1f} {progress.unit} a second")
    if progress.seconds_left:
        parts.append(f"{duration(progress.seconds_left)} left")
    return ", ".join(parts)


@contextmanager
def shown_progress() -> Iterator[Report]:
    """Show what is reported while the block runs."""
    with _silent_libraries():
        if sys.stderr.isatty():
            with _live_line() as report:
                yield report
        else:
            yield _LinePrinter()


@contextmanager
def _silent_libraries() -> Iterator[None]:
    """Keep what libtiff and LibRaw print over damaged photos out of the progress.

    They write to the process's standard error and have no switch. Each photo's own sentence says
    what a person can act on, so ours goes to a copy and theirs nowhere.
    """
    own = sys.stderr
    if own is not sys.__stderr__ or own is None:  # somebody has taken our output over already
        yield
        return
    with (
        os.fdopen(os.dup(own.fileno()), "w", encoding=own.encoding, errors=own.errors) as copy,
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
    ):
        own.flush()
        os.dup2(nowhere.fileno(), own.fileno())
        sys.stderr = copy
        try:
            yield
        finally:
            copy.flush()
            sys.stderr = own
            os.dup2(copy.fileno(), own.fileno())


@contextmanager
def _live_line() -> Iterator[Report]:
    with Live(console=Console(stderr=True), refresh_per_second=8, transient=True) as live:

        def report(progress: Progress) -> None:
            live.update(Text(describe(progress)))

        yield report


class _LinePrinter:
    """Prints at most one line in `_LINE_EVERY_S`, and the last of each task."""

    def __init__(self) -> None:
        self._next_s = time.monotonic() + _LINE_EVERY_S

    def __call__(self, progress: Progress) -> None:
        is_last = progress.done > 0 and progress.done == progress.total
        now_s = time.monotonic()
        if is_last or now_s >= self._next_s:
            print(describe(progress), file=sys.stderr, flush=True)
            self._next_s = now_s + _LINE_EVERY_S
