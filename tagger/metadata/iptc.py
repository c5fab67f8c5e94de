"""IPTC-IIM datasets (IPTC-IIM 4.2): keywords are repeated datasets 2:25 of up to 64 bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from tagger.core.errors import MetadataRefusedError

KEYWORD = (2, 25)
URGENCY = (2, 10)
CHARSET = (1, 90)
UTF8_ESCAPE = b"\x1b%G"
_LATIN1_ESCAPES = (b"\x1b.A", b"\x1b-A", b"\x1b/A")
_BINARY = {(2, 0), (2, 125), (2, 200), (2, 201), (2, 202)}
"""Record version, rasterised caption, object preview: no text."""
_CANDIDATES = ("cp1252", "mac_roman", "cp1250")
_BROKEN = "The IPTC data of this file is damaged."


class Dataset(NamedTuple):
    """One dataset; `raw` is all of it as it stands in the file."""

    number: tuple[int, int]
    data: bytes
    raw: bytes

    @classmethod
    def make(cls, number: tuple[int, int], data: bytes) -> Dataset:
        """A dataset with a short length field."""
        if len(data) > 0x7FFF:
            raise MetadataRefusedError("A text in the IPTC data of this file is too long.")
        return cls(number, data, b"\x1c%c%c" % number + len(data).to_bytes(2, "big") + data)


@dataclass(frozen=True, slots=True)
class Iptc:
    """All datasets in their order, and the zeros that may trail behind them."""

    datasets: tuple[Dataset, ...]
    tail: bytes = b""

    def to_bytes(self) -> bytes:
        """The block as it goes into the file."""
        return b"".join(one.raw for one in self.datasets) + self.tail

    def find(self, number: tuple[int, int]) -> bytes | None:
        """The data of the first dataset with this number."""
        return next((one.data for one in self.datasets if one.number == number), None)

    @property
    def keywords(self) -> tuple[bytes, ...]:
        """The values of all datasets 2:25."""
        return tuple(one.data for one in self.datasets if one.number == KEYWORD)

    @property
    def is_utf8(self) -> bool:
        """Whether the block says that it is UTF-8."""
        return self.find(CHARSET) == UTF8_ESCAPE


def make_iptc() -> Iptc:
    """A block without texts: the two versions that the standard demands, and UTF-8."""
    version = (4).to_bytes(2, "big")
    heads = (((1, 0), version), (CHARSET, UTF8_ESCAPE), ((2, 0), version))
    return Iptc(tuple(Dataset.make(number, data) for number, data in heads))


@lru_cache(maxsize=64)
def parse_iptc(block: bytes) -> Iptc:
    """Raises `MetadataRefusedError` when a dataset reaches past the end or junk follows."""
    datasets: list[Dataset] = []
    offset = 0
    while block[offset : offset + 1] == b"\x1c":
        dataset = _read_dataset(block, offset)
        datasets.append(dataset)
        offset += len(dataset.raw)
    if block[offset:].strip(b"\x00"):
        raise MetadataRefusedError(_BROKEN)
    return Iptc(tuple(datasets), block[offset:])


def _read_dataset(block: bytes, offset: int) -> Dataset:
    header = block[offset : offset + 5]
    if len(header) < 5:
        raise MetadataRefusedError(_BROKEN)
    length, start = int.from_bytes(header[3:5], "big"), offset + 5
    if length & 0x8000:  # extended: the number of bytes that hold the length
        width = length & 0x7FFF
        length = int.from_bytes(block[start : start + min(width, 5)], "big")
        start += width
    data = block[start : start + length]
    if len(data) < length or start > len(block):
        raise MetadataRefusedError(_BROKEN)
    return Dataset((header[1], header[2]), data, block[offset : start + length])


def decode_text(data: bytes, charset: str) -> str:
    """The text; what does not fit the character set is read as Latin-1, which never fails."""
    try:
        return data.decode(charset)
    except UnicodeDecodeError:
        return data.decode("latin-1")


def find_charset(iptc: Iptc, known: frozenset[str]) -> str:
    """The character set of the texts.

    Without a declaration UTF-8 is taken where all texts are valid UTF-8, else the set in which
    most keywords are among the `known` ones of the XMP packet, else Windows' Western set.
    Raises `MetadataRefusedError` for a declared set that nobody uses with photos.
    """
    declared = iptc.find(CHARSET)
    if declared == UTF8_ESCAPE:
        return "utf-8"
    texts = [one.data for one in iptc.datasets if _is_text(one)]
    if all(_is_utf8(text) for text in texts):
        return "utf-8"
    if declared and declared not in _LATIN1_ESCAPES:
        raise MetadataRefusedError("The IPTC data of this file is in an unknown character set.")
    return max(_CANDIDATES, key=lambda name: _fit(iptc.keywords, name, known))


def _fit(keywords: tuple[bytes, ...], charset: str, known: frozenset[str]) -> int:
    return sum(decode_text(keyword, charset) in known for keyword in keywords)


def _is_text(dataset: Dataset) -> bool:
    return dataset.number[0] == 2 and dataset.number not in _BINARY


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def to_utf8(iptc: Iptc, charset: str) -> Iptc:
    """The block declared as UTF-8 and its texts converted.

    A block that says so already stays as it is, invalid texts included.
    """
    if iptc.is_utf8:
        return iptc
    kept = [_convert(one, charset) for one in iptc.datasets if one.number != CHARSET]
    place = sum(one.number < CHARSET for one in kept)
    kept.insert(place, Dataset.make(CHARSET, UTF8_ESCAPE))
    return replace(iptc, datasets=tuple(kept))


def _convert(dataset: Dataset, charset: str) -> Dataset:
    if not _is_text(dataset):
        return dataset
    data = decode_text(dataset.data, charset).encode()
    return dataset if data == dataset.data else Dataset.make(dataset.number, data)


def with_keywords(iptc: Iptc, kept: tuple[bytes, ...], added: tuple[bytes, ...]) -> Iptc:
    """Only the `kept` keywords, and the `added` ones behind them."""
    datasets = [one for one in iptc.datasets if one.number != KEYWORD or one.data in kept]
    places = [index for index, one in enumerate(datasets) if one.number <= KEYWORD]
    place = places[-1] + 1 if places else 0
    datasets[place:place] = [Dataset.make(KEYWORD, data) for data in added]
    return replace(iptc, datasets=tuple(datasets))


def with_urgency(iptc: Iptc, digit: bytes) -> Iptc:
    """Another urgency in the place of the one that is there."""
    other = Dataset.make(URGENCY, digit)
    kept = (other if one.number == URGENCY else one for one in iptc.datasets)
    return replace(iptc, datasets=tuple(kept))


def has_same_texts(before: Iptc, after: Iptc) -> bool:
    """Whether all datasets but keywords and character set say the same, whatever the encoding."""
    if not before.datasets:
        before = make_iptc()
    old, new = ([one for one in iptc.datasets if _is_foreign(one)] for iptc in (before, after))
    return len(old) == len(new) and all(map(_is_same, old, new))


def _is_foreign(dataset: Dataset) -> bool:
    return dataset.number not in (KEYWORD, CHARSET)


def _is_same(old: Dataset, new: Dataset) -> bool:
    if old.raw == new.raw:
        return True
    readings = (decode_text(old.data, charset).encode() for charset in _CANDIDATES)
    return old.number == new.number and _is_text(old) and new.data in readings
