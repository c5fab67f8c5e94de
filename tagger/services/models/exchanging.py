"""Classifiers as one file: handing one out, and taking one in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.ml.bundle_archive import install_bundle, write_archive
from tagger.services.classifiers import (
    ChosenBundle,
    available_bundles,
    find_installed,
    model_folders,
)

if TYPE_CHECKING:
    from pathlib import Path


def export_model(home: Path, name: str, target: Path) -> Path:
    """Write a classifier as a zip; a folder as target gets `NAME.zip`.

    Raises:
        ModelError: it is damaged, the file is there already, or the disk refuses.
        WrongUseError: there is none of this name.
    """
    bundle = find_installed(home, name)
    return write_archive(bundle.folder, target / f"{name}.zip" if target.is_dir() else target)


def import_model(home: Path, source: Path, name: str | None = None) -> ChosenBundle:
    """Take in a classifier from a folder or a zip, after checking all of it; it is not put in use.

    Args:
        home: of the library.
        source: a folder or a zip; it stays as it is.
        name: to be called so instead of by its own name.

    Raises:
        ModelError: it can't be used, or another one has this name already.
    """
    models = model_folders(home)[0]
    taken = {entry.folder.name for entry in available_bundles(home)}
    info = install_bundle(source, models, name, taken)
    return ChosenBundle(models / info.name, info)
