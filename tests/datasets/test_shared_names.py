"""Shared names join items, also through others; a group is called by its first item."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from protea.datasets.shared_names import groups_by_shared_names


def test_names_join_through_others() -> None:
    names_of = {"d": ["y"], "c": ["x", "y"], "b": ["x"], "a": [], "e": ["z"]}
    assert groups_by_shared_names(names_of) == {"a": "a", "b": "b", "c": "b", "d": "b", "e": "e"}
    assert groups_by_shared_names({}) == {}


def test_an_item_called_like_a_name_is_not_that_name() -> None:
    assert groups_by_shared_names({"a": ["b"], "b": []}) == {"a": "a", "b": "b"}


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("uvwxyz"), max_size=3)))
def test_groups_are_the_finest_that_no_name_crosses(names_of: dict[str, list[str]]) -> None:
    found = groups_by_shared_names(names_of)
    sets = {item: frozenset((item,)) for item in names_of}
    for _ in names_of:  # each round reaches one item further
        for one, other in combinations(names_of, 2):
            if set(names_of[one]) & set(names_of[other]):
                joined = sets[one] | sets[other]
                for item in joined:
                    sets[item] = sets[item] | joined
    for _ in names_of:
        sets = {item: frozenset().union(*(sets[other] for other in sets[item])) for item in names_of}
    assert found == {item: min(sets[item]) for item in names_of}
