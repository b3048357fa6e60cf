"""A grid on disk: missing cells only, whatever happened before; what a cell leaves can be computed again."""

import hashlib
import json
import os
import signal
import time
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import yaml
from pydantic import ValidationError

from protea.benchmark import runner
from protea.benchmark.cell import Cell, CellFiles
from protea.benchmark.grid import GridConfig
from protea.benchmark.predictions import load_predictions
from protea.benchmark.rate_search import search_file
from protea.benchmark.report.collect import collect
from protea.benchmark.runner import GridRun, cell_folder, model_config
from protea.benchmark.suites.interface import SuiteData
from protea.errors import ConfigError, InputError, LeakError
from protea.features.residue.stored_embedding import EmbeddingConfig
from protea.objectives.catalogue import LabelFreeKind
from protea.objectives.interface import Corruption
from protea.objectives.weighting import weighted_loss
from protea.training import loop
from protea.training.checkpoint import load_weights
from protea.training.config import TrainingConfig
from protea.training.model import ModelConfig
from protea.training.progress import EpochRecord, write_log
from tests.benchmark.small_suite import SmallSuite, small_grid
from tests.datasets.made_embeddings import write_embeddings
from tests.training.small import EGNN, SCHNET, proteins

CELL = Cell("schnet", "ca_angles", "none", 0, 0)


@pytest.fixture(autouse=True)
def _without_controls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The controls have tests of their own."""
    monkeypatch.setattr(runner, "control_jobs", lambda run, say: [])


def run_grid(grid: GridConfig, root: Path, until: float | None = None) -> tuple[GridRun, list[str], dict[str, str]]:
    """Run a grid; return it, what it said, and the errors by job."""
    run, said = GridRun(grid, root, root / "cache"), []  # type: tuple[GridRun, list[str]]
    failed = run.run(1, said.append, until)
    return run, said, {failure.name: failure.error for failure in failed}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> GridRun:
    """One cell, run without a disturbance."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "control_jobs", lambda run, say: [])
        run, said, errors = run_grid(small_grid(), tmp_path_factory.mktemp("grid"))
    assert errors == {}
    assert said[-1] == f"{CELL.name}: done"
    return run


def results(run: GridRun, cell: Cell = CELL) -> dict[str, Any]:
    return CellFiles(cell_folder(run.root, cell)).read_metrics()


def test_predictions_reproduce_the_metrics(finished: GridRun) -> None:
    files = CellFiles(cell_folder(finished.root, CELL))
    metrics = results(finished)["metrics"]
    assert {variant: set(tasks) for variant, tasks in metrics.items()} == {
        "first": {"site", "fold"}, "second": {"site", "fold"}
    }  # fmt: skip
    for variant, tasks in metrics.items():
        for task, values in tasks.items():
            found = load_predictions(files.predictions(task, variant))
            assert {name: found.value(name) for name in values} == values
    assert set(metrics["first"]["site"]) == {"auroc", "auprc", "accuracy"}


def test_validation_predictions_are_those_of_the_validation_proteins(finished: GridRun) -> None:
    for cell in finished.grid.cells():
        files = CellFiles(cell_folder(finished.root, cell))
        for task in finished.tasks:
            found = load_predictions(files.predictions(task, "validation"))
            assert tuple(found.ids) == tuple(finished.data.folds[cell.fold].validation)


def test_a_variant_that_lacks_a_protein_is_judged_on_the_others(finished: GridRun) -> None:
    files = CellFiles(cell_folder(finished.root, CELL))
    first, second = (load_predictions(files.predictions("fold", variant)) for variant in ("first", "second"))
    assert first.ids.tolist() == ["p8", "p9", "p10", "p11"]
    assert second.ids.tolist() == ["p8", "p9", "p10"]
    assert np.array_equal(first.score[:3], second.score)


def test_the_record_is_enough_to_compute_the_predictions_again(finished: GridRun) -> None:
    folder = cell_folder(finished.root, CELL)
    record = yaml.safe_load((folder / "run.yaml").read_text(encoding="utf-8"))
    assert (record["encoder_name"], record["fold"], record["seed"]) == ("schnet", 0, 0)
    assert record["training"]["learning_rate"] == 1e-2
    assert record["data_fingerprint"] == "small"
    assert record["model"]["weights"] == {"site": 1.0, "fold": 0.5}
    model = ModelConfig.model_validate(record["model"]).build().eval()
    load_weights(model, folder / loop.BEST)
    test = finished.data.rows(finished.data.folds[0].test)
    batch = test.load(test.rows.tolist()).to(next(model.parameters()).dtype)
    score = model(model.featurise(batch))["site"].sigmoid().detach().numpy()
    stored = load_predictions(CellFiles(folder).predictions("site", "first")).score
    assert np.abs(score - stored).max() < 1e-5


