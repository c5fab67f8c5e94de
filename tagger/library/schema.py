"""The tables of the library, as ordered steps from an empty file.

A step that was published is never edited; a new one is added at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.library.class_keywords import create_chosen_paths
from tagger.library.doubts import create_doubts
from tagger.library.file_keywords import create_asked_batches
from tagger.library.journal import create_journal
from tagger.library.mounts import create_mounts
from tagger.library.posts import create_posts
from tagger.library.preparing import create_preparations
from tagger.library.rating_schema import create_ratings, index_rating_history
from tagger.library.review import create_blind_checks
from tagger.library.revisions import create_revisions
from tagger.library.saved_searches import create_saved_searches

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

_PHOTOS = """
CREATE TABLE migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE folders (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    added_at TEXT NOT NULL,
    removed_at TEXT
) STRICT;

CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL UNIQUE,
    backbone TEXT NOT NULL,
    added_at TEXT NOT NULL,
    in_use INTEGER NOT NULL CHECK (in_use IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX models_in_use ON models (in_use) WHERE in_use = 1;

-- Rows are never deleted: a file that is gone may come back, and its decisions with it.
-- dir, name_key and pair_key follow from rel_path. leader_id: the JPEG that speaks for this RAW.
-- exposure_id: all files of one exposure, which share decisions, also while one is missing.
-- tagged_by: the model whose scores are stored; NULL waits for the classifier.
-- tag_rev > written_rev waits for writing.
CREATE TABLE photos (
    id INTEGER PRIMARY KEY,
    folder_id INTEGER NOT NULL REFERENCES folders,
    rel_path TEXT NOT NULL,
    dir TEXT NOT NULL,
    name_key TEXT NOT NULL,
    pair_key TEXT NOT NULL,
    format TEXT,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    content_id TEXT,
    taken_at TEXT,
    camera TEXT,
    width INTEGER,
    height INTEGER,
    orientation INTEGER NOT NULL,
    rating INTEGER,
    label TEXT,
    shoot TEXT NOT NULL,
    leader_id INTEGER REFERENCES photos,
    exposure_id INTEGER REFERENCES photos,
    added_at TEXT NOT NULL,
    missing_since TEXT,
    error TEXT,
    tagged_by INTEGER REFERENCES models,
    tag_rev INTEGER NOT NULL DEFAULT 0,
    written_rev INTEGER NOT NULL DEFAULT 0,
    write_state TEXT CHECK (write_state IN ('failed', 'conflict', 'read-only', 'offline')),
    write_error TEXT
) STRICT;

CREATE UNIQUE INDEX photos_present ON photos (folder_id, rel_path) WHERE missing_since IS NULL;
CREATE INDEX photos_gone ON photos (folder_id, rel_path) WHERE missing_since IS NOT NULL;
CREATE INDEX photos_by_content ON photos (content_id);
CREATE INDEX photos_by_pair ON photos (folder_id, pair_key);
CREATE INDEX photos_by_leader ON photos (leader_id) WHERE leader_id IS NOT NULL;
CREATE INDEX photos_by_exposure ON photos (exposure_id) WHERE exposure_id IS NOT NULL;
CREATE INDEX photos_to_tag ON photos (tagged_by, folder_id)
    WHERE leader_id IS NULL AND missing_since IS NULL AND error IS NULL AND content_id IS NOT NULL;
CREATE INDEX photos_to_write ON photos (id, folder_id)
    WHERE tag_rev > written_rev AND missing_since IS NULL;
CREATE INDEX photos_failed ON photos (id, folder_id)
    WHERE error IS NOT NULL OR write_state IS NOT NULL;
"""

_DECISIONS = """
CREATE TABLE tags (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    keyword_path TEXT NOT NULL
) STRICT;

-- The keys of the keywords that a written tag leaves in a file: its leaf and its whole path.
CREATE TABLE tag_keywords (
    tag_id INTEGER NOT NULL REFERENCES tags,
    key TEXT NOT NULL,
    PRIMARY KEY (tag_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE model_classes (
    model_id INTEGER NOT NULL REFERENCES models,
    tag_id INTEGER NOT NULL REFERENCES tags,
    threshold REAL NOT NULL,
    PRIMARY KEY (model_id, tag_id)
) STRICT, WITHOUT ROWID;

-- 'cut': undone, and out of reach of redo since something else was decided.
CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL,
    source TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'cut'))
) STRICT;

CREATE INDEX batches_by_state ON batches (state, source, id);

