"""Renaming, retiring and splitting classes, on a real library, real files and known features."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import QueryError, WrongUseError
from tagger.core.tag import TagState
from tagger.services.classifiers import bundle_in_use, find_installed, tag_columns
from tagger.services.file_keywords import remember_mapping
from tagger.services.indexing import scan_library
from tagger.services.label_decisions import load_decisions
from tagger.services.lessons.overview import read_overview
from tagger.services.models.adopting import use_model
from tagger.services.models.class_changes import rename_class, retire_class, revive_class
from tagger.services.models.class_list import list_classes
from tagger.services.models.comparing import compare_models
from tagger.services.models.splitting import propose_split, split_class
from tagger.services.preferences import color_class, order_classes, read_preferences
from tagger.services.review_queue import plan_review
from tagger.services.reviewing import mark_photos, parse_mark
from tagger.services.saved_searches import save_search, understand_query
from tagger.services.tag_doubts import keep_tags
from tagger.services.teaching.from_library import collect_from_library
from tagger.services.workspace import Workspace
from tagger.services.writing.running import write_pending
from tests.bundles import add_photos, save_model
from tests.packets import array, packet, xmp_segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FEATURES = {
    "p/a.jpg": (1, 7),
    "p/b.jpg": (1, 7),
    "q/c.jpg": (1, 8),
    "q/d.jpg": (1, 8),
    "q/e.jpg": (1, 7),
    "r/f.jpg": (0,),
    "r/g.jpg": (0,),
    "r/h.jpg": (),
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    save_model(folder / "first", {"bride": 1, "details": 0})
    save_model(folder / "old", {"bride": 0, "details": 1})
    save_model(folder / "new", {"bride": 0, "details": 7, "rings": 8})
    return folder


@pytest.fixture
def workspace(tmp_path: Path, models: Path) -> Iterator[Workspace]:
    # Linked: a copy of all weights for each test would fill the disk. Never write into a file.
    shutil.copytree(models, tmp_path / "home/models", copy_function=os.link)
    with Workspace.open(tmp_path / "home") as workspace:
        info = find_installed(tmp_path / "home", "first").info
        add_photos(workspace, tmp_path / "photos", FEATURES, info)
        use(workspace, "old")
        yield workspace
        assert workspace.library.check() == "ok"


def use(workspace: Workspace, name: str) -> None:
    use_model(workspace, name, CancelToken(), lambda _: None)


def mark(workspace: Workspace, names: str, *marks: str) -> None:
    rows = workspace.library.photo_rows(workspace.library.find(None))
    chosen = [row for row in rows if row.path.stem in names]
    mark_photos(workspace.library, chosen, [parse_mark(text) for text in marks])


def tags_of(workspace: Workspace) -> dict[str, dict[str, TagState]]:
    rows = workspace.library.photo_rows(workspace.library.find(None))
    return {row.path.stem: {tag.name: tag.state for tag in row.tags} for row in rows}


def find(workspace: Workspace, text: str) -> set[str]:
    library = workspace.library
    rows = library.photo_rows(library.find(understand_query(library, text)))
    return {row.path.stem for row in rows}


def write(workspace: Workspace) -> int:
    result = write_pending(workspace, CancelToken(), lambda _: None)
    assert result.failed == []
    return result.written


def test_everything_follows_a_renamed_class_and_comes_back(workspace: Workspace) -> None:
    mark(workspace, "ab", "+details")
    mark(workspace, "f", "-details")
    order_classes(workspace, ["details", "bride"])
    color_class(workspace, "details", "#ff8800")
    save_search(workspace.library, "Small things", "details AND NOT bride")
    keep_tags(workspace, [workspace.library.photo_rows(workspace.library.find(None))[0].path])
    before, preferences = tags_of(workspace), read_preferences(workspace)

    renamed = rename_class(workspace, "Details", "Decor")
    assert (renamed.before, renamed.name) == ("details", "Decor")
    assert renamed.keyword_path == ("Wedding", "Decor")
    assert tags_of(workspace) == {
        photo: {{"details": "Decor"}.get(name, name): state for name, state in tags.items()}
        for photo, tags in before.items()
    }
    first = read_preferences(workspace).classes[0]
    assert (first.name, first.color) == ("Decor", "#ff8800")
    assert find(workspace, "decor") == find(workspace, 'saved:"Small things"') == set("abcde")
    assert find(workspace, "details") == set("abcde"), "the old name leads to the new one"
    assert {d.label for d in load_decisions(workspace.home)} >= {"Decor"}

    rename_class(workspace, "Decor", "details")
    assert tags_of(workspace) == before
    assert read_preferences(workspace).classes == preferences.classes
    assert workspace.library.renamed_tags() == {"decor": "details"}


def test_what_keywords_mean_follows_a_renamed_class(workspace: Workspace) -> None:
    remember_mapping(workspace.library, {"Blumen": "details", "Braut": "bride"})
    rename_class(workspace, "details", "Decor")
    rename_class(workspace, "bride", "Bride")
    remember_mapping(workspace.library, {"Kuchen": "decor"})
    assert json.loads(workspace.library.setting("learn.keywords") or "") == {
        "blumen": "Decor",
        "braut": "Bride",
        "kuchen": "Decor",
    }


def test_classifiers_give_the_new_name_with_the_files_they_have(workspace: Workspace) -> None:
    print_before = bundle_in_use(workspace.home).info.fingerprint
    rename_class(workspace, "details", "Decor")
    info = bundle_in_use(workspace.home).info
    assert [entry.name for entry in info.classes] == ["bride", "Decor"]
    assert info.fingerprint == print_before, "no photo has to be scored anew"
    assert not workspace.library.photos_to_rescore(info.fingerprint)
    loaded = bundle_in_use(workspace.home).load("cpu")
    assert [entry.name for entry in loaded.info.classes] == ["bride", "Decor"]
    loaded.close()
    use(workspace, "new")
    assert tags_of(workspace)["a"] == {"Decor": TagState.PREDICTED}
    assert {tag.name for tag in workspace.library.tags()} == {"bride", "Decor", "rings"}
    old, new = (find_installed(workspace.home, name) for name in ("old", "new"))
    found = compare_models(workspace, old, new, CancelToken(), lambda _: None)
    assert {(cell.old, cell.new) for cell in found.cells} == {("Decor", "rings")}


def test_a_classifier_that_knows_both_names_of_a_class_goes_by_the_one_of_now(
    workspace: Workspace,
) -> None:
    """Each class has a threshold of its own, and `details` would come first."""
    folder = workspace.home / "models/both"
    save_model(folder, {"details": 8, "decor": 7})
    values = json.loads((folder / "model.json").read_text())
    values["classes"][0]["threshold"], values["classes"][1]["threshold"] = 0.01, 0.6
    (folder / "model.json").write_text(json.dumps(values))
    rename_class(workspace, "details", "Decor")

    for _ in range(2):
        use(workspace, "both")
        found = {photo for photo, tags in tags_of(workspace).items() if "Decor" in tags}
        assert found == set("abe"), "those with 0.98 of decor, and not those with 0.018 of it"
        assert workspace.library.count_by_class()["Decor"] == 3
        assert workspace.library.find_tag("Decor").threshold == 0.6
        retire_class(workspace, "bride")  # registers the classifier anew
        revive_class(workspace, "bride")
    loaded = bundle_in_use(workspace.home).load("cpu")
    assert tag_columns(loaded.info) == [1]
    loaded.close()
    use(workspace, "old")
    assert {photo for photo, tags in tags_of(workspace).items() if "Decor" in tags} == set("abcde")


def test_keywords_in_files_follow_where_the_tag_is_confirmed(
    workspace: Workspace, tmp_path: Path
) -> None:
    """One file has it from us, one from another program; in one it means something else."""
    add_keywords(tmp_path / "photos/p/b.jpg", "details", "summer")
    add_keywords(tmp_path / "photos/r/h.jpg", "details")
    scan_library(workspace, CancelToken(), lambda _: None)
    mark(workspace, "ab", "+details")
    write(workspace)
    assert keywords_of(workspace, "a") == {"details", "wedding"}
    assert keywords_of(workspace, "b") == {"details", "wedding", "summer"}

    renamed = rename_class(workspace, "details", "Decor")
    assert renamed.files == 2
    assert write(workspace) == 2
    assert keywords_of(workspace, "a") == {"decor", "wedding"}
    assert keywords_of(workspace, "b") == {"decor", "wedding", "summer"}
    assert keywords_of(workspace, "h") == {"details"}, "nobody confirmed that it means the class"
    assert rename_class(workspace, "Decor", "details").files == 2
    assert write(workspace) == 2
    assert tags_of(workspace)["b"]["details"] is TagState.CONFIRMED


def test_a_keyword_of_another_meaning_that_ends_alike_stays_in_the_file(
    workspace: Workspace, tmp_path: Path
) -> None:
    paths = ("Wedding|Details", "Clients|Details")
    for name in ("p/a.jpg", "p/b.jpg"):
        add_keywords(tmp_path / "photos" / name, "Details", paths=paths if "a" in name else ())
    scan_library(workspace, CancelToken(), lambda _: None)
    mark(workspace, "ab", "+details")
    write(workspace)

    rename_class(workspace, "details", "Decor")
    write(workspace)

    assert keywords_of(workspace, "a") == {"wedding", "decor", "clients", "details"}
    assert keywords_of(workspace, "b") == {"wedding", "decor"}


def test_names_that_are_taken(workspace: Workspace) -> None:
    rename_class(workspace, "details", "Decor")
    with pytest.raises(WrongUseError, match="already"):
        rename_class(workspace, "bride", "decor")
    with pytest.raises(WrongUseError, match="what “Decor” was called"):
        rename_class(workspace, "bride", "details")
    with pytest.raises(WrongUseError, match="can't be a class"):
        rename_class(workspace, "bride", "a|b")


def test_a_retired_class_is_asked_and_shown_no_more_and_comes_back(workspace: Workspace) -> None:
    mark(workspace, "ab", "+details")
    mark(workspace, "fg", "-details", "+bride")
    mark(workspace, "c", "-bride")
    mark(workspace, "d", "-bride")
    before = tags_of(workspace)
    retire_class(workspace, "details")
    after = tags_of(workspace)
    assert after["c"] == {"bride": TagState.REJECTED}, "nothing is predicted"
    assert after["a"] == before["a"], "a person's decision stays"
    shown = [one.name for one in read_preferences(workspace).classes]
    assert shown == ["bride"] == [one.name for one in read_overview(workspace).classes]
    assert {one.name: one.is_retired for one in list_classes(workspace)} == {
        "bride": False,
        "details": True,
    }
    assert all(q.name != "details" for q in plan_review(workspace.library))
    assert list(collect_from_library(workspace.library, exclusive=False).classes) == ["bride"]
    mark(workspace, "h", "=none")
    assert tags_of(workspace)["h"] == {"bride": TagState.REJECTED}
    assert find(workspace, "details") == {"a", "b"}
    use(workspace, "new")
    assert tags_of(workspace)["e"] == {}
    use(workspace, "old")
    workspace.library.undo()
    revive_class(workspace, "details")
    assert tags_of(workspace) == before
    with pytest.raises(WrongUseError, match="not retired"):
        revive_class(workspace, "details")


def test_a_class_with_a_comma_in_its_name_retires_alone(workspace: Workspace) -> None:
    rename_class(workspace, "details", "bride, details")
    retire_class(workspace, "bride, details")
    assert [one.is_retired for one in list_classes(workspace)] == [False, True]
    revive_class(workspace, "bride, details")
    order_classes(workspace, ["bride, details", "bride"])
    assert [one.name for one in list_classes(workspace)] == ["bride, details", "bride"]


def test_a_retired_class_can_be_renamed(workspace: Workspace) -> None:
    retire_class(workspace, "details")
    rename_class(workspace, "details", "Decor")
    assert [one.is_retired for one in list_classes(workspace)] == [False, True]
    revive_class(workspace, "Decor")
    assert tags_of(workspace)["c"] == {"Decor": TagState.PREDICTED}


def test_a_class_falls_into_what_looks_alike_and_undo_brings_it_back(workspace: Workspace) -> None:
    with pytest.raises(WrongUseError, match="least that can be split"):
        propose_split(workspace.library, "details")
    mark(workspace, "abcde", "+details")
    before = tags_of(workspace)
    proposal = propose_split(workspace.library, "details", 2)
    rows = workspace.library.photo_rows(workspace.library.find(None))
    paths = {row.id: row.path.stem for row in rows}
    groups = [{paths[one] for one in group.photo_ids} for group in proposal.groups]
    assert groups == [{"a", "b", "e"}, {"c", "d"}]
    wrong: tuple[tuple[dict[int, str], str], ...] = (
        ({}, "another name"),
        ({5: "shoes"}, "2 groups"),
        ({0: "x|y"}, "can't be a class"),
    )
    for names, sentence in wrong:
        with pytest.raises(WrongUseError, match=sentence):
            split_class(workspace.library, proposal, names)
    taken, _ = split_class(workspace.library, proposal, {0: "Details", 1: "shoes"})
    assert taken == ("shoes",)
    after = tags_of(workspace)
    assert after["c"] == {"details": TagState.REJECTED, "shoes": TagState.CONFIRMED}
    assert after["a"] == before["a"]
    assert workspace.library.find_tag("shoes").keyword_path == ("Wedding", "Shoes")
    workspace.library.undo()
    assert tags_of(workspace) == before
    with pytest.raises(QueryError):
        find(workspace, "tag:nothing")


def test_a_class_is_not_split_into_what_it_was_called(workspace: Workspace) -> None:
    rename_class(workspace, "details", "Decor")
    mark(workspace, "abcde", "+Decor")
    proposal = propose_split(workspace.library, "Decor", 2)
    with pytest.raises(WrongUseError, match="another name"):
        split_class(workspace.library, proposal, {1: "details"})


def add_keywords(path: Path, *keywords: str, paths: Sequence[str] = ()) -> None:
    """As another program would: the picture stays."""
    data = path.read_bytes()
    jfif_end = 4 + int.from_bytes(data[4:6], "big")
    hierarchy = [array("lr:hierarchicalSubject", paths)] if paths else []
    segment = xmp_segment(packet(array("dc:subject", keywords), *hierarchy))
    path.write_bytes(data[:jfif_end] + segment + data[jfif_end:])


def keywords_of(workspace: Workspace, stem: str) -> set[str]:
    """The names in a file, those of all levels, as it was last seen."""
    rows = workspace.library.photo_rows(workspace.library.find(None))
    [photo_id] = [row.id for row in rows if row.path.stem == stem]
    found = workspace.library.file_keywords(photo_id)
    return {name.casefold() for keyword in found for name in keyword.split("|")}
