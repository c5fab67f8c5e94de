"""The pretrained network that training starts from: where it is, and which variant it is.

The tensors of the variants v1 and v1.5 have the same names and shapes, and one run as the other
loses ten points, so the variant is never guessed. The first of these that speaks decides:

1. the metadata of a safetensors file, key `variant`, which every file of this program has;
2. the hash of the file: torchvision publishes those of its own, which are v1.5;
3. what the user says (`train.backbone_variant`).
"""

from __future__ import annotations

import hashlib
import os
import pickle
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from tagger.core.errors import ModelError
from tagger.ml.download import download_file
from tagger.ml.network import ResNet50, Variant, build_network
from tagger.ml.weights import decode, read_tensors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor

    from tagger.core.cancel import CancelToken

VARIABLE = "TAGGER_BACKBONE"
_UNREADABLE = (
    *(OSError, RuntimeError, EOFError, pickle.UnpicklingError, ValueError, TypeError),
    *(LookupError, AttributeError, AssertionError),
)
"""What torch raises over bytes that are no weights."""
_VARIANTS: tuple[Variant, ...] = ("v1", "v1.5")


@dataclass(frozen=True, slots=True)
class Published:
    """Weights on the web.

    Attributes:
        sha256_prefix: first digits of the file's hash.
    """

    url: str
    sha256_prefix: str

    @property
    def file_name(self) -> str:
        """As torchvision calls it in its cache."""
        return self.url.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class BackboneRequest:
    """What a person said about the pretrained network; all may be left open.

    Attributes:
        chosen: file named for this one training.
        setting: file named for all.
        variant: `v1` or `v1.5`, for a file that doesn't say it itself.
    """

    chosen: Path | None = None
    setting: Path | None = None
    variant: str | None = None


def published_weights() -> tuple[Published, ...]:
    """ResNet50 weights of torchvision, the best to start from first; takes seconds to import.

    The older ones come first: they were trained with the transform that is used here and without
    label smoothing, which makes features worse to learn from (Kornblith et al. 2021).
    """
    from torchvision.models import ResNet50_Weights  # noqa: PLC0415 - seconds, and seldom needed

    entries = (ResNet50_Weights.IMAGENET1K_V1, ResNet50_Weights.IMAGENET1K_V2)
    return tuple(
        Published(entry.url, entry.url.rpartition("-")[2].removesuffix(".pth")) for entry in entries
    )


def cache_folder() -> Path:
    """Where torchvision keeps what it has downloaded."""
    return Path(torch.hub.get_dir()) / "checkpoints"


def find_backbone(
    request: BackboneRequest,
    environment: Mapping[str, str] = os.environ,
    cache: Path | None = None,
) -> Path | None:
    """The file to start from; None when it has to be downloaded.

    The order: named for this training, named in the settings, `TAGGER_BACKBONE`, torchvision's
    cache. A file that is named and not there is an error and never replaced by another one.

    Raises:
        ModelError: the file that was named is not there.
    """
    named = request.chosen or request.setting or environment.get(VARIABLE)
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            raise ModelError(f"There are no weights at {path}. Name a file that is there.")
        return path
    folder = cache or cache_folder()
    cached = (folder / published.file_name for published in published_weights())
    return next((path for path in cached if path.is_file()), None)


def obtain_backbone(
    request: BackboneRequest,
    cancel: CancelToken,
    on_progress: Callable[[int, int | None], None] = lambda _done, _total: None,
) -> ResNet50:
    """The pretrained network from a file, or downloaded once into torchvision's cache.

    Args:
        request: what the user said.
        cancel: of the download; the next call goes on with it.
        on_progress: told bytes done and bytes in all.

    Raises:
        CancelledError: somebody asked for a stop.
        ModelError: there is no file and no network, the file is damaged or no ResNet50, or its
            variant isn't known.
    """
    path = find_backbone(request)
    if path is None:
        path = download_backbone(published_weights()[0], cache_folder(), cancel, on_progress)
    return load_pretrained(path, request.variant)


def download_backbone(
    published: Published,
    folder: Path,
    cancel: CancelToken,
    on_progress: Callable[[int, int | None], None] = lambda _done, _total: None,
) -> Path:
    """Download weights into a folder; says what to do where that doesn't work."""
    target = folder / published.file_name
    try:
        return download_file(published.url, target, published.sha256_prefix, cancel, on_progress)
    except ModelError as error:
        raise ModelError(
            f"{error} Training needs a pretrained ResNet50: connect to the internet, or name a "
            f"file with tagger settings train.backbone FILE or {VARIABLE}."
        ) from error


def load_pretrained(path: Path, variant: str | None = None) -> ResNet50:
    """A ResNet50 from a safetensors file, or from one as torchvision publishes them.

    Never runs code of the file: torch reads pickles of tensors alone.

    Args:
        path: the file.
        variant: what the user says; counts where neither metadata nor hash tell.

    Raises:
        ModelError: unreadable, no ResNet50, or of unknown variant.
    """
    stored, named = read_tensors(path) if _is_safetensors(path) else (_read_pickle(path), "")
    found = named or _variant_by_hash(path) or variant
    if found not in _VARIANTS:
        raise ModelError(
            f"The weights in {path} don't say which variant of ResNet50 they are. Say it with "
            "tagger settings train.backbone_variant: v1.5 for torchvision's, v1 for the original."
        )
    return build_network(decode(stored), "v1" if found == "v1" else "v1.5")


def _is_safetensors(path: Path) -> bool:
    """Whether it begins with eight bytes of length and then JSON."""
    try:
        with path.open("rb") as file:
            start = file.read(9)
    except OSError as error:
        raise ModelError(f"The weights in {path} can't be read: {error.strerror}.") from error
    return start[8:] == b"{"


def _read_pickle(path: Path) -> dict[str, Tensor]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # it can't read every old protocol
            values = torch.load(path, map_location="cpu", weights_only=True)
    except _UNREADABLE as error:
        raise ModelError(
            f"The weights in {path} are damaged, or no file of weights. Copy them again."
        ) from error
    if not isinstance(values, dict) or not all(
        isinstance(name, str) and isinstance(value, torch.Tensor) for name, value in values.items()
    ):
        raise ModelError(f"{path} holds something else than the weights of a network.")
    return values


def _variant_by_hash(path: Path) -> str | None:
    """v1.5 for torchvision's own files, whatever they are called."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    is_known = any(digest.startswith(entry.sha256_prefix) for entry in published_weights())
    return "v1.5" if is_known else None
