"""What `model.json` says: classes, transform, calibration, figures, data, licence.

Only shapes and rules of the values; reading and writing the folder is `tagger.ml.bundle`.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from tagger.core.keywords import class_key, clean_keyword

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT_VERSION = 1

Share = Annotated[float, Field(ge=0, le=1)]
# Far beyond what any fit gives; products with larger ones are no numbers in float32.
Moderate = Annotated[float, Field(ge=-1e6, le=1e6)]


def _check_printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("it holds signs that no text has")
    return text


Line = Annotated[str, AfterValidator(_check_printable)]
"""Text that is shown as it is, in terminals too, where control characters are commands."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Storage = Literal["int8", "float16", "float32"]
"""How the large convolutions are stored; see `tagger.ml.weights`."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Architecture(_Part):
    """Which network the weights belong to.

    Attributes:
        variant: where a block that halves the picture does so: `v1` in its 1x1 convolution (with a
            max-pool that rounds up), `v1.5` in the 3x3 one, as torchvision has it. Weights of one
            run as the other lose ten points, so the weights file names its variant too.
    """

    name: Literal["resnet50"] = "resnet50"
    variant: Literal["v1", "v1.5"]


class ClassInfo(_Part):
    """One class of the model.

    Attributes:
        keyword_path: from general to special, as written to metadata: `("Wedding", "Bouquet")`.
        threshold: score from which a prediction counts as a tag.
        precise_threshold: score from which 95 % of the predictions were right on held-out photos;
            None where there were too few photos to promise that.
    """

    name: str
    keyword_path: tuple[str, ...]
    threshold: Share
    precise_threshold: Share | None = None

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        # Keywords of other programs may hold a slash: “Bride/Groom” is one.
        for text, separators in ((self.name, "|/\\"), *((t, "|") for t in self.keyword_path)):
            if not text or text != clean_keyword(text) or set(text) & set(separators):
                raise ValueError(f"“{text}” can't be the name of a class or keyword")
        if not self.keyword_path:
            raise ValueError(f"the class “{self.name}” has no keyword")
        return self


class Transform(_Part):
    """How a photo becomes the network's input; see `tagger.ml.transforms.prepare`.

    Attributes:
        resize_px: short side that a photo is decoded or reduced to first; without a focus, the one
            of which the square is cut.
        crop_px: side of the square cut from the middle; with a focus, of a square that has as many
            pixels as the whole photo is given.
        focus: None: the network sees the middle square, all of it alike. Otherwise it sees the
            whole photo, whose middle counts most: what a place adds falls off as a Gaussian of this
            spread, in halves of the photo's width and height.
        mean, std: by channel R, G, B, for values in 0..1.
    """

    resize_px: int = Field(default=256, ge=32, le=2048)
    crop_px: int = Field(default=224, ge=32, le=2048)
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    interpolation: Literal["bilinear", "bicubic"] = "bilinear"
    focus: float | None = Field(default=None, ge=0.1, le=10)

    @model_validator(mode="after")
    def _check_sizes(self) -> Self:
        if self.crop_px > self.resize_px:
            raise ValueError("the crop is larger than the resized photo")
        if min(self.std) <= 0:
            raise ValueError("a standard deviation is not above 0")
        return self


WHOLE = Transform(crop_px=256, focus=0.6)
"""What new models look at: all of a photo at a third more cost than the middle square of 224."""


class Calibration(_Part):
    """Turns logits into probabilities that mean what they say (Platt 1999; Guo et al. 2017).

    Score = sigmoid(scale * logit + shift), or softmax over the classes of an exclusive model. Equal
    scales without shifts are what is called temperature scaling.

    Attributes:
        scale, shift: one value a class, in the order of `BundleInfo.classes`.
        method: how they were found, for people to read.
    """

    scale: tuple[Moderate, ...]
    shift: tuple[Moderate, ...]
    method: str = ""


class Figure(_Part):
    """A measured share with its 95 % interval and the number of photos behind it."""

    value: Share
    low: Share
    high: Share
    n: int = Field(ge=0)


class Metrics(_Part):
    """What was measured on photos the model had not learned from.

    Attributes:
        on: which photos, in words.
        overall: by name of the measure: `mean_average_precision`, `accuracy`, `macro_f1`.
        per_class: class name to name of the measure (`precision`, `recall`, `f1`,
            `average_precision`, `recall_at_95`) to figure.
    """

    on: Line = ""
    n: int = Field(default=0, ge=0)
    overall: dict[str, Figure] = Field(default_factory=dict)
    per_class: dict[str, dict[str, Figure]] = Field(default_factory=dict)


class DataInfo(_Part):
    """What the model learned from.

    Attributes:
        fingerprint: hash over the photos' content and labels.
        photos: how many; `counts` how many by class.
        sources: how many shoots or sources they come from.
        licences: the licence as the source states it, to number of photos.
    """

    fingerprint: str
    photos: int = Field(ge=0)
    counts: dict[str, int]
    sources: int = Field(ge=0)
    licences: dict[str, int] = Field(default_factory=dict)


class WeightsInfo(_Part):
    """The weights file beside `model.json`.

    Attributes:
        sha256: over the whole file.
        body_sha256: over all weights but the head: equal for models that share their features.
            Saving fills in both hashes.
    """

    file: str = Field(default="weights.safetensors", pattern=r"^[\w-]+\.safetensors$")
    sha256: Sha256 = "0" * 64
    body_sha256: Sha256 = "0" * 64
    storage: Storage = "int8"


class BundleInfo(_Part):
    """Everything in `model.json`.

    Attributes:
        name: short name, as in commands and folders: `wedding-scenes`.
        title: the name that people read.
        exclusive: one label a photo (softmax), else any number of tags, none included (sigmoid).
        parent: fingerprint of the model this one was trained from.
        recipe: settings and seeds of the training, for repeating it.
        licence: under which the bundle may be passed on.
    """

    format_version: int = FORMAT_VERSION
    name: str = Field(pattern=r"^[\w][\w .-]*$", max_length=80)
    title: Line
    architecture: Architecture
    classes: tuple[ClassInfo, ...] = Field(min_length=1)
    exclusive: bool
    transform: Transform
    calibration: Calibration
    metrics: Metrics
    parent: str | None = None
    data: DataInfo
    recipe: dict[str, str | int | float | bool | None] = Field(default_factory=dict)
    licence: Line
    created_at: datetime
    weights: WeightsInfo = WeightsInfo()
    _stored_names: tuple[str, ...] | None = PrivateAttr(default=None)
    _shadowed: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _check_classes(self) -> Self:
        if len({class_key(c.name) for c in self.classes}) < len(self.classes):
            raise ValueError("two classes have the same name")
        if not len(self.calibration.scale) == len(self.calibration.shift) == len(self.classes):
            raise ValueError("the calibration does not fit the classes")
        return self

    def with_names(self, names: Mapping[str, str]) -> BundleInfo:
        """The same with other names for classes, by the keys of those that are stored.

        The file stays as it is and so does the fingerprint: photos have the same scores. A name
        that another class of the model has already is not given twice: see `shadowed`.
        """
        own = {class_key(c.name) for c in self.classes}
        shadowed = {
            key: name
            for key, name in names.items()
            if key in own and class_key(name) in own and class_key(name) != key
        }
        wanted = {
            c.name: names[class_key(c.name)]
            for c in self.classes
            if class_key(names.get(class_key(c.name), c.name)) not in own
        }
        if not wanted and not shadowed:
            return self
        figures = {wanted.get(n, n): found for n, found in self.metrics.per_class.items()}
        counts = {wanted.get(n, n): count for n, count in self.data.counts.items()}
        classes = tuple(
            c.model_copy(update={"name": wanted.get(c.name, c.name)}) for c in self.classes
        )
        renamed = self.model_copy(
            update={
                "classes": classes,
                "metrics": self.metrics.model_copy(update={"per_class": figures}),
                "data": self.data.model_copy(update={"counts": counts}),
            }
        )
        renamed._stored_names = self._stored_names or tuple(c.name for c in self.classes)  # noqa: SLF001  its own kind
        renamed._shadowed = shadowed  # noqa: SLF001
        return renamed

    @property
    def shadowed(self) -> Mapping[str, str]:
        """Keys of classes that are called now as another class of the model, to that name.

        They say nothing any more: what a photo shows is that other class's to say.
        """
        return self._shadowed

    @property
    def earlier_names(self) -> dict[str, str]:
        """Keys of classes as they are stored, to the other names that `with_names` gave them."""
        names = [c.name for c in self.classes]
        own = {class_key(name) for name in names}
        pairs = zip(self._stored_names or (), names, strict=False)
        return {class_key(old): name for old, name in pairs if class_key(old) not in own}

    @property
    def fingerprint(self) -> str:
        """32 hexadecimal digits: equal for models that give every photo the same scores."""
        parts = self.model_dump(
            mode="json",
            include={"architecture", "exclusive", "transform", "calibration"},
            exclude={"calibration": {"method"}},
            exclude_none=True,
        )
        names = self._stored_names or tuple(c.name for c in self.classes)
        return _digest(self.weights.sha256, parts, list(names))

    @property
    def backbone(self) -> str:
        """32 hexadecimal digits: equal for models that give every photo the same features."""
        parts = self.model_dump(
            mode="json", include={"architecture", "transform"}, exclude_none=True
        )
        return _digest(self.weights.body_sha256, parts)


def _digest(*parts: object) -> str:
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def now() -> datetime:
    """The moment for `created_at`, in UTC without fractions of a second."""
    return datetime.now(UTC).replace(microsecond=0)
