"""`labels.csv`: a data set whose labels stand in a table beside the photos."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError
from tagger.core.formats import format_of
from tagger.core.keywords import class_key, clean_keyword
from tagger.ml.labelled_photos import LabelledPhoto

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS_FILE = "labels.csv"
_REQUIRED = {"file", "label"}
_SHOWN = 3  # names that a sentence lists before it only counts


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: `also` a second class, `hard` 1, `repo` the shoot or source, `licence` its own."""

    file: str
    label: str
    also: str
    hard: str
    repo: str
    licence: str


def read_labels_table(path: Path) -> tuple[list[LabelledPhoto], list[str]]:
    """The photos of a table and sentences on what is left out.

    Columns are `file` (relative to the table's folder) and `label`; `also`, `hard`, `repo`
    and `licence` may be there. A photo in two lines has the classes of both.

    Raises:
        WrongUseError: it can't be read, or a column is missing.
    """
    photos: dict[Path, LabelledPhoto] = {}
    lost, crowded = [], []
    for row in _read_rows(path):
        photo = _find_photo(path.parent, row)
        joined = photo and _join(photos.get(photo.path), photo)
        if photo is None:
            lost.append(row.file or "(no name)")
        elif joined is None:
            crowded.append(row.file)
        else:
            photos[photo.path] = joined
    warnings = [
        *_describe("without a label, or whose photo is not below its folder,", lost),
        *_describe("that give a photo a third class", crowded),
    ]
    return list(photos.values()), warnings


def _join(known: LabelledPhoto | None, photo: LabelledPhoto) -> LabelledPhoto | None:
    """A photo that stands in two lines has both classes; None where that is one too many."""
    if known is None:
        return photo
    labels = [known.class_name, known.also, photo.class_name, photo.also]
    names = {class_key(label): label for label in reversed(labels) if label is not None}
    names.pop(class_key(known.class_name))
    if len(names) > 1:
        return None
    return replace(known, also=next(iter(names.values()), None))


def _describe(which: str, files: Sequence[str]) -> list[str]:
    if not files:
        return []
    shown = ", ".join(files[:_SHOWN]) + (", …" if len(files) > _SHOWN else "")
    return [f"Lines of {LABELS_FILE} {which} are left out: {len(files)} ({shown})."]


def _read_rows(path: Path) -> list[_Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            if not set(reader.fieldnames or ()) >= _REQUIRED:
                raise WrongUseError(
                    f"{path} has no columns file and label. Add them, or move it elsewhere to go "
                    "by the names of the folders."
                )
            return [
                _Row(
                    row["file"],
                    clean_keyword(row["label"]),
                    clean_keyword(row.get("also", "")),
                    row.get("hard", "").strip(),
                    row.get("repo", "").strip(),
                    row.get("licence", "").strip(),
                )
                for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise WrongUseError(f"{path} can't be read: {error}.") from error


def _find_photo(root: Path, row: _Row) -> LabelledPhoto | None:
    path = root / row.file
    is_below = path.is_relative_to(root) and ".." not in Path(row.file).parts
    if not (row.label and is_below and format_of(path) and path.is_file()):
        return None
    return LabelledPhoto(
        path,
        row.label,
        split=None,
        group=row.repo or str(path),
        also=row.also or None,
        is_hard=row.hard == "1",
        licence=row.licence or None,
    )
