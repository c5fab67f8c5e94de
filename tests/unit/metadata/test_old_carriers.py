"""IPTC and the Windows keywords in Exif."""

from __future__ import annotations

import struct

import pytest

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.iptc import find_charset, has_same_texts, parse_iptc, to_utf8, with_keywords
from tagger.metadata.iptc_editing import read_iptc_keywords
from tagger.metadata.keyword_paths import cut_for_iptc
from tagger.metadata.photoshop import parse_resources
from tagger.metadata.xp_keywords import (
    is_same_but_keywords,
    read_xp_keywords,
    write_xp_keywords,
)
from tests.packets import dataset, exif_block, resource

NOTHING_KNOWN: frozenset[str] = frozenset()


@pytest.mark.parametrize("order", ["<", ">"])
class TestWindowsKeywords:
    def test_a_shorter_value_goes_into_the_old_place(self, order: str) -> None:
        block = exif_block("Berlin;Ana", order)
        after = write_xp_keywords(block, ("Ana",))
        assert read_xp_keywords(after) == ("Ana",)
        assert len(after) == len(block)
        assert is_same_but_keywords(block, after)

    def test_a_longer_value_goes_behind_and_nothing_moves(self, order: str) -> None:
        block = exif_block("Berlin", order)
        after = write_xp_keywords(block, ("Berlin", "Ana; Luis", "👰"))
        assert read_xp_keywords(after) == ("Berlin", "Ana, Luis", "👰")
        assert after.index(b"maker note") == block.index(b"maker note")
        assert "Berlin".encode("utf-16-le") not in after[: len(block)]
        assert is_same_but_keywords(block, after)

    def test_growing_again_leaves_no_gap(self, order: str) -> None:
        block = write_xp_keywords(exif_block("B", order), ("long keyword",))
        after = write_xp_keywords(block, ("long keyword", "more"))
        assert len(after) == len(block) + 2 * len(";more")
        assert is_same_but_keywords(block, after)

    def test_an_empty_list_and_back(self, order: str) -> None:
        block = exif_block("Berlin", order)
        empty = write_xp_keywords(block, ())
        assert read_xp_keywords(empty) == ()
        assert read_xp_keywords(write_xp_keywords(empty, ("Berlin",))) == ("Berlin",)

    def test_half_a_sign_at_the_end_is_no_part_of_a_keyword(self, order: str) -> None:
        block = bytearray(exif_block("Berlin", order))
        size = block.index(struct.pack(order + "HH", 0x9C9E, 1)) + 4
        struct.pack_into(order + "I", block, size, 2 * len("Berlin") + 1)
        assert read_xp_keywords(bytes(block)) == ("Berlin",)

    def test_any_other_change_is_seen(self, order: str) -> None:
        block = exif_block("Berlin", order)
        assert not is_same_but_keywords(block, block.replace(b"note", b"NOTE"))
        assert not is_same_but_keywords(block, block[:-1])

    def test_a_value_that_lies_over_others_is_refused(self, order: str) -> None:
        block = bytearray(exif_block("Berlin", order))
        entry = block.index(struct.pack(order + "HH", 0x9C9E, 1))
        for offset in (0, 8, 20, len(block) - 5):
            struct.pack_into(order + "I", block, entry + 8, offset)
            with pytest.raises(MetadataRefusedError):
                write_xp_keywords(bytes(block), ("x",))


def test_exif_that_is_no_tiff_is_refused() -> None:
    for block in (b"", b"II", b"II*\x00\xff\xff\xff\xff", b"II*\x00\x08\x00\x00\x00\xff\xff"):
        with pytest.raises(MetadataRefusedError):
            read_xp_keywords(block)


