"""Classes as a person wants them: renamed, retired, brought back. Nothing that was decided goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import ModelError, WrongUseError
from tagger.core.keywords import class_key
from tagger.services.classifiers import bundle_in_use, register_bundle
from tagger.services.label_decisions import load_decisions, store_decisions
from tagger.services.models.new_classes import check_class_name
from tagger.services.settings import (
    CLASS_COLORS,
    CLASS_ORDER,
    PRECISE_CLASSES,
    RETIRED_CLASSES,
    class_colors,
    names_in,
    store_names,
)
from tagger.services.tag_doubts import LIBRARY_PHOTO

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.tag import Tag
    from tagger.library import Library
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class RenamedClass:
    """What came of renaming; the fields are the JSON of `classes rename`.

    Attributes:
        before: the old name. Renaming to it brings all back.
        keyword_before, keyword_path: as written to files.
        files: that wait for writing because of it.
    """

    before: str
    name: str
    keyword_before: tuple[str, ...]
    keyword_path: tuple[str, ...]
    files: int


def rename_class(
    workspace: Workspace, name: str, new_name: str, keyword_path: tuple[str, ...] | None = None
) -> RenamedClass:
    """Another name for a class: decisions, threshold, colour, place and key stay with it.

    Classifiers keep the old name in their files and give the new one. The keyword follows where it
    was the old name; nothing is written to files by itself. Renaming back is the way back.

    Args:
        workspace: with the library.
        name: of the class now.
        new_name: that no class has.
        keyword_path: to be written from now on, instead of what follows from the name.

    Raises:
        WrongUseError: there is no such class, or the new name is taken or can't be one.
        LibraryError: it can't be stored; nothing was changed then.
    """
    library = workspace.library
    tag = library.find_tag(name)
    others = [other.name for other in library.tags() if other.id != tag.id]
    cleaned = check_class_name(new_name, others)
    path = keyword_path or _follow(tag, cleaned)
    settings = _rename_settings(library, tag, cleaned)
    folders = [folder.id for folder in library.folders()]
    before = library.count_unwritten(folders)
    renamed, _ = library.rename_tag(name, cleaned, path, settings)
    _rename_kept(workspace.home, tag.name, cleaned)
    more = max(0, library.count_unwritten(folders) - before)
    return RenamedClass(tag.name, renamed.name, tag.keyword_path, renamed.keyword_path, more)


def retire_class(workspace: Workspace, name: str) -> None:
    """Nobody is asked about the class any more, and nothing is tagged with it by itself.

    Decisions and the keywords of photos that were confirmed stay; `revive_class` brings all back.

    Raises:
        WrongUseError: there is no such class.
    """
    key = class_key(workspace.library.find_tag(name).name)
    retired = names_in(workspace.library, RETIRED_CLASSES)
    _retire_these(workspace, (*retired, key))


def revive_class(workspace: Workspace, name: str) -> None:
    """Ask about a retired class again, and tag with it.

    Raises:
        WrongUseError: there is no such class, or it is not retired.
    """
    tag = workspace.library.find_tag(name)
    retired = names_in(workspace.library, RETIRED_CLASSES)
    if class_key(tag.name) not in retired:
        raise WrongUseError(f"“{tag.name}” is not retired.")
    _retire_these(workspace, tuple(key for key in retired if key != class_key(tag.name)))


def _retire_these(workspace: Workspace, keys: tuple[str, ...]) -> None:
    store_names(workspace.library, RETIRED_CLASSES, keys)
    try:
        register_bundle(workspace, bundle_in_use(workspace.home).info)
    except ModelError:
        return  # without a classifier nothing is predicted; the next one that is used goes by it


def _follow(tag: Tag, new_name: str) -> tuple[str, ...] | None:
    """The keyword with the new name at its end, where the old one stood there."""
    if class_key(tag.keyword_path[-1]) != class_key(tag.name):
        return None
    plain = new_name.replace("_", " ")
    return (*tag.keyword_path[:-1], plain.title() if plain.islower() else plain)


def _rename_settings(library: Library, tag: Tag, new_name: str) -> dict[str, str | None]:
    """Settings that name the class, as they are stored with the new name."""
    old, new = class_key(tag.name), class_key(new_name)
    changed: dict[str, str | None] = {}
    for setting in (CLASS_ORDER, PRECISE_CLASSES, RETIRED_CLASSES):
        keys = names_in(library, setting)
        if old in keys:
            moved = [new if key == old else key for key in keys]
            changed[setting] = json.dumps(moved, ensure_ascii=False)
    colors = class_colors(library)
    if old in colors:
        moved_colors = {new if key == old else key: color for key, color in colors.items()}
        changed[CLASS_COLORS] = json.dumps(moved_colors, ensure_ascii=False)
    return changed


def _rename_kept(home: Path, old: str, new: str) -> None:
    """What was said to be right in cleaning the library stays so under the new name."""
    kept = [
        decision.model_copy(update={"label": new})
        for decision in load_decisions(home)
        if decision.content_id.startswith(LIBRARY_PHOTO)
        and class_key(decision.label) == class_key(old)
    ]
    if kept:
        store_decisions(home, kept)
