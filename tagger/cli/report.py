"""The command that makes a page to look at of a classifier and a data set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tagger.cli.app import Device, DeviceOption, HomeOption, app
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.services.places import home_folder
from tagger.services.predicting import find_bundle
from tagger.services.report_data import collect_report
from tagger.services.report_page import write_report


@app.command("report")
def report(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Name or folder of a classifier.")],
    folders: Annotated[
        Path, typer.Option("--folders", help="A folder a class, perhaps in test or validation.")
    ],
    to: Annotated[Path, typer.Option("--to", help="Folder for the page.")],
    device: DeviceOption = Device.AUTO,
    home: HomeOption = None,
) -> None:
    """Make a page with pictures: curves, confusion, the worst answers, likely wrong labels."""
    bundle = find_bundle(home_folder(home), model)
    folder = folders.expanduser().resolve()
    classifier = bundle.load(device)
    try:
        with cancel_on_interrupt() as cancel, shown_progress() as progress:
            data = collect_report(classifier, bundle.folder, folder, cancel, progress)
    finally:
        classifier.close()
    print(write_report(data, to.expanduser().absolute()))
