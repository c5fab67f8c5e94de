"""From a search to a folder of pictures for a post. Originals are only ever read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoError, WriteFailedError, WrongUseError
from tagger.export import Preset, copy_photo, export_name, load_presets, render_photo
from tagger.files import create_numbered_file, remove_leftovers, sentence_for
from tagger.images import DecodePool, decode_photo
from tagger.services.places import bundled_folder
from tagger.services.reporting import Report, Stopwatch
from tagger.services.workspace import core_count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.services.workspace import Workspace

DEFAULT_PRESET = "web-2048"


@dataclass
class ExportResult:
    """What an export did: the files it made, and photo and reason for those it could not."""

    written: list[Path] = field(default_factory=list)
    failed: list[tuple[Path, str]] = field(default_factory=list)


def find_preset(name: str) -> Preset:
    """The preset called `name`.

    Raises:
        WrongUseError: there is none.
    """
    presets = load_presets(bundled_folder("resources") / "presets")
    if name not in presets:
        raise WrongUseError(f"There is no preset {name}; there are: {', '.join(sorted(presets))}.")
    return presets[name]


def export_photos(
    workspace: Workspace,
    photos: Sequence[Path],
    folder: Path,
    preset: Preset,
    cancel: CancelToken,
    report: Report,
) -> ExportResult:
    """Write each photo as the preset says; a name that is taken gets a number.

    Raises:
        WrongUseError: the folder is watched by the library, or is none.
        CancelledError: between two photos; those written are whole.
    """
    _prepare_folder(workspace, folder)
    watch = Stopwatch("Exporting", len(photos), report)
    result = ExportResult()

    def render(path: Path) -> bytes:
        return _render(path, preset)

    workers = core_count()
    with DecodePool(render, workers=workers) as pool:
        items = ((path, path) for path in photos)
        for path, content in pool.results(items, look_ahead=workers * 2, cancel=cancel):
            try:
                if isinstance(content, PhotoError):
                    raise content
                made = create_numbered_file(folder / export_name(path, preset), content)
                result.written.append(made)
            except PhotoError as error:
                result.failed.append((path, str(error)))
            watch.advance()
    return result


def _render(path: Path, preset: Preset) -> bytes:
    if preset.fit == "copy":
        return copy_photo(path)
    return render_photo(decode_photo(path, short_side_px=preset.source_px), preset)


def _prepare_folder(workspace: Workspace, folder: Path) -> None:
    for watched in workspace.library.folders():
        if folder.is_relative_to(watched.path):
            raise WrongUseError(
                f"{folder} is inside {watched.path}, which is watched: its pictures would come"
                " back as new photos. Export to a folder outside."
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteFailedError(sentence_for(error)) from error
    remove_leftovers(folder)
