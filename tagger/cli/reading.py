"""Commands that look and change nothing: find, show, classify."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import Device, DeviceOption, HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import print_json, print_table
from tagger.core.errors import PhotoError
from tagger.core.tag import TagState
from tagger.library import Sort
from tagger.services.classifiers import bundle_in_use
from tagger.services.classifying import classify_photo
from tagger.services.finding import PhotoDetails, find_photos, photo_details
from tagger.services.places import home_folder

if TYPE_CHECKING:
    from tagger.core.tag import PhotoTag
    from tagger.library import HistoryLine

PhotoArgument = Annotated[Path, typer.Argument(metavar="PHOTO", show_default=False)]


@app.command("find")
def find(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Such as: bouquet AND NOT bride")],
    sort: Annotated[Sort, typer.Option("--sort", help="Order of the result.")] = Sort.TAKEN,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most this many.")] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """List the photos that a search means."""
    with open_workspace(home) as workspace:
        photos = find_photos(workspace, query, sort=sort, limit=limit)
    if json:
        print_json(photos)
    else:
        print_table((str(photo.path), ", ".join(_tag_words(photo.tags))) for photo in photos)


@app.command("show")
def show(photo: PhotoArgument, home: HomeOption = None, json: JsonOption = False) -> None:
    """Show one photo: scores, tags, states, keywords in its file, history."""
    with open_workspace(home) as workspace:
        details = photo_details(workspace, photo)
    if json:
        print_json(details)
        return
    print(details.path)
    print_table(
        (f"  {label}", str(value))
        for label, value in (
            ("taken", details.taken_at or "unknown"),
            ("camera", details.camera or "unknown"),
            ("size", f"{details.width} x {details.height}"),
            ("rating", details.rating if details.rating is not None else "none"),
            ("label", details.label or "none"),
            ("keywords in the file", ", ".join(details.file_keywords) or "none"),
            ("sidecar", details.sidecar or "none"),
            ("file", details.file_state),
            ("problem", details.problem or "none"),
        )
    )
    print("Tags")
    print_table(_score_rows(details))
    print("History")
    for line in details.history:
        print(f"  {_history_words(line)}")
    for given in details.ratings:
        undone = " (undone)" if given.is_undone else ""
        print(f"  {given.rated_at:%Y-%m-%d %H:%M}  {given.label}{undone}")


@app.command("classify")
def classify(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    device: DeviceOption = Device.AUTO,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Classify one picture, in the library or not; nothing is stored."""
    classifier = bundle_in_use(home_folder(home)).load(device)
    try:
        result = classify_photo(classifier, file.expanduser().resolve())
    except PhotoError as error:
        print(f"{file}: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    finally:
        classifier.close()
    if json:
        print_json(result)
        return
    print_table(
        (name, f"{score:.3f}", "tag" if name in result.tags else "")
        for name, score in result.scores.items()
    )


def _score_rows(details: PhotoDetails) -> list[tuple[str, str, str]]:
    """Class, score and state, the highest score first."""
    states = {tag.name: tag.state.value for tag in details.tags}
    names = sorted(
        {**details.scores, **states}, key=lambda name: details.scores.get(name, 0.0), reverse=True
    )
    return [
        (
            f"  {name}",
            f"{details.scores[name]:.3f}" if name in details.scores else "-",
            states.get(name, ""),
        )
        for name in names
    ]


def _history_words(line: HistoryLine) -> str:
    verdict = line.verdict.value if line.verdict else "taken back"
    undone = " (undone)" if line.is_undone else ""
    return f"{line.decided_at:%Y-%m-%d %H:%M}  {line.tag} {verdict} by {line.source}{undone}"


def _tag_words(tags: tuple[PhotoTag, ...]) -> list[str]:
    return [tag.name for tag in tags if tag.state is not TagState.REJECTED]
