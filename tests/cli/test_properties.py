"""The sub-commands of `protea properties` are there."""

from tests.cli.command import protea


def test_each_command_helps() -> None:
    assert protea("properties", "--help").code == 0
    for name in ("list", "baselines", "few-shot", "acquire", "fit", "evaluate"):
        assert protea("properties", name, "--help").code == 0
