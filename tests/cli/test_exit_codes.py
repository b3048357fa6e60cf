"""The codes are a promise to scripts."""

from protea.cli.exit_codes import ExitCode


def test_numbers_do_not_move() -> None:
    assert {code.name: int(code) for code in ExitCode} == {
        "DONE": 0, "CHECK_FAILED": 1, "WRONG_INPUT": 2, "MISSING_EXTRA": 3, "NOT_IMPLEMENTED": 4
    }  # fmt: skip
