"""Finding, watching, creating and replacing files; knows names and bytes, never pictures.

Watching is in `tagger.files.watch`, for what it needs takes long to load.
"""

from tagger.files.create import (
    NameTakenError,
    StreamedFile,
    create_file,
    create_numbered_file,
    find_equal_file,
    free_name,
    stream_numbered_file,
)
from tagger.files.delta import (
    Patching,
    apply_delta,
    digest_of,
    digest_of_file,
    make_delta,
    revert_delta,
)
from tagger.files.drives import is_network_drive, is_online
from tagger.files.leftovers import remove_leftovers
from tagger.files.remove import remove_file
from tagger.files.replace import Copy, explain_protection, open_copy, replace_by, replace_file
from tagger.files.scan import FoundFile, ScanProblem, scan_folder
from tagger.files.sentences import sentence_for, write_error_for
from tagger.files.settle import Settler
from tagger.files.sidecar_stamps import stamp_sidecars
from tagger.files.stamps import read_stamp
from tagger.files.temporary import sync_folder

__all__ = [
    "Copy",
    "FoundFile",
    "NameTakenError",
    "Patching",
    "ScanProblem",
    "Settler",
    "StreamedFile",
    "apply_delta",
    "create_file",
    "create_numbered_file",
    "digest_of",
    "digest_of_file",
    "explain_protection",
    "find_equal_file",
    "free_name",
    "is_network_drive",
    "is_online",
    "make_delta",
    "open_copy",
    "read_stamp",
    "remove_file",
    "remove_leftovers",
    "replace_by",
    "replace_file",
    "revert_delta",
    "scan_folder",
    "sentence_for",
    "stamp_sidecars",
    "stream_numbered_file",
    "sync_folder",
    "write_error_for",
]
