"""Writes the README of `models/wedding-scenes` from its `model.json`.

python -m tests.recipes.model_card models/wedding-scenes
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.ml import load_info

if TYPE_CHECKING:
    from tagger.ml import BundleInfo, Figure

HEAD = """\
# Wedding scenes

A ResNet50 that says which of twelve scenes a wedding photo shows: any number of them, or none. It
runs on your own machine, needs no network, and is what `tagger` uses until you train your own.

## What it is for

Sorting and finding one's own wedding photos, with a person looking at what it says. Scores are
calibrated: of the photos with a score around 0.8, about four in five show the scene.

## What it must not be used for

- Telling who somebody is, or anything about a person: gender, origin, religion, marriage. `bride`
  and `groom` name what clothes and pose suggest in a wedding photo, and nothing else.
- Watching people, or deciding anything about them.
- Deleting or hiding photos that nobody has looked at.
"""

FIGURES = """\
## How good it is

Measured on {n} photos in five folds split by source: each photo was scored by a model that had seen
none of its source. The model here has learned from all of them. In brackets, 95 % intervals; for
all but precision and recall whole sources are drawn, since photos of one wedding are alike.

- Twelve tags, several a photo: mean average precision {tags}.
- The first five as alternatives, on the {clear} photos with one clear label of them: accuracy
  {accuracy}, macro-F1 {f1}.

| scene | photos | average precision | precision | recall | recall if 95 % must be right |
|---|---|---|---|---|---|
"""
THRESHOLDS = """

Precision and recall are those at the model's thresholds, which were chosen on the same photos for
the best F1: expect a little less.
"""

TRIED = """
## What was tried

On the same folds: mean average precision of the twelve tags, macro-F1 of the five as alternatives.

| what | tags | five |
|---|---|---|
| logistic regression on the pretrained network, middle square of 224 | 0.636 | 0.882 |
| the same on the whole photo, its middle counting most | 0.655 | 0.872 |
| all layers trained, middle square of 224 | 0.671 | 0.895 |
| all layers trained, whole photo, all places alike | 0.677 | 0.881 |
| **all layers trained, whole photo, middle counting most** (this one, unrounded) | 0.690 | 0.900 |
| the same, mean of four looks: whole, middle closer, both mirrored (`--tta`) | 0.700 | 0.895 |
| weights at seven tenths of the way from the pretrained ones | 0.683 | 0.890 |
| weights four tenths further than training took them | 0.682 | 0.894 |
| the third, its logits averaged with those of the first | 0.664 | 0.889 |
| the most telling half of the places instead of all | 0.677 | 0.898 |
| scores of all tags deciding on each tag, by a regression | 0.675 | 0.894 |

Differences of less than 0.02 may be chance: so few photos can't tell them apart.
"""

LIMITS = """\
## Where it fails

- The photos are mostly from western weddings in white dress. Expect less elsewhere: other dress,
  other rites, other light.
- Few photos taught it {few}: take these scores as hints.
- `ceremony`, `details` and `venue` shade into their neighbours (a set table is detail and reception
  room), and the people who labelled the photos had to choose as well: one label in fifty is
  estimated to be wrong.
- `bride` and `newlyweds` are confused when one of the two is turned away, cut off or far off.
- All of a photo is looked at, and its middle counts most: what is small and at the edge is missed.

"""

ORIGIN = """\
## Licence and origin

The model may be passed on under the {licence} licence. It was trained from a ResNet50 pretrained on
ImageNet (MIT licence, lxd-cumt/ABM-SpConv, commit 8149a22), variant {variant}. The input is RGB,
the whole photo in about {crop} by {crop} pixels. Its middle counts most: what a place adds falls
off as a Gaussian of {focus} halves of the photo's sides.
`python -m tests.recipes.wedding_scenes deep` repeats the training; settings and seed stand in
`model.json`. Weights are stored as {storage} and come back to float32 when loaded.
"""


def share(figure: Figure) -> str:
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"


def make_card(info: BundleInfo) -> str:
    few = [name for name in class_names(info) if info.data.counts.get(name, 0) < 40]
    limits = LIMITS.format(few=", ".join(f"`{name}`" for name in few))
    origin = ORIGIN.format(
        licence=info.licence,
        variant=info.architecture.variant,
        crop=info.transform.crop_px,
        focus=info.transform.focus,
        storage=info.weights.storage,
    )
    return "\n".join([HEAD, describe_data(info), describe_figures(info), limits + origin])


def class_names(info: BundleInfo) -> list[str]:
    return [entry.name for entry in info.classes]


def describe_data(info: BundleInfo) -> str:
    counts = ", ".join(f"{name} {info.data.counts[name]}" for name in class_names(info))
    licences = ", ".join(f"{name} {n}" for name, n in info.data.licences.items())
    return (
        "## What it has learned from\n\n"
        f"{info.data.photos} photographs from {info.data.sources} public sources, labelled by "
        f"hand. Labels, second ones counted too: {counts}; and photos that show none of these, or "
        f"people in ordinary clothes: {info.data.counts.get('other', 0)}.\n\n"
        f"Licences as the sources state them, by photos: {licences}. The photos are not passed "
        "on.\n"
    )


def describe_figures(info: BundleInfo) -> str:
    overall = info.metrics.overall
    tags = overall["mean_average_precision"]
    text = FIGURES.format(
        n=info.metrics.n,
        tags=f"{tags.value:.3f} ({tags.low:.3f} to {tags.high:.3f})",
        clear=overall["main_classes_accuracy"].n,
        accuracy=share(overall["main_classes_accuracy"]),
        f1=share(overall["main_classes_macro_f1"]),
    )
    rows = []
    for name, figures in info.metrics.per_class.items():
        precise = figures.get("recall_at_95")
        cells = [name, str(figures["average_precision"].n)]
        cells += [share(figures[key]) for key in ("average_precision", "precision", "recall")]
        cells.append(share(precise) if precise else "too few photos to promise")
        rows.append(f"| {' | '.join(cells)} |")
    return text + "\n".join(rows) + THRESHOLDS + TRIED


def main() -> None:
    folder = Path(sys.argv[1])
    (folder / "README.md").write_text(make_card(load_info(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
