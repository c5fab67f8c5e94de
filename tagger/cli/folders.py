"""Commands for the folders of the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import FoldersArgument, HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import print_json, print_table
from tagger.core.errors import WrongUseError
from tagger.services.preferences import relocate_folder

if TYPE_CHECKING:
    from tagger.library import Folder, Library


def add_folders(library: Library, folders: list[Path]) -> list[Folder]:
    """Add folders to the library; one inside a folder that is there already changes nothing.

    Raises:
        WrongUseError: one of them is no folder, or contains one of the library.
    """
    resolved = [folder.expanduser().resolve() for folder in folders]
    for folder in resolved:
        if not folder.is_dir():
            raise WrongUseError(f"{folder} is not a folder.")
    known = [folder.path for folder in library.folders()]
    return [
        library.add_folder(folder)
        for folder in resolved
        if not any(folder.is_relative_to(path) and folder != path for path in known)
    ]


@app.command("add")
def add(folders: FoldersArgument, home: HomeOption = None) -> None:
    """Add folders; their photos are found by the next scan."""
    with open_workspace(home) as workspace:
        for folder in add_folders(workspace.library, folders):
            print(f"{folder.path} is in the library.")


@app.command("remove")
def remove(folders: FoldersArgument, home: HomeOption = None) -> None:
    """Take folders out. Photos stay as they are; decisions come back with the folder."""
    with open_workspace(home) as workspace:
        known = {folder.path: folder for folder in workspace.library.folders()}
        wanted = [folder.expanduser().resolve() for folder in folders]
        for path in wanted:
            if path not in known:
                raise WrongUseError(f"{path} is not in the library; see `tagger folders`.")
        for path in wanted:
            workspace.library.remove_folder(known[path].id)
            print(f"{path} is no longer in the library; no photo was touched.")


@app.command("relocate")
def relocate(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The folder as the library has it.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Where its photos are now.")],
    home: HomeOption = None,
) -> None:
    """Go on with a folder where it is now, after it was moved or its drive got another name."""
    with open_workspace(home) as workspace:
        known = {folder.path: folder for folder in workspace.library.folders()}
        path = old.expanduser().absolute()
        if path not in known:
            raise WrongUseError(f"{path} is not in the library; see `tagger folders`.")
        target = new.expanduser().resolve()
        relocate_folder(workspace, known[path].id, target)
        print(f"{path} is {target} now; every tag and decision stays.")


@app.command("folders")
def list_folders(home: HomeOption = None, json: JsonOption = False) -> None:
    """List the folders of the library and whether their drive is there."""
    with open_workspace(home) as workspace:
        offline = workspace.offline_folders()
        rows = [(folder.path, folder not in offline) for folder in workspace.library.folders()]
    if json:
        print_json([{"path": path, "online": online} for path, online in rows])
    else:
        print_table((("online" if online else "offline"), str(path)) for path, online in rows)
