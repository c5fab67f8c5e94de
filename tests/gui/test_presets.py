"""Presets of one's own, made in the window where pictures are exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QPushButton

from tagger.export import Corner, Kept, Preset
from tagger.gui.dialogs.export import ExportDialog
from tagger.gui.dialogs.preset_editor import PresetEditor
from tagger.services.classifiers import IN_USE
from tagger.services.exporting import find_preset, is_own

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.day import Day


@pytest.fixture
def dialog(day: Day, tmp_path: Path) -> ExportDialog:
    """The export of one photo; detail alone decides about crops, since loading takes long."""
    day.library.change_setting(IN_USE, "none")
    day.go_to(0)
    day.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    [dialog] = day.window.findChildren(ExportDialog)
    dialog.folder.setText(str(tmp_path / "out"))
    return dialog


def _edit(dialog: ExportDialog) -> PresetEditor:
    buttons = dialog.findChildren(QPushButton)
    next(button for button in buttons if button.text() == "C&hange…").click()
    return next(one for one in dialog.findChildren(PresetEditor) if one.isVisible())


def _chosen(dialog: ExportDialog) -> Preset:
    preset = dialog.presets.currentData()
    assert isinstance(preset, Preset)
    return preset


def test_a_preset_is_made_used_changed_and_removed(day: Day, dialog: ExportDialog) -> None:
    home = day.session.workspace.home
    editor = _edit(dialog)
    assert editor.remove_button.isHidden()
    editor.title.setText("Für Ana & Luis")
    editor.width_px.setValue(64)
    editor.height_px.setValue(80)
    editor.fit.setCurrentIndex(editor.fit.findData("fill"))
    editor.watermark.kind.setCurrentIndex(1)
    editor.watermark.text.setText("Ana")
    editor.watermark.place.setCurrentIndex(editor.watermark.place.findData(Corner.TOP))
    editor.kept.setCurrentIndex(editor.kept.findData(Kept.CREDIT))
    editor.accept()

    day.wait_until(lambda: _chosen(dialog).name == "fur-ana-luis")
    kept = find_preset(home, "fur-ana-luis")
    assert (kept.width_px, kept.height_px, kept.fit) == (64, 80, "fill")
    assert kept.watermark is not None
    assert (kept.watermark.text, kept.watermark.place) == ("Ana", Corner.TOP)
    assert kept.metadata is Kept.CREDIT
    assert kept.quality == find_preset(home, "web-2048").quality

    again = _edit(dialog)
    assert again.title.text() == "Für Ana & Luis"
    again.watermark.kind.setCurrentIndex(0)
    again.quality.setValue(70)
    again.accept()
    day.wait_until(lambda: _chosen(dialog).quality == 70)
    assert find_preset(home, "fur-ana-luis").watermark is None

    folder = dialog.request().folder
    dialog.export_button.click()
    day.wait_until(lambda: "1 file written to" in day.widgets.jobs.message)
    [picture] = folder.iterdir()
    with Image.open(picture) as image:
        assert image.size == (64, 80)


def test_an_own_preset_is_removed_again(day: Day, dialog: ExportDialog) -> None:
    home = day.session.workspace.home
    editor = _edit(dialog)
    editor.title.setText("Mine")
    editor.accept()
    day.wait_until(lambda: _chosen(dialog).name == "mine")

    _edit(dialog).remove_button.click()
    day.wait_until(lambda: _chosen(dialog).name == "web-2048")
    assert not is_own(home, "mine")
    dialog.reject()


def test_what_does_not_fit_together_is_said_and_can_t_be_saved(
    day: Day, dialog: ExportDialog
) -> None:
    editor = _edit(dialog)
    save = editor.buttons.button(QDialogButtonBox.StandardButton.Save)

    editor.title.setText(" … ")
    assert "a letter" in editor.complaint.text()
    editor.title.setText("Mine")
    assert save.isEnabled()

    editor.fit.setCurrentIndex(editor.fit.findData("border"))
    editor.width_px.setValue(0)
    assert "needs both" in editor.complaint.text()
    editor.fit.setCurrentIndex(editor.fit.findData("inside"))
    assert save.isEnabled()

    editor.watermark.kind.setCurrentIndex(2)
    assert "its file" in editor.complaint.text()
    assert not save.isEnabled()
    editor.fit.setCurrentIndex(editor.fit.findData("copy"))
    assert not editor.watermark.isEnabled()
    assert save.isEnabled()
    editor.reject()
    dialog.reject()
