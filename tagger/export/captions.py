"""Captions and hashtags to copy into a post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.names import fold_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said of one picture.

    Attributes:
        file: its name in the folder.
        tags: class names, `reception_room`.
        shoot: name of the folder or day, may be empty.
        credit: may be empty.
    """

    file: str
    tags: tuple[str, ...]
    shoot: str = ""
    credit: str = ""


def write_captions(captions: Sequence[Caption], hashtags: Iterable[str] = ()) -> str:
    """One paragraph a picture: file name, sentence, hashtags; at the end all hashtags together."""
    own = [hashtag(text) for text in hashtags]
    blocks = ["\n".join(_lines(caption, own)) for caption in captions]
    every = dict.fromkeys([*(hashtag(tag) for caption in captions for tag in caption.tags), *own])
    if every:
        blocks.append("\n".join(("All hashtags:", " ".join(every))))
    return "\n\n".join(blocks) + "\n"


def hashtag(text: str) -> str:
    """`reception_room` as `#receptionroom`: letters and digits only, as the platforms read them."""
    return "#" + "".join(char for char in fold_name(text) if char.isalnum())


def _lines(caption: Caption, hashtags: list[str]) -> Iterable[str]:
    yield caption.file
    said = ", ".join(tag.replace("_", " ").capitalize() for tag in caption.tags)
    sentence = " · ".join(part for part in (said, caption.shoot, caption.credit) if part)
    if sentence:
        yield sentence
    marks = dict.fromkeys([*(hashtag(tag) for tag in caption.tags), *hashtags])
    if marks:
        yield " ".join(marks)
