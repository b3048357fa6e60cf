"""Errors become one line and a code; the tree of commands is whole."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from protea import __version__
from protea.cli import main
from protea.errors import MissingExtraError
from tests.benchmark.made_runs import write_complexes
from tests.cli.command import protea


def test_an_error_is_one_line_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("no_such: 1\nand: 2\n")
    found = protea("train", tmp_path / "wrong.yaml", "--out", tmp_path / "run")
    assert (found.code, found.out) == (2, "")
    assert found.err.count("\n") == 1
    assert found.err.startswith("protea: ")
    assert "no_such" in found.err
    assert not (tmp_path / "run").exists()


def test_a_missing_extra_leaves_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(paths: list[Path]) -> None:
        raise MissingExtraError("install it")

    monkeypatch.setattr("protea.benchmark.parity.check.check_goldens", missing)
    found = protea("parity", tmp_path)
    assert (found.code, found.err) == (3, "protea: install it\n")


def test_wrong_usage_leaves_2() -> None:
    assert protea("parity").code == 2
    assert protea("no_such_command").code == 2
    assert protea("data", "split", "--no-such-option").code == 2


def test_version_and_help() -> None:
    assert protea("--version").out.strip() == __version__
    for words in ((), ("data",), ("bench",)):
        assert "Usage" in protea(*words, "--help").out


def commands(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command of the tree by its words."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name), command


def test_every_command_documents_json_and_its_exit_codes() -> None:
    tree = dict(commands(typer.main.get_command(main.app)))
    assert len(tree) > 50
    without_json = [words for words, one in tree.items() if not any("--json" in item.opts for item in one.params)]
    without_codes = [words for words, one in tree.items() if "Exit codes: 0 " not in (one.help or "")]
    assert (without_json, without_codes) == ([], [])
    assert "--json" in protea("predict", "--help").out


def test_help_is_light() -> None:
    program = (
        "import sys; from protea.cli.main import main\ntry: main()\nexcept SystemExit: print('torch' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", program, "--help"], capture_output=True, text=True, check=True)
    assert result.stdout.rstrip().endswith("False")
    assert main.app is not None


def test_a_folder_in_place_of_a_file_is_one_line(tmp_path: Path) -> None:
    found = protea("train", tmp_path, "--out", tmp_path / "run")
    assert (found.code, found.out) == (2, "")
    assert found.err.count("\n") == 1
    assert str(tmp_path) in found.err


def test_an_output_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC",))
    (tmp_path / "file").write_text("no folder")
    found = protea("data", "build", data, "--kind", "docking", "--out", tmp_path / "file" / "store")
    assert (found.code, found.out) == (2, "")
    assert found.err.count("\n") == 1
    assert str(tmp_path / "file") in found.err


def test_a_table_that_is_no_text_in_utf_8_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_bytes("mutant,caf\xe9\nM1V,1\n".encode("latin-1"))
    (tmp_path / "long.csv").write_text('mutant,note\nM1V,"' + "x" * 200_000)
    for name in ("v.csv", "long.csv"):
        found = protea("variants", "score", tmp_path / name, "--wild-type", "MKV", "--weights", "w", "--dry-run")
        assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
    assert str(tmp_path / "v.csv") in protea("variants", "evaluate", tmp_path / "v.csv").err


def test_an_error_of_no_path_is_not_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(paths: list[Path]) -> None:
        raise OSError("no path is to blame")

    monkeypatch.setattr("protea.benchmark.parity.check.check_goldens", broken)
    with pytest.raises(OSError, match="no path"):
        protea("parity", tmp_path)
