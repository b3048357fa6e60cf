"""`protea function` lists its sub-commands."""

from tests.cli.command import protea


def test_sub_commands_are_listed() -> None:
    found = protea("function", "--help")
    assert found.code == 0
    assert all(name in found.out for name in ("predict", "evaluate", "compare"))
