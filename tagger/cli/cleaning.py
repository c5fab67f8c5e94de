"""The command that lists likely wrong labels and takes decisions on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import Device, DeviceOption, HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import count_of, print_json, print_table
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.core.errors import WrongUseError
from tagger.core.query import Flag
from tagger.services.cleaning import CleaningReview, decide_labels, review_folders
from tagger.services.label_decisions import LabelVerdict
from tagger.services.lessons.tidying import Settlement, settle_decision
from tagger.services.places import home_folder
from tagger.services.predicting import find_bundle
from tagger.services.saved_searches import save_search
from tagger.services.tag_doubts import TagReview, keep_tags, review_tags

if TYPE_CHECKING:
    from tagger.services.cleaning import Suspect
    from tagger.services.workspace import Workspace

_Verdicts = list[tuple[Path, LabelVerdict, str | None]]
PathsOption = list[Path] | None


@app.command("clean")
def clean(
    *,
    folders: Annotated[
        Path | None, typer.Option("--folders", help="A folder a class; else the library's tags.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="Show so many; else those likely wrong."),
    ] = None,
    keep: Annotated[
        PathsOption, typer.Option("--keep", metavar="PHOTO", help="Its label is right.")
    ] = None,
    relabel: Annotated[
        list[str] | None,
        typer.Option(
            "--relabel",
            metavar="PHOTO=CLASS",
            help="Learn it as another class; in the library: the opposite of what was decided.",
        ),
    ] = None,
    leave_out: Annotated[
        PathsOption,
        typer.Option(
            "--leave-out",
            metavar="PHOTO",
            help="Don't learn from it; in the library PHOTO=CLASS takes a decision back.",
        ),
    ] = None,
    save: Annotated[
        str | None,
        typer.Option("--save", metavar="NAME", help="Keep the library's list as a saved search."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="Name or folder of a classifier; else that in use."),
    ] = None,
    device: DeviceOption = Device.AUTO,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """List labels that are likely wrong, worst first; the data set itself is never changed."""
    verdicts = _read_verdicts(keep or [], relabel or [], leave_out or [])
    if folders is None:
        _clean_library(home, verdicts, limit, save, as_json=json)
        return
    if save is not None:
        raise WrongUseError("--save is for the library; a data set in folders has no searches.")
    folder, place = folders.expanduser().resolve(), home_folder(home)
    if verdicts:
        count = decide_labels(folder, place, verdicts)
        print(f"{count_of(count, 'decision')} stored. Training goes by them; no photo was changed.")
        return
    classifier = find_bundle(place, model).load(device)
    try:
        with cancel_on_interrupt() as cancel, shown_progress() as report:
            review = review_folders(classifier, folder, place, cancel, report)
    finally:
        classifier.close()
    shown = review.suspects[: limit or review.likely]
    if json:
        print_json(_review_as_json(review, shown))
    else:
        _print_review(review, shown, folder)


def _clean_library(
    home: Path | None, verdicts: _Verdicts, limit: int | None, save: str | None, *, as_json: bool
) -> None:
    with open_workspace(home) as workspace:
        if verdicts:
            _settle(workspace, verdicts)
            return
        review = review_tags(workspace)
        if save is not None:
            save_search(workspace.library, save, f"is:{Flag.DOUBTFUL}")
    shown = review.suspects[:limit]
    if as_json:
        print_json({"judged": review.judged, "too_few": review.too_few, "suspects": shown})
    else:
        _print_tags(review, shown)


def _settle(workspace: Workspace, verdicts: _Verdicts) -> None:
    kept = [path for path, verdict, _ in verdicts if verdict is LabelVerdict.KEEP]
    if kept:
        keep_tags(workspace, kept)
        print(f"{count_of(len(kept), 'photo')} kept as they are.")
    for path, verdict, to in verdicts:
        if verdict is LabelVerdict.RELABEL and to is not None:
            settle_decision(workspace, path, to, Settlement.RELABEL)
        elif verdict is LabelVerdict.LEAVE_OUT:
            photo, equals, name = str(path).rpartition("=")
            if not equals:
                raise WrongUseError(f"In the library write --leave-out {path}=CLASS.")
            settle_decision(workspace, Path(photo), name, Settlement.LEAVE_OUT)
    changed = len(verdicts) - len(kept)
    if changed:
        print(f"{count_of(changed, 'decision')} changed. tagger undo takes back the last one.")


def _read_verdicts(keep: list[Path], relabel: list[str], leave_out: list[Path]) -> _Verdicts:
    verdicts: _Verdicts = [(path, LabelVerdict.KEEP, None) for path in keep]
    verdicts += [(path, LabelVerdict.LEAVE_OUT, None) for path in leave_out]
    for text in relabel:
        path, equals, name = text.rpartition("=")
        if not equals or not path or not name:
            raise WrongUseError(f"{text} names no class. Write it as PHOTO=CLASS.")
        verdicts.append((Path(path), LabelVerdict.RELABEL, name))
    return [(path.expanduser().absolute(), verdict, to) for path, verdict, to in verdicts]


def _review_as_json(review: CleaningReview, shown: list[Suspect]) -> dict[str, object]:
    return {
        "photos": review.photos,
        "wrong_share": review.wrong_share,
        "decided": review.decided,
        "suspects": shown,
        "contradictions": review.contradictions,
        "failed": [{"path": path, "error": error} for path, error in review.failed],
        "warnings": review.warnings,
    }


def _print_review(review: CleaningReview, shown: list[Suspect], folder: Path) -> None:
    for warning in review.warnings:
        print(warning)
    for path, error in review.failed:
        print(f"{path}: {error}")
    for one, other in review.contradictions:
        print(f"The same picture in two classes: {one} and {other}")
    judged = count_of(review.photos, "label")
    print(f"{judged} judged, {review.wrong_share:.1%} of them wrong by estimate.")
    _print_suspects(shown, folder)


def _print_tags(review: TagReview, shown: list[Suspect]) -> None:
    if review.too_few:
        print(f"Too few decisions to judge: {', '.join(review.too_few)}.")
    print(f"{count_of(review.judged, 'decision')} judged.")
    if review.suspects:
        print(f"tagger find is:{Flag.DOUBTFUL} lists the photos, also in the window.")
    rows = [
        (f"{s.doubt:.2f}", str(s.path), f"{'not ' if s.likely else ''}{s.label}") for s in shown
    ]
    print_table([("doubt", "photo", "decided"), *rows] if rows else [])


def _print_suspects(shown: list[Suspect], folder: Path) -> None:
    rows = [
        (f"{s.doubt:.2f}", str(s.path.relative_to(folder)), s.label, s.likely or "") for s in shown
    ]
    print_table([("doubt", "photo", "label", "looks like"), *rows] if rows else [])
