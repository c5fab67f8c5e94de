"""Commands for classifiers: which there are, which is used, and what another one would change."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import count_of, print_json, print_table, quoted
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.services.models.adopting import Adoption, remove_model, use_model
from tagger.services.models.comparing import ModelDifference, compare_models
from tagger.services.models.exchanging import export_model, import_model
from tagger.services.models.listing import ListedModel, list_models
from tagger.services.places import home_folder
from tagger.services.predicting import find_bundle

if TYPE_CHECKING:
    from tagger.services.classifiers import ChosenBundle
    from tagger.services.workspace import Workspace

models = typer.Typer(
    help="Classifiers: list them, use one, compare two, hand one out or take one in.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(models, name="models")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]


@models.callback()
def models_alone(context: typer.Context, home: HomeOption = None, json: JsonOption = False) -> None:
    """List the classifiers, where no other command follows."""
    if context.invoked_subcommand is None:
        _print_models(list_models(home_folder(home)), as_json=json)


@models.command("list")
def list_command(home: HomeOption = None, json: JsonOption = False) -> None:
    """List the classifiers on this machine."""
    _print_models(list_models(home_folder(home)), as_json=json)


@models.command("show")
def show(name: NameArgument, home: HomeOption = None, json: JsonOption = False) -> None:
    """Show all that a classifier says of itself: classes, figures, data, licence."""
    bundle = find_bundle(home_folder(home), name)
    if json:
        print_json({"path": bundle.folder, **bundle.info.model_dump(mode="json")})
    else:
        _print_model(bundle)


@models.command("use")
def use(name: NameArgument, home: HomeOption = None, json: JsonOption = False) -> None:
    """Tag with this classifier from now on; your decisions stay. Also the way back."""
    with (
        open_workspace(home) as workspace,
        workspace.working(),
        cancel_on_interrupt() as cancel,
        shown_progress() as report,
    ):
        adoption = use_model(workspace, name, cancel, report)
    if json:
        print_json(adoption)
    else:
        _print_adoption(adoption)


@models.command("diff")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", show_default=False)],
    new: Annotated[str, typer.Argument(metavar="NEW", show_default=False)],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Say which photos would change from what to what; changes nothing, decodes nothing."""
    with open_workspace(home) as workspace:
        bundles = [find_bundle(workspace.home, name) for name in (old, new)]
        with cancel_on_interrupt() as cancel, shown_progress() as report:
            difference = compare_models(workspace, bundles[0], bundles[1], cancel, report)
        if json:
            print_json(_difference_as_json(workspace, difference))
        else:
            _print_difference(difference)


@models.command("remove")
def remove(name: NameArgument, home: HomeOption = None) -> None:
    """Delete a classifier of yours from the disk; not the one in use."""
    with open_workspace(home) as workspace:
        print(f"{remove_model(workspace, name)} is removed.")


@models.command("export")
def export(
    name: NameArgument,
    to: Annotated[Path, typer.Option("--to", help="The file, or a folder for it.")],
    home: HomeOption = None,
) -> None:
    """Write a classifier as one zip file, to hand it to somebody."""
    print(export_model(home_folder(home), name, to.expanduser().absolute()))


@models.command("import")
def import_command(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A zip or a folder.")],
    name: Annotated[str | None, typer.Option("--name", help="Call it so.")] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Take in a classifier from a zip or a folder, after checking all of it."""
    bundle = import_model(home_folder(home), source.expanduser().absolute(), name)
    if json:
        print_json({"name": bundle.info.name, "path": bundle.folder})
    else:
        print(
            f"{bundle.info.name} is here now. See what it would change with tagger models diff, "
            "and put it in use with tagger models use."
        )


def _print_models(listed: list[ListedModel], *, as_json: bool) -> None:
    if as_json:
        print_json(listed)
        return
    for model in listed:
        if model.error is not None:
            print(f"{model.name}: {model.error}")
            continue
        print(f"{model.name}: {model.title}{' (in use)' if model.in_use else ''}")
        print(f"  {', '.join(model.classes)}")
        figures = ", ".join(
            f"{name.replace('_', ' ')} {v:.3f}" for name, v in model.figures.items()
        )
        print(f"  {model.created_at:%Y-%m-%d}, {count_of(model.photos or 0, 'photo')}  {figures}")
        print(f"  {model.path}")


def _print_model(bundle: ChosenBundle) -> None:
    info = bundle.info
    print(f"{info.name}: {info.title}\n{bundle.folder}")
    print(f"made {info.created_at:%Y-%m-%d} from {count_of(info.data.photos, 'photo')}")
    print(f"licence: {info.licence}")
    if info.metrics.on:
        print(f"measured on {info.metrics.on}")
    rows = [("class", "keyword", "tag from", "95 % right from", "F1")]
    for entry in info.classes:
        f1 = info.metrics.per_class.get(entry.name, {}).get("f1")
        precise = entry.precise_threshold
        rows.append(
            (
                entry.name,
                "|".join(entry.keyword_path),
                f"{entry.threshold:.2f}",
                "-" if precise is None else f"{precise:.2f}",
                "-" if f1 is None else f"{f1.value:.2f} ({f1.low:.2f} to {f1.high:.2f})",
            )
        )
    print_table(rows)


def _print_adoption(adoption: Adoption) -> None:
    print(f"{adoption.model} is in use. {count_of(adoption.rescored, 'photo')} scored anew.")
    if adoption.waiting:
        print(f"{count_of(adoption.waiting, 'photo')} to look at: tagger tag")
    if adoption.model != adoption.before:
        print(f"The way back: tagger models use {quoted(adoption.before)}")


def _print_difference(difference: ModelDifference) -> None:
    print(
        f"{count_of(difference.compared, 'photo')} compared, "
        f"{count_of(difference.changed, 'photo')} would change."
    )
    if difference.unknown:
        print(
            f"{count_of(difference.unknown, 'photo')} can't be compared: at least one of the "
            "classifiers has not seen them."
        )
    rows = [
        (f"{len(cell.photo_ids):,}", f"{cell.old or 'none'} -> {cell.new or 'none'}")
        for cell in difference.cells
    ]
    print_table(rows)


def _difference_as_json(workspace: Workspace, difference: ModelDifference) -> dict[str, Any]:
    ids = sorted({photo for cell in difference.cells for photo in cell.photo_ids})
    paths = {row.id: row.path for row in workspace.library.photo_rows(ids)}
    return {
        "old": difference.old,
        "new": difference.new,
        "compared": difference.compared,
        "changed": difference.changed,
        "unknown": difference.unknown,
        "cells": [
            {
                "from": cell.old,
                "to": cell.new,
                "count": len(cell.photo_ids),
                "photos": [paths[photo] for photo in cell.photo_ids],
            }
            for cell in difference.cells
        ],
    }
