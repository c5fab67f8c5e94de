"""One lesson for the window: it can be paused after any step, and tells the figures for curves."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, LibraryError, ModelError, WrongUseError
from tagger.core.progress import Progress
from tagger.files import sentence_for
from tagger.services.classifiers import bundle_in_use, find_folder
from tagger.services.teaching.request import PRETRAINED, Audience, TeachRequest
from tagger.services.teaching.runs import list_runs
from tagger.services.teaching.saving import choose_name
from tagger.services.teaching.training import teach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagger.ml import Figure
    from tagger.ml.plan import EpochReport, StepReport
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace

_REQUEST, _CURVE = "lesson.json", "curve.json"
_MOST_LOSSES = 600


@dataclass(frozen=True)
class CurvePoint:
    """Where the curves stand after an epoch; `held_loss` and `macro_f1` on held-out photos."""

    epoch: int
    loss: float
    held_loss: float | None
    macro_f1: float | None


@dataclass(frozen=True, slots=True)
class LessonProgress(Progress):
    """Progress with what has been seen so far.

    Attributes:
        losses: of the newest steps.
        points: one an epoch, those before a pause too.
    """

    losses: tuple[float, ...] = ()
    points: tuple[CurvePoint, ...] = ()


@dataclass(frozen=True)
class GivenLesson:
    """A classifier that was made and that nobody uses yet.

    Attributes:
        name: of it.
        photos: it has learned from.
        warnings: sentences on what is odd, left out or forgotten.
        failed: photos that can't be read.
        measured_on: on which photos the figures were measured, in words.
        figures: name of the measure to its value.
        views: the same for the mean of several looks at each photo, if that was asked for.
        from_folders: it learned from a data set, not from the library.
    """

    name: str
    is_deep: bool
    photos: int
    seconds: float
    warnings: tuple[str, ...]
    failed: int
    measured_on: str = ""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    views: Mapping[str, Figure] | None = None
    from_folders: bool = False


@dataclass(frozen=True)
class UnfinishedLesson:
    """A lesson with all layers that was paused, or killed."""

    request: TeachRequest
    epochs: int

    @property
    def name(self) -> str:
        """Of the classifier it will make."""
        return self.request.name or ""


def give_lesson(
    workspace: Workspace, cancel: CancelToken, report: Report, *, request: TeachRequest
) -> GivenLesson:
    """Teach; a stop is a pause, and the same request goes on from the last finished epoch.

    Raises:
        CancelledError: it was stopped.
        WrongUseError, ModelError, LibraryError: see `teach`; the model in use stays in use.
    """
    request = name_lesson(workspace.home, request)
    run = run_folder(workspace.home, request)
    if request.is_deep:
        _remember(run, request)
    follower = _Follower(cancel, report, run if request.is_deep else None)
    try:
        taught = teach(workspace, request, follower.audience())
    except _PauseError:
        if find_folder(workspace.home, request.name or "") is not None:
            raise CancelledError(f"Stopped. The classifier {request.name} is saved.") from None
        raise CancelledError("The lesson is paused. It goes on from its last epoch.") from None
    except WrongUseError:
        # The same again would fail again, but for one that has learned something: its drive may
        # come back, or its name become free.
        if request.is_deep and request.name not in list_runs(workspace.home):
            discard_lesson(workspace.home, request)
        raise
    return GivenLesson(
        name=taught.info.name,
        is_deep=request.is_deep,
        photos=taught.info.data.photos,
        seconds=taught.seconds,
        warnings=taught.lesson.warnings,
        failed=len(taught.lesson.failed),
        measured_on=taught.info.metrics.on,
        figures=dict(taught.info.metrics.overall),
        views=None if taught.views is None else dict(taught.views.six),
        from_folders=request.folders is not None,
    )


def name_lesson(home: Path, request: TeachRequest) -> TeachRequest:
    """The request with a name that no classifier and no paused lesson has."""
    if request.name is not None:
        return request
    waiting = {path.name.casefold() for path in _runs(home)}
    base = request.folders.name if request.folders is not None else _name_in_use(home)
    first = choose_name(home, None, base)
    stem = re.sub(r"-\d+$", "", first)
    numbered = (f"{stem}-{number}" for number in range(3, len(waiting) + 1000))
    name = next(name for name in (first, *numbered) if _is_free(home, name, waiting))
    return replace(request, name=name)


def list_unfinished(home: Path) -> list[UnfinishedLesson]:
    """Lessons that go on when they are asked for again; what can't be read is left out."""
    found = []
    for folder in _runs(home):
        try:
            values = json.loads((folder / _REQUEST).read_text(encoding="utf-8"))
            request = TeachRequest(**(values | _paths(values)))
        except (OSError, ValueError, TypeError):
            continue
        found.append(UnfinishedLesson(request, len(_read_points(folder))))
    return found


