"""`protea prompts show`."""

import csv
from pathlib import Path

from tests.applications.embedding.made_inputs import write_structures
from tests.cli.command import protea, protea_json
from tests.cli.prompt_runs import injected_run


def test_table_page_and_structure_are_written(tmp_path: Path) -> None:
    run, file = injected_run(tmp_path), write_structures(tmp_path / "in") / "b.pdb"
    words = ("prompts", "show", file, "--run", run, "--out", tmp_path / "out", "--rotations", "20")
    found = protea_json(*words, "--prompt", "ic")
    assert found["prompts"] == ["ic"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["b.cif", "shift.csv", "shift.html"]
    with (tmp_path / "out" / "shift.csv").open() as handle:
        assert all(float(row["shift"]) > 0 for row in csv.DictReader(handle))
    shown = protea(*words, "--prompt", "ic", "--without", "seq", "--structure-format", "pdb")
    assert shown.code == 0, shown.err
    assert "b.pdb" in shown.out
    assert protea(*words, "--prompt", "other").code == 2
