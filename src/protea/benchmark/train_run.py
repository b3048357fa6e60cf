"""One model trained on one split of one source: the configuration of `protea train`, and the run.

The folder is that of a benchmark's cell, so that `protea bench predict` and `protea bench evaluate` read both.
"""

from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from protea import __version__
from protea.benchmark.cell import CellFiles, RunRecord
from protea.benchmark.claimed_folder import claim_folder
from protea.benchmark.machine import commit_of_code, machine_name
from protea.benchmark.predictions import save_predictions, stored
from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import load_batch
from protea.benchmark.trained import OWN, labels_of
from protea.cluster.whole_file import write_json
from protea.config import Config, save_config
from protea.datasets.sources.catalogue import AnySource
from protea.datasets.split_plan import SplitConfig, plan_splits
from protea.datasets.splits import Split
from protea.datasets.store import Store
from protea.errors import ConfigError, InputError, describe
from protea.training.config import TrainingConfig
from protea.training.data import Rows, evaluation_batches
from protea.training.evaluation import evaluate_metric, is_higher_better, predict
from protea.training.loop import CHECKPOINT, fit
from protea.training.model import ModelConfig
from protea.training.progress import Report, silent
from protea.training.start import StartConfig, load_start, weights_digest
from protea.training.stored_inputs import pinned, require_embeddings, with_embeddings

__all__ = ["PretrainRun", "PretrainingConfig", "TrainRun", "train_run"]


class TrainRun(Config):
    """What `protea train` reads: a source, how it is split, a model, and how it is trained."""

    source: AnySource
    split: SplitConfig = SplitConfig()
    fold: int = Field(default=0, ge=0, description="Which fold of a k_fold split is the test set")
    model: ModelConfig
    metric: str = Field(description="Metric of the main objective (or `loss`), which early stopping watches")
    training: TrainingConfig = TrainingConfig()
    start: StartConfig | None = Field(None, description="Weights to start from; random ones where it is left out")


class PretrainingConfig(TrainingConfig):
    """Training as ProteinWorkshop pretrains: ten epochs at 1e-4, up linearly, down along a cosine."""

    epochs: int = Field(10, ge=1, description="Epochs; the cosine ends with the last one.")
    learning_rate: float = Field(1e-4, gt=0, description="Highest learning rate of Adam.")
    schedule: Literal["plateau", "warmup_cosine"] = Field("warmup_cosine", description="As of any training.")


class PretrainRun(TrainRun):
    """What `protea pretrain` reads: a `TrainRun` whose objectives need no labels."""

    training: PretrainingConfig = PretrainingConfig()

    @model_validator(mode="after")
    def _check_objectives(self) -> "PretrainRun":
        labelled = [name for name, item in self.model.objectives.items() if hasattr(item, "label")]
        if labelled:
            raise ValueError(f"the objectives {labelled} need labels; pretraining takes objectives without any")
        return self


def train_run(config: TrainRun, out: Path, cache: Path, report: Report = silent) -> dict[str, Any]:
    """Train, judge on the test part, write the folder, and return what `metrics.json` holds.

    A run that was stopped goes on; one that is finished is returned as it is.

    Raises:
        ConfigError: if the folder holds another run, the metric does not exist, or there is no such fold.
        InputError: if a part of the split is empty, the source cannot be read, a protein has no embedding that the
            scheme asks for, or weights to start from do not fit.
    """
    is_higher_better(config.metric)
    if config.start is not None:
        load_start(config.model.build(), config.start)  # before the folder is claimed, and before data are read
    model = config.model.model_copy(update={"scheme": pinned(config.model.scheme)})
    config = config.model_copy(update={"model": model})
    files = CellFiles(out)
    out.mkdir(parents=True, exist_ok=True)
    own = config.model_dump(mode="json")
    claim_folder(out / "train.json", own, "a run of another configuration", has_begun=files.has_begun())
    store, _ = prepared_store(config.source, cache)
    if files.is_finished():
        files.require_data(store.fingerprint)
        files.require_start(None if config.start is None else weights_digest(config.start))
        return files.read_metrics()
    split = _split(config, store)
    rows = {part: _rows(config.model, store, getattr(split, part)) for part in ("train", "validation", "test")}
    split.save(out / "split.json")
    result = fit(
        config.model, config.training, rows["train"], rows["validation"], config.metric, out, report, config.start,
        fingerprint=store.fingerprint,
    )  # fmt: skip
    save_config(_record(config, store), files.record)
    for part in ("validation", "test"):
        batches = evaluation_batches(rows[part], config.training.batch)
        predictions = predict(result.model, batches, result.model.main, config.training.seed, result.device)
        save_predictions(stored(predictions, keeps_classes=True), files.predictions(result.model.main, part))
    content = {
        "metrics": {"test": {result.model.main: {config.metric: evaluate_metric(config.metric, predictions)}}},
        "best_epoch": result.progress.best_epoch,
        "validation_metric": result.progress.best_metric,
        "train_loss": [record.train_loss for record in result.progress.history],
        "proteins": {part: len(value) for part, value in rows.items()},
    }
    (out / CHECKPOINT).unlink(missing_ok=True)
    write_json(content, files.metrics)
    return content


def _split(config: TrainRun, store: Store) -> Split:
    splits = plan_splits(store, config.split)
    if config.fold >= len(splits):
        raise ConfigError(
            describe("no such fold", where="fold", expected=f"0..{len(splits) - 1}", found=str(config.fold))
        )
    split = splits[config.fold]
    empty = [part for part in ("train", "validation", "test") if not getattr(split, part)]
    if empty:
        raise InputError(
            describe(f"no protein in {', '.join(empty)}", where=f"split {split.name}", found=f"{len(store)} proteins")
        )
    return split


def _rows(model: ModelConfig, store: Store, ids: tuple[str, ...]) -> Rows:
    labels = labels_of(model)
    rows = np.array(store.rows_of(ids))
    lengths = np.asarray(store.lengths)[rows]
    require_embeddings(model.scheme, ids, lengths.tolist())
    return with_embeddings(Rows(rows, lengths, partial(load_batch, store, labels)), model.scheme)


def _record(config: TrainRun, store: Store) -> RunRecord:
    return RunRecord(
        suite={"kind": OWN, "source": config.source.model_dump(mode="json"), "metric": config.metric},
        encoder_name=config.model.encoder.kind,
        scheme_name=config.model.scheme.kind,
        auxiliary="none",
        fold=config.fold,
        seed=config.training.seed,
        model=config.model,
        training=config.training,
        start=config.start,
        start_sha256=None if config.start is None else weights_digest(config.start),
        version=__version__,
        commit=commit_of_code(),
        data_fingerprint=store.fingerprint,
        machine=machine_name(),
    )
