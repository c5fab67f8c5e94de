"""One photo on its way out: its name, its metadata and its crop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import DriveAwayError
from tagger.core.tag import TagState
from tagger.export import Extras, Ink, Kept, NameFields, Notes, export_name, make_xmp, select_exif
from tagger.files import read_stamp
from tagger.images import read_exif_block
from tagger.metadata import read_credit
from tagger.services.cropping import placed_windows
from tagger.services.exporting.record import key_of
from tagger.services.places import bundled_folder
from tagger.services.settings import EXPORT_COPYRIGHT, EXPORT_CREDIT

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.tag import PhotoTag
    from tagger.export import Preset, Window
    from tagger.library import Library, PhotoRow
    from tagger.services.exporting.request import ExportRequest
    from tagger.services.workspace import Workspace

FONT = "Inter-SemiBold.otf"
_NOT_THERE = "The photo is not there. Connect its drive, or scan the folder again."
_DECIDED = {TagState.CONFIRMED, TagState.CORRECTED}


@dataclass(frozen=True)
class Signature:
    """What the photographer wants to be read on and in pictures."""

    credit: str
    copyright: str


@dataclass(frozen=True)
class Item:
    """A photo and how it goes out.

    Attributes:
        stem: of the file's name.
        tags: classes for the caption, the best first.
        keywords: for the metadata; only what a person or another program put there.
        window: the crop that a person placed; None where nobody did.
    """

    row: PhotoRow
    stem: str
    tags: tuple[str, ...]
    keywords: tuple[str, ...]
    window: Window | None

    @property
    def path(self) -> Path:
        """The original."""
        return self.row.path

    def refuse_gone(self) -> None:
        """Accept an original that lay there at the last scan.

        Raises:
            DriveAwayError: it did not, and another photo may have its name now.
        """
        if self.row.is_missing:
            raise DriveAwayError(_NOT_THERE)

    def key(self, request: ExportRequest, signature: Signature) -> str:
        """Differs whenever the export would.

        Raises:
            DriveAwayError: the original can't be asked, or is gone.
        """
        self.refuse_gone()
        try:
            stamp = read_stamp(self.path)
        except OSError as error:
            raise DriveAwayError(_NOT_THERE) from error
        facts = (str(self.path), repr(stamp), self.stem, repr(self.window), repr(self.keywords))
        subject = (request.crop, next(iter(self.tags), ""))
        look = (request.preset.model_dump_json(), _stamp_logo(request.preset), repr(signature))
        return key_of(*look, *subject, *facts)


def read_signature(library: Library, preset: Preset) -> Signature:
    """The photographer's settings, within the texts of the preset where it has its own."""
    credit = library.setting(EXPORT_CREDIT) or ""
    right = library.setting(EXPORT_COPYRIGHT) or ""
    fields = {"credit": credit, "copyright": right}
    return Signature(_fill(preset.credit, fields, credit), _fill(preset.copyright, fields, right))


def make_items(library: Library, rows: list[PhotoRow], request: ExportRequest) -> list[Item]:
    """Every photo with its name and crop, in order."""
    placed = placed_windows(library, [row.id for row in rows], request.preset)
    windows = {**placed, **request.windows}
    return [
        Item(
            row=row,
            stem=export_name(request.preset.filename, name_fields(row, request, number, len(rows))),
            tags=shown_tags(row, request.tag_of(row.id)),
            keywords=_keywords(library, row) if request.preset.metadata is Kept.ALL else (),
            window=windows.get(row.id),
        )
        for number, row in enumerate(rows, start=1)
    ]


def name_examples(
    workspace: Workspace, rows: list[PhotoRow], request: ExportRequest
) -> list[tuple[Path, str]]:
    """What each picture would be called where no name is taken."""
    items = make_items(workspace.library, rows, request)
    return [(item.path, f"{item.stem}.jpg") for item in items]


def name_fields(row: PhotoRow, request: ExportRequest, number: int, count: int) -> NameFields:
    """What the template of the name may speak of."""
    return NameFields(
        name=row.path.stem,
        tag=next(iter(shown_tags(row, request.tag_of(row.id))), ""),
        shoot=row.shoot,
        taken_at=row.taken_at,
        camera=row.camera or "",
        stars=max(0, row.rating or 0),
        preset=request.preset.name,
        number=number,
        count=count,
    )


def shown_tags(row: PhotoRow, first: str | None = None) -> tuple[str, ...]:
    """The classes of a photo, those that a person gave first; `first` before all."""
    standing = [tag for tag in row.tags if tag.state is not TagState.REJECTED]
    names = [tag.name for tag in sorted(standing, key=_is_guess)]
    wanted = [name for name in names if name == first]
    return tuple(dict.fromkeys([*wanted, *names]))


def make_extras(item: Item, preset: Preset, signature: Signature) -> Extras:
    """Crop, ink and metadata blocks; reads the original's metadata where the preset keeps any."""
    ink = Ink(signature.credit, bundled_folder("resources") / "fonts" / FONT)
    if preset.metadata is Kept.NONE:
        return Extras(item.window, ink)
    own = read_credit(item.path)
    notes = Notes(
        creator=own.creator,
        copyright=own.copyright or signature.copyright,
        credit=signature.credit or own.credit,
        keywords=item.keywords,
    )
    exif = select_exif(read_exif_block(item.path), preset, notes)
    return Extras(item.window, ink, exif, make_xmp(preset, notes))


def _stamp_logo(preset: Preset) -> str:
    """Differs when the picture of the watermark does; one that is gone is told when it is drawn."""
    if preset.watermark is None or preset.watermark.image is None:
        return ""
    try:
        return repr(read_stamp(preset.watermark.image))
    except OSError:
        return "gone"


def _keywords(library: Library, row: PhotoRow) -> tuple[str, ...]:
    paths = {tag.name: tag.keyword_path for tag in library.tags()}
    decided = ["|".join(paths[tag.name]) for tag in row.tags if tag.state in _DECIDED]
    return tuple(dict.fromkeys([*decided, *library.file_keywords(row.id)]))


def _is_guess(tag: PhotoTag) -> bool:
    return tag.state not in _DECIDED


def _fill(own: str | None, fields: dict[str, str], usual: str) -> str:
    if own is None:
        return usual
    for name, text in fields.items():
        own = own.replace(f"{{{name}}}", text)
    return own.strip()
