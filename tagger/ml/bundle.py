"""A model bundle: one folder that keeps together what must not be parted.

`model.json` says what the classifier is; the weights lie beside it in a safetensors file whose hash
stands in `model.json`. Loading checks all of it and never unpickles anything. No torch is loaded
here before `save_bundle` is called.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from tagger.core.errors import ModelError
from tagger.ml.info import FORMAT_VERSION, BundleInfo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

INFO_FILE = "model.json"
_MAX_INFO_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """A bundle that was found: what it is, or the sentence why it can't be used."""

    folder: Path
    info: BundleInfo | None
    error: str | None = None


def load_info(folder: Path) -> BundleInfo:
    """Read and check a bundle, its weights' hash included (50 ms); loads no torch.

    Raises:
        ModelError: nothing there, cut in half, of another format version, with unknown or senseless
            entries, or with weights that are not the ones `model.json` speaks of.
    """
    info = _parse_info(folder, _read_info_text(folder))
    weights_file = folder / info.weights.file
    try:
        with weights_file.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise ModelError(
            f"The model in {folder} has no {info.weights.file}. Copy the whole folder again."
        ) from None
    except OSError as error:
        raise ModelError(f"The model's weights in {folder} can't be read: {error}.") from error
    if found != info.weights.sha256:
        raise ModelError(
            f"The weights of the model in {folder} are damaged or belong to another model. "
            "Copy the whole folder again."
        )
    return info


def _read_info_text(folder: Path) -> str:
    try:
        with (folder / INFO_FILE).open("rb") as file:
            return file.read(_MAX_INFO_BYTES).decode()
    except FileNotFoundError:
        raise ModelError(f"There is no model in {folder} ({INFO_FILE} is missing).") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{INFO_FILE} in {folder} can't be read: {error}.") from error


def _parse_info(folder: Path, text: str) -> BundleInfo:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):  # brackets in brackets, made to break readers
        values = None
    if not isinstance(values, dict):
        raise ModelError(
            f"{INFO_FILE} in {folder} is cut off or damaged. Copy the whole folder again."
        )
    version = values.get("format_version")
    if version != FORMAT_VERSION:
        raise ModelError(
            f"The model in {folder} has format {version}, and this program reads format "
            f"{FORMAT_VERSION}. Use a model and a program of the same version."
        )
    try:
        return BundleInfo.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "as a whole"
        raise ModelError(
            f"{INFO_FILE} in {folder} is not right at {place}: {first['msg']}."
        ) from None


def list_bundles(folders: Sequence[Path]) -> list[BundleEntry]:
    """The bundles directly below these folders by folder name; an unusable one with its reason."""
    found = [
        path.parent
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.glob(f"*/{INFO_FILE}"))
        if not path.parent.name.startswith(".")
    ]
    return [_entry(folder) for folder in found]


def _entry(folder: Path) -> BundleEntry:
    try:
        return BundleEntry(folder, load_info(folder))
    except ModelError as error:
        return BundleEntry(folder, None, str(error))


def save_bundle(
    folder: Path,
    info: BundleInfo,
    state_dict: Mapping[str, Tensor],
    extras: Mapping[str, bytes] | None = None,
) -> BundleInfo:
    """Write a new bundle: all of it or nothing.

    Args:
        folder: must not exist yet; a model is never overwritten.
        info: its `weights.storage` says how the weights are stored; the hashes are filled in.
        state_dict: of `tagger.ml.network.ResNet50`, in float.
        extras: further files, by name.

    Returns:
        The information as saved, with the hashes.

    Raises:
        ModelError: the folder exists, or it can't be written.
    """
    from tagger.ml.weights import write_weights  # noqa: PLC0415 - loads torch

    if folder.exists():
        raise ModelError(f"There is a model in {folder} already. Choose another name.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=folder.parent, prefix=f".{folder.name}-", ignore_cleanup_errors=True
        ) as temporary:
            part = Path(temporary) / "bundle"
            part.mkdir()
            weights = write_weights(part, info, state_dict)
            saved = info.model_copy(update={"weights": weights})
            text = json.dumps(saved.model_dump(mode="json"), indent=1, ensure_ascii=False)
            (part / INFO_FILE).write_text(text + "\n", encoding="utf-8")
            for name, content in (extras or {}).items():
                (part / name).write_bytes(content)
            part.rename(folder)
    except OSError as error:
        raise ModelError(f"The model can't be saved in {folder}: {error.strerror}.") from error
    return saved
