"""The ledger: what was shown where and when, what a new post would repeat, and past posts."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoError, WrongUseError
from tagger.library import Post
from tagger.services.posts.matching import Matcher
from tagger.services.reporting import Report, Stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import PhotoId
    from tagger.services.workspace import Workspace

PLATFORMS = ("Instagram", "Facebook", "Pinterest", "TikTok", "Website")
"""What people are offered; any other name will do."""
COLUMNS = ("photo", "platform", "account", "date", "caption")
_PICTURES = {".jpg", ".jpeg", ".png", ".webp"}


@dataclass(frozen=True)
class Place:
    """Where and when something was posted."""

    platform: str
    account: str = ""
    posted_on: date = field(default_factory=lambda: datetime.now().astimezone().date())
    caption: str = ""


@dataclass(frozen=True)
class ShownPhoto:
    """A line of the ledger, and where its photo lies."""

    path: Path
    post: Post


@dataclass
class ImportResult:
    """What came of past posts.

    Attributes:
        added: how many lines the ledger got or has already.
        unmatched: files and names for which no photo was found.
    """

    added: int = 0
    unmatched: list[str] = field(default_factory=list)


def note_posts(workspace: Workspace, photos: Sequence[PhotoId], place: Place) -> None:
    """Note that these photos were posted.

    Raises:
        WrongUseError: the platform has no name.
    """
    workspace.library.add_posts([_post(photo, place) for photo in photos])


def list_shown(workspace: Workspace, photos: Sequence[PhotoId] | None = None) -> list[ShownPhoto]:
    """The ledger of these photos, or all of it, the newest first."""
    posts = workspace.library.posts(photos)
    rows = workspace.library.photo_rows([post.photo_id for post in posts])
    paths = {row.id: row.path for row in rows}
    return [ShownPhoto(paths[post.photo_id], post) for post in posts if post.photo_id in paths]


def usual_place(workspace: Workspace) -> Place:
    """Where was posted last, with the day of today: what the next note most likely says."""
    newest = next(iter(workspace.library.posts()), None)
    return Place(PLATFORMS[0]) if newest is None else Place(newest.platform, newest.account)


def forget_posts(
    workspace: Workspace, photos: Sequence[PhotoId], platform: str, posted_on: date | None = None
) -> int:
    """Take photos out of the ledger that were noted by mistake; returns how many lines went.

    Only those of this platform, and of this day if one is given.
    """
    wrong = [
        post
        for post in workspace.library.posts(photos)
        if post.platform == platform and posted_on in {None, post.posted_on}
    ]
    workspace.library.remove_posts(wrong)
    return len(wrong)


def warn_of_repeats(workspace: Workspace, photos: Sequence[PhotoId]) -> list[str]:
    """A sentence for each photo that was posted before, with place and day."""
    return [
        f"{one.path.name} was posted before: {one.post.platform}, {one.post.posted_on:%Y-%m-%d}."
        for one in list_shown(workspace, photos)
    ]


def import_table(
    workspace: Workspace, path: Path, usual: Place, cancel: CancelToken, report: Report
) -> ImportResult:
    """Past posts from a CSV with the columns photo, platform, account, date, caption.

    `photo` is the path or name of a photo, or the path of an exported picture beside the table.
    What a row leaves empty is taken from `usual`.

    Raises:
        WrongUseError: the table can't be read, has no column `photo`, or a date is none.
        CancelledError: somebody asked for a stop; nothing is noted.
    """
    rows = list(_read_table(path))
    watch = Stopwatch("Matching", len(rows), report)
    matcher, result, posts = Matcher(workspace), ImportResult(), []
    for number, row in enumerate(rows, start=2):
        cancel.raise_if_cancelled()
        photo = matcher.match_name(row["photo"], path.parent)
        if photo is not None:
            posts.append(_post(photo, _read_place(row, usual, number)))
        elif any(row.values()):  # spreadsheets end with empty rows
            result.unmatched.append(row["photo"])
        watch.advance()
    workspace.library.add_posts(posts)
    result.added = len(posts)
    return result


def import_folder(
    workspace: Workspace, folder: Path, usual: Place, cancel: CancelToken, report: Report
) -> ImportResult:
    """Past posts from a folder of exported pictures, matched by what they show.

    Raises:
        WrongUseError: there is no such folder, or nothing in it.
        CancelledError: somebody asked for a stop; nothing is noted.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _PICTURES)
    if not files:
        raise WrongUseError(f"There are no pictures in {folder}. Choose the folder of an export.")
    watch = Stopwatch("Matching", len(files), report)
    matcher, result, posts = Matcher(workspace), ImportResult(), []
    for path in files:
        cancel.raise_if_cancelled()
        try:
            photo = matcher.match_picture(path)
        except PhotoError:
            photo = None
        if photo is None:
            result.unmatched.append(str(path))
        else:
            posts.append(_post(photo, usual))
        watch.advance()
    workspace.library.add_posts(posts)
    result.added = len(posts)
    return result


def _post(photo: PhotoId, place: Place) -> Post:
    return Post(photo, place.platform, place.account, place.posted_on, place.caption)


def _read_table(path: Path) -> Iterator[dict[str, str]]:
    if not path.exists():
        raise WrongUseError(f"There is no file or folder {path}.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise WrongUseError(f"{path} can't be read as a table in UTF-8.") from error
    try:
        yield from _read_rows(path, text)
    except csv.Error as error:
        raise WrongUseError(f"{path} can't be read as a table: {error}.") from error


def _read_rows(path: Path, text: str) -> Iterator[dict[str, str]]:
    separator = _find_separator(text)
    reader = csv.DictReader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
    # Tables from other programs begin with a column of numbers that has no name.
    names = {name.strip().lower(): name for name in reader.fieldnames or () if name.strip()}
    if "photo" not in names:
        raise WrongUseError(f"{path} has no column photo; the columns are {', '.join(COLUMNS)}.")
    for row in reader:
        cells = {name: row.get(own) or "" for name, own in names.items()}
        yield {name: cells.get(name, "").strip() for name in COLUMNS}


def _find_separator(text: str) -> str:
    """Only that: what else the sniffer guesses from a few lines cuts captions with quotes."""
    try:
        return csv.Sniffer().sniff(text[:4096], ",;\t").delimiter
    except csv.Error:
        return ","


def _read_place(row: dict[str, str], usual: Place, number: int) -> Place:
    try:
        posted_on = date.fromisoformat(row["date"]) if row["date"] else usual.posted_on
    except ValueError as error:
        raise WrongUseError(
            f"Row {number} has no date that can be read: {row['date']}. Write 2026-06-20."
        ) from error
    return Place(
        row["platform"] or usual.platform,
        row["account"] or usual.account,
        posted_on,
        row["caption"] or usual.caption,
    )
