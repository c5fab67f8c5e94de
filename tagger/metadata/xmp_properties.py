"""The XMP properties this program reads, and their qualified names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.acdsee import read_categories
from tagger.metadata.keyword_paths import KeywordPath, split_path
from tagger.metadata.packet import parse_first_document, parse_packet
from tagger.metadata.profiles import Extra
from tagger.metadata.rdf import Places, find_rdf

if TYPE_CHECKING:
    from lxml import etree

    from tagger.core.rating import RatingChange
    from tagger.metadata.rdf import Property

_XMP = "{http://ns.adobe.com/xap/1.0/}"
_LR = "{http://ns.adobe.com/lightroom/1.0/}"
_MICROSOFT = ("{http://ns.microsoft.com/photo/1.0/}", "{http://ns.microsoft.com/photo/1.0}")
SUBJECT = "{http://purl.org/dc/elements/1.1/}subject"
HIERARCHY = _LR + "hierarchicalSubject"
ACDSEE = "{http://ns.acdsee.com/iptc/1.0/}categories"
METADATA_DATE = _XMP + "MetadataDate"
RATING, LABEL = _XMP + "Rating", _XMP + "Label"
COLOR_CLASS = "{http://ns.camerabits.com/photomechanic/1.0/}ColorClass"
URGENCY = "{http://ns.adobe.com/photoshop/1.0/}Urgency"
SIDECAR_FOR = "{http://ns.adobe.com/photoshop/1.0/}SidecarForExtension"


@dataclass(frozen=True, slots=True)
class PathList:
    """A property whose values are paths.

    Attributes:
        names: of several the first is the right one, the others are seen in files.
        separator: between the names of a path.
        kind: of the array.
        extra: under which a profile may ask to make it.
    """

    names: tuple[str, ...]
    separator: str
    kind: str = "Bag"
    extra: Extra | None = None


LIGHTROOM = PathList((HIERARCHY,), "|")
LIGHTROOM_MISSPELT = PathList((_LR + "HierarchicalSubject",), "|")
DIGIKAM = PathList(("{http://www.digikam.org/ns/1.0/}TagsList",), "/", "Seq", Extra.DIGIKAM)
WINDOWS = PathList(
    tuple(space + "LastKeywordXMP" for space in _MICROSOFT), "/", extra=Extra.WINDOWS_LIST
)
MEDIAPRO = PathList(("{http://ns.iview-multimedia.com/mediapro/1.0/}CatalogSets",), "|")
PATH_LISTS = (LIGHTROOM, LIGHTROOM_MISSPELT, DIGIKAM, WINDOWS, MEDIAPRO)
EDITED = frozenset(
    {SUBJECT, ACDSEE, METADATA_DATE, *(name for one in PATH_LISTS for name in one.names)}
)
"""Names of all properties that an edit of keywords may change."""
KEYWORD_NAMES = (SUBJECT, ACDSEE, *(name for one in PATH_LISTS for name in one.names))
WINDOWS_RATING = tuple(space + "Rating" for space in _MICROSOFT)
_READ = (*KEYWORD_NAMES, RATING, *WINDOWS_RATING, LABEL, SIDECAR_FOR)


@dataclass(frozen=True, slots=True)
class XmpFacts:
    """What one packet says.

    Attributes:
        subject: values of `dc:subject`, None where the packet has none.
        paths: of all hierarchical lists; those of one name are flat keywords.
        implied: keys of names that stand above others in Lightroom's list.
        extension: which file of several with one name the sidecar belongs to.
    """

    subject: tuple[str, ...] | None = None
    paths: tuple[KeywordPath, ...] = ()
    rating: int | None = None
    label: str | None = None
    extension: str | None = None

    @property
    def has_keywords(self) -> bool:
        """Whether the packet speaks of keywords at all, be it to say that there are none."""
        return self.subject is not None or bool(self.paths)


def read_packet(data: bytes) -> tuple[XmpFacts, str | None]:
    """What the packet says, and a sentence when it is damaged. Never raises."""
    try:
        return read_facts(find_rdf(parse_packet(data).root)), None
    except MetadataRefusedError as error:
        problem = str(error)
    try:
        return read_facts(find_rdf(parse_first_document(data))), problem
    except MetadataRefusedError:
        return XmpFacts(), problem


def read_facts(rdf: etree._Element) -> XmpFacts:
    """What the tree says."""
    places = Places(rdf, _READ)
    subject = places.of(SUBJECT)
    paths = [
        split_path(text, one.separator)
        for one in PATH_LISTS
        for text in places.of(*one.names).texts()
    ]
    for text in places.of(ACDSEE).texts():
        paths.extend(read_categories(text))
    return XmpFacts(
        subject=tuple(subject.texts()) if subject.exists else None,
        paths=tuple(path for path in paths if path),
        rating=_read_rating(places),
        label=_read_label(places.of(LABEL)),
        extension=places.of(SIDECAR_FOR).first(),
    )


def _read_label(place: Property) -> str | None:
    """An empty one says that there is none, whatever is embedded in the photo."""
    return place.first() or ("" if place.exists else None)


def _read_rating(places: Places) -> int | None:
    stars = read_number(places.of(RATING).first())
    if stars is not None:
        return clamp_rating(stars)
    percent = read_number(places.of(*WINDOWS_RATING).first())
    return None if percent is None else stars_from_percent(percent)


def read_number(text: str | None) -> float | None:
    """The number that a text says, None where it says none."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if abs(number) < 1000 else None


def clamp_rating(stars: float) -> int:
    """Whole stars: -1 (rejected) to 5."""
    return max(-1, min(5, round(stars)))


def edited_names(rating: RatingChange) -> frozenset[str]:
    """Names of the properties that an edit with this change of stars and label may change."""
    stars = (RATING, *WINDOWS_RATING, URGENCY) if rating.rating is not None else ()
    return EDITED | {*stars, *((LABEL,) if rating.label is not None else ())}


def stars_from_percent(percent: float) -> int:
    """Windows keeps 1, 25, 50, 75, 99 percent for one to five stars, 0 for none."""
    return 0 if percent <= 0 else clamp_rating(1 + percent / 24.9)


def percent_from_stars(stars: int) -> int:
    """What Windows itself writes; it knows no rejected photos."""
    return (0, 1, 25, 50, 75, 99)[max(stars, 0)]


def urgency_from_stars(stars: int) -> str:
    """The IPTC urgency with which digiKam and old programs mirror stars."""
    return "865421"[max(stars, 0)]
