from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.core.keywords import class_key, clean_keyword, keyword_key, unique_keywords


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    cleaned = clean_keyword(text)

    assert clean_keyword(cleaned) == cleaned
    assert cleaned == cleaned.strip()
    assert unicodedata.is_normalized("NFC", cleaned)


@given(st.lists(st.text()))
def test_unique_keywords_keep_one_spelling_of_each(keywords: list[str]) -> None:
    unique = unique_keywords(keywords)

    assert len({keyword_key(keyword) for keyword in unique}) == len(unique)
    assert {keyword_key(keyword) for keyword in unique} == {
        keyword_key(keyword) for keyword in keywords if clean_keyword(keyword)
    }


@pytest.mark.parametrize("spelling", ["reception_room", "Reception Room", "reception-room "])
def test_a_class_has_one_key_in_every_spelling(spelling: str) -> None:
    assert class_key(spelling) == "reception room"