def test_a_cell_tells_its_cost(finished: GridRun) -> None:
    found = results(finished)
    assert found["cell"] == vars(CELL)
    assert found["parameters"] > 0
    assert found["flops_per_residue"] > 0
    assert len(found["train_loss"]) == 2
    assert found["learning_rate"] == 1e-2
    assert not (cell_folder(finished.root, CELL) / loop.CHECKPOINT).exists()


def test_finished_cells_are_not_run_again_and_new_ones_are(finished: GridRun, monkeypatch: pytest.MonkeyPatch) -> None:
    before = CellFiles(cell_folder(finished.root, CELL)).metrics.stat().st_mtime_ns
    run, said, _ = run_grid(small_grid(), finished.root)
    assert (run.missing(), said) == ([], [])
    run, said, _ = run_grid(small_grid(folds=[0, 1]), finished.root)
    done = [line for line in said if line.endswith(": done")]
    assert done == ["schnet-ca_angles-none-fold1-seed0: done"]
    assert CellFiles(cell_folder(finished.root, CELL)).metrics.stat().st_mtime_ns == before


def test_a_cell_that_was_killed_goes_on_to_the_same_result(
    finished: GridRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, written = loop.save_state, []

    def save_then_die(state: dict[str, Any], path: Path) -> None:
        save(state, path)
        written.append(path)
        if len(written) == 4:  # two steps and the end of an epoch make three
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(loop, "save_state", save_then_die)
    _, _, errors = run_grid(small_grid(), tmp_path)
    assert errors == {CELL.name: "the process ended with exit code -9 and no word of its own"}
    assert (cell_folder(tmp_path, CELL) / loop.CHECKPOINT).exists()
    monkeypatch.undo()
    monkeypatch.setattr(runner, "control_jobs", lambda run, say: [])
    run, _, errors = run_grid(small_grid(), tmp_path)
    assert errors == {}
    assert results(run)["metrics"] == results(finished)["metrics"]
    assert results(run)["train_loss"] == results(finished)["train_loss"]


def test_one_cell_that_fails_does_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fit = runner.fit

    def fit_or_fail(config: ModelConfig, *arguments: Any, **named: Any) -> Any:
        if config.encoder.kind == "egnn":
            raise InputError("no such thing")
        return fit(config, *arguments, **named)

    monkeypatch.setattr(runner, "fit", fit_or_fail)
    grid = small_grid(encoders={"egnn": EGNN, "schnet": SCHNET}, learning_rates=[1e-3, 1e-2])
    run, _, errors = run_grid(grid, tmp_path)
    assert CellFiles(cell_folder(run.root, CELL)).is_finished()
    assert [cell.encoder for cell in run.missing()] == ["egnn"]
    assert errors.pop("egnn-ca_angles-none-fold0-seed0").endswith("the learning-rate search is not complete")
    assert errors == dict.fromkeys(
        ("search egnn-ca_angles-none lr 0.001", "search egnn-ca_angles-none lr 0.01"), "no such thing"
    )
    assert not list((run.root / "search").rglob("*.ckpt"))
    # Each folder says why; the one that succeeded says nothing.
    said = {path.parent.name: path.read_text(encoding="utf-8") for path in run.root.rglob("error.txt")}
    assert set(said) == {"egnn-ca_angles-none-fold0-seed0", "egnn-ca_angles-none-lr0.001", "egnn-ca_angles-none-lr0.01"}
    assert said["egnn-ca_angles-none-lr0.01"].startswith("no such thing\n\nTraceback")
    assert "in fit_or_fail" in said["egnn-ca_angles-none-lr0.01"]
    # The searched rate is the one that the cell was trained with.
    found = {path.parent.name: json.loads(path.read_text()) for path in (run.root / "search").rglob("search.json")}
    assert set(found) == {"schnet-ca_angles-none-lr0.001", "schnet-ca_angles-none-lr0.01"}
    best = max(found.values(), key=lambda item: item["validation_metric"])
    assert results(run)["learning_rate"] == best["learning_rate"]
    # A search of other settings is not taken up.
    with pytest.raises(ConfigError, match=r"other settings.*training\.epochs"):
        run_grid(grid.model_copy(update={"search_epochs": grid.search_epochs + 1}), tmp_path)


def test_a_rate_at_which_the_training_fails_costs_the_row_this_rate_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = runner.fit

    def fit_or_diverge(config: ModelConfig, training: TrainingConfig, *arguments: Any, **named: Any) -> Any:
        if training.learning_rate == 1e-2:
            raise loop.TrainingFailed("training diverged")
        return fit(config, training, *arguments, **named)

    monkeypatch.setattr(runner, "fit", fit_or_diverge)
    grid = small_grid(learning_rates=[1e-3, 1e-2])
    run, _, errors = run_grid(grid, tmp_path)
    assert errors == {}
    assert results(run)["learning_rate"] == 1e-3
    found = json.loads(search_file(tmp_path, CELL.row, 1e-2).read_text(encoding="utf-8"))
    assert found == {"learning_rate": 1e-2, "validation_metric": None, "failed": "training diverged"}
    assert run._unsearched(CELL.row) == []
    search = collect(tmp_path, grid, run.data).searches[CELL.row]
    assert (search.failed, list(search.metric_of), search.missing) == ((1e-2,), [1e-3], ())


class MinimisingSuite(SmallSuite):
    """Its main metric is better when lower."""

    def tasks(self, data: Any) -> Any:
        """Return the tasks with the perplexity first."""
        tasks = super().tasks(data)
        return {"fold": tasks["fold"], "site": tasks["site"]}


@pytest.mark.parametrize(("suite", "expected"), [(SmallSuite(), 1e-3), (MinimisingSuite(), 1e-4)])
def test_the_search_takes_the_rate_with_the_best_validation_metric(
    suite: SmallSuite, expected: float, tmp_path: Path
) -> None:
    run = GridRun(small_grid(suite=suite, learning_rates=[1e-4, 1e-3, 1e-2]), tmp_path, tmp_path)
    for rate, value in ((1e-4, 0.5), (1e-3, 0.9), (1e-2, 0.7)):
        path = tmp_path / "search" / f"schnet-ca_angles-none-lr{rate:g}" / "search.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"validation_metric": value}), encoding="utf-8")
        write_log([EpochRecord(0, 1.0, 1.0, value, rate, 1.0)], path.with_name("log.csv"))
    assert run.learning_rate(CELL.row) == expected


def test_nothing_is_started_when_time_is_up(tmp_path: Path) -> None:
    run, said, errors = run_grid(small_grid(), tmp_path, until=time.monotonic() - 1)
    assert run.missing() == [CELL]
    assert errors == {}
    assert said == ["time is up: 1 jobs not started"]


def test_a_folder_of_another_suite_is_refused(finished: GridRun) -> None:
    with pytest.raises(ConfigError, match=r"another suite configuration.*Choose another --out"):
        GridRun(small_grid(suite=SmallSuite(seed=1)), finished.root, finished.root)


def test_a_suite_that_could_not_be_prepared_leaves_its_folder_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: SmallSuite, cache: Path) -> SuiteData:
        raise InputError("no such file")

    with monkeypatch.context() as changed:
        changed.setattr(SmallSuite, "prepare", refuse)
        with pytest.raises(InputError, match="no such file"):
            GridRun(small_grid(suite=SmallSuite(seed=1)), tmp_path, tmp_path)
    assert GridRun(small_grid(), tmp_path, tmp_path).missing() == [CELL]
    assert '"seed": 1' not in (tmp_path / "suite.json").read_text(encoding="utf-8")


