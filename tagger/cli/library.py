"""Commands that keep the library safe: copies, checks, going back, moving, compacting."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import count_of, print_json, print_table
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.services.moving import move_library
from tagger.services.places import home_folder
from tagger.services.preferences import empty_cache
from tagger.services.restoring import (
    Recovered,
    Restored,
    list_checked_backups,
    recover_decisions,
    restore,
)
from tagger.services.upkeep import back_up, compact, verify

if TYPE_CHECKING:
    from tagger.library import BackupCheck

_UNUSABLE = 3

library = typer.Typer(
    help="Back up, restore, verify, move and compact the library.", no_args_is_help=True
)
app.add_typer(library, name="library")


@library.command("backup")
def backup(
    to: Annotated[
        Path | None, typer.Option("--to", help="A folder elsewhere, such as on another drive.")
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Copy the library now and check the copy. Once a day that happens by itself."""
    with open_workspace(home) as workspace:
        path = back_up(workspace, to)
    if json:
        print_json({"backup": path})
    else:
        print(f"The library is in {path} too.")


@library.command("restore")
def restore_command(
    backup: Annotated[
        str | None,
        typer.Argument(
            metavar="[BACKUP]", help="Name, date or path of a backup; else the newest good one."
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="List the backups, restore none.")] = False,
    rescan: Annotated[
        bool,
        typer.Option(
            "--rescan/--no-rescan", help="Take decisions made since from keywords in the files."
        ),
    ] = True,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Go back to a backup. The library of now is kept, and no photo is touched."""
    folder = home_folder(home)
    if show:
        _print_backups(list_checked_backups(folder), json=json)
        return
    restored = restore(folder, backup)
    if not json:
        _print_restored(restored)
    recovered = _recover(folder) if rescan else None
    if json:
        print_json({"restored": restored, "recovered": recovered})
    elif recovered is not None:
        _print_recovered(recovered)


@library.command("verify")
def verify_command(home: HomeOption = None, json: JsonOption = False) -> None:
    """Read the library and its backups from end to end and say whether they are whole."""
    findings = verify(home_folder(home))
    if json:
        print_json(findings)
    else:
        print_table((finding.subject, finding.sentence) for finding in findings)
    raise typer.Exit(0 if all(finding.ok for finding in findings) else _UNUSABLE)


@library.command("move")
def move(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", show_default=False)],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Move the library with all that belongs to it; photos stay where they are."""
    moved = move_library(home_folder(home), folder)
    if json:
        print_json(moved)
    else:
        print(f"The library is in {moved.home} now ({moved.bytes / 1e6:,.0f} MB).")


@library.command("compact")
def compact_command(home: HomeOption = None, json: JsonOption = False) -> None:
    """Give back the space that nothing uses any more."""
    with open_workspace(home) as workspace:
        result = compact(workspace)
    if json:
        print_json(result)
    else:
        before, after = result.bytes_before / 1e6, result.bytes_after / 1e6
        print(f"The library and its caches take {after:,.1f} MB; before it was {before:,.1f} MB.")


def _recover(home: Path) -> Recovered:
    with (
        open_workspace(home) as workspace,
        cancel_on_interrupt() as cancel,
        shown_progress() as report,
    ):
        return recover_decisions(workspace, cancel, report)


def _print_backups(checks: list[BackupCheck], *, json: bool) -> None:
    if json:
        print_json(checks)
        return
    print_table(
        (
            check.path.name,
            check.problem
            or f"{count_of(check.photos, 'photo')}, {count_of(check.decisions, 'decision')}",
        )
        for check in checks
    )


def _print_restored(restored: Restored) -> None:
    for sentence in restored.passed_over:
        print(sentence)
    print(
        f"The library is that of {restored.backup.name}: {count_of(restored.photos, 'photo')}, "
        f"{count_of(restored.decisions, 'decision')}."
    )
    if restored.kept_aside is not None:
        print(f"The library of before is kept in {restored.kept_aside}.")


def _print_recovered(recovered: Recovered) -> None:
    decisions = count_of(recovered.decisions, "decision")
    print(f"{decisions} on {count_of(recovered.photos, 'photo')} came from keywords in the files.")
    for folder in recovered.offline:
        print(
            f"{folder} is away; its files told nothing. When it is back, `tagger scan` and then "
            "`tagger learn-keywords` ask them."
        )


@library.command("empty-cache")
def empty_cache_command(home: HomeOption = None) -> None:
    """Forget the thumbnails; they are made again when they are looked at."""
    with open_workspace(home) as workspace:
        freed = empty_cache(workspace)
    print(f"{freed / 1e6:,.0f} MB are free again; no photo was touched.")
