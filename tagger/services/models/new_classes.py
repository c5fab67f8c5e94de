"""A new class from a few photos that show it, at once.

The class becomes one more row of the head of the classifier in use, saved as a classifier of its
own. So there is one way in which photos get scores: stored photos now, new ones later, through
the network or from features, all alike. Going back, comparing and handing out work as for every
other classifier. The examples become confirmed decisions, and training learns from those.
"""

from __future__ import annotations

import itertools
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import WrongUseError
from tagger.core.keywords import class_key, clean_keyword
from tagger.core.tag import Verdict
from tagger.library import DecisionRequest
from tagger.ml import BundleInfo, Calibration, ClassInfo, Figure
from tagger.ml.bundle_archive import delete_folder
from tagger.ml.info import now
from tagger.services.classifiers import (
    available_bundles,
    bundle_in_use,
    model_folders,
    name_in_use,
)
from tagger.services.finding import find_named
from tagger.services.models.adopting import use_model
from tagger.services.rescoring import iterate_features
from tagger.services.reviewing import NONE_OF_THESE, Sign
from tagger.services.settings import RETIRED_CLASSES, names_in
from tagger.services.teaching.learned import describe_learned, read_learned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import ContentId, PhotoId
    from tagger.library import PhotoRow
    from tagger.ml.class_mean import MeanRow
    from tagger.ml.scoring import Head
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace

_LONGEST_NAME = 80
_FEW = 10
_THRESHOLD = 0.5
_MOST_OTHERS = 6000  # more would only take longer


@dataclass(frozen=True)
class NewClass:
    """What came of adding a class; the fields are the JSON of `classes add`.

    Attributes:
        model: name of the classifier that has it, in use now.
        examples: photos that were shown to have it.
        found_again: of these, when each is left out.
        low, high: 95 % interval of that share on photos like these.
        tagged: other photos of the library that have the class now.
        rescored: photos with a score of the class.
        advice: what to know and do, in sentences.
    """

    name: str
    keyword_path: tuple[str, ...]
    model: str
    examples: int
    found_again: int
    low: float
    high: float
    tagged: int
    rescored: int
    advice: tuple[str, ...]


def check_class_name(name: str, others: Sequence[str]) -> str:
    """The name in its clean spelling.

    Raises:
        WrongUseError: no name for a class, or one of these has it already.
    """
    cleaned = clean_keyword(name)
    if not class_key(cleaned) or re.search(r"[|/\\]", cleaned):
        raise WrongUseError(
            f"“{name}” can't be a class: folders and keywords need a name without “/”, “\\” or “|”."
        )
    if cleaned.startswith(tuple(Sign)) or class_key(cleaned) == NONE_OF_THESE:
        raise WrongUseError(f"“{name}” means something else in tagger mark. Choose another name.")
    for other in others:
        if class_key(other) == class_key(cleaned):
            raise WrongUseError(
                f"There is a class “{other}” already. Show it more photos with tagger mark PHOTO "
                f'"+{other}"; the next training learns from them.'
            )
    return cleaned


def check_keyword_path(path: Sequence[str]) -> tuple[str, ...]:
    """The keyword in its clean spelling, from general to special.

    Raises:
        WrongUseError: a level has no name.
    """
    cleaned = tuple(clean_keyword(part) for part in path)
    if not cleaned or not all(cleaned) or any("|" in part for part in cleaned):
        raise WrongUseError("A keyword needs a name on each level, such as Wedding|Bouquet.")
    return cleaned