def test_a_finished_cell_of_other_settings_is_refused(finished: GridRun) -> None:
    wider = SCHNET.model_copy(update={"hidden_dim": 2 * SCHNET.hidden_dim})
    with pytest.raises(ConfigError, match=r"other settings.*model\.encoder\.hidden_dim"):
        run_grid(small_grid(encoders={"schnet": wider}), finished.root)
    longer = small_grid().training.model_copy(update={"epochs": 7})
    with pytest.raises(ConfigError, match=r"other settings.*training\.epochs"):
        run_grid(small_grid(training=longer), finished.root)
    record = cell_folder(finished.root, CELL) / "run.yaml"
    kept = record.read_text(encoding="utf-8")
    record.write_text(kept.replace("data_fingerprint: small", "data_fingerprint: smaller"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"saw other data.*data \('smaller' there, 'small' here\)"):
        run_grid(small_grid(), finished.root)
    record.write_text(kept, encoding="utf-8")
    elsewhere = small_grid().training.model_copy(update={"num_workers": 1})
    assert run_grid(small_grid(training=elsewhere), finished.root)[2] == {}


def test_a_fold_that_the_suite_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"folds: no fold \[2\]; expected 0 ... 1"):
        GridRun(small_grid(folds=[0, 2]), tmp_path, tmp_path)


def test_an_auxiliary_objective_carries_its_weight() -> None:
    grid = small_grid(auxiliaries=["structure_denoising"], auxiliary_weight=0.1)
    tasks = SmallSuite().tasks(SmallSuite().prepare(Path()))
    config = model_config(grid, tasks, next(grid.cells()))
    assert config.weights == {"site": 1.0, "fold": 0.5, "structure_denoising": 0.1}
    assert list(config.objectives) == ["site", "fold", "structure_denoising"]
    assert not config.freeze_encoder
    frozen = model_config(grid, tasks, Cell("frozen_schnet", "ca_angles", "none", 0, 0))
    assert frozen.freeze_encoder
    assert frozen.encoder == SCHNET


