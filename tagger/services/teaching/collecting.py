"""What a lesson is learned from: folders, or the decisions of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.errors import ModelError
from tagger.core.keywords import class_key
from tagger.ml.targets import check_targets
from tagger.services.classifiers import bundle_in_use
from tagger.services.teaching.from_folders import collect_from_folders
from tagger.services.teaching.from_library import collect_from_library, leave_out_rare

if TYPE_CHECKING:
    from tagger.services.classifiers import ChosenBundle
    from tagger.services.teaching.choosing import Choice
    from tagger.services.teaching.lesson import Lesson
    from tagger.services.teaching.request import TeachRequest
    from tagger.services.workspace import Workspace


def find_in_use(workspace: Workspace) -> ChosenBundle | None:
    """The model in use; None for one that can't be used, since others can be started from."""
    try:
        return bundle_in_use(workspace.home)
    except ModelError:
        return None


def collect_lesson(
    workspace: Workspace, request: TeachRequest, in_use: ChosenBundle | None
) -> Lesson:
    """The lesson, as far as names tell; refused before anything slow happens.

    Raises:
        WrongUseError, ModelError: there is nothing to learn from, or too little of a class.
        LibraryError: the library can't be read.
    """
    lesson = _collect_photos(workspace, request, in_use)
    if request.folders is None:
        return lesson
    has_parts = any(photo.split for photo in lesson.photos)
    learned = lesson.rows_of("train" if has_parts else None)
    check_targets(lesson.targets[learned], lesson.names)
    return lesson


def leave_unlearnable(request: TeachRequest, lesson: Lesson, choice: Choice) -> Lesson:
    """A lesson of decisions without classes that it can't teach to what it starts from.

    Raises:
        WrongUseError: nothing is left.
    """
    if request.folders is not None or lesson.exclusive:
        return lesson
    needs_no = request.is_deep and not choice.known
    return leave_out_rare(lesson, choice.known, needs_no=needs_no)


def _collect_photos(
    workspace: Workspace, request: TeachRequest, in_use: ChosenBundle | None
) -> Lesson:
    if request.folders is None:
        return collect_from_library(workspace.library, exclusive=request.exclusive)
    known = {tag.name: tag.keyword_path for tag in workspace.library.tags()}
    names = {class_key(name) for name in known}
    renamed = {
        key: name for key, name in workspace.library.renamed_tags().items() if key not in names
    }
    if in_use is not None:
        known = {entry.name: entry.keyword_path for entry in in_use.info.classes} | known
    return collect_from_folders(
        request.folders,
        workspace.home,
        known,
        exclusive=request.exclusive,
        renamed=renamed,
    )
