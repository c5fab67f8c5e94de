"""A finished post as numbered files of one shape, each cut around what its slide shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.services.exporting import ExportRequest, export_photos, find_preset
from tagger.services.posts.building import shape_of

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import PhotoId
    from tagger.services.exporting import ExportResult
    from tagger.services.posts.draft import Draft
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace


def request_post(
    workspace: Workspace, draft: Draft, folder: Path, preset_name: str | None = None
) -> ExportRequest:
    """How a post is exported: without a preset the first slide sets the shape.

    Raises:
        WrongUseError: there is no such preset.
    """
    preset = find_preset(workspace.home, preset_name or shape_of(workspace, draft))
    return ExportRequest(
        preset=preset.model_copy(update={"filename": "{n}_" + preset.filename}),
        folder=folder,
        has_captions=True,
        tags={slot.photo_id: slot.name for slot in draft.slots if slot.photo_id is not None},
    )


def export_post(
    workspace: Workspace,
    draft: Draft,
    request: ExportRequest,
    cancel: CancelToken,
    report: Report,
) -> ExportResult:
    """Export the slides in their order.

    Raises:
        WrongUseError, WriteFailedError, CancelledError: as `export_photos`.
    """
    rows = workspace.library.photo_rows(draft.photo_ids)
    return export_photos(workspace, rows, request, cancel, report)


def list_exported(workspace: Workspace, draft: Draft, result: ExportResult) -> list[PhotoId]:
    """The photos of a post whose pictures are there: what may be noted as posted."""
    failed = {path for path, _ in result.failed}
    rows = workspace.library.photo_rows(draft.photo_ids)
    return [row.id for row in rows if row.path not in failed]
