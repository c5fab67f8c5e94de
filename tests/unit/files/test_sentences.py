import errno

import pytest

from tagger.files import sentence_for
from tagger.files.sentences import is_lock


def test_a_full_disk_says_so() -> None:
    assert sentence_for(OSError(errno.ENOSPC, "No space")).startswith("The disk is full; ")


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_every_error_has_one_sentence(number: int) -> None:
    sentence = sentence_for(OSError(number, "text"))

    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "errno" not in sentence.lower()


def test_an_error_without_a_number_has_one_too() -> None:
    assert "strange" in sentence_for(OSError("strange"))


def test_windows_locks_are_named_as_such() -> None:
    error = PermissionError(errno.EACCES, "denied")
    assert not is_lock(error)
    error.winerror = 32  # type: ignore[attr-defined,unused-ignore] # exists on Windows only
    assert is_lock(error)
    assert "Another program" in sentence_for(error)
