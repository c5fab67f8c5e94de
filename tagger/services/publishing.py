"""A library that tells what changes in it, whichever use case changed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.tag import Source
from tagger.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from tagger.core.ids import FolderId, ModelId, PhotoId, TagId
    from tagger.core.photo import FileState, ScannedPhoto
    from tagger.core.rating import RatingChange
    from tagger.core.tag import Tag
    from tagger.library import (
        DecisionRequest,
        Folder,
        JournalLine,
        ModelRecord,
        Post,
        Rescored,
        ScoredPhoto,
        UndoneBatch,
        WrittenFile,
    )


def _ignore(_: Changes) -> None:
    """Before anybody listens."""


class PublishingLibrary(Library):
    """Use cases need not know of views: what they store is told by the library itself.

    Attributes:
        listener: called in the thread that made the change, after it is stored; must be quick.
    """

    listener: Callable[[Changes], None] = staticmethod(_ignore)

    def add_folder(self, path: Path) -> Folder:  # noqa: D102  as in Library, here and below
        folder = super().add_folder(path)
        self.listener(Changes(membership=True))
        return folder

    def relocate_folder(self, folder_id: FolderId, path: Path) -> Changes:  # noqa: D102
        return self._tell(super().relocate_folder(folder_id, path))

    def remove_folder(self, folder_id: FolderId) -> Changes:  # noqa: D102
        return self._tell(super().remove_folder(folder_id))

    def store_scan(  # noqa: D102
        self, folder_id: FolderId, found: Sequence[ScannedPhoto]
    ) -> Changes:
        return self._tell(super().store_scan(folder_id, found))

    def mark_missing(  # noqa: D102
        self, folder_id: FolderId, rel_paths: Collection[str]
    ) -> Changes:
        return self._tell(super().mark_missing(folder_id, rel_paths))

    def register_model(self, model: ModelRecord) -> ModelId:  # noqa: D102
        model_id = super().register_model(model)
        self.listener(Changes(tags=True))
        return model_id

    def store_scores(  # noqa: D102
        self, model_id: ModelId, scored: Sequence[ScoredPhoto]
    ) -> Changes:
        return self._tell(super().store_scores(model_id, scored))

    def store_rescored(self, model_id: ModelId, rescored: Rescored) -> Changes:  # noqa: D102
        return self._tell(super().store_rescored(model_id, rescored))

    def replace_doubts(  # noqa: D102
        self, doubtful: Sequence[tuple[PhotoId, TagId]]
    ) -> Changes:
        return self._tell(super().replace_doubts(doubtful))

    def forget_doubts(  # noqa: D102
        self, photo_ids: Sequence[PhotoId], tag_id: TagId | None = None
    ) -> Changes:
        return self._tell(super().forget_doubts(photo_ids, tag_id))

    def store_error(self, photo_id: PhotoId, sentence: str) -> Changes:  # noqa: D102
        return self._tell(super().store_error(photo_id, sentence))

    def decide(  # noqa: D102
        self, requests: Sequence[DecisionRequest], *, label: str, source: Source = Source.USER
    ) -> Changes:
        return self._tell(super().decide(requests, label=label, source=source))

    def rename_tag(  # noqa: D102
        self,
        name: str,
        new_name: str,
        path: Sequence[str] | None,
        settings: Mapping[str, str | None],
    ) -> tuple[Tag, Changes]:
        tag, changes = super().rename_tag(name, new_name, path, settings)
        return tag, self._tell(changes)

    def choose_keyword(self, name: str, path: Sequence[str]) -> tuple[Tag, Changes]:  # noqa: D102
        tag, changes = super().choose_keyword(name, path)
        return tag, self._tell(changes)

    def rate(  # noqa: D102
        self, photo_ids: Collection[PhotoId], change: RatingChange, *, label: str
    ) -> Changes:
        return self._tell(super().rate(photo_ids, change, label=label))

    def add_posts(self, shown: Sequence[Post]) -> Changes:  # noqa: D102
        return self._tell(super().add_posts(shown))

    def remove_posts(self, shown: Sequence[Post]) -> Changes:  # noqa: D102
        return self._tell(super().remove_posts(shown))

    def undo(self) -> UndoneBatch | None:  # noqa: D102
        return self._tell_batch(super().undo())

    def redo(self) -> UndoneBatch | None:  # noqa: D102
        return self._tell_batch(super().redo())

    def store_written(self, written: Sequence[WrittenFile]) -> Changes:  # noqa: D102
        return self._tell(super().store_written(written))

    def store_away(self, folder_ids: Collection[FolderId], sentence: str) -> Changes:  # noqa: D102
        return self._tell(super().store_away(folder_ids, sentence))

    def store_undone(self, lines: Sequence[JournalLine]) -> Changes:  # noqa: D102
        return self._tell(super().store_undone(lines))

    def write_again(self, photo_ids: Collection[PhotoId]) -> Changes:  # noqa: D102
        return self._tell(super().write_again(photo_ids))

    def store_write_problem(  # noqa: D102
        self, photo_id: PhotoId, state: FileState, sentence: str
    ) -> Changes:
        return self._tell(super().store_write_problem(photo_id, state, sentence))

    def change_setting(self, key: str, value: str | None) -> Changes:  # noqa: D102
        changes = super().change_setting(key, value)
        # The order of the classes is on screen everywhere.
        return self._tell(changes | Changes(tags=key.startswith("classes.")))

    def _tell(self, changes: Changes) -> Changes:
        self.listener(changes)
        return changes

    def _tell_batch(self, batch: UndoneBatch | None) -> UndoneBatch | None:
        if batch is not None:
            self.listener(batch.changes)
        return batch
