"""The index of photos, tags and decisions, in SQLite. The only package that speaks SQL."""

from tagger.core.query import Sort
from tagger.library.facade import Library
from tagger.library.records import (
    ClassRecord,
    DecisionRequest,
    Folder,
    HistoryLine,
    LibrarySummary,
    ModelRecord,
    ModelRow,
    PendingWrite,
    PhotoRow,
    PhotoToTag,
    ScoredPhoto,
    UndoneBatch,
)

__all__ = [
    "ClassRecord",
    "DecisionRequest",
    "Folder",
    "HistoryLine",
    "Library",
    "LibrarySummary",
    "ModelRecord",
    "ModelRow",
    "PendingWrite",
    "PhotoRow",
    "PhotoToTag",
    "ScoredPhoto",
    "Sort",
    "UndoneBatch",
]
