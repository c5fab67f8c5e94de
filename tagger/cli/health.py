"""The command that says what is used, why, and what is wrong."""

from __future__ import annotations

import typer

from tagger.cli.app import Device, DeviceOption, HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import print_json, print_table
from tagger.services.health import diagnose

_UNUSABLE = 3


@app.command("doctor")
def doctor(
    device: DeviceOption = Device.AUTO, home: HomeOption = None, json: JsonOption = False
) -> None:
    """Say what the program uses on this machine, why, and what is wrong."""
    with open_workspace(home) as workspace:
        diagnosis = diagnose(workspace, device)
    if json:
        print_json(diagnosis)
    else:
        rows = [
            ("device", diagnosis.device or "none"),
            ("", diagnosis.device_reason),
            ("model", diagnosis.model or str(diagnosis.model_problem)),
            ("library", str(diagnosis.library)),
            ("health", diagnosis.library_health),
            *(("folder", f"{path} ({state})") for path, state in diagnosis.folders.items()),
            *(("version", f"{name} {number}") for name, number in diagnosis.versions.items()),
        ]
        print_table(rows)
    raise typer.Exit(0 if diagnosis.is_usable else _UNUSABLE)
