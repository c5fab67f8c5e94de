"""Exporting: pictures are made in threads and put in place one by one, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoError, WriteFailedError, WrongUseError
from tagger.export import (
    Caption,
    SheetPicture,
    cell_size,
    write_captions,
)
from tagger.files import remove_leftovers, sentence_for
from tagger.images import DecodePool, open_small
from tagger.services.cropping import SubjectFinder
from tagger.services.exporting.items import make_items, read_signature
from tagger.services.exporting.record import ExportRecord
from tagger.services.exporting.rendering import Renderer
from tagger.services.exporting.request import Crop, ExportResult, Sheet
from tagger.services.exporting.sheets import put_sheet
from tagger.services.exporting.targets import is_beyond_one_file, open_target
from tagger.services.reporting import Report, Stopwatch
from tagger.services.workspace import core_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.library import PhotoRow
    from tagger.services.exporting.items import Item
    from tagger.services.exporting.request import ExportRequest
    from tagger.services.exporting.targets import Target
    from tagger.services.workspace import Workspace

_TIME_LIMIT_S = 120.0
"""For one picture; a full-size one with a file size to keep to takes many seconds."""


@dataclass
class _Run:
    """One export while it runs.

    Attributes:
        record: what is in the folder already; None for a ZIP, which is made as a whole.
        captions, thumbnails: what the files beside the pictures are made of.
    """

    request: ExportRequest
    renderer: Renderer
    target: Target
    result: ExportResult
    record: ExportRecord | None
    captions: list[Caption] = field(default_factory=list)
    thumbnails: list[SheetPicture] = field(default_factory=list)


def export_photos(
    workspace: Workspace,
    rows: Sequence[PhotoRow],
    request: ExportRequest,
    cancel: CancelToken,
    report: Report,
) -> ExportResult:
    """Make a picture of each photo as the preset says.

    A name that is taken by another file gets a number; a picture that is there already, made from
    the same photo in the same way, is left as it is.

    Raises:
        WrongUseError: the folder is watched by the library, is none, or a watermark can't be made.
        WriteFailedError: the disk is full, locked or gone; what is written is whole and stays.
        CancelledError: between two photos; those written are whole. Of a ZIP nothing is left.
    """
    prepare_folder(workspace, request.place)
    result = ExportResult()
    items = make_items(workspace.library, list(rows), request)
    record = None if request.is_zip else ExportRecord(workspace.home, request.folder)
    renderer = make_renderer(workspace, request)
    with open_target(request, result) as target:
        run = _Run(request, renderer, target, result, record)
        _put_pictures(run, items, cancel, Stopwatch("Exporting", len(items), report))
        _put_companions(run)
    return result


def make_renderer(workspace: Workspace, request: ExportRequest) -> Renderer:
    """What makes the pictures of a request, for a preview as well."""
    is_cut = request.preset.ratio is not None and request.crop is Crop.SUBJECT
    subjects = SubjectFinder(workspace.home) if is_cut else None
    signature = read_signature(workspace.library, request.preset)
    return Renderer(request.preset, signature, subjects)


def prepare_folder(workspace: Workspace, folder: Path) -> None:
    """Make the folder; what a killed export left half-written in it is removed.

    Raises:
        WrongUseError: it is inside a watched folder: its pictures would come back as photos.
        WriteFailedError: the system refused.
    """
    real = folder.resolve()
    for watched in workspace.library.folders():
        if folder.is_relative_to(watched.path) or real.is_relative_to(watched.path.resolve()):
            raise WrongUseError(
                f"{folder} is inside {watched.path}, which is watched: its pictures would come"
                " back as new photos. Export to a folder outside."
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteFailedError(sentence_for(error)) from error
    remove_leftovers(folder)


def _put_pictures(run: _Run, items: Sequence[Item], cancel: CancelToken, watch: Stopwatch) -> None:
    # Of a photo that is gone another may have the name.
    by_path = {item.path: item for item in items if not item.row.is_missing}

    def render(path: Path) -> bytes:
        return run.renderer.render(path, by_path[path])

    workers = core_count()
    with DecodePool(render, workers=workers, time_limit_s=_TIME_LIMIT_S) as pool:
        waiting = _waiting(run, items, watch)
        for (number, item, key), content in pool.results(
            ((entry, entry[1].path) for entry in waiting), look_ahead=workers * 2, cancel=cancel
        ):
            try:
                if isinstance(content, PhotoError):
                    raise content
                _put(run, item, key, content, f"photo-{number:04}.jpg")
            except PhotoError as error:
                if isinstance(error, WriteFailedError) and is_beyond_one_file(error):
                    raise WriteFailedError(_explain_stop(run, error)) from error
                run.result.failed.append((item.path, str(error)))
            watch.advance()


def _waiting(run: _Run, items: Sequence[Item], watch: Stopwatch) -> Iterator[tuple[int, Item, str]]:
    """The items that are not there yet, with their numbers and keys."""
    for number, item in enumerate(items, start=1):
        try:
            key = item.key(run.request, run.renderer.signature)
        except PhotoError as error:
            run.result.failed.append((item.path, str(error)))
            watch.advance()
            continue
        known = run.record.find(key) if run.record is not None else None
        if known is None:
            yield number, item, key
            continue
        run.result.skipped.append(known)
        _remember(run, item, known.name, known)
        watch.advance()


def _put(run: _Run, item: Item, key: str, content: bytes, spare: str) -> None:
    name = run.target.put(f"{item.stem}.jpg", content, spare)
    if run.record is not None:
        run.record.note(key, name)
    _remember(run, item, name, content)


def _explain_stop(run: _Run, error: WriteFailedError) -> str:
    count = run.result.pictures
    return f"{error} {count} pictures are in {run.request.folder}; export again to go on."


def _remember(run: _Run, item: Item, name: str, content: bytes | Path) -> None:
    """Keep what captions and contact sheet need."""
    run.result.pictures += 1
    if run.request.has_captions:
        credit = run.renderer.signature.credit
        run.captions.append(Caption(name, item.tags, item.row.shoot, credit))
    if run.request.sheet is not Sheet.NONE:
        run.thumbnails.append(SheetPicture(name, open_small(content, max(cell_size()))))


def _put_companions(run: _Run) -> None:
    if run.captions:
        order = sorted(run.captions, key=lambda caption: _by_name(caption.file))
        text = write_captions(order, run.request.preset.hashtags)
        # The name of a shoot is that of its folder, which need not be UTF-8.
        run.target.put("captions.txt", text.encode(errors="replace"), "captions.txt")
    if run.thumbnails:
        pictures = sorted(run.thumbnails, key=lambda one: _by_name(one.name))
        put_sheet(run.target, pictures, run.request.sheet)


def _by_name(name: str) -> tuple[str, int]:
    """Sorts `a.jpg` before `a (2).jpg` and that before `a (10).jpg`."""
    stem, _, number = PurePath(name).stem.removesuffix(")").rpartition(" (")
    return (stem, int(number)) if stem and number.isdecimal() else (PurePath(name).stem, 1)
