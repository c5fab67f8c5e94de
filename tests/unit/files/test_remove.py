from __future__ import annotations

from pathlib import Path

import pytest

from tagger.core.errors import PhotoChangedError, WriteFailedError
from tagger.files import remove_file


def test_what_is_as_we_made_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.xmp"
    path.write_bytes(b"ours")

    remove_file(path, b"ours")

    assert list(tmp_path.iterdir()) == []


def test_what_somebody_changed_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.xmp"
    path.write_bytes(b"theirs")

    with pytest.raises(PhotoChangedError):
        remove_file(path, b"ours")

    assert path.read_bytes() == b"theirs"


def test_what_changes_at_this_very_moment_gets_its_name_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xmp"
    path.write_bytes(b"ours")
    real = Path.rename

    def edit_first(self: Path, target: Path) -> Path:
        self.write_bytes(b"theirs")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", edit_first)

    with pytest.raises(PhotoChangedError):
        remove_file(path, b"ours")

    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("a.xmp", b"theirs")]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WriteFailedError, match="no longer there"):
        remove_file(tmp_path / "a.xmp", b"ours")
