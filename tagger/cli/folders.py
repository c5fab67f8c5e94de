"""Commands for the folders of the library."""

from __future__ import annotations

import os
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
    added = (_add_folder(library, folder) for folder in resolved)
    return [folder for folder in added if folder is not None]


def _add_folder(library: Library, path: Path) -> Folder | None:
    """Add a folder without links in its path; None for one inside another."""
    known = {folder.path.resolve(): folder for folder in library.folders()}
    if path in known:
        return known[path]
    if any(path.is_relative_to(other) for other in known):
        return None
    return library.add_folder(path)


def _find_folder(library: Library, path: Path) -> Folder:
    """The folder that is known by this path, or that it leads to.

    Raises:
        WrongUseError: there is none.
    """
    plain = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 -- resolve() would follow links
    folders = library.folders()
    found = [folder for folder in folders if folder.path == plain]
    found += [folder for folder in folders if folder.path.resolve() == plain.resolve()]
    if not found:
        raise WrongUseError(f"{plain} is not in the library; see `tagger folders`.")
    return found[0]


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
        for folder in [_find_folder(workspace.library, path) for path in folders]:
            workspace.library.remove_folder(folder.id)
            print(f"{folder.path} is no longer in the library; no photo was touched.")


@app.command("relocate")
def relocate(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The folder as the library has it.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Where its photos are now.")],
    home: HomeOption = None,
) -> None:
    """Go on with a folder where it is now, after it was moved or its drive got another name."""
    with open_workspace(home) as workspace:
        folder = _find_folder(workspace.library, old)
        target = new.expanduser().resolve()
        relocate_folder(workspace, folder.id, target)
        print(f"{folder.path} is {target} now; every tag and decision stays.")


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
