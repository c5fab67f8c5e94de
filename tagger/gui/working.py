"""Folders, writing, exporting and problems: what runs in the bar at the foot of the window."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.core.cancel import CancelToken
from tagger.gui.dialogs.export import ExportDialog, Presets
from tagger.gui.dialogs.problems import ProblemList
from tagger.gui.text import translate
from tagger.gui.work.jobs import JobKind
from tagger.services.cropping import place_window
from tagger.services.exporting import (
    DEFAULT_PRESET,
    ExportPreview,
    ExportResult,
    export_chosen,
    is_own,
    list_presets,
    preview_export,
    remove_preset,
    save_preset,
)
from tagger.services.indexing import ScanResult
from tagger.services.tagging import TagResult
from tagger.services.writing.running import WriteResult

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from tagger.core.ids import PhotoId
    from tagger.export import Preset, Window
    from tagger.gui.panels.jobs_bar import JobsBar
    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.work.jobs import JobState
    from tagger.gui.work.worker import Outcome
    from tagger.services.exporting import ExportRequest
    from tagger.services.reporting import Report

_ADD_FOLDER, _LIST_PROBLEMS, _FORGET_PROBLEMS = "add folder", "list problems", "forget problems"
_PLACE_CROP, _KEEP_PRESET = "place crop", "keep preset"


class Working(QObject):
    """Starts jobs and tells in one sentence how they ended.

    Signals:
        said(str): that sentence.
    """

    said = Signal(str)

    def __init__(
        self, session: Session, bar: JobsBar, selection: Selection, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session = session
        self._bar = bar
        self._selection = selection
        self._window = window
        self._is_asked = False
        session.jobs.changed.connect(self._on_job_changed)
        session.watching.noticed.connect(lambda _: bar.show_notes(session.watching.notes))
        session.jobs.succeeded.connect(self._on_job_succeeded)
        session.decisions.finished.connect(self._on_finished)
        bar.writing_wanted.connect(self.write)
        bar.problems_wanted.connect(self.list_problems)
        for kind, row in bar.rows.items():
            row.pause_wanted.connect(lambda kind=kind: session.jobs.pause(kind))
            row.resume_wanted.connect(lambda kind=kind: session.jobs.start(kind))
            row.cancel_wanted.connect(lambda kind=kind: session.jobs.cancel(kind))

    def add_folders(self, folders: Sequence[Path]) -> None:
        """Watch these folders and look through them."""
        library = self._session.workspace.library

        def add(_: CancelToken, __: Report) -> None:
            for folder in folders:
                library.add_folder(folder)

        self._session.decisions.start(_ADD_FOLDER, add)

    def rescan(self) -> None:
        """Look through all folders for what has changed."""
        self._is_asked = True
        self._session.rescan()

    def write(self) -> None:
        """Write every keyword that waits."""
        self._session.jobs.start(JobKind.WRITE)

    def open_export(self) -> ExportDialog | None:
        """Ask how and where to export what is selected; None when nothing is."""
        photos = self._selection.photo_ids()
        if not photos:
            self.said.emit(self.tr("Select photos to export first."))
            return None
        return self.open_export_of(photos)

    def open_export_of(
        self, photos: Sequence[PhotoId], first: str = DEFAULT_PRESET
    ) -> ExportDialog:
        """Ask how and where to export these photos, in this order; `first` is the preset shown."""
        presets = _sort_presets(self._session.workspace.home, first)
        dialog = ExportDialog(photos, presets, self._preview, self._window)
        dialog.preset_saved.connect(
            lambda own: self._keep_preset(partial(save_preset, preset=own), own.name)
        )
        dialog.preset_removed.connect(
            lambda name: self._keep_preset(partial(remove_preset, name=name), name)
        )
        dialog.export_wanted.connect(self._export)
        dialog.crop_placed.connect(self._place_crop)
        dialog.show()
        return dialog

    def list_problems(self) -> None:
        """Show what could not be read or written."""
        library = self._session.workspace.library
        self._session.decisions.start(_LIST_PROBLEMS, lambda *_: library.failures())

    def _preview(
        self, photos: Sequence[PhotoId], place: int, request: ExportRequest
    ) -> ExportPreview:
        task = partial(preview_export, photo_ids=photos, place=place, request=request)
        preview = self._session.work_on(task)(CancelToken(), lambda _: None)
        assert isinstance(preview, ExportPreview)
        return preview

    def _place_crop(self, photo: PhotoId, preset: Preset, window: Window | None) -> None:
        library = self._session.workspace.library
        self._session.decisions.start(
            _PLACE_CROP, lambda *_: place_window(library, photo, preset, window)
        )

    def _keep_preset(self, change: Callable[[Path], object], chosen: str) -> None:
        home = self._session.workspace.home

        def keep(*_: object) -> tuple[Presets, str]:
            change(home)
            return _sort_presets(home, DEFAULT_PRESET), chosen

        self._session.decisions.start(_KEEP_PRESET, keep)

    def _show_presets(self, presets: Presets, chosen: str) -> None:
        for dialog in self._exports():
            dialog.show_presets(presets, chosen)

    def _exports(self) -> list[ExportDialog]:
        return [one for one in self._window.findChildren(ExportDialog) if one.isVisible()]

    def _refresh_exports(self) -> None:
        """A crop is remembered, or forgotten: pictures are made with what is known now."""
        for dialog in self._exports():
            dialog.preview.refresh()

    def _export(self, photos: Sequence[PhotoId], request: ExportRequest) -> None:
        task = partial(export_chosen, photo_ids=photos, request=request)
        self._session.jobs.start_export(self._session.work_on(task))

    def _on_job_changed(self, state: JobState) -> None:
        self._bar.rows[state.kind].show_state(state)

    def _on_job_succeeded(self, kind: JobKind, result: object) -> None:
        if kind is JobKind.INDEX:
            self._session.jobs.nudge(JobKind.TAG)
        is_news = self._is_asked or not isinstance(result, ScanResult) or result.stored > 0
        sentence = describe_result(result) if is_news else ""
        self._is_asked = self._is_asked and kind is not JobKind.INDEX
        if sentence:
            self.said.emit(sentence)

    def _on_finished(self, name: str, outcome: Outcome) -> None:
        if outcome.error is not None:
            return  # told with the corrections, which share the thread
        if name in {_ADD_FOLDER, _FORGET_PROBLEMS}:
            self.rescan()
        elif name == _PLACE_CROP:
            self._refresh_exports()
        elif name == _KEEP_PRESET and isinstance(outcome.result, tuple):
            self._show_presets(*outcome.result)
        elif name == _LIST_PROBLEMS and isinstance(outcome.result, list):
            dialog = ProblemList(outcome.result, self._window)
            dialog.retry_wanted.connect(self._retry)
            dialog.show()

    def _retry(self) -> None:
        library = self._session.workspace.library
        self._session.decisions.start(_FORGET_PROBLEMS, lambda *_: library.clear_errors())


def _sort_presets(home: Path, first: str) -> Presets:
    known = sorted(list_presets(home).values(), key=lambda preset: preset.name != first)
    return Presets(known, frozenset(one.name for one in known if is_own(home, one.name)))


def describe_result(result: object) -> str:
    """What a job did, in one sentence; empty when there is nothing to say."""
    if isinstance(result, ScanResult):
        return _describe_scan(result)
    if isinstance(result, TagResult) and result.tagged:
        text = translate("%Ln photo(s) tagged, {rate} a second.", result.tagged)
        return text.format(rate=f"{result.photos_per_second:.0f}")
    if isinstance(result, WriteResult):
        return _describe_files(result.written, "", result.failed)
    if isinstance(result, ExportResult):
        made = [*result.written, *result.skipped]
        return _describe_files(len(made), str(made[0].parent) if made else "", result.failed)
    return ""


def _describe_scan(result: ScanResult) -> str:
    if result.problems:
        return result.problems[0]
    if not result.stored:
        return translate("Nothing new in your folders.")
    return translate("%Ln new or changed photo(s).", result.stored)


def _describe_files(count: int, folder: str, failed: Sequence[tuple[Path, str]]) -> str:
    if folder:
        text = translate("%Ln file(s) written to {folder}.", count).format(folder=folder)
    else:
        text = translate("%Ln file(s) written.", count)
    if failed:
        path, reason = failed[0]
        more = translate("{count} could not be written. {name}: {reason}")
        text += " " + more.format(count=len(failed), name=path.name, reason=reason)
    return text
