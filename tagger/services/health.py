"""What `tagger doctor` says: what the program uses on this machine, why, and what is wrong."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import tagger
from tagger.core.errors import ModelError
from tagger.services.classifiers import bundle_in_use

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.services.workspace import Workspace

_LIBRARIES = ("torch", "torchvision", "pillow", "pi-heif", "rawpy", "lxml", "watchdog")


@dataclass(frozen=True)
class Diagnosis:
    """The fields are the JSON of `doctor`.

    Attributes:
        device, device_reason: what the classifier would run on, and why, in words.
        model: name of the classifier in use; else None, and `model_problem` says why.
        library: path of the index.
        library_health: `ok`, or what the check of the database found.
        folders: path to `online` or `offline`.
        versions: of the program and of what it stands on.
    """

    device: str | None
    device_reason: str
    model: str | None
    model_problem: str | None
    library: Path
    library_health: str
    folders: dict[str, str]
    versions: dict[str, str]

    @property
    def is_usable(self) -> bool:
        """Whether tagging would work."""
        return self.library_health == "ok" and self.model is not None and self.device is not None


def diagnose(workspace: Workspace, device: str = "auto") -> Diagnosis:
    """Look at everything once; takes seconds, since torch is imported."""
    device_name, reason = _diagnose_device(device)
    model, problem = _diagnose_model(workspace.home)
    offline = {folder.path for folder in workspace.offline_folders()}
    return Diagnosis(
        device=device_name,
        device_reason=reason,
        model=model,
        model_problem=problem,
        library=workspace.home / "library.db",
        library_health=workspace.library.check(),
        folders={
            str(folder.path): "offline" if folder.path in offline else "online"
            for folder in workspace.library.folders()
        },
        versions={
            "tagger": tagger.__version__,
            "python": platform.python_version(),
            "system": platform.platform(),
            **{name: version(name) for name in _LIBRARIES},
        },
    )


def _diagnose_device(device: str) -> tuple[str | None, str]:
    from tagger.ml.devices import choose_device  # noqa: PLC0415  torch takes seconds to import

    try:
        choice = choose_device(device)
    except ModelError as error:
        return None, str(error)
    return choice.name, choice.reason


def _diagnose_model(home: Path) -> tuple[str | None, str | None]:
    try:
        return bundle_in_use(home).info.name, None
    except ModelError as error:
        return None, str(error)
