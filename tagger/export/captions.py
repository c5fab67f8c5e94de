"""Captions and hashtags to copy into a post."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    own = [mark for text in hashtags if (mark := hashtag(text))]
    blocks = ["\n".join(_lines(caption, own)) for caption in captions]
    every = _marks((tag for caption in captions for tag in caption.tags), own)
    if every:
        blocks.append("\n".join(("All hashtags:", " ".join(every))))
    return "\n\n".join(blocks) + "\n"


def hashtag(text: str) -> str:
    """`reception_room` as `#receptionroom`: letters and digits only, as the platforms read them.

    Marks that belong to a letter stay, for Hindi and Thai are misspelt without them. Empty where
    there is no letter.
    """
    kept: list[str] = []
    is_word = False
    # In small letters, not folded for comparing: that misspells Greek and German words.
    for char in unicodedata.normalize("NFC", text).replace("\u0130", "i").lower():
        is_word = char.isalnum() or (is_word and unicodedata.category(char).startswith("M"))
        if is_word:
            kept.append(char)
    return "#" + "".join(kept) if kept else ""


def _lines(caption: Caption, hashtags: list[str]) -> Iterable[str]:
    yield caption.file
    said = ", ".join(tag.replace("_", " ").capitalize() for tag in caption.tags)
    sentence = " · ".join(part for part in (said, caption.shoot, caption.credit) if part)
    if sentence:
        yield sentence
    marks = _marks(caption.tags, hashtags)
    if marks:
        yield " ".join(marks)


def _marks(tags: Iterable[str], own: list[str]) -> list[str]:
    """Each once, those of the tags first."""
    found = [mark for tag in tags if (mark := hashtag(tag))]
    return list(dict.fromkeys([*found, *own]))
