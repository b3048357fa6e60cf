"""A trained run from its folder: the configuration (`run.yaml`) and the model with its best weights."""

from dataclasses import dataclass, replace
from pathlib import Path

from protea.benchmark.cell import RunRecord
from protea.config import load_config
from protea.datasets.plddt import PLDDT
from protea.errors import ConfigError, InputError, describe
from protea.objectives.plddt_regression import PLDDTRegressionConfig
from protea.training.checkpoint import load_weights
from protea.training.loop import BEST
from protea.training.model import ModelConfig, ProteinModel

__all__ = ["OWN", "RECORD", "TrainedRun", "labels_of", "load_run", "reading_from"]

RECORD = "run.yaml"
OWN = "own"
"""The `kind` of the suite in the record of a run that belongs to no suite."""


@dataclass(frozen=True, eq=False)
class TrainedRun:
    """A run and its model in evaluation mode, on the CPU."""

    folder: Path
    record: RunRecord
    model: ProteinModel


def load_run(folder: Path) -> TrainedRun:
    """Return the run that a folder holds.

    Raises:
        InputError: if the folder holds no trained run.
        FileFormatError: if the weights cannot be read or are another model's.
    """
    for name in (RECORD, BEST):
        if not (folder / name).is_file():
            raise InputError(
                describe(f"no trained run: {name} is missing", where=str(folder), expected=f"{RECORD} and {BEST}",
                         do="Give the folder of one run, such as cells/<name> of a benchmark.")
            )  # fmt: skip
    record = load_config(RunRecord, folder / RECORD)
    model = record.model.unloaded().build()
    load_weights(model, folder / BEST)
    return TrainedRun(folder, record, model.eval())


def reading_from(run: TrainedRun, folder: Path) -> TrainedRun:
    """Return the run with the folder of embeddings that it reads exchanged for another, made by the same model.

    Raises ConfigError where the run reads none.
    """
    scheme = run.record.model.scheme
    if scheme.embedding is None:
        raise ConfigError(
            describe("the run reads no embeddings", where=str(run.folder), do="Leave the folder of embeddings out.")
        )
    embedding = scheme.embedding.model_copy(update={"folder": folder})
    model = run.record.model.model_copy(update={"scheme": scheme.model_copy(update={"embedding": embedding})})
    return replace(run, record=run.record.model_copy(update={"model": model}))


def labels_of(model: ModelConfig) -> tuple[str, ...]:
    """Return the labels that the objectives of a model ask of the data, each once."""
    named = [item.label for item in model.objectives.values() if getattr(item, "label", None)]  # type: ignore[union-attr]
    named += [PLDDT for item in model.objectives.values() if isinstance(item, PLDDTRegressionConfig)]
    return tuple(dict.fromkeys(named))
