"""One HTML page that needs nothing else: no script, no font and no picture from outside."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from tagger.core.errors import WriteFailedError, WrongUseError
from tagger.files import sentence_for
from tagger.services.places import bundled_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tagger.services.report_data import Epoch, ReportData

    _ConfusionRow = tuple[str, list[tuple[int, float]]]

PAGE = "index.html"
_MARK = b'<meta name="generator" content="tagger report">'
_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 560, 200, 44, 24  # of a chart, in its own units


def write_report(data: ReportData, folder: Path) -> Path:
    """Write `index.html` into a folder, which is made if need be; an older report is replaced.

    Raises:
        WrongUseError: there is another page of this name.
        WriteFailedError: the folder can't be written.
    """
    page = folder / PAGE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if page.exists() and _MARK not in page.read_bytes()[:1000]:
            raise WrongUseError(f"{page} is no report, so it stays. Choose another folder.")
        _replace(page, render_page(data))
    except OSError as error:
        raise WriteFailedError(sentence_for(error)) from error
    return page


def _replace(page: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=page.parent, prefix=f".{page.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(page)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def render_page(data: ReportData) -> str:
    """The page as text. Every name in it is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(bundled_folder("resources") / "report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["share"] = lambda value: f"{value:.3f}"
    environment.filters["percent"] = lambda value: f"{value:.0%}"
    environment.filters["words"] = lambda name: name.replace("_", " ")
    return environment.get_template("page.html").render(
        data=data,
        found=data.evaluation,
        charts=draw_charts(data.history),
        confusion=_confusion_rows(data),
        largest_count=max(max(one.counts) for one in data.counts),
    )


@dataclass(frozen=True)
class Line:
    """One curve of a chart: its points as SVG has them, and where the best one lies."""

    name: str
    points: str
    last: float


@dataclass(frozen=True)
class Chart:
    """Curves over epochs.

    Attributes:
        ticks: height and text of the lines across.
        steps: place and number of the epochs that are written below.
    """

    title: str
    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, str], ...]
    steps: tuple[tuple[float, int], ...]
    width: int = _WIDTH
    height: int = _HEIGHT
    left: int = _LEFT
    bottom: int = _BOTTOM


def draw_charts(history: Sequence[Epoch]) -> tuple[Chart, ...]:
    """Losses, and what was measured on held-out photos; none for less than two epochs."""
    if len(history) < 2:
        return ()
    losses: dict[str, Callable[[Epoch], float | None]] = {
        "training": lambda epoch: epoch.train_loss,
        "held-out photos": lambda epoch: epoch.valid_loss,
    }
    measures: dict[str, Callable[[Epoch], float | None]] = {
        "macro-F1": lambda epoch: epoch.macro_f1,
        "mean average precision": lambda epoch: epoch.mean_average_precision,
    }
    charts = (_draw("Loss", history, losses), _draw("On held-out photos", history, measures))
    return tuple(chart for chart in charts if chart is not None)


def _draw(
    title: str, history: Sequence[Epoch], curves: dict[str, Callable[[Epoch], float | None]]
) -> Chart | None:
    known = {
        name: [
            (at, value) for at, epoch in enumerate(history) if (value := read(epoch)) is not None
        ]
        for name, read in curves.items()
    }
    values = [value for points in known.values() for _, value in points]
    if not values:
        return None
    low, high = min(values), max(values)
    span = (high - low) or 1.0

    def x(at: int) -> float:
        return round(_LEFT + (_WIDTH - _LEFT - 8) * at / (len(history) - 1), 1)

    def y(value: float) -> float:
        return round(8 + (_HEIGHT - _BOTTOM - 8) * (1 - (value - low) / span), 1)

    lines = tuple(
        Line(name, " ".join(f"{x(at)},{y(value)}" for at, value in points), points[-1][1])
        for name, points in known.items()
        if points
    )
    ticks = tuple((y(low + span * part), f"{low + span * part:.3g}") for part in (0.0, 0.5, 1.0))
    every = -(-len(history) // 10)
    steps = tuple((x(at), history[at].epoch + 1) for at in range(0, len(history), every))
    return Chart(title, lines, ticks, steps)


def _confusion_rows(
    data: ReportData,
) -> tuple[list[str], list[tuple[str, list[tuple[int, float]]]]]:
    """Names of the columns, and by class the counts with their shares of the row."""
    counts, names = data.evaluation.figures.confusion, data.evaluation.classes
    columns = [c for c in range(len(names)) if counts[c].any() or counts[:, c].any()]
    rows = [
        (
            names[row],
            [(int(counts[row, c]), float(counts[row, c] / counts[row].sum())) for c in columns],
        )
        for row in columns
        if counts[row].any()
    ]
    return [names[c] for c in columns], rows
