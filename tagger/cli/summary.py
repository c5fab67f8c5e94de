"""The summary by class that `run` and `status` end with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.cli.output import count_of, duration, print_table

if TYPE_CHECKING:
    from tagger.services.summarising import Summary


def print_summary(summary: Summary) -> None:
    """Print what the library holds, classes with most photos first."""
    print(f"{count_of(summary.photos, 'photo')}, {summary.tagged:,} tagged.")
    print_table(
        (f"  {name}", f"{count:>7,}")
        for name, count in sorted(summary.by_class.items(), key=lambda item: -item[1])
    )
    for count, words in (
        (summary.failed, "can't be read or written (tagger status --failed)"),
        (summary.offline, "on drives that are away"),
    ):
        if count:
            print(f"{count_of(count, 'photo')} {words}.")
    if summary.pending_writes:
        ending = "s" if summary.pending_writes == 1 else ""
        files = count_of(summary.pending_writes, "file")
        print(f"{files} wait{ending} for keywords, stars or labels (tagger write).")
    if summary.model and summary.seconds is not None:
        print(
            f"Tagged with {summary.model} on {summary.device},"
            f" {summary.photos_per_second:.1f} photos a second, {duration(summary.seconds)}."
        )
