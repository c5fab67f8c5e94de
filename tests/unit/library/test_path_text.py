import os

from hypothesis import given
from hypothesis import strategies as st

from tagger.library.path_text import decode_path, encode_path

# Every code point there is: lone surrogates and the private-use characters that stand for them.
ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF, exclude_categories=()),
        st.characters(min_codepoint=0x10EFFE, max_codepoint=0x10F802, exclude_categories=()),
    )
)


@given(ANY_TEXT)
def test_every_name_comes_back_as_it_was(name: str) -> None:
    encoded = encode_path(name)

    encoded.encode("utf-8")  # what SQLite needs
    assert decode_path(encoded) == name


@given(ANY_TEXT, ANY_TEXT)
def test_two_names_never_become_one(first: str, second: str) -> None:
    assert (encode_path(first) == encode_path(second)) == (first == second)


@given(st.binary())
def test_every_posix_name_comes_back_byte_by_byte(raw: bytes) -> None:
    name = os.fsdecode(raw)

    assert os.fsencode(decode_path(encode_path(name))) == raw


def test_ordinary_names_stay_readable() -> None:
    assert encode_path("Ana & Luís/IMG_0001.CR3") == "Ana & Luís/IMG_0001.CR3"
