from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from tagger.core.cancel import CancelToken
from tagger.services.indexing import scan_library
from tagger.services.tagging import tag_pending
from tagger.services.workspace import Workspace
from tests.pictures import save_jpeg
from tests.unit.library.shelf import MODEL

if TYPE_CHECKING:
    import pytest

    from tagger.ml import Classifier


def test_photos_whose_drive_fails_wait_and_end_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network drive that is cut off answers with an error; it does not say that nothing is there.

    No picture can be decoded, so the classifier is asked for nothing but its numbers.
    """
    photo, stat = save_jpeg(tmp_path / "photos" / "1.jpg"), os.stat
    numbers = SimpleNamespace(batch_size=2, input_px=64, info=SimpleNamespace(transform=None))

    def fail(path: str | Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if Path(path) == photo:
            raise OSError(errno.EIO, "Input/output error")
        return stat(path, follow_symlinks=follow_symlinks)

    with Workspace.open(tmp_path / "home") as workspace:
        model_id = workspace.library.register_model(MODEL)
        workspace.library.add_folder(photo.parent)
        scan_library(workspace, CancelToken(), lambda _: None)
        photo.write_bytes(b"")
        monkeypatch.setattr("os.stat", fail)
        result = tag_pending(
            workspace, cast("Classifier", numbers), model_id, CancelToken(), lambda _: None
        )

        assert (result.tagged, result.failed) == (0, 0)
        assert workspace.library.failures() == []
