"""A bundle as one `.zip` file to hand to somebody, and a bundle from a stranger checked whole.

Nothing of a zip is believed: no path in it is followed, its sizes are counted while unpacking, and
what comes out passes the same checks as every bundle before it gets its name.
"""

from __future__ import annotations

import json
import lzma
import shutil
import stat
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tagger.core.errors import ModelError
from tagger.ml.bundle import INFO_FILE, load_info
from tagger.ml.info import BundleInfo

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_EXTRAS = ("README.md", "history.json", "photos.txt")
"""Files that may come along: the model card, the curves and the photos of the training."""
_LARGEST = {
    INFO_FILE: 4_000_000,
    "README.md": 1_000_000,
    "history.json": 10_000_000,
    "photos.txt": 100_000_000,
}
_LARGEST_WEIGHTS = 400_000_000  # four times a ResNet50 in float32
_MOST_ENTRIES = 100
_PIECE = 1 << 20


def write_archive(folder: Path, target: Path) -> Path:
    """Write a bundle as a zip: a temporary file in the same folder, then renamed.

    Args:
        folder: of a bundle, which is checked first.
        target: must not exist yet.

    Raises:
        ModelError: the bundle is damaged, the file exists, or the disk refuses.
    """
    info = load_info(folder)
    if target.exists():
        raise ModelError(f"There is a file {target} already. Choose another name.")
    try:
        with tempfile.TemporaryDirectory(
            dir=target.parent, prefix=f".{target.name}-", ignore_cleanup_errors=True
        ) as temporary:
            part = Path(temporary) / "bundle.zip"
            # Stored as they are: weights don't get smaller.
            with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
                for name in (INFO_FILE, info.weights.file, *_EXTRAS):
                    if (folder / name).is_file():
                        archive.write(folder / name, f"{info.name}/{name}")
            part.replace(target)
    except OSError as error:
        raise ModelError(f"{target} can't be written: {error.strerror or error}.") from error
    return target


def install_bundle(
    source: Path, models: Path, name: str | None = None, taken: Collection[str] = ()
) -> BundleInfo:
    """Take a bundle, a folder or a zip, into the folder of the user's models: whole or not at all.

    Args:
        source: stays as it is.
        models: the folder below which it gets its place.
        name: another name than its own.
        taken: names of models that lie elsewhere.

    Raises:
        ModelError: it is no bundle, damaged, of another version, unsafe, its parts don't fit, the
            place is taken, or the disk refuses.
    """
    try:
        models.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=models, prefix=".import-", ignore_cleanup_errors=True
        ) as temporary:
            part = Path(temporary) / "bundle"
            part.mkdir()
            with _opened(source) as files:
                _copy_parts(source, files, part)
            info = check_bundle(part, shown_as=source)
            if name is not None:
                info = _rename(part, info, name)
            folder = models / info.name
            # Names that differ by case only are one folder on many systems.
            if folder.exists() or info.name.casefold() in {other.casefold() for other in taken}:
                raise ModelError(
                    f"There is a model called {info.name} already. Give this one another name."
                )
            part.rename(folder)
    except OSError as error:
        raise ModelError(f"The model can't be stored in {models}: {error.strerror}.") from error
    return info


def check_bundle(folder: Path, shown_as: Path | None = None) -> BundleInfo:
    """Check everything of a bundle, its network included; loads torch.

    Args:
        folder: of the bundle.
        shown_as: what a person knows it as.

    Raises:
        ModelError: something is wrong with it.
    """
    from tagger.ml.predict import load_network  # noqa: PLC0415 - loads torch

    try:
        info = load_info(folder)
        network = load_network(folder, info)
    except ModelError as error:
        raise ModelError(str(error).replace(str(folder), str(shown_as or folder))) from error
    if not all(bool(tensor.isfinite().all()) for tensor in network.state_dict().values()):
        raise ModelError(f"The weights in {shown_as or folder} hold values that are no numbers.")
    return info


@contextmanager
def _opened(source: Path) -> Iterator[dict[str, Path | tuple[zipfile.ZipFile, zipfile.ZipInfo]]]:
    """The files of a bundle by plain name."""
    if source.is_dir():
        yield {path.name: path for path in source.iterdir() if path.is_file()}
        return
    if not source.exists():
        raise ModelError(f"There is no file or folder {source}.")
    try:
        with zipfile.ZipFile(source) as archive:
            yield {name: (archive, entry) for name, entry in _list_entries(source, archive)}
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError) as error:
        raise ModelError(
            f"{source} is no zip of a model, or it is cut off or damaged. Copy it again."
        ) from error


def _list_entries(source: Path, archive: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Plain names of the files, which lie at the top or in one folder."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    parents = {entry.filename.rpartition("/")[0] for entry in entries}
    is_link = any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries)
    is_astray = any(
        entry.filename.startswith("/") or ".." in entry.filename or "\\" in entry.filename
        for entry in entries
    )
    is_locked = any(entry.flag_bits & 1 for entry in entries)
    if len(entries) > _MOST_ENTRIES or is_link or is_astray or is_locked:
        raise ModelError(f"{source} holds files that no model has, so nothing of it was taken.")
    home = next((p for p in sorted(parents) if _has_info(archive, p)), "")
    for entry in entries:
        parent, _, name = entry.filename.rpartition("/")
        if parent == home:
            yield name, entry


def _has_info(archive: zipfile.ZipFile, parent: str) -> bool:
    return f"{parent}/{INFO_FILE}".lstrip("/") in archive.namelist()


def _copy_parts(
    source: Path,
    files: dict[str, Path | tuple[zipfile.ZipFile, zipfile.ZipInfo]],
    part: Path,
) -> None:
    """Copy what a bundle has, and nothing else."""
    if sum(name.endswith(".safetensors") for name in files) > 1:
        raise ModelError(f"{source} holds the weights of several models. Import them one by one.")
    for name, place in files.items():
        if name in _LARGEST or name.endswith(".safetensors"):
            with _open_part(place) as file:
                _copy(file, part / name, _LARGEST.get(name, _LARGEST_WEIGHTS), source)


def _open_part(place: Path | tuple[zipfile.ZipFile, zipfile.ZipInfo]) -> IO[bytes]:
    return place.open("rb") if isinstance(place, Path) else place[0].open(place[1])


def _copy(file: IO[bytes], target: Path, limit: int, source: Path) -> None:
    """Counted while copying: what a zip says of its sizes need not be true."""
    left = limit
    with target.open("wb") as copy:
        while piece := file.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise ModelError(
                    f"{target.name} in {source} is far larger than in any model, so nothing of it "
                    "was taken."
                )
            copy.write(piece)


def _rename(part: Path, info: BundleInfo, name: str) -> BundleInfo:
    try:
        renamed = BundleInfo.model_validate(info.model_dump() | {"name": name})
    except ValueError as error:
        raise ModelError(f"“{name}” can't be the name of a model.") from error
    text = json.dumps(renamed.model_dump(mode="json"), indent=1, ensure_ascii=False)
    (part / INFO_FILE).write_text(text + "\n", encoding="utf-8")
    return renamed


def delete_folder(folder: Path) -> None:
    """Delete a bundle; out of sight in one step, so that a crash leaves no half model.

    Raises:
        OSError: the disk refuses.
    """
    grave = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".removed-"))
    folder.rename(grave / folder.name)
    shutil.rmtree(grave)