def add_class(
    workspace: Workspace,
    name: str,
    paths: Sequence[Path],
    cancel: CancelToken,
    report: Report,
    *,
    keyword_path: tuple[str, ...] | None = None,
) -> NewClass:
    """Add a class to the classifier in use from photos of the library that show it.

    Raises:
        CancelledError: somebody asked for a stop; nothing was changed.
        ModelError: the classifier in use is damaged, or there are too few photos.
        WrongUseError: the name or keyword can't be one, there is a class like it, or a photo is
            not in the library, can't be read or is not tagged yet.
    """
    from tagger.ml.class_mean import fit_mean_row  # noqa: PLC0415  loads torch, below too
    from tagger.ml.heads import load_head, save_with_head  # noqa: PLC0415

    path = None if keyword_path is None else check_keyword_path(keyword_path)
    bundle = bundle_in_use(workspace.home)
    cleaned = check_class_name(name, [entry.name for entry in bundle.info.classes])
    earlier = workspace.library.renamed_tags().get(class_key(cleaned))
    if earlier is not None:  # its examples would become decisions on that class
        raise WrongUseError(f"“{cleaned}” is what “{earlier}” was called. Choose another name.")
    if class_key(cleaned) in names_in(workspace.library, RETIRED_CLASSES):
        raise WrongUseError(
            f"“{cleaned}” is retired. Bring it back first: tagger classes revive NAME."
        )
    rows = _find_examples(workspace, paths, cleaned)
    vectors, others = _read_features(workspace, bundle.info, rows)
    cancel.raise_if_cancelled()
    row = fit_mean_row(vectors, [f"{one.folder_id}/{one.shoot}" for one in rows], others)
    head = load_head(bundle.folder)
    info = _extend(
        workspace,
        bundle.info,
        ClassInfo(
            name=cleaned,
            keyword_path=path or _usual_path(bundle.info, cleaned),
            threshold=_THRESHOLD,
        ),
        row,
        _rival_level(head, others),
    )
    folder = model_folders(workspace.home)[0] / info.name
    save_with_head(
        bundle.folder,
        folder,
        info,
        np.vstack([head.weight, row.weight[None]]),
        np.append(head.bias, np.float32(row.bias)),
        describe_learned(read_learned(bundle.folder) | _content_ids(workspace, rows)),
    )
    with _removed_unless_used(workspace, folder):
        adoption = use_model(workspace, info.name, cancel, report)
    tag = workspace.library.find_tag(cleaned)
    workspace.library.decide(
        [DecisionRequest(r.id, tag.id, Verdict.CONFIRMED) for r in rows], label=f"+{tag.name}"
    )
    tagged = workspace.library.count_by_class().get(tag.name, 0) - len(rows)
    return NewClass(
        tag.name,
        tag.keyword_path,
        info.name,
        len(rows),
        row.found,
        round(row.low, 3),
        round(row.high, 3),
        tagged,
        adoption.rescored,
        _advise(row),
    )


@contextmanager
def _removed_unless_used(workspace: Workspace, folder: Path) -> Iterator[None]:
    """A stop leaves no classifier that nobody asked for."""
    try:
        yield
    except BaseException:
        if name_in_use(workspace.home) != folder.name:
            with suppress(OSError):  # it can be removed by hand
                delete_folder(folder)
        raise


def _content_ids(workspace: Workspace, rows: Sequence[PhotoRow]) -> set[str]:
    contents = dict(workspace.library.readable_photos())
    return {str(contents[row.id]) for row in rows if row.id in contents}


def _find_examples(workspace: Workspace, paths: Sequence[Path], name: str) -> list[PhotoRow]:
    """The photos, and those that were confirmed to have the class under an earlier classifier."""
    library = workspace.library
    given = [find_named(library, path).id for path in paths]
    key = class_key(name)
    confirmed = [
        photo.id
        for photo in library.decided_photos()
        if any(has and class_key(tag) == key for tag, has in photo.has_tag.items())
    ]
    return library.photo_rows(list(dict.fromkeys([*given, *confirmed])))


def _read_features(
    workspace: Workspace, info: BundleInfo, rows: Sequence[PhotoRow]
) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """Features `[N, 2048]` of the examples, and of enough other photos to stand for the library."""
    library = workspace.library
    contents: dict[PhotoId, ContentId] = dict(library.readable_photos())
    examples = {row.id: contents[row.id] for row in rows if row.id in contents}
    shown = set(examples.values())
    rest = [photo for photo in contents.items() if photo[1] not in shown]
    chosen = np.random.default_rng(0).permutation(len(rest))[:_MOST_OTHERS]
    found = dict(_iterate_vectors(workspace, info, list(examples.items())))
    for row in rows:
        if row.id not in found and row.error is not None:
            raise WrongUseError(f"{row.path} can't be an example: {row.error}")
        if row.id not in found:
            raise WrongUseError(
                f"{row.path} was not looked at yet by {info.name}: run tagger tag first."
            )
    others = [v for _, v in _iterate_vectors(workspace, info, [rest[i] for i in chosen])]
    width = len(next(iter(found.values()), ()))
    return (
        np.array([found[row.id] for row in rows]).reshape(len(rows), width),
        np.array(others, np.float16).reshape(len(others), width),
    )


