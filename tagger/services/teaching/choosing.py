"""What a lesson starts from: the model in use, another one, or a pretrained network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import ModelError
from tagger.core.keywords import class_key
from tagger.services.backbones import load_starting_network
from tagger.services.predicting import find_bundle
from tagger.services.teaching.learned import read_learned
from tagger.services.teaching.request import PRETRAINED

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.ml.starting import Start
    from tagger.services.classifiers import ChosenBundle
    from tagger.services.teaching.lesson import Lesson
    from tagger.services.teaching.request import Audience, TeachRequest
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class Choice:
    """What to start from, not loaded yet.

    Attributes:
        bundle: None for a pretrained network.
        shares_classes: whether it knows any class of the lesson.
    """

    bundle: ChosenBundle | None
    shares_classes: bool

    @property
    def known(self) -> frozenset[str]:
        """Keys of the classes of which it says something for every photo; none if exclusive."""
        if self.bundle is None or self.bundle.info.exclusive:
            return frozenset()
        return frozenset(class_key(entry.name) for entry in self.bundle.info.classes)

    @property
    def name(self) -> str:
        """Of the model, or `pretrained`."""
        return PRETRAINED if self.bundle is None else self.bundle.info.name


def choose_start(
    request: TeachRequest, lesson: Lesson, home: Path, in_use: ChosenBundle | None
) -> Choice:
    """What was asked for; else the model in use, but for deep lessons on classes it does not know.

    Raises:
        ModelError: there is no such model, or none in use.
    """
    if request.start == PRETRAINED:
        return Choice(None, shares_classes=False)
    bundle = in_use if request.start is None else find_bundle(home, request.start)
    shares = bundle is not None and _shares_classes(bundle, lesson)
    if bundle is None and not request.is_deep:
        raise ModelError(
            "No classifier is in use that a quick lesson could start from. Choose one with --from, "
            "or learn with --deep."
        )
    if request.start is None and request.is_deep and not shares:
        return Choice(None, shares_classes=False)
    return Choice(bundle, shares)


def _shares_classes(bundle: ChosenBundle, lesson: Lesson) -> bool:
    known = {class_key(entry.name) for entry in bundle.info.classes}
    return any(class_key(name) in known for name in lesson.names)


def load_start(
    workspace: Workspace, choice: Choice, request: TeachRequest, audience: Audience
) -> Start:
    """Load it; takes seconds, since torch is imported.

    Raises:
        CancelledError: somebody stopped the download of the pretrained network.
        ModelError: it is damaged, or there is no pretrained network to be had.
    """
    from tagger.ml.starting import start_from_model, start_from_pretrained  # noqa: PLC0415

    if choice.bundle is not None:
        return start_from_model(choice.bundle.folder, choice.bundle.info)
    network = load_starting_network(
        workspace.library, request.backbone, audience.cancel, audience.report
    )
    return start_from_pretrained(network)


def warn_of_learned(lesson: Lesson, choice: Choice) -> Lesson:
    """The lesson with a sentence when what it starts from has seen its photos before."""
    if choice.bundle is None:
        return lesson
    seen = read_learned(choice.bundle.folder)
    photos = lesson.only_decided().photos
    count = sum(photo.content_id in seen for photo in photos)
    if not count:
        return lesson
    return lesson.with_warnings(
        f"{choice.name} has learned from {count} of these {len(photos)} photos before, so "
        "the figures are too good. Measure on other photos: tagger evaluate."
    )
