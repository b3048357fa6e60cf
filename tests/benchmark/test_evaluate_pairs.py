"""A run of pairs judged on other tables: its own answers, cut at its own threshold."""

from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.evaluate import evaluate_run
from protea.benchmark.predictions import load_predictions
from protea.benchmark.runner import GridRun, cell_folder
from protea.benchmark.trained import load_run
from protea.errors import InputError
from protea.metrics.micro_f1 import micro_f1
from protea.training.data import evaluation_batches
from protea.training.evaluation import predict
from tests.benchmark.suites.interaction_tables import pair_grid, write_network
from tests.datasets.interactions.made_network import made_network


def test_a_run_is_judged_on_every_pair_of_other_tables(tmp_path: Path) -> None:
    suite = {"kind": "shs27k", "source": write_network(tmp_path / "tables"), "split_seeds": [0], "way": "random"}
    grid = GridRun(pair_grid(suite), tmp_path / "run", tmp_path / "cache")
    (cell,) = grid.missing()
    grid.run_cell(cell)
    folder = cell_folder(tmp_path / "run", cell)
    run = load_run(folder)
    write_network(tmp_path / "other", made_network(30, 70, seed=5, num_types=7))
    found = evaluate_run(run, tmp_path / "other", tmp_path / "cache", num_resamples=50)
    (result,) = found.variants.values()
    assert (found.suite, result.unit) == ("shs27k", "family of proteins")
    measured = result.tasks["interaction_types"]
    assert set(measured) == {"micro_f1", "auprc", "micro_f1_best"}
    assert measured["micro_f1"].num_items == 70
    other = grid.grid.suite.model_copy(  # type: ignore[attr-defined]
        update={"source": grid.grid.suite.source.model_copy(update={"path": tmp_path / "other"})}  # type: ignore[attr-defined]
    )
    data = other.whole(tmp_path / "cache")
    assert data.folds[0].train == ()
    assert result.num_proteins == data.num_proteins
    batches = evaluation_batches(data.rows(data.ids), run.record.training.batch)
    answers = predict(run.model, batches, "interaction_types", run.record.seed, next(run.model.parameters()).device)
    cut = load_predictions(folder / "predictions-interaction_types-validation.npz").cut
    assert cut is not None
    decided = (answers.score >= np.float32(cut)).astype(np.int64)
    assert measured["micro_f1"].value == pytest.approx(micro_f1(answers.target, decided))
    low, high = measured["auprc"].low, measured["auprc"].high
    assert low is not None
    assert high is not None
    assert low < measured["auprc"].value < high
    (folder / "predictions-interaction_types-validation.npz").unlink()
    with pytest.raises(InputError, match="no threshold of the decisions"):
        evaluate_run(run, tmp_path / "other", tmp_path / "cache", num_resamples=50)
