"""The command that shows and changes settings."""

from __future__ import annotations

from typing import Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import print_json
from tagger.services.preferences import apply_setting
from tagger.services.settings import SETTINGS, current_settings


@app.command("settings")
def settings(
    key: Annotated[str | None, typer.Argument(metavar="[KEY", show_default=False)] = None,
    value: Annotated[str | None, typer.Argument(metavar="VALUE]", show_default=False)] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Show all settings, or set one."""
    with open_workspace(home) as workspace:
        if key is not None:
            apply_setting(workspace, key, value or "")
        current = current_settings(workspace.library)
    if json:
        print_json(current)
        return
    for name, text in current.items():
        print(f"{name} = {text}\n  {SETTINGS[name].meaning}")
