"""The ledger of posts: which photo was shown where and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.errors import WrongUseError
from tagger.core.ids import PhotoId
from tagger.core.query import Posted
from tagger.library.path_text import decode_path, encode_path
from tagger.library.rows import pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from tagger.library.found_ids import Ids, Search


@dataclass(frozen=True, slots=True)
class Post:
    """One photo, shown once.

    Attributes:
        platform: such as `Instagram`.
        account: whose page it was; empty where there is but one.
        caption: as it was posted; may be empty.
    """

    photo_id: PhotoId
    platform: str
    account: str
    posted_on: date
    caption: str = ""


_MOST_DAYS = 365 * 1000
"""Further back nobody has posted, and no calendar goes."""

# A photo has several rows where it was copied, and where a RAW file is beside it. What was posted
# of one was posted of all.
_SHOWN = """
    FROM (
        SELECT o.photo_id AS id, o.posted_on FROM posts o
        UNION ALL
        SELECT twin.id, o.posted_on
        FROM posts o JOIN photos p ON p.id = o.photo_id
        JOIN photos twin ON twin.content_id = p.content_id
        UNION ALL
        SELECT twin.id, o.posted_on
        FROM posts o JOIN photos p ON p.id = o.photo_id
        JOIN photos twin ON twin.exposure_id = p.exposure_id
    )
    WHERE posted_on >= ?
"""

# These rows and those that share what was posted with them.
_ROWS = """
    SELECT value FROM json_each(:ids)
    UNION
    SELECT twin.id FROM photos p JOIN photos twin ON twin.content_id = p.content_id
    WHERE p.id IN (SELECT value FROM json_each(:ids))
    UNION
    SELECT twin.id FROM photos p JOIN photos twin ON twin.exposure_id = p.exposure_id
    WHERE p.id IN (SELECT value FROM json_each(:ids))
"""


def create_posts(db: sqlite3.Connection) -> None:
    """The ledger of posts: never dropped."""
    db.execute(
        """
        CREATE TABLE posts (
            id INTEGER PRIMARY KEY,
            photo_id INTEGER NOT NULL REFERENCES photos,
            platform TEXT NOT NULL,
            account TEXT NOT NULL,
            posted_on TEXT NOT NULL,
            caption TEXT NOT NULL,
            added_at TEXT NOT NULL,
            UNIQUE (photo_id, platform, account, posted_on)
        ) STRICT
        """
    )


def add_posts(db: sqlite3.Connection, posts: Iterable[Post], now: datetime) -> Changes:
    """Note posts. One of the same photo, place and day is the same post, with the new caption.

    Raises:
        WrongUseError: a photo that is not in the library, or no platform.
    """
    posts = list(posts)
    ids = {post.photo_id for post in posts}
    known = db.execute(
        "SELECT count(*) FROM photos WHERE id IN (SELECT value FROM json_each(?))", (pack(ids),)
    ).fetchone()[0]
    if known != len(ids):
        raise WrongUseError("A photo is not in the library.")
    if not all(post.platform.strip() for post in posts):
        raise WrongUseError("A post needs the name of the platform.")
    db.executemany(
        "INSERT INTO posts (photo_id, platform, account, posted_on, caption, added_at) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (photo_id, platform, account, posted_on) "
        "DO UPDATE SET caption = excluded.caption WHERE excluded.caption <> ''",
        [(*_encode_place(post), encode_path(post.caption), now.isoformat()) for post in posts],
    )
    return Changes(frozenset(ids), tags=True)


def remove_posts(db: sqlite3.Connection, posts: Iterable[Post]) -> Changes:
    """Take posts out of the ledger again; those that are not in it change nothing."""
    posts = list(posts)
    removed = db.executemany(
        "DELETE FROM posts WHERE photo_id = ? AND platform = ? AND account = ? AND posted_on = ?",
        [_encode_place(post) for post in posts],
    ).rowcount
    return Changes(frozenset(post.photo_id for post in posts), tags=True) if removed else Changes()


def list_posts(db: sqlite3.Connection, photo_ids: Collection[PhotoId] | None) -> list[Post]:
    """The posts of these photos and of their copies, or of all photos; the newest first."""
    shown = "" if photo_ids is None else f"WHERE photo_id IN ({_ROWS})"
    rows = db.execute(
        "SELECT photo_id, platform, account, posted_on, caption FROM posts "
        f"{shown} ORDER BY posted_on DESC, id DESC",
        {} if photo_ids is None else {"ids": pack(photo_ids)},
    )
    return [
        Post(
            PhotoId(photo_id),
            decode_path(platform),
            decode_path(account),
            date.fromisoformat(posted_on),
            decode_path(caption),
        )
        for photo_id, platform, account, posted_on, caption in rows
    ]


def _encode_place(post: Post) -> tuple[int, str, str, str]:
    return (
        post.photo_id,
        encode_path(post.platform.strip()),
        encode_path(post.account.strip()),
        post.posted_on.isoformat(),
    )


def _find_posted(clause: Posted, search: Search) -> Ids:
    first = date.min
    if clause.within_days is not None:
        first = search.scope.today - timedelta(days=min(clause.within_days, _MOST_DAYS))
    return search.read("id", _SHOWN, first.isoformat())


POST_FINDERS: dict[type, Callable[..., Ids]] = {Posted: _find_posted}
"""For each kind of clause what finds it: `(clause, search) -> ids`, in no order."""
