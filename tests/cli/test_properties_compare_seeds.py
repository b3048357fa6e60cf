"""`protea properties compare-seeds`: the page on stdout and in the folder, with the same figures as JSON."""

import json
from pathlib import Path

from protea.applications.properties.joint.column_answers import load_column_results
from tests.applications.properties.made_fit import made_runs
from tests.cli.command import protea, protea_json


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    runs = made_runs(tmp_path)
    done = protea("properties", "compare-seeds", *runs, "--out", tmp_path / "page")
    assert done.code == 0, done
    page = (tmp_path / "page" / "seeds.md").read_text()
    assert done.out == page
    assert "2 trainings of each (seeds 0, 1)" in page
    (column,) = load_column_results(runs[0])
    assert column.interval is not None
    assert f"{column.interval[0]:.3f} to {column.interval[1]:.3f} |" in page
    tree = json.loads((tmp_path / "page" / "seeds.json").read_text())
    assert tree == protea_json("properties", "compare-seeds", *runs)
    assert {one["name"] for one in tree} == {"lysines", "states"}
    assert all({"beats_trivial", "is_negative_transfer"} <= set(one) for one in tree)
    assert protea("properties", "compare-seeds", runs[0], runs[0]).code == 2
