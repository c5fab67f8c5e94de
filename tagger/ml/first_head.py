"""The first of the two stages of deep learning: a head on the frozen body.

A random head would send large, senseless gradients through a body that is good already. The stage
needs no epochs: the body's features are computed once and a logistic regression finds the head.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np
import torch

from tagger.ml.inference import infer
from tagger.ml.logistic import Compressed, fit_path
from tagger.ml.network import FEATURES, fold_batch_norm

if TYPE_CHECKING:
    from tagger.ml.network import ResNet50
    from tagger.ml.plan import TrainPlan
    from tagger.ml.samples import Samples

_PENALTY = 0.3  # what cross-validation chose on the wedding photos; training moves on from there


def fit_first_head(network: ResNet50, train: Samples, plan: TrainPlan) -> ResNet50:
    """A copy of the network whose head has been fitted to the targets of these photos."""
    torch.set_num_threads(plan.threads)
    body = fold_batch_norm(copy.deepcopy(network)).to(plan.choice.name)
    body.to(memory_format=torch.channels_last)
    features = Compressed(
        torch.from_numpy(infer(body, train.images, plan.transform, plan.choice)[0])
    )
    targets = torch.from_numpy(np.asarray(train.targets, np.float32))
    fits = fit_path(features.values, targets, [_PENALTY], exclusive=plan.exclusive)
    weight, bias = features.expand(fits[0])
    result = copy.deepcopy(network)
    result.fc = torch.nn.Linear(FEATURES, len(bias))
    with torch.no_grad():
        result.fc.weight.copy_(weight)
        result.fc.bias.copy_(bias)
    return result
