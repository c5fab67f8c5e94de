"""What is wrong with a search text, as a sentence that names the place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from tagger.core.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Collection

    from lark.exceptions import UnexpectedInput

_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"?', re.DOTALL)


def explain_syntax(error: UnexpectedInput, text: str) -> QueryError:
    """The error for a text that the grammar refuses."""
    if isinstance(error, UnexpectedToken):
        if error.token.type == "$END":
            return _explain_end(text)
        return _explain_token(str(error.token), error.token.start_pos or 0, error.expected)
    assert isinstance(error, UnexpectedCharacters)  # the only other kind that the parser raises
    position = cast("int", error.pos_in_stream)  # lark declares it as None
    if text[position] == '"':
        return _refuse("This quotation mark is not closed", position)
    return _refuse(f"“{text[position]}” can't stand here", position)


def _explain_token(text: str, position: int, expected: Collection[str]) -> QueryError:
    """`expected` are the grammar's names of what could have followed."""
    if "_SCOPE_END" in expected:
        return _refuse("A class in brackets is followed by a colon and a value", position)
    if "VALUE" in expected or "CLASS" in expected:
        return _refuse(f"A value is missing before “{text}”; put text in quotation marks", position)
    if text == ")" and "WORD" not in expected:
        return _refuse("There is nothing for this closing bracket to close", position)
    return _refuse(f"Something to search for is missing before “{text}”", position)


def _explain_end(text: str) -> QueryError:
    """The text stops too early: a bracket is open, or the last word waits for another."""
    opened: list[int] = []
    # Brackets in quotation marks are text.
    for position, char in enumerate(_QUOTED.sub(lambda match: " " * len(match[0]), text)):
        if char == "(":
            opened.append(position)
        elif char == ")" and opened:
            opened.pop()
    if opened:
        return _refuse("This bracket is not closed", opened[-1])
    last = text.rsplit(maxsplit=1)[-1]
    position = text.rindex(last)
    return _refuse(f"Something to search for is missing after “{last}”", position)


def _refuse(sentence: str, position: int) -> QueryError:
    return QueryError(f"{sentence} (character {position + 1}).", position)
