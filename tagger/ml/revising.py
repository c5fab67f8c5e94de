"""A head learned from decisions in a library, where nobody chose at random what to decide on.

People correct what is wrong and leave alone what is right, or say yes to what is offered. A head
learned from such photos alone takes their share of right and wrong for that of all photos: after
corrections on 100 wedding photos it gave four times as many tags, and their F1 fell from 0.68 to
0.30. So what the model before believes of the other photos is learned along (Li and Hoiem 2016),
and what it says changes only as far as decisions outweigh that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import torch
from torch.nn import functional

from tagger.core.keywords import class_key
from tagger.ml.calibration import choose_precise_threshold
from tagger.ml.descent import descend
from tagger.ml.folds import split_folds
from tagger.ml.head import HeadFit, HeldOut, Learned, calibrate, learn_head
from tagger.ml.info import Calibration
from tagger.ml.judging import measure_held_out
from tagger.ml.keeping import find_start
from tagger.ml.logistic import Compressed
from tagger.ml.quick import Side
from tagger.ml.scoring import score_logits
from tagger.ml.targets import assume_absent, check_targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from tagger.ml.keeping import Parent

_T = TypeVar("_T")
_TRUST = 300.0
"""In the model before: factor of the squared change, where each decision counts as one. With a
tenth of it, decisions on one wedding made the model worse on others."""
_UNDECIDED = 10.0
"""What all photos without a decision on a class weigh, for each decision on it."""
_STEPS = 30


def learn_decisions(
    decided: Side,
    others: NDArray[np.float16],
    names: Sequence[str],
    parent: Parent | None,
    *,
    seed: int = 0,
) -> HeadFit:
    """Change what the parent says of classes it knows, and learn those it does not know.

    The former keep their calibration and thresholds, for those were chosen on photos that nobody
    picked; a promise of 95 % that the parent could not make may come. The figures are of decided
    photos of shoots that were held out.

    Args:
        decided: photos with decisions, NaN where there are none.
        others: `[M, 2048]`, features of photos of the library without any.
        names: of the classes.
        parent: gives several tags; None where there is none.
        seed: of the splits.

    Raises:
        ModelError: a new class can't be learned, or no photo was said to show any class.
    """
    if len(set(decided.groups)) == 1:  # a shoot can't be held out of itself, but its photos can
        decided = replace(decided, groups=[str(row) for row in range(len(decided.groups))])
    known = {class_key(one.name) for one in parent.info.classes} if parent else set[str]()
    old = [place for place, name in enumerate(names) if class_key(name) in known]
    new = [place for place, name in enumerate(names) if class_key(name) not in known]
    parts = [_learn_new(_cut(decided, new), others, [names[c] for c in new], seed)] if new else []
    if old and parent:
        parts.append(_revise(_cut(decided, old), others, [names[c] for c in old], parent, seed))
    return _join(parts, np.argsort([*new, *old]), decided, names)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the classes; `logits` are those of the decided photos out of fold, `[N, C]`."""

    learned: Learned
    calibration: Calibration
    thresholds: tuple[float, ...]
    precise_thresholds: tuple[float | None, ...]
    logits: NDArray[np.float32]


def comes_from_several_shoots(decided: Side, column: int) -> bool:
    """Whether a class can be learned with one of its shoots held out; if not, photos are."""
    shown = np.flatnonzero(decided.targets[:, column] == 1).tolist()
    return len({decided.groups[row] for row in shown}) > 1


def _cut(decided: Side, columns: Sequence[int]) -> Side:
    return Side(decided.features, decided.targets[:, columns], decided.groups)


def _learn_new(
    decided: Side, others: NDArray[np.float16], names: Sequence[str], seed: int
) -> _Part:
    """As from a data set, with some of the other photos as examples of what shows no new class."""
    assumed = assume_absent(decided.targets, len(others))
    assumed = assumed[~np.isnan(assumed).all(axis=1)]
    chosen = others[np.random.default_rng(seed).permutation(len(others))[: len(assumed)]]
    targets = np.concatenate([decided.targets, assumed])
    check_targets(targets, names)
    is_split = all(comes_from_several_shoots(decided, place) for place in range(len(names)))
    groups = decided.groups if is_split else map(str, range(len(decided.groups)))
    alone = [f"undecided {row}" for row in range(len(chosen))]
    learned, held = learn_head(
        np.concatenate([decided.features, chosen]),
        targets,
        [*groups, *alone],
        exclusive=False,
        seed=seed,
    )
    return _Part(learned, *calibrate(held, exclusive=False), held.logits[: len(decided.targets)])


