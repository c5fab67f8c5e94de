"""RAW and JPEG of one exposure: one photo for people, two files for writing.

They pair up when they lie in the same folder, have the same name but for case and suffix, and were
taken in the same second (cameras don't write fractions into both). The JPEG or HEIF leads; RAW
files follow. Once paired, they stay one exposure and share decisions wherever their files go.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.formats import Format
from tagger.library.effective import apply_decisions
from tagger.library.rating_heirs import inherit_ratings
from tagger.library.rows import pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from tagger.core.ids import FolderId, PhotoId

_LEADING = {Format.JPEG: 0, Format.HEIF: 1}
"""Which format speaks for a RAW file, the first that is there."""


@dataclass(frozen=True, slots=True)
class _File:
    id: PhotoId
    exposure: tuple[str, str] | None
    format: str | None
    rel_path: str
    leader_id: PhotoId | None
    exposure_id: PhotoId | None


def pair_files(
    db: sqlite3.Connection, folder_id: FolderId, pair_keys: Iterable[str]
) -> set[PhotoId]:
    """Form and dissolve pairs among files of these names. Returns the files that this concerns."""
    files = _read_files(db, folder_id, pair_keys)
    leaders = _choose_leaders(files)
    changed = [file for file in files if file.leader_id != leaders.get(file.id)]
    if not changed:
        return set()
    db.executemany(
        "UPDATE photos SET leader_id = ? WHERE id = ?",
        [(leaders.get(file.id), file.id) for file in changed],
    )
    joined = [(leaders[file.id], file.id) for file in changed if file.id in leaders]
    for leader_id, raw_id in joined:
        _join_exposures(db, leader_id, raw_id)
    inherit_ratings(db, [*joined, *((raw_id, leader_id) for leader_id, raw_id in joined)])
    concerned = {file.id for file in changed}
    concerned.update(file.leader_id for file in changed if file.leader_id is not None)
    return apply_decisions(db, concerned)


def _read_files(
    db: sqlite3.Connection, folder_id: FolderId, pair_keys: Iterable[str]
) -> list[_File]:
    """Files of these names; one that is missing has no exposure, so it pairs with nothing."""
    rows = db.execute(
        "SELECT id, pair_key, CASE WHEN missing_since IS NULL THEN substr(taken_at, 1, 19) END, "
        "format, rel_path, leader_id, exposure_id FROM photos "
        "WHERE folder_id = ? AND pair_key IN (SELECT value FROM json_each(?))",
        (folder_id, pack(pair_keys)),
    )
    return [
        _File(photo_id, None if second is None else (key, second), *rest)
        for photo_id, key, second, *rest in rows
    ]


def _choose_leaders(files: Sequence[_File]) -> dict[PhotoId, PhotoId]:
    """For each RAW file that has one, the file that leads it."""
    exposures: dict[tuple[str, str], list[_File]] = defaultdict(list)
    for file in files:
        if file.exposure is not None:
            exposures[file.exposure].append(file)
    leaders: dict[PhotoId, PhotoId] = {}
    for group in exposures.values():
        leading = sorted(
            (_LEADING[Format(file.format)], file.rel_path, file.id)
            for file in group
            if file.format in _LEADING
        )
        if leading:
            leader_id = leading[0][-1]
            leaders.update({file.id: leader_id for file in group if file.format == Format.RAW})
    return leaders


def _join_exposures(db: sqlite3.Connection, leader_id: PhotoId, raw_id: PhotoId) -> None:
    """All files of both exposures become one, known by the leader."""
    old = db.execute(
        "SELECT DISTINCT exposure_id FROM photos WHERE id IN (?, ?) AND exposure_id IS NOT NULL",
        (leader_id, raw_id),
    ).fetchall()
    db.execute(
        "UPDATE photos SET exposure_id = ? WHERE id IN (?, ?) "
        "OR exposure_id IN (SELECT value FROM json_each(?))",
        (leader_id, leader_id, raw_id, pack(row[0] for row in old)),
    )
