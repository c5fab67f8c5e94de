"""Which photos a classifier has learned from, so that nobody takes figures on them for true."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoError
from tagger.images import read_content_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.services.evaluating import EvaluationPlan

LEARNED_FILE = "photos.txt"
"""Beside `model.json`: the content id of every photo that was learned from, one a line."""


def read_learned(folder: Path) -> set[str]:
    """Content ids of the photos that a model has learned from, as far as it says so."""
    try:
        return set((folder / LEARNED_FILE).read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError):
        return set()


def describe_learned(content_ids: Iterable[str]) -> dict[str, bytes]:
    """The file that says so, by its name."""
    return {LEARNED_FILE: "".join(f"{one}\n" for one in sorted(content_ids)).encode()}


def warn_of_learned_photos(
    plan: EvaluationPlan, folder: Path, cancel: CancelToken
) -> EvaluationPlan:
    """The plan with a sentence when the model in this folder has learned from some of its photos.

    Raises:
        CancelledError: somebody asked for a stop.
    """
    learned = read_learned(folder)
    count = sum(_has_learned(photo.path, learned, cancel) for photo in plan.photos if learned)
    if not count:
        return plan
    sentence = (
        f"The classifier has learned from {count} of these {len(plan.photos)} photos, so the "
        "figures are too good. Measure on other photos."
    )
    return replace(plan, warnings=(*plan.warnings, sentence))


def _has_learned(path: Path, learned: set[str], cancel: CancelToken) -> bool:
    cancel.raise_if_cancelled()
    try:
        return read_content_id(path) in learned
    except PhotoError:
        return False
