"""`protea bench report` refuses a folder without a grid; its report is tested beside `bench run`, which makes one."""

from pathlib import Path

from tests.cli.command import protea


def test_wrong_input_is_2(tmp_path: Path) -> None:
    found = protea("bench", "report", tmp_path)
    assert found.code == 2
    assert "grid.yaml" in found.err
