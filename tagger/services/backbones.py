"""The pretrained network for training, as the settings of a library name it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.core.progress import Progress

if TYPE_CHECKING:
    from tagger.core.cancel import CancelToken
    from tagger.library import Library
    from tagger.ml.network import ResNet50
    from tagger.services.reporting import Report

_MEGABYTE = 1_000_000


def load_starting_network(
    library: Library, chosen: Path | None, cancel: CancelToken, report: Report
) -> ResNet50:
    """The pretrained ResNet50 that deep training starts from; it knows its variant.

    The first of these: the file chosen for this training, the setting `train.backbone`, the
    variable `TAGGER_BACKBONE`, torchvision's cache, a download into that cache.

    Raises:
        CancelledError: somebody stopped the download; the next call goes on with it.
        ModelError: no file and no network, or the file can't be used; one sentence says what to do.
    """
    from tagger.ml.backbone import BackboneRequest, obtain_backbone  # noqa: PLC0415  loads torch

    setting = library.setting("train.backbone")
    request = BackboneRequest(
        chosen, Path(setting) if setting else None, library.setting("train.backbone_variant")
    )
    started_s = time.monotonic()

    def tell(done: int, total: int | None) -> None:
        report(
            Progress(
                "Downloading the pretrained network",
                done // _MEGABYTE,
                None if total is None else total // _MEGABYTE,
                time.monotonic() - started_s,
                unit="MB",
            )
        )

    return obtain_backbone(request, cancel, tell)
