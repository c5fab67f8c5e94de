"""Everything that the settings page shows, and what can be changed there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import ModelError, WrongUseError
from tagger.core.keywords import class_key
from tagger.files import is_online
from tagger.services.classifiers import bundle_in_use, register_bundle
from tagger.services.picturing import PictureSource
from tagger.services.settings import (
    CLASS_ORDER,
    PRECISE_CLASSES,
    RETIRED_CLASSES,
    change_setting,
    class_colors,
    current_settings,
    names_in,
    shown_tags,
    store_colors,
    store_names,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from tagger.core.ids import FolderId
    from tagger.core.tag import Tag
    from tagger.services.workspace import Workspace

_SAME_SCORE = 1e-6
_SAMPLE = 200
"""Known photos that are looked for where a folder is said to be now."""


@dataclass(frozen=True)
class FolderPreference:
    """A folder of the library; `is_away`: its drive is not there."""

    id: FolderId
    path: Path
    is_away: bool


@dataclass(frozen=True)
class ClassPreference:
    """A class.

    Attributes:
        threshold: score from which a photo gets the tag now.
        can_promise: the classifier has seen enough photos to name a score from which 95 % of its
            answers are right.
        is_precise: the person asked for that.
        right: share of right answers at the threshold on photos that the classifier had not seen,
            with its 95 % interval, 0..1; None where that was not measured, or for another score.
        color: of the person's own, `#rrggbb`; None for the theme's.
    """

    name: str
    keyword_path: tuple[str, ...]
    threshold: float
    can_promise: bool
    is_precise: bool
    right: tuple[float, float, float] | None = None
    color: str | None = None


@dataclass(frozen=True)
class Preferences:
    """What is set now.

    Attributes:
        values: every setting as the command line shows it.
        cache_path, cache_bytes: of the thumbnails.
    """

    folders: tuple[FolderPreference, ...]
    classes: tuple[ClassPreference, ...]
    values: dict[str, str]
    cache_path: Path
    cache_bytes: int


def read_preferences(workspace: Workspace) -> Preferences:
    """What is set now."""
    library = workspace.library
    cache = workspace.home / "thumbnails.db"
    known = _known_classes(workspace)
    precise = set(names_in(library, PRECISE_CLASSES))
    colors = class_colors(library)
    return Preferences(
        folders=tuple(
            FolderPreference(
                folder.id,
                folder.path,
                not is_online(folder.path, was_populated=folder.has_photos),
            )
            for folder in library.folders()
        ),
        classes=tuple(
            _describe_class(tag, known.get(class_key(tag.name)), precise, colors)
            for tag in shown_tags(library)
        ),
        values=current_settings(library),
        cache_path=cache,
        cache_bytes=_size(cache),
    )


def apply_setting(workspace: Workspace, key: str, text: str) -> None:
    """Set one setting, with all that follows from it.

    Raises:
        WrongUseError: there is no such setting, or the value makes no sense.
    """
    change_setting(workspace.library, key, text)
    _follow_setting(workspace, key)


def _follow_setting(workspace: Workspace, key: str) -> None:
    if key in {PRECISE_CLASSES, RETIRED_CLASSES} and workspace.library.tags():
        register_bundle(workspace, bundle_in_use(workspace.home).info)


def order_classes(workspace: Workspace, names: Sequence[str]) -> None:
    """Show the classes in this order; the first nine have the keys 1 to 9."""
    store_names(workspace.library, CLASS_ORDER, names)


def promise_precision(workspace: Workspace, name: str, *, is_wanted: bool) -> None:
    """Tag with a class only where 95 % of the answers were right, or as the classifier says."""
    key = class_key(name)
    kept = [other for other in names_in(workspace.library, PRECISE_CLASSES) if other != key]
    store_names(workspace.library, PRECISE_CLASSES, [*kept, key] if is_wanted else kept)
    _follow_setting(workspace, PRECISE_CLASSES)


def color_class(workspace: Workspace, name: str, color: str | None) -> None:
    """Give a class a colour of its own, `#rrggbb`; None gives it the theme's again."""
    colors = class_colors(workspace.library)
    colors.pop(class_key(name), None)
    store_colors(workspace.library, colors if color is None else {**colors, class_key(name): color})


def relocate_folder(workspace: Workspace, folder_id: FolderId, path: Path) -> None:
    """A folder was moved or its drive has another letter: go on with it where it is now.

    Raises:
        WrongUseError: it is no folder, holds none of the photos, or overlaps with another one.
    """
    if not path.is_dir():
        raise WrongUseError(f"{path} is no folder.")
    known = list(workspace.library.known_files(folder_id))[:_SAMPLE]
    if known and not any((path / name).exists() for name in known):
        raise WrongUseError(
            f"None of the photos is in {path}. Choose the folder that holds them now."
        )
    workspace.library.relocate_folder(folder_id, path)


def empty_cache(workspace: Workspace) -> int:
    """Forget the thumbnails; they are made again when they are looked at. Returns freed bytes.

    Raises:
        LibraryError: the disk refuses.
    """
    path = workspace.home / "thumbnails.db"
    before = _size(path)
    source = PictureSource(workspace)
    try:
        source.forget_thumbnails()
    finally:
        source.close()
    return max(0, before - _size(path))


def _size(database: Path) -> int:
    """Bytes, with what SQLite has not moved into the file yet."""
    return sum(path.stat().st_size for path in database.parent.glob(f"{database.name}*"))


@dataclass(frozen=True)
class _KnownClass:
    """What the classifier in use says of a class."""

    can_promise: bool
    threshold: float
    right: tuple[float, float, float] | None


def _known_classes(workspace: Workspace) -> dict[str, _KnownClass]:
    """By key; empty without a usable classifier."""
    try:
        info = bundle_in_use(workspace.home).info
    except ModelError:
        return {}
    known = {}
    for one in info.classes:
        figure = info.metrics.per_class.get(one.name, {}).get("precision")
        right = None if figure is None else (figure.value, figure.low, figure.high)
        can_promise = one.precise_threshold is not None
        known[class_key(one.name)] = _KnownClass(can_promise, one.threshold, right)
    return known


def _describe_class(
    tag: Tag, known: _KnownClass | None, precise: Collection[str], colors: Mapping[str, str]
) -> ClassPreference:
    key = class_key(tag.name)
    is_measured = known is not None and abs(known.threshold - tag.threshold) < _SAME_SCORE
    return ClassPreference(
        tag.name,
        tag.keyword_path,
        tag.threshold,
        can_promise=known is not None and known.can_promise,
        is_precise=key in precise,
        right=known.right if known is not None and is_measured else None,
        color=colors.get(key),
    )
