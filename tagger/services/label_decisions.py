"""What people decided on doubtful labels: a small file beside the library, never in a data set."""

from __future__ import annotations

import os
import tempfile
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import filelock
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from tagger.core.errors import LibraryError
from tagger.core.keywords import class_key
from tagger.files import sentence_for
from tagger.services.classifiers import own_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_FILE = "label-decisions.json"
_LOCK = "label-decisions.lock"


class LabelVerdict(StrEnum):
    """What shall become of a doubtful label."""

    KEEP = "keep"
    RELABEL = "relabel"
    LEAVE_OUT = "leave-out"


class LabelDecision(BaseModel):
    """One decision on one label of one picture; it holds wherever the picture lies.

    Attributes:
        content_id: of the picture.
        label: the one that was decided on. Another label of the same picture is another matter.
        to: the right class, for `RELABEL` alone.
        path: where the picture lay, for people who read the file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    content_id: str
    label: str
    verdict: LabelVerdict
    to: str | None = None
    path: str = ""

    @field_validator("path")
    @classmethod
    def _make_text(cls, value: str) -> str:
        """JSON has no place for names that are not UTF-8."""
        return value.encode(errors="replace").decode()


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format_version: Literal[1] = 1
    decisions: tuple[LabelDecision, ...] = ()


class LabelDecisions:
    """Decisions by picture and label; of several on one label the last counts.

    Args:
        decisions: in the order in which they were made.
        renamed: keys of earlier names of classes to their names now. A label of either name is one
            label, whichever a folder had when it was decided on.
    """

    def __init__(
        self,
        decisions: Iterable[LabelDecision] = (),
        renamed: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._renamed = renamed
        self._by_label: dict[tuple[str, str], LabelDecision] = {}
        for decision in decisions:
            key = (decision.content_id, self._key(decision.label))
            self._by_label.pop(key, None)
            self._by_label[key] = decision

    def find(self, content_id: str, label: str) -> LabelDecision | None:
        """What was decided on this label of this picture, with the right class as it is called now.

        None where nothing was.
        """
        found = self._by_label.get((content_id, self._key(label)))
        now = None if found is None else self._renamed.get(class_key(found.to or ""))
        return found if found is None or now is None else found.model_copy(update={"to": now})

    def _key(self, label: str) -> str:
        return class_key(self._renamed.get(class_key(label), label))

    def __iter__(self) -> Iterator[LabelDecision]:
        return iter(self._by_label.values())

    def __len__(self) -> int:
        return len(self._by_label)


def load_decisions(home: Path) -> LabelDecisions:
    """All decisions that were ever made here.

    Raises:
        LibraryError: the file, or the library, can't be read; it is left as it is.
    """
    return LabelDecisions(_read(home / _FILE).decisions, own_names(home))


def store_decisions(home: Path, decisions: Iterable[LabelDecision]) -> None:
    """Add decisions; a new one takes the place of an older one on the same label.

    Raises:
        LibraryError: the file can't be read or written; what it held before is kept.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(home / _LOCK):
            merged = LabelDecisions((*_read(home / _FILE).decisions, *decisions), own_names(home))
            _replace(home / _FILE, _Stored(decisions=tuple(merged)).model_dump_json(indent=1))
    except OSError as error:
        raise LibraryError(
            f"The decision can't be stored in {home}. {sentence_for(error)}"
        ) from error


def _read(path: Path) -> _Stored:
    try:
        return _Stored.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return _Stored()
    except (OSError, ValidationError) as error:
        raise LibraryError(
            f"{path} is damaged or from a newer version. Move it elsewhere to begin anew."
        ) from error


def _replace(path: Path, text: str) -> None:
    """All of it or the old one, whatever happens."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
