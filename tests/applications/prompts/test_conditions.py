"""Sets of prompts and what they are to a task."""

from protea.applications.prompts.conditions import conditions_of


def listed(names: tuple[str, ...], own: tuple[str, ...]) -> list[tuple[str, tuple[str, ...], str]]:
    return [(one.name, one.prompts, one.role) for one in conditions_of(names, own)]


def test_every_set_has_its_role() -> None:
    assert listed(("seq", "ic"), ("ic",)) == [
        ("none", (), "none"), ("seq", ("seq",), "wrong"), ("ic", ("ic",), "own"), ("all", ("seq", "ic"), "all"),
    ]  # fmt: skip
    assert listed(("a", "b", "c"), ("c", "a")) == [
        ("none", (), "none"), ("a", ("a",), "part"), ("b", ("b",), "wrong"), ("c", ("c",), "part"),
        ("all", ("a", "b", "c"), "all"), ("a + c", ("a", "c"), "own"),
    ]  # fmt: skip


def test_a_set_that_is_two_of_these_stands_once() -> None:
    assert listed(("seq",), ("seq",)) == [("none", (), "none"), ("seq", ("seq",), "own")]
    assert listed(("a", "b"), ("b", "a"))[-1] == ("all", ("a", "b"), "own")
    # A task without prompts: no prompt is its own.
    assert [role for _, _, role in listed(("a",), ())] == ["none", "wrong"]
