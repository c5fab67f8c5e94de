"""From untagged rows to scores: decode ahead in threads, predict in batches, store.

The queue is a query over the library, so a stop or a crash loses at most the batches in flight.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoError
from tagger.images import DecodePool, decode_photo
from tagger.library import ScoredPhoto
from tagger.ml import prepare
from tagger.services.classifiers import refuse_no_numbers, tag_columns
from tagger.services.photo_reading import is_reachable
from tagger.services.reporting import Report, Stopwatch
from tagger.services.workspace import core_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import FolderId, ModelId, PhotoId
    from tagger.library import Library, PhotoToTag
    from tagger.ml import Classifier
    from tagger.services.workspace import Workspace

    _Decoded = tuple[PhotoToTag, NDArray[np.uint8]]
    _DecodedOrNot = tuple[PhotoToTag, NDArray[np.uint8] | PhotoError]

_BATCHES_AHEAD = 2
"""Decoded pictures that may wait: enough to keep the network busy, few enough for any memory."""


@dataclass
class TagResult:
    """What a tagging run did.

    Attributes:
        seconds: from the first photo to the last, loading the model left out.
    """

    tagged: int = 0
    failed: int = 0
    seconds: float = 0.0

    @property
    def photos_per_second(self) -> float:
        """Decoded, predicted and stored; 0 when there was nothing to do."""
        return self.tagged / self.seconds if self.seconds else 0.0


def count_pending(workspace: Workspace) -> int:
    """Photos that wait for tags and whose drive is there."""
    return workspace.library.count_untagged(_online_ids(workspace))


def tag_pending(
    workspace: Workspace,
    classifier: Classifier,
    model_id: ModelId,
    cancel: CancelToken,
    report: Report,
) -> TagResult:
    """Tag every photo that needs it and whose drive is there.

    Raises:
        CancelledError: between two batches; what was stored stays stored.
        ModelError: the device failed, or the scores are no numbers.
    """
    library = workspace.library
    watch = Stopwatch("Tagging", count_pending(workspace), report)
    watch.report()
    result = TagResult()
    queue = _Queue(workspace, classifier.batch_size)
    for batch in _decoded_batches(queue, classifier, cancel):
        decoded: list[_Decoded] = []
        for photo, image in batch:
            if not isinstance(image, PhotoError):
                decoded.append((photo, image))
            elif is_reachable(photo.path):
                library.store_error(photo.id, str(image))
                result.failed += 1
        if decoded:
            library.store_scores(model_id, _score(library, classifier, decoded))
        queue.put_back(photo for photo, _ in batch)
        result.tagged += len(decoded)
        watch.advance(len(batch))
    result.seconds = watch.seconds
    return result


class _Queue:
    """Hands out each waiting photo once, in pages, as far as its drive is there.

    A photo that is in flight, or that has vanished since the scan, is not handed out again: the
    next scan tells whether it is gone or its drive is away.
    """

    def __init__(self, workspace: Workspace, page_size: int) -> None:
        self._workspace = workspace
        self._page_size = page_size
        self._handed_out: set[PhotoId] = set()

    def __iter__(self) -> Iterator[tuple[PhotoToTag, Path]]:
        while page := self._workspace.library.next_untagged(
            _online_ids(self._workspace), self._page_size, exclude=self._handed_out
        ):
            for photo in page:
                self._handed_out.add(photo.id)
                yield photo, photo.path

    def put_back(self, photos: Iterable[PhotoToTag]) -> None:
        """Forget photos whose result is stored; one that still needs tags comes again."""
        self._handed_out.difference_update(photo.id for photo in photos if is_reachable(photo.path))


def _online_ids(workspace: Workspace) -> list[FolderId]:
    return [folder.id for folder in workspace.online_folders()]


def _score(library: Library, classifier: Classifier, decoded: list[_Decoded]) -> list[ScoredPhoto]:
    columns = tag_columns(classifier.info)
    tag_ids = [library.find_tag(classifier.info.classes[c].name).id for c in columns]
    predictions = classifier.predict([image for _, image in decoded])
    refuse_no_numbers(classifier.info, predictions.scores)
    return [
        ScoredPhoto(
            photo_id=photo.id,
            scores=dict(zip(tag_ids, scores[columns].tolist(), strict=True)),
            feature=feature.tobytes(),
            content_id=photo.content_id,
        )
        for (photo, _), scores, feature in zip(
            decoded, predictions.scores, predictions.features, strict=True
        )
    ]


def _decoded_batches(
    queue: _Queue, classifier: Classifier, cancel: CancelToken
) -> Iterator[list[_DecodedOrNot]]:
    def decode(path: Path) -> NDArray[np.uint8]:
        image = decode_photo(path, short_side_px=classifier.input_px)
        return prepare(image, classifier.info.transform)

    size = classifier.batch_size
    with DecodePool(decode, workers=core_count()) as pool:
        results = pool.results(iter(queue), look_ahead=size * _BATCHES_AHEAD, cancel=cancel)
        while batch := list(islice(results, size)):
            yield batch
