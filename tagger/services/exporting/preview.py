"""What a window asks for: a picture as it will be written, and the export itself.

Both are sent to the process that works behind the window, so both are plain functions.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError
from tagger.images import decode_photo
from tagger.services.exporting.items import make_items
from tagger.services.exporting.running import export_photos, make_renderer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import PhotoId
    from tagger.export import Window
    from tagger.services.exporting.request import ExportRequest, ExportResult
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace

_WHOLE_PX = 900
_WHOLE_QUALITY = 85


@dataclass(frozen=True)
class ExportPreview:
    """One picture before it is written.

    Attributes:
        name: of its file where no name is taken.
        content: the very bytes that will be written.
        whole: the photo itself as a small JPEG, upright.
        window: the part that is kept; None where nothing is cut.
    """

    photo_id: PhotoId
    name: str
    content: bytes
    whole: bytes
    window: Window | None


def preview_export(
    workspace: Workspace,
    cancel: CancelToken,
    report: Report,
    *,
    photo_ids: Sequence[PhotoId],
    place: int,
    request: ExportRequest,
) -> ExportPreview:
    """The picture of the photo at this place of an export.

    Raises:
        PhotoError: it can't be read or made.
        WrongUseError: it is gone from the library, or the preset can't be used yet.
    """
    del report  # too short to be told
    rows = workspace.library.photo_rows(photo_ids)
    if not 0 <= place < len(rows):
        raise WrongUseError("This photo is no longer in the library.")
    item = make_items(workspace.library, rows, request)[place]
    item.refuse_gone()
    cancel.raise_if_cancelled()
    made = make_renderer(workspace, request).compose(item.path, item)
    whole = io.BytesIO()
    decode_photo(item.path, long_side_px=_WHOLE_PX).save(whole, "JPEG", quality=_WHOLE_QUALITY)
    return ExportPreview(
        item.row.id, f"{item.stem}.jpg", made.content, whole.getvalue(), made.window
    )


def export_chosen(
    workspace: Workspace,
    cancel: CancelToken,
    report: Report,
    *,
    photo_ids: Sequence[PhotoId],
    request: ExportRequest,
) -> ExportResult:
    """Export photos by their ids; see `export_photos`."""
    rows = workspace.library.photo_rows(photo_ids)
    return export_photos(workspace, rows, request, cancel, report)
