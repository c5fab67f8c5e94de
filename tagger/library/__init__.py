"""The index of photos, tags and decisions, in SQLite. The only package that speaks SQL."""

from tagger.core.query import Sort
from tagger.core.writes import FileChange, PendingWrite
from tagger.library.backups import list_backups
from tagger.library.candidates import ClassScores
from tagger.library.detaching import detach
from tagger.library.facade import Library
from tagger.library.glance import glance_setting
from tagger.library.journal_records import (
    CrashFinding,
    JournalLine,
    PlannedPhoto,
    RunRow,
)
from tagger.library.learned_keywords import MEANINGS
from tagger.library.posts import Post
from tagger.library.preparing import StoredDraft
from tagger.library.records import (
    BlindChecks,
    ClassRecord,
    DecidedPhoto,
    DecisionRequest,
    Doubt,
    FileKeyword,
    Folder,
    HistoryLine,
    LibrarySummary,
    ModelRecord,
    ModelRow,
    PhotoRow,
    PhotoToTag,
    RatingLine,
    ScoredPhoto,
    UndoneBatch,
    WrittenFile,
)
from tagger.library.rescoring import Rescored
from tagger.library.restoring import KEPT_ASIDE, BackupCheck, check_backup, restore_backup
from tagger.library.saved_searches import SavedSearch
from tagger.library.tags import RENAMED

__all__ = [
    "KEPT_ASIDE",
    "MEANINGS",
    "RENAMED",
    "BackupCheck",
    "BlindChecks",
    "ClassRecord",
    "ClassScores",
    "CrashFinding",
    "DecidedPhoto",
    "DecisionRequest",
    "Doubt",
    "FileChange",
    "FileKeyword",
    "Folder",
    "HistoryLine",
    "JournalLine",
    "Library",
    "LibrarySummary",
    "ModelRecord",
    "ModelRow",
    "PendingWrite",
    "PhotoRow",
    "PhotoToTag",
    "PlannedPhoto",
    "Post",
    "RatingLine",
    "Rescored",
    "RunRow",
    "SavedSearch",
    "ScoredPhoto",
    "Sort",
    "StoredDraft",
    "UndoneBatch",
    "WrittenFile",
    "check_backup",
    "detach",
    "glance_setting",
    "list_backups",
    "restore_backup",
]