class TestIptc:
    @pytest.mark.parametrize(
        ("encoding", "known", "expected"),
        [
            ("utf-8", NOTHING_KNOWN, "Köln"),
            ("cp1252", NOTHING_KNOWN, "Köln"),
            ("mac_roman", frozenset({"Köln"}), "Köln"),
            ("mac_roman", NOTHING_KNOWN, "Kšln"),
        ],
    )
    def test_character_set(self, encoding: str, known: frozenset[str], expected: str) -> None:
        block = dataset(2, 25, "Köln".encode(encoding))
        assert read_iptc_keywords(block, known) == (expected,)

    def test_declared_sets(self) -> None:
        latin = dataset(1, 90, b"\x1b.A") + dataset(2, 25, b"K\xf6ln")
        assert read_iptc_keywords(latin, NOTHING_KNOWN) == ("Köln",)
        unknown = dataset(1, 90, b"\x1b%/I") + dataset(2, 25, b"K\xf6ln")
        with pytest.raises(MetadataRefusedError, match="character set"):
            read_iptc_keywords(unknown, NOTHING_KNOWN)
        false = dataset(1, 90, b"\x1b%G") + dataset(2, 25, b"K\xf6ln")
        assert read_iptc_keywords(false, NOTHING_KNOWN) == ("Köln",)

    def test_conversion_leaves_binary_datasets_alone(self) -> None:
        block = b"".join(
            [
                dataset(1, 0, b"\x00\x04"),
                dataset(2, 0, b"\x00\xe4"),
                dataset(2, 120, b"Caf\xe9"),
                dataset(2, 202, b"\xff\xd8\xe9"),
                dataset(3, 10, b"\xe9"),
                dataset(7, 10, b"\xe9"),
            ]
        )
        iptc = parse_iptc(block)
        converted = to_utf8(iptc, find_charset(iptc, NOTHING_KNOWN))
        assert converted.to_bytes() == b"".join(
            [
                dataset(1, 0, b"\x00\x04"),
                dataset(1, 90, b"\x1b%G"),
                dataset(2, 0, b"\x00\xe4"),
                dataset(2, 120, "Café".encode()),
                dataset(2, 202, b"\xff\xd8\xe9"),
                dataset(3, 10, b"\xe9"),
                dataset(7, 10, b"\xe9"),
            ]
        )
        assert has_same_texts(iptc, converted)
        assert not has_same_texts(iptc, parse_iptc(block.replace(b"Caf", b"Cof")))

    def test_keywords_stand_where_they_belong(self) -> None:
        iptc = parse_iptc(dataset(2, 5, b"title") + dataset(2, 120, b"caption") + b"\x00\x00")
        after = with_keywords(iptc, (), (b"one", b"two"))
        assert [one.number for one in after.datasets] == [(2, 5), (2, 25), (2, 25), (2, 120)]
        assert after.to_bytes().endswith(b"\x00\x00")

    def test_extended_lengths(self) -> None:
        long = b"x" * 40_000
        block = b"\x1c\x02\x78\x80\x04" + len(long).to_bytes(4, "big") + long
        iptc = parse_iptc(block + dataset(2, 25, b"k"))
        assert iptc.to_bytes() == block + dataset(2, 25, b"k")
        assert iptc.keywords == (b"k",)

    @pytest.mark.parametrize(
        "block", [b"\x1c\x02", b"\x1c\x02\x19\x00\x05abc", b"junk", b"\x1c\x02\x19\xff\xff\x00\x01"]
    )
    def test_damage_is_refused(self, block: bytes) -> None:
        with pytest.raises(MetadataRefusedError):
            parse_iptc(block)

    def test_cut_between_characters(self) -> None:
        assert cut_for_iptc("ä" * 40) == "ä" * 32
        assert cut_for_iptc("x" + "ä" * 40) == "x" + "ä" * 31
        assert cut_for_iptc("x" * 63 + " yz") == "x" * 63


@pytest.mark.parametrize(
    "block", [resource(0x0404, b"abc")[:-2], b"8BIM\x04\x04", b"8BIM", b"junk", b"8BIM" * 4]
)
def test_damaged_photoshop_data_is_refused(block: bytes) -> None:
    with pytest.raises(MetadataRefusedError):
        parse_resources(block)
