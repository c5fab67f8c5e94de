"""What a photo says about itself in the fields this program cares for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.metadata.keyword_paths import KeywordPath


@dataclass(frozen=True, slots=True)
class FileMetadata:
    """Keywords, rating and label of one photo, read from the file and its sidecars.

    Attributes:
        keywords: flat keywords of all carriers, last names of all paths included; cleaned,
            of several spellings the first.
        paths: hierarchical keywords, two names or more each.
        rating: -1 (rejected) to 5, None where there is none.
        label: free text; a colour only in programs whose label set has that text.
        problems: sentences about metadata that could not be read.
    """

    keywords: tuple[str, ...] = ()
    paths: tuple[KeywordPath, ...] = ()
    rating: int | None = None
    label: str | None = None
    problems: tuple[str, ...] = ()
