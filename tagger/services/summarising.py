"""The state of a library in numbers: what `run` and `status` print."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.services.workspace import Workspace

_LAST_RUN = "last_run"


@dataclass(frozen=True)
class RunFigures:
    """How the newest tagging run went.

    Attributes:
        seconds: from its start to its end, loading the model left out.
        photos_per_second: decoded, predicted and stored.
        device: `cuda`, `mps`, `xpu` or `cpu`.
        model: the classifier's name.
    """

    seconds: float
    photos_per_second: float
    device: str
    model: str


@dataclass(frozen=True)
class Summary:
    """A library in numbers; the fields are the JSON contract of `run` and `status`.

    Attributes:
        photos: items in the library (RAW and JPEG of one exposure are one).
        tagged: of these, those the model or a person has looked at.
        failed: of these, those that can't be read.
        offline: of these, those whose drive is away.
        pending_writes: files whose keywords wait to be written.
        by_class: photos with this tag; a photo with two tags counts in both.
    """

    photos: int
    tagged: int
    failed: int
    offline: int
    pending_writes: int
    by_class: dict[str, int]
    seconds: float | None
    photos_per_second: float | None
    device: str | None
    model: str | None


def summarise(workspace: Workspace) -> Summary:
    """Count what the library holds; the figures of the newest run come along."""
    library = workspace.library
    counts = library.summary(offline=[folder.id for folder in workspace.offline_folders()])
    stored = library.setting(_LAST_RUN)
    figures = RunFigures(**json.loads(stored)) if stored else None
    return Summary(
        photos=counts.photos,
        tagged=counts.tagged,
        failed=counts.failed,
        offline=counts.offline,
        pending_writes=counts.pending_writes,
        by_class=library.count_by_class(),
        seconds=figures.seconds if figures else None,
        photos_per_second=figures.photos_per_second if figures else None,
        device=figures.device if figures else None,
        model=figures.model if figures else None,
    )


def remember_run(workspace: Workspace, figures: RunFigures) -> None:
    """Keep the figures of a run for `status`."""
    workspace.library.change_setting(_LAST_RUN, json.dumps(asdict(figures)))
