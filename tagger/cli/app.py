"""The command-line application and the options that its commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from tagger.core.errors import CancelledError
from tagger.services.places import home_folder
from tagger.services.workspace import Workspace


class Commands(TyperGroup):
    """All commands; those that don't listen for Ctrl-C themselves end as the others do."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # typer's own context
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise CancelledError("Stopped.") from None


app = typer.Typer(
    cls=Commands,
    help="Finds wedding scenes in your folders and tags your photos, all on this machine.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Device(StrEnum):
    """What may compute; `auto` takes the fastest there is."""

    AUTO = "auto"
    CUDA = "cuda"
    MPS = "mps"
    XPU = "xpu"
    CPU = "cpu"


HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Folder of the library; else TAGGER_HOME, else the system's."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
DeviceOption = Annotated[Device, typer.Option("--device", help="What computes.")]
FoldersArgument = Annotated[list[Path], typer.Argument(metavar="FOLDER…", show_default=False)]


def open_workspace(home: Path | None) -> Workspace:
    """Open the library that the `--home` option, `TAGGER_HOME` or the system names."""
    return Workspace.open(home_folder(home))
