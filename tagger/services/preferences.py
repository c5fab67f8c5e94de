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
    change_setting,
    current_settings,
    names_in,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.core.ids import FolderId
    from tagger.services.workspace import Workspace

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
    """

    name: str
    keyword_path: tuple[str, ...]
    threshold: float
    can_promise: bool
    is_precise: bool


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
    promised = _promised(workspace)
    precise = names_in(library, PRECISE_CLASSES)
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
            ClassPreference(
                tag.name,
                tag.keyword_path,
                tag.threshold,
                can_promise=class_key(tag.name) in promised,
                is_precise=class_key(tag.name) in precise,
            )
            for tag in library.tags()
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
    if key == PRECISE_CLASSES and workspace.library.tags():
        register_bundle(workspace, bundle_in_use(workspace.home).info)


def order_classes(workspace: Workspace, names: Sequence[str]) -> None:
    """Show the classes in this order; the first nine have the keys 1 to 9."""
    apply_setting(workspace, CLASS_ORDER, ",".join(names))


def promise_precision(workspace: Workspace, name: str, *, is_wanted: bool) -> None:
    """Tag with a class only where 95 % of the answers were right, or as the classifier says."""
    key = class_key(name)
    kept = [other for other in names_in(workspace.library, PRECISE_CLASSES) if other != key]
    apply_setting(workspace, PRECISE_CLASSES, ",".join([*kept, key] if is_wanted else kept))


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


def _promised(workspace: Workspace) -> set[str]:
    try:
        info = bundle_in_use(workspace.home).info
    except ModelError:
        return set()
    return {class_key(one.name) for one in info.classes if one.precise_threshold is not None}
