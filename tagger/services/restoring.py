"""Going back to a backup of the library, and getting back what was decided since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.core.errors import CancelledError, LibraryError, WrongUseError
from tagger.core.tag import Source, TagState, Verdict
from tagger.library import (
    DecisionRequest,
    check_backup,
    list_backups,
    restore_backup,
)
from tagger.services.indexing import scan_library
from tagger.services.workspace import hold_working_place

if TYPE_CHECKING:
    from tagger.core.cancel import CancelToken
    from tagger.core.ids import PhotoId, TagId
    from tagger.library import BackupCheck, Library
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace

    _Pair = tuple[PhotoId, TagId]


@dataclass(frozen=True)
class Restored:
    """What was put back; the fields are part of the JSON of `library restore`.

    Attributes:
        backup: the copy that is the library now.
        photos, decisions: how many it holds.
        kept_aside: folder with the library of before; None where there was none.
        passed_over: sentences on newer backups that could not be used.
    """

    backup: Path
    photos: int
    decisions: int
    kept_aside: Path | None
    passed_over: tuple[str, ...]


@dataclass(frozen=True)
class Recovered:
    """What keywords in files told.

    Attributes:
        photos, decisions: how many photos got decisions back, and how many.
        offline: folders whose drive is away, so that their files told nothing.
    """

    photos: int
    decisions: int
    offline: tuple[Path, ...]


def list_checked_backups(home: Path) -> list[BackupCheck]:
    """Every backup, read from end to end, the newest first."""
    return [check_backup(path) for path in list_backups(home)]


def restore(home: Path, wanted: str | None = None) -> Restored:
    """Put the newest good backup, or the one that is named, in the place of the library.

    `wanted` is the name or date of a backup, `2026-06-20`, or the path of a copy elsewhere.

    Raises:
        LibraryError: no backup can be used, another program has the library open, or the disk
            refuses. The library is then as it was.
        WrongUseError: there is no such backup.
    """
    checks = _choose(home, wanted)
    good = next((check for check in checks if check.problem is None), None)
    if good is None:
        raise LibraryError(
            f"{checks[0].problem} No other backup can be used."
            if checks
            else f"There is no backup in {home / 'backups'}."
        )
    with hold_working_place(home):
        aside = restore_backup(home, good.path, datetime.now(UTC))
    passed_over = tuple(check.problem for check in checks if check.problem is not None)
    return Restored(good.path, good.photos, good.decisions, aside, passed_over)


def recover_decisions(workspace: Workspace, cancel: CancelToken, report: Report) -> Recovered:
    """After a restore: read the files again, and take keywords that came since as decisions.

    A keyword counts when it names a class, is in the file now and was not when the backup was
    made. Then somebody decided on it: with this program, before the library was lost, or with
    another. Where the settings let predictions be written, photos that the classifier has not
    looked at, as those that came since the backup, are left to it.

    Raises:
        CancelledError: between two photos; call it again to go on.
    """
    library = workspace.library
    before = library.keyword_tags(may_be_predicted=True)
    try:
        with workspace.working():
            scan = scan_library(workspace, cancel, report)
    except CancelledError:
        _decide_since(library, before)  # the next call takes what was read now for old
        raise
    pairs = _decide_since(library, before)
    return Recovered(len({photo_id for photo_id, _ in pairs}), len(pairs), tuple(scan.offline))


def _decide_since(library: Library, before: set[_Pair]) -> set[_Pair]:
    """Confirm what keywords say that were not there before; returns it."""
    pairs = library.keyword_tags(may_be_predicted=False) - before
    pairs -= _decided_pairs(library, {photo_id for photo_id, _ in pairs})
    requests = [
        DecisionRequest(photo_id, tag_id, Verdict.CONFIRMED) for photo_id, tag_id in sorted(pairs)
    ]
    library.decide(requests, label="Keywords in the files", source=Source.FILE)
    return pairs


def _decided_pairs(library: Library, photo_ids: set[PhotoId]) -> set[_Pair]:
    """What stands in the backup already, though it was written only after it was made."""
    tags = {tag.name: tag.id for tag in library.tags()}
    return {
        (row.id, tags[tag.name])
        for row in library.photo_rows(list(photo_ids))
        for tag in row.tags
        if tag.state in {TagState.CONFIRMED, TagState.CORRECTED}
    }


def _choose(home: Path, wanted: str | None) -> list[BackupCheck]:
    """The backups that come into question, the best first."""
    if wanted is None:
        return _check_until_good(list_backups(home))
    named = [path for path in list_backups(home) if wanted in {path.name, path.stem[-10:]}]
    elsewhere = Path(wanted).expanduser().absolute()
    if not named and elsewhere.is_file():
        named = [elsewhere]
    if not named:
        known = ", ".join(path.name for path in list_backups(home)) or "none"
        raise WrongUseError(f"There is no backup {wanted}; there are: {known}.")
    return [check_backup(named[0])]


def _check_until_good(paths: list[Path]) -> list[BackupCheck]:
    checks = []
    for path in paths:
        checks.append(check_backup(path))
        if checks[-1].problem is None:
            break
    return checks
