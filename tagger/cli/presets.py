"""Commands for the presets of exports."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads the annotations
from typing import Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app
from tagger.cli.output import print_json, print_table
from tagger.services.exporting import (
    add_preset,
    example_name,
    find_preset,
    format_preset,
    is_own,
    list_presets,
    remove_preset,
)
from tagger.services.places import home_folder

presets = typer.Typer(help="Sizes and forms of exported pictures.", no_args_is_help=True)
app.add_typer(presets, name="presets")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]


@presets.command("list")
def show_all(home: HomeOption = None, json: JsonOption = False) -> None:
    """List the presets, those that came along and your own."""
    folder = home_folder(home)
    known = list_presets(folder)
    if json:
        print_json(
            [
                {
                    "name": preset.name,
                    "title": preset.title,
                    "width_px": preset.width_px,
                    "height_px": preset.height_px,
                    "fit": preset.fit,
                    "own": is_own(folder, preset.name),
                }
                for preset in known.values()
            ]
        )
        return
    print_table(
        (preset.name, "yours" if is_own(folder, preset.name) else "", preset.description)
        for preset in known.values()
    )


@presets.command("show")
def show(name: NameArgument, home: HomeOption = None) -> None:
    """Print a preset as a file that can be changed and added under another name."""
    preset = find_preset(home_folder(home), name)
    print(format_preset(preset), end="")
    typer.echo(f"A picture would be called {example_name(preset)}.", err=True)


@presets.command("add")
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A JSON file; begin with: show.")],
    home: HomeOption = None,
) -> None:
    """Take over a preset of your own from a file."""
    preset = add_preset(home_folder(home), file.expanduser())
    print(f"{preset.name} is there now. A picture would be called {example_name(preset)}.")


@presets.command("remove")
def remove(name: NameArgument, home: HomeOption = None) -> None:
    """Forget a preset of your own; no picture is touched."""
    remove_preset(home_folder(home), name)
    print(f"{name} is no longer one of your presets.")
