"""Pictures on a report: which photos are shown, and what stands under each."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tagger.core.errors import PhotoError
from tagger.core.keywords import class_key
from tagger.images import DecodePool, decode_photo
from tagger.ml import prepare
from tagger.ml.cleaning import find_doubts
from tagger.services.evaluating import Evaluation, EvaluationPlan, answer_among
from tagger.services.workspace import core_count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.ml import Classifier
    from tagger.services.predicting import PredictedPhotos

_SAMPLES = 6  # a class
_WALL = 160
_WORST = 24
_BARS = 3  # probabilities shown under a picture
_FEWEST_FOR_DOUBTS = 20
_DENIED = 0.02  # probability of the label, and of another class, from which the model's word counts
_ASSERTED = 0.6
_PICTURE_PX = 144


@dataclass(frozen=True)
class Shown:
    """A photo on the page.

    Attributes:
        uri: the square that the network sees, as a `data:` address.
        label: what somebody says it shows.
        bars: classes with their probabilities, best first.
        is_right: whether the answer, the first of the bars, is the label or as good.
        note: what is remarkable, in figures.
    """

    uri: str
    name: str
    label: str
    bars: tuple[tuple[str, float], ...]
    is_right: bool
    note: str = ""


@dataclass(frozen=True)
class Pictures:
    """All photos on a page.

    Attributes:
        samples: by class.
        wall: spread over all that were measured.
        losses: where the label has the least probability, worst first.
        doubts: labels that are likely wrong, worst first.
    """

    samples: dict[str, tuple[Shown, ...]]
    wall: tuple[Shown, ...]
    losses: tuple[Shown, ...]
    doubts: tuple[Shown, ...]


class Gallery:
    """Chooses photos and makes pictures of them, each once."""

    def __init__(
        self,
        classifier: Classifier,
        plan: EvaluationPlan,
        predicted: PredictedPhotos,
        evaluation: Evaluation,
    ) -> None:
        self._classifier = classifier
        self._photos = [plan.photos[row] for row in predicted.rows]
        self._names = evaluation.classes
        self._scores = answer_among(
            predicted.scores, plan.columns, is_exclusive=classifier.info.exclusive
        )
        self._features = predicted.features
        numbers = {class_key(name): number for number, name in enumerate(self._names)}
        self._truth = np.array([numbers[class_key(photo.class_name)] for photo in self._photos])
        self._uris: dict[int, str] = {}

    def show_all(self, cancel: CancelToken) -> Pictures:
        """Choose and decode.

        Raises:
            CancelledError: somebody asked for a stop.
        """
        samples = {
            name: _spread(np.flatnonzero(self._truth == number), _SAMPLES)
            for number, name in enumerate(self._names)
            if (self._truth == number).any()
        }
        wall = _spread(np.arange(len(self._truth)), _WALL)
        chances = self._scores[np.arange(len(self._truth)), self._truth]
        losses = [int(row) for row in np.argsort(chances, kind="stable")[:_WORST]]
        doubts = self._find_doubts()
        wanted = {row for rows in (*samples.values(), wall, losses, doubts) for row in rows}
        self._make_pictures(sorted(wanted), cancel)
        return Pictures(
            {name: self._show(rows) for name, rows in samples.items()},
            self._show(wall),
            self._show(
                losses, {row: f"loss {-np.log(max(chances[row], 1e-7)):.2f}" for row in losses}
            ),
            self._show(list(doubts), doubts),
        )

    def _find_doubts(self) -> dict[int, str]:
        """Rows of doubtful labels with what they look like, to other photos or to the model."""
        if len(self._truth) < _FEWEST_FOR_DOUBTS or len(set(self._truth)) < 2:
            return {}
        groups = [photo.group for photo in self._photos]
        found = find_doubts(self._features, self._truth, len(self._names), groups)
        looks_like = {int(row): int(found.likely[row]) for row in found.suspects}
        chances = self._scores[np.arange(len(self._truth)), self._truth]
        is_denied = (chances <= _DENIED) & (self._scores.max(axis=1) >= _ASSERTED)
        for row in np.flatnonzero(is_denied)[np.argsort(chances[is_denied])]:
            looks_like.setdefault(int(row), int(self._scores[row].argmax()))
        worst = list(looks_like.items())[:_WORST]
        return {row: f"looks like {self._names[number]}" for row, number in worst}

    def _make_pictures(self, rows: list[int], cancel: CancelToken) -> None:
        transform, input_px = self._classifier.info.transform, self._classifier.input_px

        def draw(path: Path) -> str:
            return _as_uri(prepare(decode_photo(path, short_side_px=input_px), transform))

        with DecodePool(draw, workers=core_count()) as pool:
            items = ((row, self._photos[row].path) for row in rows)
            for row, uri in pool.results(items, look_ahead=16, cancel=cancel):
                if not isinstance(uri, PhotoError):
                    self._uris[row] = uri

    def _show(self, rows: Sequence[int], notes: dict[int, str] | None = None) -> tuple[Shown, ...]:
        return tuple(
            self._show_one(row, (notes or {}).get(row, "")) for row in rows if row in self._uris
        )

    def _show_one(self, row: int, note: str) -> Shown:
        photo, scores = self._photos[row], self._scores[row]
        best = np.argsort(-scores, kind="stable")[:_BARS]
        accepted = {class_key(photo.class_name)}
        if photo.is_hard and photo.also:
            accepted.add(class_key(photo.also))
        return Shown(
            self._uris[row],
            photo.path.name,
            self._names[self._truth[row]],
            tuple((self._names[c], float(scores[c])) for c in best),
            is_right=class_key(self._names[best[0]]) in accepted,
            note=note,
        )


def _spread(rows: NDArray[np.intp], count: int) -> list[int]:
    """At most `count` of the rows, evenly spread and in order."""
    if len(rows) <= count:
        return [int(row) for row in rows]
    return [int(rows[place]) for place in np.linspace(0, len(rows) - 1, count).astype(int)]


def _as_uri(square: NDArray[np.uint8]) -> str:
    file = io.BytesIO()
    small = Image.fromarray(square)
    small.thumbnail((_PICTURE_PX, _PICTURE_PX), Image.Resampling.LANCZOS)
    small.save(file, "JPEG", quality=78)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode("ascii")