def _iterate_vectors(
    workspace: Workspace, info: BundleInfo, photos: Sequence[tuple[PhotoId, ContentId]]
) -> Iterator[tuple[PhotoId, NDArray[np.float16]]]:
    for page, features in iterate_features(workspace.library, info.backbone, photos):
        for (photo_id, _), vector in zip(page, features, strict=True):
            yield photo_id, vector


def _usual_path(info: BundleInfo, name: str) -> tuple[str, ...]:
    """Below the keyword that all classes of the model share, if there is one."""
    roots = {entry.keyword_path[0] for entry in info.classes if len(entry.keyword_path) > 1}
    leaf = name.replace("_", " ").title()
    return (roots.pop(), leaf) if len(roots) == 1 else (leaf,)


def _rival_level(head: Head, others: NDArray[np.float16]) -> float:
    """What the new logit has to reach in an exclusive model: that of all other classes together."""
    calibration = head.info.calibration
    logits = others.astype(np.float64) @ head.weight.T + head.bias
    calibrated = logits * np.array(calibration.scale) + np.array(calibration.shift)
    return float(np.median(np.logaddexp.reduce(calibrated, axis=1)))


def _extend(
    workspace: Workspace, info: BundleInfo, entry: ClassInfo, row: MeanRow, level: float
) -> BundleInfo:
    """What the new classifier says of itself."""
    names = {found.folder.name.casefold() for found in available_bundles(workspace.home)}
    recall = Figure(value=row.found / row.examples, low=row.low, high=row.high, n=row.examples)
    return BundleInfo.model_validate(
        info.model_dump()
        | {
            "name": _free_name(info.name, entry.name, names),
            "title": f"{info.title} and {entry.name}",
            "classes": (*info.classes, entry),
            "calibration": Calibration(
                scale=(*info.calibration.scale, 1.0),
                shift=(*info.calibration.shift, level if info.exclusive else 0.0),
                method=info.calibration.method,
            ),
            "metrics": info.metrics.model_copy(
                update={"per_class": {**info.metrics.per_class, entry.name: {"recall": recall}}}
            ),
            "parent": info.fingerprint,
            "data": info.data.model_copy(
                update={"counts": {**info.data.counts, entry.name: row.examples}}
            ),
            "recipe": {**info.recipe, f"examples of {entry.name}": row.examples},
            "created_at": now(),
        }
    )


def _free_name(base: str, name: str, taken: set[str]) -> str:
    """`wedding-scenes with first dance`, then `… with first dance 2`."""
    plain = " ".join(re.sub(r"[^\w .-]", " ", name).split())
    joint = " and " if " with " in base else " with "
    wanted = f"{base}{joint}{plain or 'a new class'}"[: _LONGEST_NAME - 4].strip(" .")
    numbered = (f"{wanted} {number}" for number in itertools.count(2))
    return next(n for n in itertools.chain([wanted], numbered) if n.casefold() not in taken)


def _advise(row: MeanRow) -> tuple[str, ...]:
    how = "with their shoots" if row.is_by_shoot else "one by one"
    found = f"Left out {how}, {row.found} of {row.examples} examples are found again; of other"
    advice = [f"{found} photos it may be {row.low:.0%} to {row.high:.0%}."]
    if row.examples < _FEW:
        advice.append(f"{_FEW - row.examples} more examples would make it surer.")
    if not row.is_by_shoot:
        advice.append("Examples from three shoots or more would say how it does on other weddings.")
    advice.append("Confirm and reject some of its photos, then teach: tagger train.")
    return tuple(advice)
