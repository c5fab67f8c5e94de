"""The command that says what other programs will show of a photo, and makes them agree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import print_json, print_table
from tagger.core.errors import WrongUseError
from tagger.core.formats import format_of
from tagger.services.finding import spell_path
from tagger.services.interop import explain_interop
from tagger.services.interop_agreement import agree, preview_agreement
from tagger.services.rating import name_rating

if TYPE_CHECKING:
    from tagger.metadata.programs import ProgramView
    from tagger.services.interop import InteropReport


@app.command("interop")
def interop(
    photo: Annotated[Path, typer.Argument(metavar="PHOTO", show_default=False)],
    make_agree: Annotated[
        bool, typer.Option("--agree", help="Write so that all show what any of them shows.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --agree: say what would change.")
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Say what Lightroom, Bridge, digiKam, Explorer and others will show of a photo."""
    path = photo.expanduser().absolute()
    if not path.is_file() or format_of(path) is None:
        raise WrongUseError(f"{photo} is no photo.")
    written = _make_agree(path, home, dry_run=dry_run, says=not json) if make_agree else ()
    report = replace(explain_interop(path), written=written)
    if json:
        print_json(report)
    else:
        _print_report(report, may_agree=not make_agree or dry_run)


def _make_agree(path: Path, home: Path | None, *, dry_run: bool, says: bool) -> tuple[Path, ...]:
    """The files that were written, or would be."""
    with open_workspace(home) as workspace:
        path = spell_path(workspace.library, path)
        changes = preview_agreement(workspace, path) if dry_run else agree(workspace, path)
    if says:
        for change in changes:
            print(f"{'Would be written' if dry_run else 'Written'}: {change.name}")
        if not changes:
            print("Nothing to write.")
    return changes


def _print_report(report: InteropReport, *, may_agree: bool) -> None:
    print_table(
        (f"  {view.program}", _keyword_words(view), _star_words(view), _label_words(view))
        for view in report.programs
    )
    print("In the files")
    print_table((f"  {one.file}", one.place, ", ".join(one.values)) for one in report.carriers)
    for sentence in (*report.problems, *report.disagreements):
        print(sentence)
    if not report.disagreements:
        print("All that read this photo agree.")
        return
    if report.advice is not None:
        print(report.advice)
    if may_agree:
        print("tagger interop PHOTO --agree writes what is missing, where it can.")
    elif report.advice is None:
        print("This is all that your profile writes (tagger settings write.profile).")


def _keyword_words(view: ProgramView) -> str:
    if view.is_blind:
        return "reads nothing of such a file"
    return ", ".join(view.keywords) or "no keywords"


def _star_words(view: ProgramView) -> str:
    return name_rating(view.rating or 0) if view.shows_stars else ""


def _label_words(view: ProgramView) -> str:
    if not view.label:
        return ""
    return view.label if view.has_color else f"{view.label} (no colour)"
