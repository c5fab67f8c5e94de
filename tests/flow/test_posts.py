"""From a wish to a post, and what the ledger says of it later."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tagger.core.tag import Verdict
from tagger.library import ClassRecord, DecisionRequest, ModelRecord, ScoredPhoto
from tagger.services.workspace import Workspace
from tests.pictures import make_picture, save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

    from tests.flow.conftest import Tagger

_CLASSES = ("bouquet", "bride", "reception_room")
_WEDDINGS = ("2026-05-02", "2026-06-20", "2026-07-11")


@pytest.fixture
def studio(tagger: Tagger, tmp_path: Path) -> Tagger:
    """Three weddings of six photos, two of each class, with scores and features of their own."""
    folder = tmp_path / "photos"
    for number in range(18):
        wedding, name = _WEDDINGS[number // 6], _CLASSES[number % 6 // 2]
        path = folder / wedding / f"{name}_{number:02}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        _picture(number).save(path, quality=90)
    tagger("add", folder)
    tagger("scan")
    with Workspace.open(tagger.home) as workspace:
        _score(workspace)
    return tagger


def _picture(seed: int) -> Image.Image:
    noise = np.random.default_rng(seed).integers(-60, 60, (240, 360, 1))
    pixels = np.asarray(make_picture(360, 240, seed)).astype(int) + noise
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _score(workspace: Workspace) -> None:
    library = workspace.library
    classes = tuple(ClassRecord(name, ("Wedding", name), 0.5) for name in _CLASSES)
    model = library.register_model(ModelRecord("m", "f", "b", classes))
    tags = {name: library.find_tag(name).id for name in _CLASSES}
    scored = []
    for row in library.photo_rows(library.find(None)):
        name, number = row.path.stem.rsplit("_", 1)
        vector = np.zeros(32, "<f2")
        vector[int(number)] = 1
        scores = {tags[name]: 0.9 - int(number) / 100}
        scored.append(ScoredPhoto(row.id, scores, vector.tobytes()))
    library.store_scores(model, scored)


def _names(slides: list[dict[str, str | None]]) -> list[str]:
    return [str(slide["path"]).rsplit("/", 1)[-1][:-4] for slide in slides]


def test_building_follows_quotas_weddings_and_scores(studio: Tagger) -> None:
    outcome = studio(
        "post", "build", "June", "2 bouquet, 1 reception, 1 bride", "--per-wedding", "2", "--json"
    )
    assert outcome.code == 0, outcome.err
    slides = outcome.json["slides"]
    assert [slide["class"] for slide in slides] == [
        "bouquet", "bouquet", "reception_room", "bride",
    ]  # fmt: skip
    shoots = [slide["shoot"] for slide in slides]
    assert max(shoots.count(shoot) for shoot in shoots) == 2
    assert _names(slides)[:2] == ["bouquet_00", "bouquet_01"]
    assert outcome.json["preset"] == "instagram-landscape"
    again = studio(
        "post", "build", "June", "2 bouquet, 1 reception, 1 bride", "--per-wedding", "2", "--json"
    )
    assert again.json == outcome.json


def test_swapping_locking_and_moving(studio: Tagger) -> None:
    studio("post", "build", "June", "2 bouquet, 1 bride")
    first = _names(studio("post", "show", "June", "--json").json["slides"])
    swapped = [
        _names(studio("post", "swap", "June", "1", "--json").json["slides"])[0] for _ in range(4)
    ]
    assert len({first[0], *swapped}) == 5
    assert first[1] not in swapped
    assert studio("post", "swap", "June", "1").code == 2

    studio("post", "lock", "June", "3")
    assert studio("post", "swap", "June", "3").code == 2
    moved = _names(studio("post", "move", "June", "3", "1", "--json").json["slides"])
    assert moved == [first[2], swapped[-1], first[1]]
    rebuilt = studio("post", "rebuild", "June", "--json").json["slides"]
    assert _names(rebuilt) == [first[2], "bouquet_00", "bouquet_01"]
    assert [slide["locked"] for slide in rebuilt] == [True, False, False]
    studio("post", "unlock", "June", "1")
    assert studio("post", "show", "July").code == 2
    assert studio("post", "remove", "june").code == 0
    assert studio("post", "list", "--json").json == []


def test_blurred_photos_and_a_search_limit_the_choice(studio: Tagger, tmp_path: Path) -> None:
    blurred = tmp_path / "photos" / "2026-05-02" / "bouquet_00.jpg"
    _picture(0).filter(ImageFilter.GaussianBlur(3)).save(blurred, quality=90)
    sharp = studio("post", "build", "a", "1 bouquet", "--from", "shoot:2026-05-02", "--json")
    assert _names(sharp.json["slides"]) == ["bouquet_01"]
    any_ = ("post", "build", "b", "1 bouquet", "--from", "shoot:2026-05-02", "--blurred", "--json")
    assert _names(studio(*any_).json["slides"]) == ["bouquet_00"]


def test_a_slide_of_a_class_without_photos_stays_empty(studio: Tagger) -> None:
    studio("post", "build", "June", "1 bouquet, 1 bride", "--from", "shoot:2026-05-02 bouquet")
    swapped = studio("post", "swap", "June", "2")
    assert swapped.code == 2
    assert "No other bride fits" in swapped.err
    studio("post", "lock", "June", "1")
    rebuilt = studio("post", "rebuild", "June", "--json")
    assert rebuilt.code == 0, rebuilt.err
    assert [slide["path"] is None for slide in rebuilt.json["slides"]] == [False, True]


def test_only_what_was_exported_counts_as_posted(studio: Tagger, tmp_path: Path) -> None:
    studio("post", "build", "June", "1 bouquet, 1 bride")
    (tmp_path / "photos" / "2026-05-02" / "bouquet_00.jpg").write_bytes(b"broken")
    done = studio("post", "export", "June", "--to", tmp_path / "out", "--posted-on", "Instagram")
    assert done.code == 1
    [line] = studio("posts", "list", "--json").json
    assert line["path"].endswith("bride_02.jpg")


def test_another_photo_under_the_name_of_one_that_is_gone_is_not_exported_for_it(
    studio: Tagger, tmp_path: Path
) -> None:
    chosen = tmp_path / "photos" / "2026-05-02" / "bouquet_00.jpg"
    save_jpeg(chosen, width=360, height=240, seed=98, taken_at="2026:05:02 15:00:00")
    studio("scan")
    with Workspace.open(studio.home) as workspace:
        _score(workspace)
    studio("post", "build", "June", "1 bouquet, 1 bride", "--blurred")
    chosen.unlink()
    studio("scan")
    save_jpeg(chosen, width=360, height=240, seed=99, taken_at="2026:07:20 15:00:00")
    studio("scan")

    target = tmp_path / "out"
    done = studio("post", "export", "June", "--to", target, "--posted-on", "Instagram")

    assert done.code == 1
    assert "The photo is not there" in done.out
    assert [path.name for path in target.glob("*.jpg")] == ["02_bride_02_landscape.jpg"]
    [line] = studio("posts", "list", "--json").json
    assert line["path"].endswith("bride_02.jpg")


def test_a_copy_takes_the_place_of_a_photo_that_is_gone(studio: Tagger, tmp_path: Path) -> None:
    studio("post", "build", "June", "1 bouquet, 1 bride")
    chosen = tmp_path / "photos" / "2026-05-02" / "bouquet_00.jpg"
    copy = tmp_path / "photos" / "second drive" / "bouquet_00.jpg"
    copy.parent.mkdir()
    shutil.copy(chosen, copy)
    studio("scan")
    chosen.unlink()
    studio("scan")

    slides = studio("post", "show", "June", "--json").json["slides"]
    assert slides[0]["path"] == str(copy)
    done = studio("post", "export", "June", "--to", tmp_path / "out")
    assert done.code == 0, done.out


def test_what_was_posted_of_a_copy_is_warned_of_listed_and_taken_back(
    studio: Tagger, tmp_path: Path
) -> None:
    folder = tmp_path / "photos" / "2026-05-02"
    shutil.copy(folder / "bouquet_00.jpg", folder / "backup.jpg")
    studio("scan")
    studio("posts", "add", "file:backup.jpg", "--platform", "Instagram", "--date", "2026-01-02")

    listed = studio("posts", "list", "file:bouquet_00.jpg", "--json")
    assert [line["posted_on"] for line in listed.json] == ["2026-01-02"]
    again = studio("posts", "add", "file:bouquet_00.jpg", "--platform", "Pinterest")
    assert "was posted before: Instagram, 2026-01-02" in again.err
    studio("posts", "remove", "file:bouquet_00.jpg", "--platform", "Instagram")
    studio("posts", "remove", "file:bouquet_00.jpg", "--platform", "Pinterest")
    assert studio("find", "posted:ever", "--json").json == []


def test_slides_bear_the_names_that_classes_have_today(studio: Tagger, tmp_path: Path) -> None:
    studio("post", "build", "June", "1 bride, 1 bouquet")
    with Workspace.open(studio.home) as workspace:
        [photo] = [
            row.id
            for row in workspace.library.photo_rows(workspace.library.find(None))
            if row.path.name == "bride_02.jpg"
        ]
        bouquet = workspace.library.find_tag("bouquet").id
        confirmed = DecisionRequest(photo, bouquet, Verdict.CONFIRMED)
        workspace.library.decide([confirmed], label="bouquet")
    studio("classes", "rename", "bride", "Braut")

    slides = studio("post", "show", "June", "--json").json["slides"]
    assert [slide["class"] for slide in slides] == ["Braut", "bouquet"]
    studio("post", "export", "June", "--to", tmp_path / "out")
    text = (tmp_path / "out" / "captions.txt").read_text(encoding="utf-8")
    assert "#braut #bouquet" in text.splitlines()


def test_export_warns_notes_and_the_next_post_leaves_it_out(studio: Tagger, tmp_path: Path) -> None:
    studio("post", "build", "June", "2 bouquet, 1 bride")
    target = tmp_path / "out"
    done = studio("post", "export", "June", "--to", target, "--posted-on", "Instagram", "--json")
    assert done.code == 0, done.err
    names = sorted(path.name for path in target.iterdir())
    assert names[:3] == [
        "01_bouquet_00_landscape.jpg", "02_bouquet_01_landscape.jpg", "03_bride_02_landscape.jpg",
    ]  # fmt: skip
    assert "captions.txt" in names
    for name in names[:3]:
        with Image.open(target / name) as image:
            assert image.size == (1080, 566)
    assert len(studio("posts", "list", "--json").json) == 3
    assert len(studio("find", "posted:never", "--json").json) == 15

    again = studio("post", "export", "June", "--to", target)
    assert again.err.count("was posted before: Instagram") == 3
    fresh = studio("post", "build", "July", "2 bouquet", "--json")
    assert not {"bouquet_00", "bouquet_01"} & set(_names(fresh.json["slides"]))
    repeated = studio("post", "build", "Old", "2 bouquet", "--posted", "--json")
    assert _names(repeated.json["slides"]) == ["bouquet_00", "bouquet_01"]

    mistaken = ("posts", "remove", "bouquet", "--platform")
    assert studio(*mistaken, "Facebook").out == "0 notes removed.\n"
    assert studio(*mistaken, "Instagram", "--date", "2020-01-01").out == "0 notes removed.\n"
    assert studio(*mistaken, "Instagram").out == "2 notes removed.\n"
    [left] = studio("posts", "list", "--json").json
    assert left["path"].endswith("bride_02.jpg")


def test_past_posts_from_a_table(studio: Tagger, tmp_path: Path) -> None:
    table = tmp_path / "past.csv"
    table.write_text(
        "\ufeffPhoto;Date;Caption\nbouquet_00.jpg;2025-05-01;Spring\nnobody.jpg;;\n", "utf-8"
    )
    outcome = studio("posts", "import", table, "--platform", "Instagram", "--json")
    assert outcome.code == 1
    assert outcome.json == {"added": 1, "unmatched": ["nobody.jpg"]}
    [line] = studio("posts", "list", "--json").json
    assert (line["posted_on"], line["caption"]) == ("2025-05-01", "Spring")
    assert set(line) == {"path", "platform", "account", "posted_on", "caption"}

    quoted = '"photo", "caption"\n"bouquet_01.jpg", "Ana\'s ""best"" day, ever"\n'
    table.write_text(quoted + '"bride_02.jpg", "plain"\n')
    assert studio("posts", "import", table, "--platform", "Instagram").code == 0
    captions = {row["caption"] for row in studio("posts", "list", "--json").json}
    assert captions == {"Spring", 'Ana\'s "best" day, ever', "plain"}

    table.write_text("photo,date\nbouquet_01.jpg,May\n")
    refused = studio("posts", "import", table, "--platform", "Instagram")
    assert refused.code == 2
    assert "Row 2" in refused.err
    table.write_text("name\nx\n")
    assert "no column photo" in studio("posts", "import", table, "--platform", "x").err
    table.write_text("photo\n" + "x" * 200_000)
    assert studio("posts", "import", table, "--platform", "x").code == 2
    missing = studio("posts", "import", tmp_path / "gone", "--platform", "x")
    assert (missing.code, "There is no file or folder" in missing.err) == (2, True)


def test_a_column_without_a_name_says_nothing(studio: Tagger, tmp_path: Path) -> None:
    table = tmp_path / "past.csv"
    table.write_text(",photo,date\n7,bouquet_00.jpg,2026-01-02\n8,bride_02.jpg,2026-01-02\n")
    assert studio("posts", "import", table, "--platform", "Instagram").code == 0
    lines = studio("posts", "list", "--json").json
    assert [(line["account"], line["caption"]) for line in lines] == [("", "")] * 2


def test_what_is_no_name_of_a_file_is_a_photo_that_nobody_knows(
    studio: Tagger, tmp_path: Path
) -> None:
    table = tmp_path / "past.csv"
    caption = "Under the lime trees. " * 20
    table.write_text(f"photo,platform\nbouquet_00.jpg,\n{caption},\n")
    outcome = studio("posts", "import", table, "--platform", "Instagram", "--json")
    assert outcome.code == 1
    assert outcome.json == {"added": 1, "unmatched": [caption.strip()]}


def test_empty_rows_at_the_end_of_a_table_are_no_photos(studio: Tagger, tmp_path: Path) -> None:
    table = tmp_path / "past.csv"
    table.write_text("photo;date;caption\nbouquet_00.jpg;2026-01-02;\n;;\n;;\n")
    outcome = studio("posts", "import", table, "--platform", "Instagram", "--json")
    assert outcome.code == 0, outcome.err
    assert outcome.json == {"added": 1, "unmatched": []}


def test_names_in_a_table_may_be_written_as_a_mac_writes_them(
    studio: Tagger, tmp_path: Path
) -> None:
    _picture(40).save(tmp_path / "photos" / "2026-05-02" / "Blüte.jpg")
    studio("scan")
    table = tmp_path / "past.csv"
    table.write_text("photo\nBlu\u0308te.jpg\n", "utf-8")

    imported = studio("posts", "import", table, "--platform", "Instagram", "--json").json

    assert imported == {"added": 1, "unmatched": []}


def test_past_posts_from_exported_files_are_matched_by_what_they_show(
    studio: Tagger, tmp_path: Path
) -> None:
    exported = tmp_path / "exported"
    wanted = "bouquet_00 OR bouquet_01 OR bride_02"
    studio("export", wanted, "--to", exported, "--preset", "instagram-4x5", "--crop", "centre")
    shutil.copy(exported / "bouquet_00_4x5.jpg", exported / "bouquet_00 copy.jpg")
    (exported / "bouquet_01_4x5.jpg").unlink()
    shutil.copy(exported / "bride_02_4x5.jpg", exported / "bouquet_01_4x5.jpg")
    make_picture(300, 200, 99).save(exported / "bouquet_01 other.jpg")

    outcome = studio("posts", "import", exported, "--platform", "Instagram", "--json")

    unmatched = {name.rsplit("/", 1)[-1] for name in outcome.json["unmatched"]}
    assert "bouquet_01 other.jpg" in unmatched
    assert "bouquet_01_4x5.jpg" in unmatched
    posted = {row["path"].rsplit("/", 1)[-1] for row in studio("posts", "list", "--json").json}
    assert posted == {"bouquet_00.jpg", "bride_02.jpg"}


def test_coverage_names_what_is_missing(studio: Tagger, tmp_path: Path) -> None:
    shooting_list = tmp_path / "list.json"
    shooting_list.write_text(
        '{"name": "a", "title": "A", "items": [{"class": "bouquet", "at_least": 2},'
        ' {"class": "cake", "at_least": 1}]}'
    )
    studio("mark", tmp_path / "photos" / "2026-05-02" / "bouquet_00.jpg", "-bouquet")
    outcome = studio("coverage", "--list", shooting_list, "--json")
    assert outcome.code == 1
    assert [row["shoot"] for row in outcome.json] == list(_WEDDINGS)
    assert set(outcome.json[0]) == {"shoot", "photos", "classes"}
    assert outcome.json[0]["classes"] == [
        {"name": "bouquet", "photos": 1, "at_least": 2},
        {"name": "cake", "photos": 0, "at_least": 1},
    ]
    assert outcome.json[1]["classes"][0]["photos"] == 2
    one = studio("coverage", "shoot:2026-07-11")
    assert "2026-07-11: 6 photos" in one.out
    assert "cake" in one.out
    assert "2026-05-02" not in one.out


def test_quotas_that_make_no_sense(studio: Tagger) -> None:
    for text in ("bouquet", "0 bouquet", "3 dog", "21 bride", "15 bride, 15 bouquet"):
        outcome = studio("post", "build", "x", text)
        assert outcome.code == 2, text
        assert outcome.err.strip()
