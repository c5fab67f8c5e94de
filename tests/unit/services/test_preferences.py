from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.cli.main import run_command
from tagger.core.cancel import CancelToken
from tagger.core.errors import WrongUseError
from tagger.core.keywords import class_key
from tagger.services.classifiers import bundle_in_use, register_bundle
from tagger.services.indexing import scan_library
from tagger.services.preferences import (
    apply_setting,
    color_class,
    order_classes,
    promise_precision,
    read_preferences,
    relocate_folder,
)
from tagger.services.settings import class_colors, wanted_device
from tagger.services.workspace import Workspace
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """One folder with one photo, and the classifier that comes along."""
    save_jpeg(tmp_path / "photos" / "a.jpg")
    with Workspace.open(tmp_path / "home") as workspace:
        workspace.library.add_folder(tmp_path / "photos")
        scan_library(workspace, CancelToken(), lambda _: None)
        register_bundle(workspace, bundle_in_use(workspace.home).info)
        yield workspace


def _names(workspace: Workspace) -> list[str]:
    return [entry.name for entry in read_preferences(workspace).classes]


def test_a_class_with_commas_in_its_name_gets_a_colour_and_takes_none(workspace: Workspace) -> None:
    workspace.library.add_tag("cake, flowers = joy", ("Wedding", "Cake"))
    color_class(workspace, "rings", "#112233")

    color_class(workspace, "cake, flowers = joy", "#ff8800")
    color_class(workspace, "bride", "#445566")
    color_class(workspace, "bride", None)

    assert class_colors(workspace.library) == {
        "rings": "#112233",
        class_key("cake, flowers = joy"): "#ff8800",
    }


def test_classes_stand_in_the_persons_order(workspace: Workspace) -> None:
    before = _names(workspace)

    order_classes(workspace, ["Rings", "wedding party"])
    assert _names(workspace)[:2] == ["rings", "wedding_party"]
    assert sorted(_names(workspace)) == sorted(before)

    apply_setting(workspace, "classes.order", "off")
    assert _names(workspace) == before


def test_a_promise_of_precision_moves_the_threshold_and_back(workspace: Workspace) -> None:
    info = bundle_in_use(workspace.home).info
    [entry, *_] = [one for one in info.classes if (one.precise_threshold or 0) > one.threshold]

    promise_precision(workspace, entry.name, is_wanted=True)
    assert workspace.library.find_tag(entry.name).threshold == entry.precise_threshold
    [shown] = [one for one in read_preferences(workspace).classes if one.is_precise]
    assert (shown.name, shown.can_promise) == (entry.name, True)

    promise_precision(workspace, entry.name, is_wanted=False)
    assert workspace.library.find_tag(entry.name).threshold == entry.threshold


def test_a_folder_goes_on_where_it_is_now(workspace: Workspace, tmp_path: Path) -> None:
    [folder] = read_preferences(workspace).folders
    before = workspace.library.find(None)
    (tmp_path / "photos").rename(tmp_path / "moved")

    with pytest.raises(WrongUseError, match="no folder"):
        relocate_folder(workspace, folder.id, tmp_path / "nowhere")
    (tmp_path / "other").mkdir()
    with pytest.raises(WrongUseError, match="None of the photos"):
        relocate_folder(workspace, folder.id, tmp_path / "other")
    relocate_folder(workspace, folder.id, tmp_path / "moved")

    result = scan_library(workspace, CancelToken(), lambda _: None)
    assert (result.stored, result.gone) == (0, 0)
    assert workspace.library.find(None) == before


def test_a_folder_does_not_go_into_another_one(workspace: Workspace, tmp_path: Path) -> None:
    save_jpeg(tmp_path / "second" / "a.jpg", seed=2)
    second = workspace.library.add_folder(tmp_path / "second")

    with pytest.raises(WrongUseError, match="itself"):
        relocate_folder(workspace, second.id, tmp_path / "photos")


def test_settings_by_command(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(tmp_path / "home")]
    assert run_command(["settings", "tag.device", "cpu", *home]) == 0
    assert wanted_device(workspace.library, "auto") == "cpu"
    assert wanted_device(workspace.library, "cuda") == "cuda"
    assert run_command(["settings", "tag.device", "toaster", *home]) == 2
    assert run_command(["settings", "classes.order", "cake, rings", *home]) == 0
    assert "classes.order = cake, rings" in capsys.readouterr().out
    assert _names(workspace)[:2] == ["cake", "rings"]


def test_a_folder_is_relocated_and_the_cache_emptied_by_command(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(tmp_path / "home")]
    (tmp_path / "photos").rename(tmp_path / "moved")

    assert run_command(["relocate", str(tmp_path / "photos"), str(tmp_path / "moved"), *home]) == 0
    assert [folder.path for folder in workspace.library.folders()] == [tmp_path / "moved"]
    assert run_command(["relocate", str(tmp_path / "photos"), str(tmp_path / "moved"), *home]) == 2
    assert run_command(["library", "empty-cache", *home]) == 0
    assert "no photo was touched" in capsys.readouterr().out


def test_a_credit_in_no_known_characters_is_refused(workspace: Workspace) -> None:
    with pytest.raises(WrongUseError, match="no value for"):
        apply_setting(workspace, "export.credit", "Zo\udce9 Berg")  # as bytes of Latin-1 arrive
