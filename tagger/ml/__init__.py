"""The classifier: its bundle on disk, the network, predicting, learning.

This package alone knows torch, and importing it loads no torch: what needs torch is imported by
its module when it is wanted (`from tagger.ml.predict import load_classifier`), because that takes
seconds.
"""

import os

from tagger.ml.bundle import BundleEntry, list_bundles, load_info
from tagger.ml.classifier import Classifier, Predictions
from tagger.ml.info import (
    Architecture,
    BundleInfo,
    Calibration,
    ClassInfo,
    DataInfo,
    Figure,
    Metrics,
    Transform,
    WeightsInfo,
)
from tagger.ml.transforms import prepare

__all__ = [
    "Architecture",
    "BundleEntry",
    "BundleInfo",
    "Calibration",
    "ClassInfo",
    "Classifier",
    "DataInfo",
    "Figure",
    "Metrics",
    "Predictions",
    "Transform",
    "WeightsInfo",
    "list_bundles",
    "load_info",
    "prepare",
]

# Read by torch's threads when torch is imported. As they come, they wait for each other by running
# in circles, which beside other programs halves what gets done.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