def _revise(
    decided: Side, others: NDArray[np.float16], names: Sequence[str], parent: Parent, seed: int
) -> _Part:
    """The parent's rows, changed; each fold's logits are of rows changed without its photos."""
    places = {class_key(one.name): row for row, one in enumerate(parent.info.classes)}
    rows = [places[class_key(name)] for name in names]
    entries, whole = [parent.info.classes[row] for row in rows], parent.info.calibration
    calibration = Calibration(
        scale=tuple(whole.scale[row] for row in rows),
        shift=tuple(whole.shift[row] for row in rows),
        method=whole.method,
    )
    start = find_start(names, parent)
    belief = _Belief(start, calibration)
    fold_of = split_folds(decided.groups, decided.targets, seed=seed)
    logits = np.empty((len(fold_of), len(names)), np.float32)
    for fold in range(int(fold_of.max()) + 1):
        is_held = fold_of == fold
        kept = decided.features[~is_held], decided.targets[~is_held]
        logits[is_held] = belief.revise(*kept, others).compute_logits(decided.features[is_held])
    learned = belief.revise(decided.features, decided.targets, others)
    held = score_logits(logits, calibration, exclusive=False)
    rest = score_logits(learned.compute_logits(others), calibration, exclusive=False)
    precise = (
        entry.precise_threshold
        or _promise(held[:, place], decided.targets[:, place], rest[:, place])
        for place, entry in enumerate(entries)
    )
    thresholds = tuple(entry.threshold for entry in entries)
    return _Part(learned, calibration, thresholds, tuple(precise), logits)


def _promise(
    held: NDArray[np.float32], targets: NDArray[np.float32], others: NDArray[np.float32]
) -> float | None:
    """The score from which 95 % are right of the decided photos, and by its own word of the others.

    Decisions alone promise too much where only what is right was decided.
    """
    chosen = choose_precise_threshold(held, targets), choose_precise_threshold(others, others)
    return None if chosen[0] is None or chosen[1] is None else max(chosen[0], chosen[1])


@dataclass(frozen=True, slots=True)
class _Belief:
    """What a head says of photos, calibrated."""

    head: Learned
    calibration: Calibration

    def revise(
        self,
        features: NDArray[np.float16],
        targets: NDArray[np.float32],
        others: NDArray[np.float16],
    ) -> Learned:
        """The head after these decisions `[N, C]`, with `others` on which there are none."""
        seen = np.concatenate([features, others])
        scale = torch.tensor(self.calibration.scale, dtype=torch.float64)
        shift = torch.tensor(self.calibration.shift, dtype=torch.float64)
        said = torch.from_numpy(self.head.compute_logits(seen)) * scale + shift
        unknown = np.full((len(others), targets.shape[1]), np.nan, np.float32)
        y = torch.from_numpy(np.concatenate([targets, unknown])).double()
        x = Compressed(torch.from_numpy(seen.astype(np.float32)))
        change = x.expand(_find_change(x.values.double(), y, said))
        per_logit = (1 / scale).float()
        weight, bias = change[0] * per_logit[:, None], change[1] * per_logit
        return Learned(self.head.weight + weight.numpy(), self.head.bias + bias.numpy())


def _find_change(x: Tensor, y: Tensor, said: Tensor) -> tuple[Tensor, Tensor]:
    """Weight `[C, D]` and bias `[C]` to be added to calibrated logits `said` `[N, C]`.

    `y` is 1, 0 or NaN for what nobody decided.
    """
    is_decided = ~y.isnan()
    wanted = torch.where(is_decided, y.nan_to_num(), said.sigmoid())
    decisions = is_decided.sum(dim=0)
    each = _UNDECIDED * decisions / (~is_decided).sum(dim=0).clamp(min=1)
    counts = torch.where(is_decided, 1.0, each)

    def loss(weight: Tensor, bias: Tensor) -> Tensor:
        logits = said + functional.linear(x, weight, bias)
        value = functional.binary_cross_entropy_with_logits(
            logits, wanted, weight=counts, reduction="sum"
        )
        return value + _TRUST * (weight.square().sum() + bias.square().sum())

    start = torch.zeros(y.shape[1], x.shape[1]), torch.zeros(y.shape[1])
    weight, bias = descend(loss, start, steps=_STEPS)
    return weight.float(), bias.float()


def _join(
    parts: Sequence[_Part], order: NDArray[np.intp], decided: Side, names: Sequence[str]
) -> HeadFit:
    """The classes in the order of `names`, measured on the decided photos."""
    calibration = Calibration(
        scale=_sort([part.calibration.scale for part in parts], order),
        shift=_sort([part.calibration.shift for part in parts], order),
        method=parts[-1].calibration.method,
    )
    thresholds = _sort([part.thresholds for part in parts], order)
    precise = _sort([part.precise_thresholds for part in parts], order)
    learned = Learned(
        np.concatenate([part.learned.weight for part in parts])[order],
        np.concatenate([part.learned.bias for part in parts])[order],
    )
    held = HeldOut(
        np.column_stack([part.logits for part in parts])[:, order], decided.targets, decided.groups
    )
    scores = score_logits(held.logits, calibration, exclusive=False)
    metrics = measure_held_out(
        scores, held.targets, held.groups, names, (thresholds, precise), exclusive=False
    )
    return HeadFit(learned, calibration, thresholds, precise, metrics, scores)


def _sort(values: Sequence[Sequence[_T]], order: NDArray[np.intp]) -> tuple[_T, ...]:
    joined = [*chain.from_iterable(values)]
    return tuple(joined[place] for place in order.tolist())