@pytest.mark.parametrize("kind", [kind for kind in get_args(LabelFreeKind) if kind != "inverse_folding"])
def test_every_objective_without_labels_trains_beside_the_tasks(kind: str) -> None:
    grid = small_grid(auxiliaries=[kind])
    batch = proteins(6)
    config = model_config(grid, SmallSuite().tasks(SmallSuite().prepare(Path())), next(grid.cells()))
    assert config.weights[kind] == 0.1
    model, corruption = config.build().double(), Corruption(0, 0)
    shared, views = model.corrupt(batch, corruption), model.views(batch, corruption)
    seen = {name: model.featurise(view) for name, view in views.items()}
    targets = model.targets(shared, views)
    sums = model.loss_sums(model(model.featurise(shared), seen), targets)
    counts = {name: target.is_supervised.sum().double() for name, target in targets.items()}
    assert counts[kind] > 0
    weighted_loss(sums, counts, {name: float(name == kind) for name in sums}).backward()
    for part in (model.encoder, model.objective(kind)):
        assert any(p.grad is not None and bool((p.grad != 0).any()) for p in part.parameters())


def test_an_auxiliary_that_sees_its_answer_or_has_the_name_of_a_task_is_refused() -> None:
    grid = small_grid(auxiliaries=["inverse_folding"])
    tasks = SmallSuite().tasks(SmallSuite().prepare(Path()))
    with pytest.raises(LeakError, match="residue_type"):
        model_config(grid, tasks, next(grid.cells())).build()
    with pytest.raises(ConfigError, match="'inverse_folding' has the name of a task"):
        model_config(grid, {"inverse_folding": next(iter(tasks.values()))}, next(grid.cells()))


def test_a_grid_runs_in_float64_with_an_auxiliary(tmp_path: Path) -> None:
    training = small_grid().training.model_copy(update={"precision": "64-true", "epochs": 1})
    grid = small_grid(training=training, auxiliaries=["sequence_denoising"])
    run, _, errors = run_grid(grid, tmp_path)
    assert errors == {}
    assert results(run, next(grid.cells()))["flops_per_residue"] > 0


def test_a_row_starts_from_given_weights_and_is_held_to_them(finished: GridRun, tmp_path: Path) -> None:
    given = cell_folder(finished.root, CELL) / loop.BEST
    grid = small_grid(starts={"schnet": {"ca_angles": {"weights": str(given)}}})
    run, _, errors = run_grid(grid, tmp_path / "grid")
    assert errors == {}
    record = yaml.safe_load((cell_folder(run.root, CELL) / "run.yaml").read_text(encoding="utf-8"))
    assert record["start_sha256"] == hashlib.sha256(given.read_bytes()).hexdigest()
    assert results(run)["train_loss"] != results(finished)["train_loss"]
    with pytest.raises(ConfigError, match=r"other settings.*start"):
        run_grid(small_grid(), tmp_path / "grid")
    with pytest.raises(ValidationError, match="starts names"):
        small_grid(starts={"egnn": {"ca_angles": {"weights": str(given)}}})


def test_an_encoder_reads_stored_embeddings_beside_one_that_reads_none(tmp_path: Path) -> None:
    write_embeddings(tmp_path / "plm", proteins())
    embedding = EmbeddingConfig(folder=tmp_path / "plm", name="plm", dim=4, made_from="sequence")
    grid = small_grid(encoders={"schnet": SCHNET, "plm": SCHNET}, embeddings={"plm": embedding})
    run, _, errors = run_grid(grid, tmp_path / "grid")
    assert errors == {}
    plain, with_plm = (run.grid.encoders[name] for name in ("schnet", "plm"))
    assert plain == with_plm
    values = [results(run, Cell(name, *CELL.row[1:], 0, 0))["metrics"]["second"]["site"] for name in grid.encoders]
    assert values[0] != values[1]
    records = [
        yaml.safe_load((cell_folder(run.root, Cell(name, *CELL.row[1:], 0, 0)) / "run.yaml").read_text())
        for name in grid.encoders
    ]
    assert "embedding" not in records[0]["model"]["scheme"]
    assert len(records[1]["model"]["scheme"]["embedding"]["made_by"]) == 64
    write_embeddings(tmp_path / "lacks", proteins().select(range(11)))
    lacking = embedding.model_copy(update={"folder": tmp_path / "lacks"})
    _, said, errors = run_grid(small_grid(embeddings={"schnet": lacking}), tmp_path / "lacking")
    assert "no stored embedding of 'p11'" in errors[CELL.name]  # a test protein: known before the first step
    assert not any("epoch" in line for line in said)
    with pytest.raises(ValidationError, match="embeddings names"):
        small_grid(embeddings={"egnn": embedding})
