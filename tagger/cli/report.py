"""The command that says how a classifier does: on decisions as figures, on folders as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import Device, DeviceOption, HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import count_of, print_json, print_table
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.core.errors import WrongUseError
from tagger.services.lessons.decision_report import report_decisions
from tagger.services.places import home_folder
from tagger.services.predicting import find_bundle
from tagger.services.report_data import collect_report
from tagger.services.report_page import write_report

if TYPE_CHECKING:
    from tagger.ml import Figure
    from tagger.services.lessons.decision_report import DecisionReport, ReportedClass

_WORST = 10
_HEAD = (
    *("class", "confirmed", "corrected", "rejected", "missing photos"),
    *("tags right", "photos found", "to review"),
)


@app.command("report")
def report(
    model: Annotated[
        str | None,
        typer.Argument(metavar="MODEL", help="Classifier for --folders; else the one in use."),
    ] = None,
    folders: Annotated[
        Path | None,
        typer.Option("--folders", help="A folder a class; else your decisions in the library."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder for the page, with --folders.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="So many of the worst answers on decisions.")
    ] = _WORST,
    device: DeviceOption = Device.AUTO,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Say how the classifier does on your decisions, or make a page on a data set in folders."""
    if folders is None:
        if model is not None or to is not None:
            raise WrongUseError("MODEL and --to are for a data set: say which with --folders DIR.")
        _report_decisions(home, limit, as_json=json)
        return
    if to is None or json:
        raise WrongUseError("Say with --to DIR where the page shall be; it has no --json.")
    bundle = find_bundle(home_folder(home), model)
    classifier = bundle.load(device)
    folder = folders.expanduser().resolve()
    try:
        with cancel_on_interrupt() as cancel, shown_progress() as progress:
            data = collect_report(classifier, bundle.folder, folder, cancel, progress)
    finally:
        classifier.close()
    print(write_report(data, to.expanduser().absolute()))


def _report_decisions(home: Path | None, limit: int, *, as_json: bool) -> None:
    with (
        open_workspace(home) as workspace,
        cancel_on_interrupt() as cancel,
        shown_progress() as progress,
    ):
        found = report_decisions(workspace, cancel, progress, limit=limit)
    if as_json:
        print_json(found)
    else:
        _print_found(found)


def _print_found(found: DecisionReport) -> None:
    print(f"{found.model} on {count_of(found.photos, 'photo')} that it has not learned from")
    if found.learned:
        print(f"{count_of(found.learned, 'photo')} left out: it has learned from them.")
    if found.answers:
        share = found.right / found.answers
        print(f"{found.right} of {count_of(found.answers, 'answer')} right ({share:.1%}).")
    print_table([_HEAD, *(_row(one) for one in found.classes)])
    wrong = [cell for cell in found.confusion if cell.decided != cell.said]
    if wrong:
        print("\nConfused:")
        print_table(
            (str(cell.photos), cell.decided or "none", "taken for", cell.said or "none")
            for cell in wrong
        )
    if found.worst:
        print("\nThe worst answers:")
        print_table(
            (f"{one.score:.2f}", one.name, "yes" if one.has_tag else "no", str(one.path))
            for one in found.worst
        )


def _row(one: ReportedClass) -> tuple[str, ...]:
    return (
        one.name,
        *(f"{count:,}" for count in (one.confirmed, one.corrected, one.rejected)),
        f"{one.missing} with it" if one.missing else "nothing",
        _share(one.precision),
        _share(one.recall),
        "-" if one.to_review is None else f"{one.to_review:,}",
    )


def _share(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    return f"{figure.value:.0%} ({figure.low:.0%} to {figure.high:.0%} of {figure.n})"
