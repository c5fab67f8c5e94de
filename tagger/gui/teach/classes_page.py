"""The classes: a new one from selected photos, another keyword, two made one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QTreeWidgetItem

from tagger.gui.teach.section import Section, make_button, make_label, make_table
from tagger.gui.text import class_title, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look
    from tagger.services.models.class_list import ListedClass

_CLASS = Qt.ItemDataRole.UserRole
_FIELD_PX = 220
_BETWEEN = " | "
_GOOD_COUNT = 10


class ClassesPage(Section):
    """One line a class, and what can be done with it.

    Signals:
        class_wanted(str): a new class of this name from the selected photos.
        keyword_wanted(str, tuple): write this keyword path for the class.
        merge_wanted(str, str): the first class becomes the second.
        rename_wanted(str, str): the class gets this name.
        retirement_wanted(str, bool): ask about it no more, or again.
        split_wanted(str): show what its photos fall into.
    """

    class_wanted = Signal(str)
    keyword_wanted = Signal(str, object)
    merge_wanted = Signal(str, str)
    rename_wanted = Signal(str, str)
    retirement_wanted = Signal(str, bool)
    split_wanted = Signal(str)

    def __init__(self, title: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.look = look
        self._selected = 0
        self._written_for: ListedClass | None = None
        self.table = make_table(
            self.tr("Classes and their keywords"),
            [
                self.tr("Class"),
                self.tr("Keyword in files"),
                self.tr("Photos"),
                self.tr("Confirmed"),
                self.tr("Recognised by"),
            ],
            stretched=1,
        )
        self.name = self._make_field(self.tr("Name of the new class"))
        self.add_button = make_button(
            self.tr("&New class from these photos"),
            self.tr("It works at once; the photos become confirmed decisions."),
            is_primary=True,
        )
        self.keyword = self._make_field(self.tr("Keyword, such as Wedding | Bouquet"))
        self.keyword_button = make_button(
            self.tr("Write this &keyword"),
            self.tr("Files that have the old one wait for writing; nothing is written by itself."),
        )
        self.into = QComboBox()
        self.into.setAccessibleName(self.tr("Class to merge into"))
        self.merge_button = make_button(
            self.tr("&Merge into this"),
            self.tr("Photos with the selected class get the other one instead, as one step."),
        )
        self.new_name = self._make_field(self.tr("Another name for this class"))
        self.rename_button = make_button(
            self.tr("&Rename"),
            self.tr("Decisions, colour and key stay; the keyword follows when you write (Ctrl+S)."),
        )
        self.retire_button = make_button("", "")
        self.split_button = make_button(
            self.tr("S&plit…"), self.tr("Its confirmed photos in groups that look alike.")
        )
        self.result = make_label("")
        self._connect()
        self._lay_out()
        self.show_selected(0)

    def show_classes(self, classes: Sequence[ListedClass]) -> None:
        """Show these; the same one stays current."""
        before = self._current_name()
        into = self.into.currentData()
        self.table.blockSignals(True)
        self.table.clear()
        self.into.clear()
        for one in classes:
            item = self._make_item(one)
            self.table.addTopLevelItem(item)
            self.into.addItem(class_title(one.name), one.name)
            if one.name == before or before is None:
                before = one.name
                self.table.setCurrentItem(item)
        self.table.blockSignals(False)
        self._show_current()
        self.into.setCurrentIndex(max(0, self.into.findData(into)))

    def show_selected(self, count: int) -> None:
        """So many photos are selected in the grid."""
        self._selected = count
        photos = self.tr("%Ln photo(s)", "", count)
        if count == 0:
            words = self.tr("Select photos in the grid that show a new class, ten if you can.")
        elif count < _GOOD_COUNT:
            words = self.tr("{photos} selected for a new class; ten would be better.")
        else:
            words = self.tr("{photos} selected: give the new class a name.")
        self.lead.setText(words.format(photos=photos))
        self._enable()

    def _make_item(self, one: ListedClass) -> QTreeWidgetItem:
        item = QTreeWidgetItem(
            [
                class_title(one.name),
                _BETWEEN.join(one.keyword_path),
                number(one.photos),
                number(one.confirmed),
                self._describe_knower(one),
            ]
        )
        item.setData(0, _CLASS, one)
        return item

    def _describe_knower(self, one: ListedClass) -> str:
        if one.is_retired:
            return self.tr("retired")
        return self.tr("the classifier") if one.in_model else self.tr("people only")

    def _make_field(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        field.setMinimumWidth(_FIELD_PX)
        return field

    @property
    def _current(self) -> ListedClass | None:
        item = self.table.currentItem()
        one: ListedClass | None = None if item is None else item.data(0, _CLASS)
        return one

    def _current_name(self) -> str | None:
        return None if self._current is None else self._current.name

    def _show_current(self) -> None:
        """What is being written stays while the same class is listed anew."""
        one, before = self._current, self._written_for
        if one is not None:
            if before is None or one.keyword_path != before.keyword_path or one.name != before.name:
                self.keyword.setText(_BETWEEN.join(one.keyword_path))
            if before is None or one.name != before.name:
                self.new_name.clear()
            self._written_for = one
        self._enable()

    def _enable(self) -> None:
        has_class = self._current_name() is not None
        self.add_button.setEnabled(self._selected > 0 and bool(self.name.text().strip()))
        self.keyword_button.setEnabled(has_class and bool(self.keyword.text().strip()))
        self.rename_button.setEnabled(has_class and bool(self.new_name.text().strip()))
        self.split_button.setEnabled(self._current is not None and self._current.confirmed > 1)
        self.retire_button.setEnabled(has_class)
        is_retired = self._current is not None and self._current.is_retired
        self.retire_button.setText(self.tr("&Bring back") if is_retired else self.tr("Re&tire"))
        self.retire_button.setToolTip(
            self.tr("Ask about it and tag it again.")
            if is_retired
            else self.tr("Ask about it no more. What you decided stays, and it can come back.")
        )
        self.merge_button.setEnabled(has_class and self.into.currentData() != self._current_name())

    def _add(self) -> None:
        if self.add_button.isEnabled():
            self.class_wanted.emit(self.name.text().strip())

    def _write_keyword(self) -> None:
        name = self._current_name()
        path = tuple(part.strip() for part in self.keyword.text().split("|"))
        if name is not None:
            self.keyword_wanted.emit(name, path)

    def _merge(self) -> None:
        name = self._current_name()
        if name is not None:
            self.merge_wanted.emit(name, self.into.currentData())

    def _rename(self) -> None:
        name = self._current_name()
        if name is not None and self.rename_button.isEnabled():
            self.rename_wanted.emit(name, self.new_name.text().strip())

    def _retire(self) -> None:
        if self._current is not None:
            self.retirement_wanted.emit(self._current.name, not self._current.is_retired)

    def _split(self) -> None:
        name = self._current_name()
        if name is not None:
            self.split_wanted.emit(name)

    def _connect(self) -> None:
        self.table.currentItemChanged.connect(lambda *_: self._show_current())
        self.name.textChanged.connect(lambda _: self._enable())
        self.name.returnPressed.connect(self._add)
        self.keyword.textChanged.connect(lambda _: self._enable())
        self.into.currentIndexChanged.connect(lambda _: self._enable())
        self.add_button.clicked.connect(self._add)
        self.keyword_button.clicked.connect(self._write_keyword)
        self.merge_button.clicked.connect(self._merge)
        self.new_name.textChanged.connect(lambda _: self._enable())
        self.new_name.returnPressed.connect(self._rename)
        self.rename_button.clicked.connect(self._rename)
        self.retire_button.clicked.connect(self._retire)
        self.split_button.clicked.connect(self._split)

    def _lay_out(self) -> None:
        self.add_row(self.name, self.add_button)
        self.column.addWidget(self.result)
        self.column.addWidget(self.table, 1)
        self.add_row(self.new_name, self.rename_button, self.retire_button, self.split_button)
        self.add_row(self.keyword, self.keyword_button, self.into, self.merge_button)
