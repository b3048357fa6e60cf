"""`protea interactions` lists its commands."""

from tests.cli.command import protea


def test_the_sub_commands_are_there() -> None:
    found = protea("interactions", "--help")
    assert found.code == 0
    for name in ("compare", "fit", "predict", "screen"):
        assert name in found.out
