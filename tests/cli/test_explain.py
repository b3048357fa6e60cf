"""`protea explain`: tables on stdout or in a folder, and the question in words."""

import csv
import io
from pathlib import Path

import pytest

from tests.applications.embedding.made_inputs import write_structures
from tests.benchmark.made_runs import write_run
from tests.cli.command import protea, protea_json


def test_csv_json_and_files_say_the_same(tmp_path: Path) -> None:
    file, run = write_structures(tmp_path / "in") / "b.pdb", write_run(tmp_path / "run")
    shown = protea("explain", file, "--run", run, "--residue", "A:1")
    assert shown.code == 0, shown.err
    assert "interface of residue A:1" in shown.err
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    found = protea_json("explain", file, "--run", run, "--residue", "A:1", "--out", tmp_path / "out")
    assert [float(row["attribution"]) for row in rows] == [row["attribution"] for row in found["residues"]]
    total = sum(row["attribution"] for row in found["residues"])
    assert total == pytest.approx(found["value"] - found["baseline_value"], abs=found["error"] + 1e-12)
    assert (tmp_path / "out" / "b.csv").read_text() == shown.out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["b.cif", "b.csv", "b.svg"]
    mean = protea_json("explain", file, "--run", run, "--protein", "--baseline", "mean")
    assert (mean["asked"], mean["baseline"]) == ("interface of the mean over residues", "mean")


def test_a_dry_run_reads_no_structure(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run")
    assert "interface of A:1 in a.pdb" in protea("explain", "a.pdb", "--run", run, "--residue", "A:1", "--dry-run").out


def test_wrong_input_is_2(tmp_path: Path) -> None:
    file, run = write_structures(tmp_path / "in") / "b.pdb", write_run(tmp_path / "run")
    assert "no such residue" in protea("explain", file, "--run", run, "--residue", "Z:1").err
    assert "found both" in protea("explain", file, "--run", run, "--residue", "A:1", "--protein").err
    assert protea("explain", file, "--run", run, "--objective", "luck").code == 2
    assert protea("explain", file, "--run", tmp_path).code == 2
