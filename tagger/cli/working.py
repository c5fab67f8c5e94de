"""Commands that work through the library: scan, tag, write, all of it, or staying for more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import Device, DeviceOption, HomeOption, JsonOption, app, open_workspace
from tagger.cli.folders import add_folders
from tagger.cli.output import count_of, duration, print_json
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.cli.summary import print_summary
from tagger.core.errors import WrongUseError
from tagger.services.indexing import ScanResult, scan_library
from tagger.services.running import RunResult, run_all, run_tagging
from tagger.services.summarising import summarise
from tagger.services.watching import watch_library
from tagger.services.writing.previewing import PlannedWrite, plan_writes
from tagger.services.writing.running import WriteResult, write_pending

if TYPE_CHECKING:
    from tagger.services.tagging import TagResult
    from tagger.services.workspace import Workspace

_SOME_FAILED = 1


@app.command("run")
def run(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="FOLDER…", show_default=False)
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write keywords into the photos too.")
    ] = False,
    device: DeviceOption = Device.AUTO,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Add folders, look for photos, tag them and, with --write, write keywords."""
    with open_workspace(home) as workspace:
        add_folders(workspace.library, folders or [])
        if not workspace.library.folders():
            raise WrongUseError("The library has no folder yet: tagger run FOLDER")
        with cancel_on_interrupt() as cancel, shown_progress() as report:
            result = run_all(workspace, device, cancel, report, write=write)
    if json:
        print_json(result.summary)
    else:
        _print_run(result)
    has_failed = result.summary.failed or (result.write and result.write.failed)
    raise typer.Exit(_SOME_FAILED if has_failed else 0)


@app.command("scan")
def scan(home: HomeOption = None) -> None:
    """Look for new, changed, moved and vanished photos; tag nothing."""
    with open_workspace(home) as workspace, workspace.working():
        with cancel_on_interrupt() as cancel, shown_progress() as report:
            result = scan_library(workspace, cancel, report)
        _print_scan(result)


@app.command("tag")
def tag(
    device: DeviceOption = Device.AUTO,
    retry: Annotated[
        bool, typer.Option("--retry-failed", help="Try photos again that could not be read.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Tag photos that are known and not tagged yet."""
    with open_workspace(home) as workspace, workspace.working():
        if retry:
            workspace.library.clear_errors()
        with cancel_on_interrupt() as cancel, shown_progress() as report:
            result = run_tagging(workspace, device, cancel, report)
        _print_tagged(result)
    raise typer.Exit(_SOME_FAILED if result.failed else 0)


@app.command("write")
def write_keywords(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; change nothing.")
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Write keywords of confirmed tags into the photos or their sidecars."""
    with open_workspace(home) as workspace, cancel_on_interrupt() as cancel:
        if dry_run:
            away = [folder.id for folder in workspace.offline_folders()]
            waiting = workspace.library.count_unwritten(away)
            _print_plan(list(plan_writes(workspace, cancel)), waiting, as_json=json)
            return
        with workspace.working(), shown_progress() as report:
            result = write_pending(workspace, cancel, report)
    if json:
        print_json(
            {
                "written": result.written,
                "unchanged": result.unchanged,
                "failed": [{"path": path, "error": error} for path, error in result.failed],
                "conflicts": [{"path": path, "error": error} for path, error in result.conflicts],
                "waiting": result.waiting,
                "run": result.run,
                "advice": result.advice,
            }
        )
    else:
        _print_written(result)
    raise typer.Exit(_SOME_FAILED if result.failed else 0)


@app.command("watch")
def watch(device: DeviceOption = Device.AUTO, home: HomeOption = None) -> None:
    """Stay, and tag what arrives in the folders, until Ctrl-C."""
    with open_workspace(home) as workspace:
        if not workspace.library.folders():
            raise WrongUseError("The library has no folder yet: tagger add FOLDER")
        with cancel_on_interrupt() as cancel, shown_progress() as report:
            watch_library(
                workspace, device, cancel, report, say=lambda text: print(text, flush=True)
            )


@app.command("status")
def status(
    failed: Annotated[
        bool, typer.Option("--failed", help="List the photos that can't be read, and why.")
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Say what the library holds and what waits."""
    with open_workspace(home) as workspace:
        if failed:
            _print_failures(workspace, as_json=json)
            return
        summary = summarise(workspace)
    if json:
        print_json(summary)
    else:
        print_summary(summary)


def _print_run(result: RunResult) -> None:
    _print_scan(result.scan)
    _print_tagged(result.tag)
    if result.write is not None:
        _print_written(result.write)
    print()
    print_summary(result.summary)


def _print_scan(result: ScanResult) -> None:
    for path in result.offline:
        print(f"{path} is offline; its photos keep their tags.")
    for sentence in result.problems:
        print(sentence)
    if not result.stored and not result.gone:
        print(f"{count_of(result.found, 'photo')} in your folders, none new or changed.")
        return
    print(f"{count_of(result.found, 'photo')} in your folders, {result.stored:,} new or changed.")
    if result.gone:
        print(f"{count_of(result.gone, 'photo')} no longer where they were.")


def _print_tagged(result: TagResult) -> None:
    if not result.tagged and not result.failed:
        print("Nothing to tag: every photo already is.")
        return
    print(
        f"{count_of(result.tagged, 'photo')} tagged in {duration(result.seconds)}"
        f" ({result.photos_per_second:.1f} a second)."
    )


def _print_written(result: WriteResult) -> None:
    if result.advice is not None:
        print(result.advice)
    _print_waiting(result.waiting)
    if not result.written and not result.failed and not result.conflicts:
        if not result.waiting:
            print("Nothing to write: keywords follow tags that you confirm (tagger mark).")
        return
    print(f"Keywords of {count_of(result.written, 'photo')} written.")
    if result.run is not None:
        print(f"To take this back: tagger undo-run {result.run}")
    for path, error in (*result.failed, *result.conflicts):
        print(f"{path}: {error}")


def _print_waiting(files: int) -> None:
    if files:
        print(f"Written when their drive is back: {count_of(files, 'file')}.")


def _print_plan(plan: list[PlannedWrite], waiting: int, *, as_json: bool) -> None:
    if as_json:
        print_json(plan)
        return
    _print_waiting(waiting)
    if not plan and not waiting:
        print("Nothing to write.")
    for planned in plan:
        print(planned.path)
        for line in _plan_words(planned):
            print(f"  {line}")


def _plan_words(planned: PlannedWrite) -> list[str]:
    """What would change in one photo, line by line."""
    words = [f"+ {keyword}" for keyword in planned.add]
    words += [f"- {keyword}" for keyword in planned.remove]
    if planned.rating is not None:
        words.append(f"stars: {planned.rating}")
    if planned.label is not None:
        words.append(f"label: {planned.label or 'none'}")
    if planned.problem:
        words.append(planned.problem)
    words += [f"in {carrier.name}" for carrier in planned.carriers]
    return words or ["is so already"]


def _print_failures(workspace: Workspace, *, as_json: bool) -> None:
    failures = workspace.library.failures()
    if as_json:
        print_json([{"path": path, "error": error} for path, error in failures])
        return
    for path, error in failures:
        print(f"{path}: {error}")
    if not failures:
        print("No photo failed.")
