"""The first of the two stages of deep learning: a head on the frozen body.

A random head would send large, senseless gradients through a body that is good already. The stage
needs no epochs: the body's features are computed once and a logistic regression finds the head.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np
import torch

from tagger.ml.logistic import Compressed, fit_path
from tagger.ml.network import FEATURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tagger.ml.network import ResNet50
    from tagger.ml.plan import TrainPlan

_PENALTY = 0.3  # what cross-validation chose on the wedding photos; training moves on from there


def fit_first_head(
    network: ResNet50, features: NDArray[np.float16], targets: NDArray[np.float32], plan: TrainPlan
) -> ResNet50:
    """A copy of the network whose head has been fitted to the targets of these features.

    Args:
        network: that has made the features.
        features: `[N, 2048]`.
        targets: `[N, C]` of 1, 0 or NaN for unknown.
        plan: says whether photos have one label.
    """
    torch.set_num_threads(plan.threads)
    x = Compressed(torch.from_numpy(features.astype(np.float32)))
    y = torch.from_numpy(np.asarray(targets, np.float32))
    weight, bias = x.expand(fit_path(x.values, y, [_PENALTY], exclusive=plan.exclusive)[0])
    result = copy.deepcopy(network)
    result.fc = torch.nn.Linear(FEATURES, len(bias))
    with torch.no_grad():
        result.fc.weight.copy_(weight)
        result.fc.bias.copy_(bias)
    return result