def discard_lesson(home: Path, request: TeachRequest) -> None:
    """Forget a lesson that was paused. No classifier is touched.

    Raises:
        LibraryError: the disk refuses.
    """
    if not request.name:
        return
    try:
        shutil.rmtree(run_folder(home, request))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise LibraryError(f"The lesson can't be removed. {sentence_for(error)}") from error


def run_folder(home: Path, request: TeachRequest) -> Path:
    """Where a lesson with all layers keeps what is finished."""
    return home / "runs" / (request.name or "")


class _PauseError(Exception):
    """Goes through a training that would take a cancelling for its end, and save its best epoch."""


class _Follower:
    """Passes on what happens, as progress with curves; stops in the middle when asked to."""

    def __init__(self, cancel: CancelToken, report: Report, folder: Path | None) -> None:
        self._cancel = cancel
        self._report = report
        self._folder = folder
        self._losses: list[float] = []
        self._points = [] if folder is None else _read_points(folder)

    def audience(self) -> Audience:
        # A token of its own that nobody cancels: cancelled, a training would end with its best
        # epoch, and what a person wants by pausing is to go on later.
        return Audience(CancelToken(), self._pass_on, _say_nothing, self._step, self._end_epoch)

    def _pass_on(self, progress: Progress) -> None:
        self._pause_if_asked()
        losses, points = tuple(self._losses[-_MOST_LOSSES:]), tuple(self._points)
        self._report(
            LessonProgress(
                progress.task,
                progress.done,
                progress.total,
                progress.seconds,
                progress.unit,
                losses,
                points,
            )
        )
        self._pause_if_asked()

    def _pause_if_asked(self) -> None:
        if self._cancel.is_cancelled:
            raise _PauseError

    def _step(self, step: StepReport) -> None:
        self._pause_if_asked()
        self._losses.append(step.loss)

    def _end_epoch(self, epoch: EpochReport) -> None:
        self._points = [point for point in self._points if point.epoch < epoch.epoch]
        self._points.append(
            CurvePoint(epoch.epoch, epoch.train_loss, epoch.valid_loss, epoch.macro_f1)
        )
        if self._folder is not None:
            _write(self._folder / _CURVE, [asdict(point) for point in self._points])


def _say_nothing(_: str) -> None:
    """The page shows progress and the warnings at the end."""


def _remember(run: Path, request: TeachRequest) -> None:
    try:
        run.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"{run} can't be made. {sentence_for(error)}") from error
    values = {key: str(v) if isinstance(v, Path) else v for key, v in asdict(request).items()}
    _write(run / _REQUEST, values)


def _write(path: Path, values: object) -> None:
    try:
        path.write_text(json.dumps(values), encoding="utf-8")
    except OSError as error:
        raise LibraryError(f"{path} can't be written. {sentence_for(error)}") from error


def _read_points(folder: Path) -> list[CurvePoint]:
    try:
        values = json.loads((folder / _CURVE).read_text(encoding="utf-8"))
        return [CurvePoint(**value) for value in values]
    except (OSError, ValueError, TypeError):
        return []


def _runs(home: Path) -> list[Path]:
    folder = home / "runs"
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _is_free(home: Path, name: str, waiting: set[str]) -> bool:
    return name.casefold() not in waiting and find_folder(home, name) is None


def _paths(values: dict[str, object]) -> dict[str, Path]:
    return {key: Path(str(values[key])) for key in ("folders", "backbone") if values.get(key)}


def _name_in_use(home: Path) -> str:
    try:
        return bundle_in_use(home).info.name
    except ModelError:
        return PRETRAINED
