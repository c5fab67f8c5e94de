from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.core.errors import WriteFailedError
from tagger.files import apply_delta, make_delta, revert_delta

states = st.lists(st.sampled_from([b"a", b"b", b"abc", b"\x00" * 70]), max_size=40).map(b"".join)


@given(before=states, after=states)
def test_a_delta_leads_there_and_back(before: bytes, after: bytes) -> None:
    delta = make_delta(before, after)

    assert b"".join(apply_delta(before, delta)) == after
    assert revert_delta(after, delta) == before


def test_what_is_equal_is_not_stored() -> None:
    picture = random.Random(1).randbytes(1 << 20)
    profile = random.Random(2).randbytes(100_000)
    before = b"head" + b"old packet" + profile + b"iptc" + picture
    after = b"HEAD" + b"a longer packet" + profile + b"IPTC and more" + picture + b"tail"

    delta = make_delta(before, after)

    assert len(delta) < 1000
    assert b"".join(apply_delta(before, delta)) == after
    assert revert_delta(after, delta) == before


def test_a_file_that_it_does_not_fit_is_refused() -> None:
    delta = make_delta(b"one two three", b"one 2 three")

    with pytest.raises(WriteFailedError, match="does not fit"):
        revert_delta(b"one 3 three", delta)
