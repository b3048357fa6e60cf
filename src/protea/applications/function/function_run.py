"""A folder with fitted models of function and all that predicting with them needs: `function.json` and the weights."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from protea.applications.function.entailment import Entailment, close_degrees, entail
from protea.applications.function.fitting import FitConfig, FittedModel, degrees, new_model
from protea.applications.function.known_classes import KnownClasses
from protea.applications.function.sequence_columns import sequence_columns
from protea.cluster.usual_rights import usual_rights
from protea.config import parse_config
from protea.datasets.column_scale import column_scale
from protea.datasets.ontology.hierarchy import hierarchy_of_parents
from protea.errors import FileFormatError, InputError, describe
from protea.objectives.ontology_model import load_published_ontology_model
from protea.training.checkpoint import state_bytes

__all__ = ["ColumnScale", "FunctionRun", "load_function_run", "save_function_run"]

_HEAD, _WEIGHTS, _FORMAT = "function.json", "weights.safetensors", "protea-function-1"


@dataclass(frozen=True, eq=False)
class ColumnScale:
    """Mean and spread of each column over the training proteins; a constant column has the spread 1."""

    mean: Float[np.ndarray, " column"]
    spread: Float[np.ndarray, " column"]

    @classmethod
    def of(cls, column: Float[np.ndarray, "protein column"]) -> "ColumnScale":
        """Return the scale of some proteins."""
        return cls(column.mean(axis=0), column_scale(column))

    def __call__(self, column: Float[np.ndarray, "protein column"]) -> Float[np.ndarray, "protein column"]:
        """Return columns with mean 0 and spread 1 over the proteins of the scale."""
        return ((column - self.mean) / self.spread).astype(np.float32)


@dataclass(frozen=True, eq=False)
class FunctionRun:
    """Fitted models with their classes and scale."""

    classes: KnownClasses
    scale: ColumnScale
    config: FitConfig
    models: list[FittedModel]

    def digest(self) -> str:
        """Return a digest of all that decides a score: classes, scale, settings and weights."""
        found = hashlib.sha256(json.dumps([self.classes.hierarchy.names, list(self.classes.axioms),
                                           self.config.model_dump(mode="json")]).encode())  # fmt: skip
        found.update(self.scale.mean.tobytes() + self.scale.spread.tobytes())
        for one in self.models:
            for content in state_bytes(one.model):
                found.update(content)
        return found.hexdigest()

    def raw_degrees(self, sequences: list[str]) -> Float[np.ndarray, "model protein class"]:
        """Return the truth degrees of each model for all classes of the hierarchy, as they come."""
        column = self.scale(sequence_columns(sequences))
        return degrees(self.models, column, with_unlabelled=True)[:, :, : len(self.classes.hierarchy)]

    def predict(
        self, sequences: list[str], how: Entailment = "mean", num_models: int | None = None
    ) -> Float[np.ndarray, "protein class"]:
        """Return the closed degrees of entailment by the first `num_models` models (all if not given)."""
        found = self.raw_degrees(sequences)[:num_models]
        return close_degrees(entail(found, how), self.classes.hierarchy, self.classes.is_trained())


def save_function_run(run: FunctionRun, folder: Path) -> None:
    """Write a run into a folder, made if absent."""
    folder.mkdir(parents=True, exist_ok=True)
    hierarchy = run.classes.hierarchy
    head = {
        "format": _FORMAT,
        "fit": run.config.model_dump(mode="json"),
        "parents": {name: [hierarchy.names[p] for p in hierarchy.parents(i)] for i, name in enumerate(hierarchy.names)},
        "num_trained": run.classes.num_trained,
        "axioms": list(run.classes.axioms),
        "names": dict(run.classes.name_of),
        "columns": {"mean": run.scale.mean.tolist(), "spread": run.scale.spread.tolist()},
        "models": [
            {"seed": one.seed, "epoch": one.epoch, "validation_loss": one.validation_loss} for one in run.models
        ],
    }
    (folder / _HEAD).write_text(json.dumps(head, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    tensors = {
        f"{place}.{name}": value.contiguous()
        for place, one in enumerate(run.models)
        for name, value in one.model.state_dict().items()
    }
    with usual_rights(folder / _WEIGHTS):
        save_file(tensors, folder / _WEIGHTS)


def load_function_run(folder: Path) -> FunctionRun:
    """Return the run in a folder that `save_function_run` wrote.

    Raises:
        InputError: there is none.
        FileFormatError: a file is damaged or of another version.
    """
    head = _head(folder)
    try:
        classes = KnownClasses(
            hierarchy_of_parents(head["parents"]), int(head["num_trained"]), tuple(head["axioms"]), head["names"]
        )
        scale = ColumnScale(*(np.array(head["columns"][name], dtype=np.float32) for name in ("mean", "spread")))
        fit = head["fit"]
        stated = [(int(one["seed"]), int(one["epoch"]), float(one["validation_loss"])) for one in head["models"]]
    except (KeyError, TypeError, ValueError) as error:
        raise FileFormatError(describe("a damaged run", where=str(folder / _HEAD), found=str(error))) from error
    config = parse_config(FitConfig, fit, where=str(folder / _HEAD))
    try:
        tensors = load_file(folder / _WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise FileFormatError(describe("no weights", where=str(folder / _WEIGHTS), found=str(error))) from error
    models = []
    for place, (seed, epoch, loss) in enumerate(stated):
        model = new_model(config, classes.forms(), len(scale.mean))
        own = {name.partition(".")[2]: value for name, value in tensors.items() if name.startswith(f"{place}.")}
        load_published_ontology_model(model, own, where=str(folder / _WEIGHTS))
        models.append(FittedModel(model.eval(), seed, epoch, loss))
    return FunctionRun(classes, scale, config, models)


def _head(folder: Path) -> dict[str, Any]:
    path = folder / _HEAD
    if not path.exists():
        raise InputError(describe("no run of function here", where=str(folder), expected=_HEAD))
    try:
        head = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise FileFormatError(describe("not JSON", where=str(path), found=str(error))) from error
    if not isinstance(head, dict) or head.get("format") != _FORMAT:
        raise FileFormatError(describe("another format", where=str(path), expected=_FORMAT))
    return head
