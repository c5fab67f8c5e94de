from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.core.errors import WriteFailedError
from tagger.files import (
    Patching,
    apply_delta,
    digest_of,
    digest_of_file,
    make_delta,
    revert_delta,
)
from tagger.files import delta as delta_module

states = st.lists(st.sampled_from([b"a", b"b", b"abc", b"\x00" * 70]), max_size=40).map(b"".join)


@given(before=states, after=states)
def test_a_delta_leads_there_and_back(before: bytes, after: bytes) -> None:
    delta = make_delta(before, after)

    assert apply_delta(before, delta) == after
    assert revert_delta(after, delta) == before


@given(before=states, after=states, chunk_bytes=st.integers(1, 40))
def test_a_file_is_patched_while_it_is_read(before: bytes, after: bytes, chunk_bytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(delta_module, "_CHUNK_BYTES", chunk_bytes)
        path = Path(folder) / "photo"
        path.write_bytes(before)
        patching = Patching(path, make_delta(before, after))

        assert b"".join(bytes(piece) for piece in patching) == after
        assert patching.before_digest == digest_of(before) == digest_of_file(path)


@pytest.mark.parametrize("other", [b"one 3 three", b"one two threes", b"one two", b""])
def test_a_file_that_somebody_changed_is_told(tmp_path: Path, other: bytes) -> None:
    path = tmp_path / "photo"
    path.write_bytes(other)
    patching = Patching(path, make_delta(b"one two three", b"one 2 three"))

    for _ in patching:
        pass

    assert patching.before_digest != digest_of(b"one two three")


def test_what_is_equal_is_not_stored() -> None:
    picture = random.Random(1).randbytes(1 << 20)
    profile = random.Random(2).randbytes(100_000)
    before = b"head" + b"old packet" + profile + b"iptc" + picture
    after = b"HEAD" + b"a longer packet" + profile + b"IPTC and more" + picture + b"tail"

    delta = make_delta(before, after)

    assert len(delta) < 1000
    assert apply_delta(before, delta) == after
    assert revert_delta(after, delta) == before


def test_a_file_that_it_does_not_fit_is_refused() -> None:
    delta = make_delta(b"one two three", b"one 2 three")

    with pytest.raises(WriteFailedError, match="does not fit"):
        revert_delta(b"one 3 three", delta)
