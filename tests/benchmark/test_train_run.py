"""A run learns, is judged on its test part, can be read by its readers, and is not repeated."""

import json
from pathlib import Path

import pytest

from protea.benchmark.evaluate import evaluate_run
from protea.benchmark.predict_files import predict_files
from protea.benchmark.predictions import load_predictions
from protea.benchmark.prepared import prepared_store
from protea.benchmark.train_run import TrainRun, train_run
from protea.benchmark.trained import load_run
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.split_plan import SplitConfig
from protea.datasets.splits import Split
from protea.errors import ConfigError, InputError
from protea.features.residue.stored_embedding import EmbeddingConfig
from protea.objectives.plddt_regression import PLDDTRegressionConfig
from protea.protein.batch import concat
from protea.training.checkpoint import save_weights
from protea.training.config import TrainingConfig
from protea.training.loop import BEST
from protea.training.model import initialised
from protea.training.progress import EpochRecord
from protea.training.start import StartConfig
from tests.benchmark.made_runs import SITE, write_complexes, write_run
from tests.datasets.made_embeddings import write_embeddings


def config(data: Path, epochs: int = 3) -> TrainRun:
    return TrainRun(
        source=DockingConfig(path=data), split=SplitConfig(method="random", fractions=(0.5, 0.25, 0.25)), model=SITE,
        metric="auroc", training=TrainingConfig(epochs=epochs, learning_rate=1e-2),
    )  # fmt: skip


def test_a_run_is_judged_on_the_test_part_and_not_repeated(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC", "2DEF", "3GHI", "4JKL"))
    records: list[EpochRecord] = []
    content = train_run(config(data), tmp_path / "run", tmp_path / "cache", records.append)
    assert len(records) == 3
    assert content["proteins"] == {"train": 4, "validation": 2, "test": 2}
    split = Split.load(tmp_path / "run" / "split.json")
    stored = load_predictions(tmp_path / "run" / "predictions-interface-test.npz")
    assert tuple(stored.ids) == split.test
    known = load_predictions(tmp_path / "run" / "predictions-interface-validation.npz")
    assert tuple(known.ids) == split.validation
    assert content["metrics"]["test"]["interface"]["auroc"] == pytest.approx(stored.value("auroc"))
    assert content["train_loss"][-1] < content["train_loss"][0]
    assert train_run(config(data), tmp_path / "run", tmp_path / "cache", records.append) == content
    assert len(records) == 3
    assert load_run(tmp_path / "run").record.model == SITE
    with pytest.raises(ConfigError, match=r"another configuration; found training\.epochs \(3 there, 4 here\)"):
        train_run(config(data, epochs=4), tmp_path / "run", tmp_path / "cache")
    write_complexes(data, ("5MNO",))
    with pytest.raises(ConfigError, match=r"holds results on other data.*delete the folder"):
        train_run(config(data), tmp_path / "run", tmp_path / "cache")


def test_a_finished_run_is_not_that_of_other_weights_in_the_same_place(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC", "2DEF", "3GHI", "4JKL"))
    weights = write_run(tmp_path / "start")
    run = config(data, epochs=1).model_copy(update={"start": StartConfig(weights=weights)})
    content = train_run(run, tmp_path / "run", tmp_path / "cache")
    assert train_run(run, tmp_path / "run", tmp_path / "cache") == content
    save_weights(initialised(SITE, 8), weights / BEST)
    with pytest.raises(ConfigError, match=r"started from other weights.*delete the folder"):
        train_run(run, tmp_path / "run", tmp_path / "cache")


def test_a_run_of_its_own_is_evaluated_by_its_metric(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC", "2DEF", "3GHI", "4JKL"))
    train_run(config(data, epochs=1), tmp_path / "run", tmp_path / "cache")
    found = evaluate_run(load_run(tmp_path / "run"), data, tmp_path / "c", num_resamples=5)
    assert set(found.variants["unbound"].tasks) == {"interface"}
    assert set(found.variants["unbound"].tasks["interface"]) == {"auroc"}


def test_what_is_wrong_is_refused_before_training(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC",))
    with pytest.raises(InputError, match="no protein in"):
        train_run(config(data), tmp_path / "a", tmp_path / "cache")
    good = config(data)
    with pytest.raises(ConfigError, match="no such fold"):
        train_run(good.model_copy(update={"fold": 1}), tmp_path / "b", tmp_path / "cache")
    with pytest.raises(InputError, match="no metric named"):
        train_run(good.model_copy(update={"metric": "luck"}), tmp_path / "c", tmp_path / "cache")
    assert not (tmp_path / "c").exists()
    assert json.loads((tmp_path / "a" / "train.json").read_text())["metric"] == "auroc"
    # A start that failed is mended in its folder: nothing was trained there.
    mended = config(write_complexes(tmp_path / "more", ("1ABC", "2DEF", "3GHI", "4JKL")), epochs=1)
    assert train_run(mended, tmp_path / "a", tmp_path / "cache")["proteins"]["train"] == 4


def test_crystals_have_no_plddt_to_learn(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC", "2DEF", "3GHI", "4JKL"))
    model = SITE.model_copy(update={"objectives": {"plddt": PLDDTRegressionConfig()}, "weights": {"plddt": 1.0}})
    run = config(data, epochs=1).model_copy(update={"model": model, "metric": "rmse"})
    with pytest.raises(ConfigError, match="no supervised item to evaluate"):
        train_run(run, tmp_path / "run", tmp_path / "cache")


def test_embeddings_are_read_in_training_evaluation_and_prediction(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC", "2DEF", "3GHI", "4JKL"))
    states = [DockingConfig(path=data, state=state) for state in ("unbound", "bound")]
    stores = [prepared_store(state, tmp_path / "cache")[0] for state in states]
    assert stores[0].ids == stores[1].ids  # with other residues
    write_embeddings(tmp_path / "plm", concat([store.batch(range(len(store))) for store in stores]))
    embedding = EmbeddingConfig(folder=tmp_path / "plm", name="plm", dim=4, made_from="sequence")
    plain = config(data, epochs=1)
    model = SITE.model_copy(update={"scheme": SITE.scheme.model_copy(update={"embedding": embedding})})
    content = train_run(plain.model_copy(update={"model": model}), tmp_path / "run", tmp_path / "cache")
    assert content != train_run(plain, tmp_path / "plain", tmp_path / "cache")
    run = load_run(tmp_path / "run")
    pinned = run.record.model.scheme.embedding
    assert pinned is not None
    assert pinned.made_by is not None
    found = evaluate_run(run, data, tmp_path / "cache", num_resamples=5)
    assert [found.variants[state].num_proteins for state in ("unbound", "bound")] == [8, 8]

    file = data / "1ABC" / "1ABC_l_u.pdb"
    with pytest.raises(InputError, match=r"no stored embedding of.*Embed these proteins first"):
        next(iter(predict_files(run, [file])))
    (tmp_path / "plm").rename(tmp_path / "gone")
    with pytest.raises(InputError, match="plm"):
        train_run(plain.model_copy(update={"model": model}), tmp_path / "again", tmp_path / "cache")
    assert not (tmp_path / "again").exists()
