"""The heat map in the loupe: what the network looked at, for the strongest or a chosen class."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from tagger.gui.inspector.heat import draw_heat
from tagger.gui.text import class_title
from tagger.services.settings import shown_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.core.ids import PhotoId
    from tagger.gui.inspector.loupe import Loupe
    from tagger.gui.session import Session
    from tagger.services.attention import Attention

_KEPT = 8


class Heating(QObject):
    """Asks for maps and shows them, as long as they are wanted."""

    def __init__(self, session: Session, loupe: Loupe, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._loupe = loupe
        self._photo_id: PhotoId | None = None
        self._names: list[str] = []
        self._chosen: str | None = None
        self._kept: OrderedDict[PhotoId, tuple[Attention, str]] = OrderedDict()
        session.attention.answered.connect(self._on_answered)
        session.attention.failed.connect(self._on_failed)
        loupe.heat_wanted.connect(self._choose)
        loupe.heat_stepped.connect(self._step)
        loupe.heat_unwanted.connect(self.stop)

    def toggle(self, photo_id: PhotoId) -> None:
        """Show where the network looked in this photo, or the plain picture again."""
        if self._loupe.is_hot:
            self.stop()
        else:
            self._chosen = None
            self._show(photo_id)

    def follow(self, photo_id: PhotoId) -> None:
        """Another photo is in the loupe, perhaps."""
        if self._loupe.is_hot and photo_id != self._photo_id:
            self._show(photo_id)

    def stop(self) -> None:
        """The plain picture again."""
        self._photo_id = None
        self._loupe.show_heat(None, "")

    def close(self) -> None:
        """The loupe is left: when it comes back, another classifier may be in use."""
        self.stop()
        self._kept.clear()

    def _show(self, photo_id: PhotoId) -> None:
        self._photo_id = photo_id
        self._loupe.picture.show_heat(None)
        self._loupe.begin_heat()
        if photo_id in self._kept:
            self._draw()
            return
        library, attend = self._session.workspace.library, self._session.attend

        def look() -> Iterator[tuple[Attention, str, list[str]]]:
            attention = attend(photo_id)
            scores = {n: s for n, s in library.scores(photo_id).items() if n in attention.maps}
            strongest = max(scores, key=lambda n: scores[n], default=next(iter(attention.maps)))
            yield attention, strongest, [tag.name for tag in shown_tags(library)]

        self._session.attention.ask(look)

    def _on_answered(self, answer: tuple[Attention, str, list[str]]) -> None:
        attention, strongest, self._names = answer
        self._kept[attention.photo_id] = attention, strongest
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        if self._loupe.is_hot and attention.photo_id == self._photo_id:
            self._draw()

    def _on_failed(self, error: Exception) -> None:
        if self._loupe.is_hot:
            self._loupe.show_heat(None, str(error))

    def _choose(self, place: int) -> None:
        if place < len(self._names) and self._photo_id in self._kept:
            self._chosen = self._names[place]
            self._draw()

    def _step(self, step: int) -> None:
        """To the next class that the network knows, round the end."""
        if self._photo_id is None or self._photo_id not in self._kept:
            return
        attention, strongest = self._kept[self._photo_id]
        known = [name for name in self._names if name in attention.maps]
        now = self._chosen or strongest
        place = known.index(now) + step if now in known else 0
        if known:
            self._chosen = known[place % len(known)]
            self._draw()

    def _draw(self) -> None:
        assert self._photo_id is not None
        attention, strongest = self._kept[self._photo_id]
        name = self._chosen or strongest
        levels = attention.maps.get(name)
        if levels is None:
            words = self.tr("The classifier does not know {title}.")
            self._loupe.show_heat(None, words.format(title=class_title(name)))
            return
        words = self.tr(
            "What the network looked at for {title} · 1-9, up and down choose another class · "
            "H shows the photo"
        )
        self._loupe.show_heat(draw_heat(levels), words.format(title=class_title(name)))
