"""XMP packets: encodings, limits, padding and the white space around."""

from __future__ import annotations

import codecs

import pytest

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.packet import make_packet, parse_packet
from tagger.metadata.xmp_properties import read_packet
from tests.packets import array, packet

BODY = packet(array("dc:subject", ["Schöne Wiese"]))
WRAPPED = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
    + BODY
    + b"\n"
    + b" " * 400
    + b'<?xpacket end="w"?>'
)


@pytest.mark.parametrize(
    "data",
    [
        BODY,
        WRAPPED,
        codecs.BOM_UTF8 + BODY,
        codecs.BOM_UTF8 * 2 + WRAPPED,
        WRAPPED + b"\x00\x00",
        b'<?xml version="1.0" encoding="UTF-8"?>\n' + BODY,
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + BODY.decode().encode("latin-1"),
        BODY.decode().encode("utf-16"),
        BODY.decode().encode("utf-16-be"),
        BODY.decode().encode("utf-32-le"),
        ("\ufeff\ufeff" + WRAPPED.decode()).encode("utf-16-le"),
        b"<!-- a note -->" + BODY,
    ],
)
def test_every_encoding_is_read_and_written_as_utf8(data: bytes) -> None:
    facts, problem = read_packet(data)
    assert (facts.subject, problem) == (("Schöne Wiese",), None)

    facts, problem = read_packet(parse_packet(data).to_bytes())
    assert (facts.subject, problem) == (("Schöne Wiese",), None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"{}",
        BODY[:-3],
        BODY.decode().encode("latin-1"),
        BODY.replace(b"Wiese", b"\x01"),
        b"<!DOCTYPE x>" + BODY,
        b'<!DOCTYPE x [<!ENTITY a "b">]>' + BODY.replace(b"Wiese", b"&a;"),
        b"<a>" * 300 + b"</a>" * 300,
        b"<a>" + b"<b/>" * 400_000 + b"</a>",
        b"<?a?>" * 50_000,
        b" " * (17 << 20),
        b"<?xpacket begin",
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_must_not_be_parsed_is_refused_and_said(data: bytes) -> None:
    facts, problem = read_packet(data)
    assert facts.subject is None
    assert problem is not None
    with pytest.raises(MetadataRefusedError):
        parse_packet(data)


def test_old_tags_behind_the_end_are_read_over_but_never_edited() -> None:
    data = WRAPPED + b"li></rdf:Bag></x:xmpmeta><?xpacket end='r'?>"
    facts, problem = read_packet(data)
    assert facts.subject == ("Schöne Wiese",)
    assert problem is not None
    with pytest.raises(MetadataRefusedError):
        parse_packet(data)


def test_length_is_kept_while_padding_lasts() -> None:
    parsed = parse_packet(WRAPPED)
    assert len(parsed.to_bytes()) == len(WRAPPED)
    parsed.root.set("more", "x" * 200)
    assert len(parsed.to_bytes()) == len(WRAPPED)
    parsed.root.set("more", "x" * 2000)
    assert len(parsed.to_bytes()) > len(WRAPPED) + 2000
    assert parsed.to_bytes().endswith(b'<?xpacket end="w"?>')
    assert len(parsed.to_short_bytes()) < len(parsed.to_bytes()) - 2000


def test_prefixes_comments_and_order_of_other_programs_stay() -> None:
    data = BODY.replace(b"<rdf:li>", b"<!-- mine --><rdf:li>").replace(b"acme:", b"acme:")
    assert parse_packet(data).to_bytes() == data


@pytest.mark.parametrize("end", ["w", "r", None])
def test_new_packets_can_be_read(end: str | None) -> None:
    data = make_packet(end).to_bytes()
    assert read_packet(data)[1] is None
    assert (b"<?xpacket" in data) == (end is not None)
    assert (len(data) > 2048) == (end == "w")


@pytest.mark.parametrize(
    ("rating", "stars"), [("3", 3), ("-1", -1), ("4.6", 5), ("99", 5), ("x", None), ("nan", None)]
)
def test_rating(rating: str, stars: int | None) -> None:
    assert read_packet(packet(attributes=f'xmp:Rating="{rating}"'))[0].rating == stars
    assert read_packet(packet(f"<xmp:Rating>{rating}</xmp:Rating>"))[0].rating == stars


@pytest.mark.parametrize(("percent", "stars"), [(0, 0), (1, 1), (25, 2), (50, 3), (75, 4), (99, 5)])
def test_rating_in_percent(percent: int, stars: int) -> None:
    data = packet(attributes=f'MicrosoftPhoto:Rating="{percent}"')
    assert read_packet(data)[0].rating == stars


def test_label_is_free_text() -> None:
    assert read_packet(packet(attributes='xmp:Label="Gelb"'))[0].label == "Gelb"
