"""JSON is valid or refused; tables hold what they are given, markup included."""

import json

import pytest

from protea.cli.printing import print_json, print_table, say


def test_json_is_one_value_and_never_holds_nan(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [1, None]})
    assert json.loads(capsys.readouterr().out) == {"a": [1, None]}
    with pytest.raises(ValueError, match="JSON compliant"):
        print_json({"a": float("nan")})


def test_a_table_prints_brackets_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("name", "n"), [("x_single [alpha]", "3")], numbers=frozenset({"n"}))
    assert "x_single [alpha]" in capsys.readouterr().out


def test_progress_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    say("working")
    assert capsys.readouterr() == ("", "working\n")
