"""SHS27k: a whole grid on a made network, and the controls on some of the real pairs."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest

from protea.benchmark.controls.running import run_controls
from protea.benchmark.predictions import load_predictions
from protea.benchmark.report.build import report_on
from protea.benchmark.runner import GridRun
from tests.benchmark.suites.interaction_tables import pair_grid, write_network


def test_a_grid_of_pairs_runs_resumes_and_is_reported(tmp_path: Path) -> None:
    suite = {"kind": "shs27k", "source": write_network(tmp_path / "tables"), "split_seeds": [0], "way": "random"}
    grid = pair_grid(suite)
    run = GridRun(grid, tmp_path / "run", tmp_path / "cache")
    said: list[str] = []
    (task,) = run.tasks.values()
    assert (task.metric, task.on_validation, task.is_decided) == ("micro_f1", "micro_f1_best", True)
    run_controls(run, said.append)
    (cell,) = run.missing()
    run.run_cell(cell)
    assert run.missing() == []
    assert {line.partition("-")[0] for line in said} == {"prior", "label_profile", "degree"}
    folder = tmp_path / "run" / "cells" / cell.name
    test, held = (
        load_predictions(folder / f"predictions-interaction_types-{v}.npz") for v in ("sequence", "validation")
    )
    # The threshold is that which is best on validation, and the one that the test is cut at.
    assert test.cut == held.cut == pytest.approx(held.best_cut())
    assert test.ids.tolist() == list(run.data.folds[0].test)
    values = json.loads((folder / "metrics.json").read_text())["metrics"]["sequence"]["interaction_types"]
    assert values["micro_f1"] == pytest.approx(test.value("micro_f1"))
    assert values["micro_f1"] <= values["micro_f1_best"] + 1e-12
    report = report_on(tmp_path / "run", grid, run.data, 50)
    assert {row.key[0] for row in report.rows} == {"prior", "label_profile", "degree", "identity"}
    facts = {fact.label: fact.value for fact in report.facts}
    assert facts["pairs"] == "120"
    assert facts["proteins"] == "40"
    titles = [column.title(report.columns[0]) for column in report.columns]
    assert titles[:2] == ["micro-F1", "AUPRC"]
    assert any(title.startswith("micro-F1, ES") for title in titles)
    main = next(row for row in report.rows if row.key[0] == "label_profile").main()
    assert main is not None
    assert main.interval is not None
    assert main.interval.low < main.mean < main.interval.high


def test_controls_on_some_of_the_real_pairs(shared_data: Path, tmp_path: Path) -> None:
    """The pairs among the hundred proteins of the most pairs: all of them known, few sequences to search."""
    table = pyarrow.parquet.read_table(shared_data / "ppi" / "shs27k_actions.parquet")
    ends = np.array([table["item_id_a"].to_pylist(), table["item_id_b"].to_pylist()])
    names, count = np.unique(ends, return_counts=True)
    kept = names[np.argsort(-count, kind="stable")[:60]]
    pyarrow.parquet.write_table(table.filter(np.isin(ends, kept).all(0)), tmp_path / "actions.parquet")
    sequences = pyarrow.parquet.read_table(shared_data / "ppi" / "sequences_shs27k_shs148k.parquet")
    own = sequences.filter(np.isin(np.array(sequences["protein"].to_pylist()), kept))
    pyarrow.parquet.write_table(own, tmp_path / "sequences.parquet")
    source = {"kind": "action_tables", "path": str(tmp_path), "actions": "actions.parquet",
              "sequences": "sequences.parquet"}  # fmt: skip
    suite = {"kind": "shs27k", "source": source, "split_seeds": [0], "way": "random", "max_length": 200}
    run = GridRun(pair_grid(suite), tmp_path / "run", tmp_path / "cache")
    run_controls(run, lambda line: None)
    found = {}
    for name in ("prior", "label_profile", "degree"):
        path = tmp_path / "run" / "cells" / f"{name}-none-none-fold0-seed0" / "metrics.json"
        found[name] = json.loads(path.read_text())["metrics"]["sequence"]["interaction_types"]
    # Where both proteins were seen, what is known of them tells more than the prior.
    assert found["label_profile"]["auprc"] > found["prior"]["auprc"] + 0.03
    assert found["label_profile"]["micro_f1"] > found["prior"]["micro_f1"]
