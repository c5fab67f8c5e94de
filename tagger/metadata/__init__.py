"""Keywords in photos and sidecars: reads every carrier, plans edits as bytes, checks them.

Nothing here writes to disk. The rules are those of XMP (ISO 16684-1), IPTC-IIM 4.2, the MWG
guidelines 2.0 and the public sources of the programs that share the files.
"""

from tagger.metadata.credit import Credit, read_credit
from tagger.metadata.edits import CarrierEdit
from tagger.metadata.file_metadata import FileMetadata
from tagger.metadata.keyword_paths import KeywordChange, KeywordPath
from tagger.metadata.photo_files import PhotoFiles
from tagger.metadata.planning import plan_agreement, plan_edits, plan_files
from tagger.metadata.profiles import LIGHTROOM, PROFILES, Profile
from tagger.metadata.reading import keywords_after, read_metadata
from tagger.metadata.sidecars import find_sidecars

__all__ = [
    "LIGHTROOM",
    "PROFILES",
    "CarrierEdit",
    "Credit",
    "FileMetadata",
    "KeywordChange",
    "KeywordPath",
    "PhotoFiles",
    "Profile",
    "find_sidecars",
    "keywords_after",
    "plan_agreement",
    "plan_edits",
    "plan_files",
    "read_credit",
    "read_metadata",
]