-- Every decision ever made; lines are never changed. verdict NULL: an earlier one taken back.
-- previous_id: what stood on this photo before.
CREATE TABLE history (
    id INTEGER PRIMARY KEY,
    batch_id INTEGER NOT NULL REFERENCES batches,
    photo_id INTEGER NOT NULL REFERENCES photos,
    tag_id INTEGER NOT NULL REFERENCES tags,
    verdict TEXT CHECK (verdict IN ('confirmed', 'corrected', 'rejected')),
    model_id INTEGER REFERENCES models,
    score REAL,
    previous_id INTEGER REFERENCES history
) STRICT;

CREATE INDEX history_by_batch ON history (batch_id);
CREATE INDEX history_by_photo ON history (photo_id);

-- The line that stands for each photo and tag. Copies of one picture may share a line. Of the
-- files of one exposure the newest line counts.
CREATE TABLE decisions (
    photo_id INTEGER NOT NULL REFERENCES photos,
    tag_id INTEGER NOT NULL REFERENCES tags,
    line_id INTEGER NOT NULL REFERENCES history,
    PRIMARY KEY (photo_id, tag_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX decisions_by_line ON decisions (line_id);

-- What undo moved, so that redo is its exact reverse.
CREATE TABLE undone (
    batch_id INTEGER NOT NULL REFERENCES batches,
    photo_id INTEGER NOT NULL REFERENCES photos,
    tag_id INTEGER NOT NULL REFERENCES tags,
    line_id INTEGER NOT NULL REFERENCES history,
    PRIMARY KEY (batch_id, photo_id, tag_id)
) STRICT, WITHOUT ROWID;
"""

# Rebuilt from files, scores and decisions; never the only place of anything a person did, but for
# written_keywords: what we may take out of a file again.
_DERIVED = """
CREATE TABLE predictions (
    photo_id INTEGER NOT NULL REFERENCES photos,
    tag_id INTEGER NOT NULL REFERENCES tags,
    model_id INTEGER NOT NULL REFERENCES models,
    score REAL NOT NULL,
    PRIMARY KEY (photo_id, tag_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX predictions_by_score ON predictions (tag_id, score);

-- state: 1 predicted, 2 confirmed, 3 corrected, 4 rejected. Leaders only.
CREATE TABLE photo_tags (
    photo_id INTEGER NOT NULL REFERENCES photos,
    tag_id INTEGER NOT NULL REFERENCES tags,
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
    score REAL,
    PRIMARY KEY (photo_id, tag_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX photo_tags_by_tag ON photo_tags (tag_id, state);

CREATE TABLE file_keywords (
    photo_id INTEGER NOT NULL REFERENCES photos,
    key TEXT NOT NULL,
    keyword TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (photo_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX file_keywords_by_key ON file_keywords (key);

CREATE TABLE written_keywords (
    photo_id INTEGER NOT NULL REFERENCES photos,
    key TEXT NOT NULL,
    leaf_key TEXT NOT NULL,
    keyword TEXT NOT NULL,
    PRIMARY KEY (photo_id, key)
) STRICT, WITHOUT ROWID;

-- Searching reads these instead of the wide rows; each holds all that its clause asks for.
CREATE INDEX photos_by_taken ON photos (taken_at, name_key, leader_id, missing_since);
CREATE INDEX photos_by_name ON photos (name_key, taken_at, leader_id, missing_since);
CREATE INDEX photos_by_dir ON photos (dir, folder_id);
CREATE INDEX photos_by_folder ON photos (folder_id);
CREATE INDEX photos_by_shoot ON photos (shoot);
CREATE INDEX photos_by_camera ON photos (camera);
CREATE INDEX photos_by_rating ON photos (rating);
CREATE INDEX photos_raw ON photos (id) WHERE format = 'raw';
CREATE INDEX photos_tagged ON photos (tagged_by);
"""


def create_photos(db: sqlite3.Connection) -> None:
    """Folders, photos and the queues over them."""
    _execute_all(db, _PHOTOS)


def create_decisions(db: sqlite3.Connection) -> None:
    """Classes and what people decided: never dropped."""
    _execute_all(db, _DECISIONS)


def create_derived(db: sqlite3.Connection) -> None:
    """Scores, effective tags, keywords in files and what makes searching fast."""
    _execute_all(db, _DERIVED)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    create_photos,
    create_decisions,
    create_derived,
    create_ratings,
    create_revisions,
    create_saved_searches,
    create_journal,
    create_asked_batches,
    create_posts,
    create_mounts,
    create_blind_checks,
    create_doubts,
    create_chosen_paths,
    index_rating_history,
    create_preparations,
)


def _execute_all(db: sqlite3.Connection, script: str) -> None:
    """One statement after the other: `executescript` would end the transaction."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
