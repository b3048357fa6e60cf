"""Which prompt helps a new task: a linear probe on frozen embeddings under each set of prompts.

The probe is a logistic regression (yes/no labels) or a ridge regression (values) on standardised embeddings of residues
or proteins. Its penalty is chosen on the validation part, it is judged on the test part, and every set of prompts is
compared with no prompt on the same resamples of proteins.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from pydantic import Field
from sklearn.linear_model import LogisticRegression, Ridge

from protea.applications.prompts.conditions import conditions_of
from protea.applications.prompts.task_data import Part, ProteinsConfig, TaskData
from protea.benchmark.trained import TrainedRun
from protea.config import Config
from protea.datasets.column_scale import column_scale
from protea.encoders.language.encoder import LanguageEncoder
from protea.errors import ConfigError, InputError, describe
from protea.metrics.bootstrap import bootstrap_interval
from protea.metrics.catalogue import Metric, metric_named
from protea.metrics.paired import paired_difference
from protea.objectives.binary import BinaryConfig
from protea.objectives.heads import embedding_at
from protea.objectives.labels import label_targets
from protea.objectives.regression import RegressionConfig
from protea.training.config import BatchConfig
from protea.training.data import evaluation_batches
from protea.training.evaluation import metric_inputs

__all__ = ["ProbeConfig", "ProbeRow", "probe"]

_PENALTIES = tuple(10.0**power for power in range(-3, 4))


class ProbeConfig(Config):
    """A task that the model was not trained for."""

    objective: BinaryConfig | RegressionConfig = Field(
        discriminator="kind", description="Its label and level; the head is not used."
    )
    data: ProteinsConfig = Field(description="Labelled proteins and their division.")
    metric: str = Field(description="Metric of the probe, such as auroc or spearman.")
    batch: BatchConfig = Field(BatchConfig(), description="Size of a batch.")
    num_resamples: int = Field(1000, ge=2, description="Resamples of proteins behind the intervals.")


@dataclass(frozen=True)
class ProbeRow:
    """A probe under one set of prompts, and its difference to the probe under none on the same proteins."""

    condition: str
    penalty: float
    value: float
    low: float
    high: float
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    p_value: float | None


@dataclass(frozen=True, eq=False)
class _Items:
    """Embeddings and labels of the known items of a part, and the protein of each."""

    embedding: Float[np.ndarray, "item channel"]
    label: np.ndarray
    protein: np.ndarray


def probe(run: TrainedRun, config: ProbeConfig, cache: Path) -> list[ProbeRow]:
    """Return a row per set of prompts: none, each alone, all.

    Raises:
        ConfigError: if the run has no prompts.
        InputError: if the data cannot be read, or a part has one label only.
    """
    encoder = run.model.encoder
    if not isinstance(encoder, LanguageEncoder) or not encoder.prompt_names:
        raise ConfigError(describe("the run has no prompts", where=str(run.folder)))
    metric, data = metric_named(config.metric), config.data.open(cache)
    found: list[ProbeRow] = []
    plain: np.ndarray | None = None
    for condition in conditions_of(encoder.prompt_names):
        parts = {part: _items(run, config, data, part, condition.prompts) for part in ("train", "validation", "test")}
        penalty, score = _fitted(config, metric, parts["train"], parts["validation"], parts["test"])
        test = parts["test"]
        interval = bootstrap_interval(metric, test.label, score, test.protein, config.num_resamples)
        difference = None
        if plain is None:
            plain = score
        else:
            difference = paired_difference(metric, test.label, score, plain, test.protein, config.num_resamples)
        found.append(
            ProbeRow(
                condition.name, penalty, interval.estimate, interval.low, interval.high,
                *((None,) * 4 if difference is None
                  else (difference.difference, difference.low, difference.high, difference.p_value)),
            )
        )  # fmt: skip
    return found


@torch.no_grad()
def _items(run: TrainedRun, config: ProbeConfig, data: TaskData, part: Part, prompts: tuple[str, ...]) -> _Items:
    model, objective = run.model.eval(), config.objective
    parameter = next(model.parameters())
    embeddings, labels, proteins = [], [], []
    num_before = 0
    for _, batch in evaluation_batches(data.rows(part, objective), config.batch):
        batch = batch.to(parameter.device).to(parameter.dtype)
        encoding = model.encoder(model.featurise(batch).with_prompts(prompts))
        value, is_known = label_targets(batch, objective.label, objective.level)
        own = batch.protein_of() if objective.level == "residue" else torch.arange(len(batch))
        embeddings.append(embedding_at(objective.level, encoding)[is_known].double().cpu().numpy())
        labels.append(value[is_known].double().cpu().numpy())
        proteins.append(own.cpu()[is_known.cpu()].numpy() + num_before)
        num_before += len(batch)
    label = np.concatenate(labels)
    label = label.astype(np.int64) if isinstance(objective, BinaryConfig) else label
    return _Items(np.concatenate(embeddings), label, np.concatenate(proteins))


def _fitted(
    config: ProbeConfig, metric: Metric, train: _Items, validation: _Items, test: _Items
) -> tuple[float, np.ndarray]:
    """Return the penalty that is best on the validation part, and the score of the test items under it."""
    mean, scale = train.embedding.mean(0), column_scale(train.embedding)
    is_binary = isinstance(config.objective, BinaryConfig)
    if len(np.unique(train.label)) < 2:
        raise InputError(describe("one label only", where=f"train part, label {config.objective.label!r}"))
    best: tuple[float, float, np.ndarray] | None = None
    for penalty in _PENALTIES:
        model = LogisticRegression(C=1.0 / penalty, max_iter=2000) if is_binary else Ridge(alpha=penalty)
        model.fit((train.embedding - mean) / scale, train.label)

        def scored(items: _Items, model: LogisticRegression | Ridge = model) -> np.ndarray:
            columns = (items.embedding - mean) / scale
            score = model.predict_proba(columns)[:, 1] if is_binary else model.predict(columns)
            return metric_inputs(config.metric, score)

        value = metric.function(validation.label, scored(validation), None)
        value = value if metric.higher_is_better else -value
        if best is None or value > best[0]:
            best = (value, penalty, scored(test))
    assert best is not None
    return best[1], best[2]
