from __future__ import annotations

from tagger.core.query import (
    And,
    Comparison,
    HasScore,
    HasState,
    HasTag,
    Not,
    Or,
    Query,
    StateName,
    Word,
    all_of,
    any_of,
    positive_classes,
    walk_query,
)

A, B, C = HasTag("a"), HasTag("b"), HasTag("c")


def test_parts_of_one_kind_lie_side_by_side() -> None:
    assert all_of(A) == any_of(A) == A
    assert all_of(A, all_of(B, C)) == And((A, B, C))
    assert any_of(any_of(A, B), C) == Or((A, B, C))
    assert all_of(A, any_of(B, C)) == And((A, Or((B, C))))


def test_walking_meets_every_node_at_any_depth() -> None:
    deep: Query = A
    for _ in range(5_000):
        deep = Not(deep)

    assert max(depth for _, depth in walk_query(deep)) == 5_001
    assert {node for node, _ in walk_query(all_of(A, any_of(B, Not(C))))} >= {A, B, C}


def test_classes_that_a_search_asks_for() -> None:
    score = HasScore("c", Comparison.MORE, 0.5)

    assert positive_classes(None) == ()
    assert positive_classes(all_of(B, Not(A), any_of(score, A), Word("d"))) == ("b", "c", "a")
    assert positive_classes(Not(Not(A))) == ("a",)
    assert positive_classes(HasState(StateName.UNSURE)) == ()
