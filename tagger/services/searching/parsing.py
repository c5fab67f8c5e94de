"""From a search text to its meaning."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeGuard

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from tagger.core.errors import QueryError
from tagger.core.names import fold_name
from tagger.core.query import FileMatches, HasTag, Not, Untagged, Word, all_of, any_of
from tagger.services.searching.classes import ClassNames
from tagger.services.searching.complaints import explain_syntax
from tagger.services.searching.fields import SAVED, Value, read_field, read_scoped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from lark.tree import Branch

    from tagger.core.query import Query

_LONGEST = 4_000
_MOST_CLAUSES = 200
_DEEPEST = 40

_NOTHING_SAVED: Mapping[str, str] = MappingProxyType({})
_ESCAPED = re.compile(r'\\(["\\])')


def parse_query(
    text: str, class_names: Collection[str] | ClassNames, saved: Mapping[str, str] = _NOTHING_SAVED
) -> Query | None:
    """What a search text means; None for an empty one, which finds everything.

    A free word that names a class, in any spelling or by an unambiguous beginning of at least
    three letters, means the tag, and so do words side by side that name one. Any other word, and
    everything in quotation marks, is looked for in file names, folders and keywords; a word with
    `*` is a pattern for file names. `saved` has the text of each saved search by name; `saved:`
    before a name, in any case, means all of it.

    Raises:
        QueryError: the text can't be understood; its `position` is the place.
    """
    names = class_names if isinstance(class_names, ClassNames) else ClassNames(class_names)
    try:
        return _understand(text, names, saved)
    except QueryError as error:
        error.text = text
        raise


def _understand(text: str, classes: ClassNames, saved: Mapping[str, str]) -> Query | None:
    if len(text) > _LONGEST:
        raise QueryError(f"This search is longer than {_LONGEST} characters.", _LONGEST)
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise explain_syntax(error, text) from error
    _refuse_excess(tree)
    if not tree.children:
        return None
    return _Reader(text, classes, saved).read(tree.children[0])


@cache
def _parser() -> Lark:
    grammar = files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr")


def _refuse_excess(tree: Tree[Token]) -> None:
    """A search that no person typed: it would exhaust the stack or the patience."""
    clauses = 0
    waiting: list[tuple[Branch[Token], int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, Tree):
            waiting.extend((child, depth + 1) for child in node.children)
        else:
            clauses += 1
            _refuse_token(node, clauses, depth)


def _refuse_token(token: Token, clauses: int, depth: int) -> None:
    position = token.start_pos or 0
    if depth > _DEEPEST:
        raise QueryError(f"More than {_DEEPEST} levels, one in the other, are too many.", position)
    if clauses > _MOST_CLAUSES:
        raise QueryError(f"More than {_MOST_CLAUSES} words are too many.", position)


class _Reader:
    """Turns the tree of the grammar into the search."""

    def __init__(self, text: str, classes: ClassNames, saved: Mapping[str, str]) -> None:
        self._text = text
        self._classes = classes
        self._saved = saved

    def read(self, node: Branch[Token]) -> Query:
        """The search that one rule means. Recursive: the tree is known to be shallow."""
        assert isinstance(node, Tree)  # tokens are read by the rule above them
        if node.data == "both":
            return all_of(*self._read_both(node.children))
        if node.data == "either":
            return any_of(*map(self.read, node.children))
        if node.data == "without":
            return Not(self.read(node.children[0]))
        return self._read_clause(node.data, [t for t in node.children if isinstance(t, Token)])

    def _read_both(self, nodes: Sequence[Branch[Token]]) -> Iterator[Query]:
        """Words side by side that name a class together mean that class: `first dance`."""
        start = 0
        while start < len(nodes):
            run = _take_words(self._text, nodes[start:])
            for count in range(len(run), 1, -1):
                name = self._classes.match_whole(" ".join(run[:count]))
                if name is not None:
                    yield Not(HasTag(name)) if _is_without(nodes[start]) else HasTag(name)
                    start += count
                    break
            else:
                yield self.read(nodes[start])
                start += 1

    def _read_clause(self, rule: str, tokens: Sequence[Token]) -> Query:
        if rule == "word":
            return self._read_word(str(tokens[0]))
        if rule == "phrase":
            phrase = _read_value(tokens[0])
            if not phrase.text:
                raise phrase.refuse("There is nothing between these quotation marks")
            return Word(phrase.text)
        if rule == "field":
            return self._read_field(tokens[0][:-1].casefold(), _read_value(tokens[1]))
        named = _read_value(tokens[1])
        class_name = self._classes.require(named.text, named.position)
        return read_scoped(tokens[0][:-1].casefold(), class_name, _read_value(tokens[2]))

    def _read_field(self, name: str, value: Value) -> Query:
        if name == SAVED:
            return self._read_saved(value)
        return read_field(name, value, self._classes)

    def _read_saved(self, value: Value) -> Query:
        """What the saved search means; one inside the other is not looked up, as none is kept."""
        by_key = {fold_name(name): text for name, text in self._saved.items()}
        text = by_key.get(fold_name(value.text.strip()))
        if text is None:
            known = ", ".join(self._saved) or "none yet"
            raise value.refuse(f"There is no saved search “{value.text}”; there are: {known}")
        try:
            query = _understand(text, self._classes, {})
        except QueryError as error:
            raise value.refuse(f"The saved search “{value.text}” no longer works") from error
        if query is None:
            raise value.refuse(f"The saved search “{value.text}” is empty")
        return query

    def _read_word(self, text: str) -> Query:
        if text.casefold() == "untagged":
            return Untagged()
        name = self._classes.match(text)
        if name is not None:
            return HasTag(name)
        return FileMatches(text) if "*" in text else Word(text)


def _is_without(node: Branch[Token]) -> TypeGuard[Tree[Token]]:
    return isinstance(node, Tree) and node.data == "without"


def _take_words(text: str, nodes: Sequence[Branch[Token]]) -> list[str]:
    """The words with which these nodes begin, nothing but space between them.

    The first may have a NOT before it, which then holds for what they name.
    """
    words: list[str] = []
    end = 0
    for node in nodes:
        inner = node.children[0] if not words and _is_without(node) else node
        if not isinstance(inner, Tree) or inner.data != "word":
            break
        token = inner.children[0]
        assert isinstance(token, Token)
        if words and text[end : token.start_pos].strip():
            break
        words.append(str(token))
        end = token.end_pos or 0
    return words


def _read_value(token: Token) -> Value:
    text = str(token)
    if token.type == "QUOTED":
        text = _ESCAPED.sub(r"\1", text[1:-1])
    return Value(text, token.start_pos or 0)
