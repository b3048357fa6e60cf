"""The group of commands."""

from tests.cli.command import protea


def test_the_commands_are_listed() -> None:
    found = protea("prompts", "--help")
    assert found.code == 0
    assert all(name in found.out for name in ("inject", "list", "ablate", "show", "probe"))
