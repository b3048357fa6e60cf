"""A fitted predictor of several properties: one encoder, a head and a transform per property, on disk and in use.

A folder holds `predictor.json` (properties, transforms, the model's configuration, what training had, digests of the
sequences that were trained on and of the files beside it) and `weights.safetensors`; `columns.safetensors` where linear
maps of columns stand in for heads. Answers are in the unit of the property, inside its range.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from pydantic import Field
from safetensors.numpy import save_file

from protea.applications.properties.cheap.columns import ColumnSet, columns_of
from protea.applications.properties.cheap.linear_answer import LinearAnswer
from protea.applications.properties.labels.examples import Example
from protea.applications.properties.labels.property import Property
from protea.applications.properties.labels.transforms import FittedTransform
from protea.cluster.usual_rights import usual_rights
from protea.config import Config, parse_config
from protea.encoders.interface import Encoding
from protea.encoders.weights.kept_files import check_sha256, read_kept_arrays, sha256_of
from protea.errors import FileFormatError, InputError, describe
from protea.features.interface import FeaturisedBatch
from protea.protein.batch import pack
from protea.protein.record import protein_from_sequence
from protea.training.checkpoint import load_weights, save_weights, state_bytes
from protea.training.model import ModelConfig, ProteinModel

__all__ = ["PredictorFile", "PropertyPredictor", "Reading"]

_FILE, _WEIGHTS, _LINEAR = "predictor.json", "weights.safetensors", "columns.safetensors"
_MOST_RESIDUES = 4000


class PredictorFile(Config):
    """What a folder of a predictor says of itself."""

    format: str = Field("protea-properties-1", description="Format of the folder.")
    properties: dict[str, Property] = Field(description="The properties by name.")
    transforms: dict[str, FittedTransform] = Field(description="Fitted transforms by property.")
    trivial: dict[str, float | tuple[float, ...]] = Field(
        description="Mean (in transformed units) or shares of the training labels."
    )
    model: ModelConfig = Field(description="The model.")
    columns: dict[str, tuple[ColumnSet, ...]] = Field(
        {}, description="Columns of the properties that a linear map of them answers instead of a head."
    )
    trained_on: tuple[str, ...] = Field(description="Digests of the sequences that were trained on.")
    sha256: dict[str, str] = Field(
        {}, description="SHA-256 of each file of weights beside this one, by name; none in folders written before."
    )


@dataclass(frozen=True, eq=False)
class Reading:
    """Answers by property, one per sequence, and the encoding of each sequence as a whole."""

    answers: Mapping[str, list[Float[np.ndarray, "..."]]]
    embedding: Float[np.ndarray, "protein channel"]


@dataclass(frozen=True, eq=False)
class PropertyPredictor:
    """A predictor in memory."""

    file: PredictorFile
    model: ProteinModel
    linear: Mapping[str, LinearAnswer] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        save_weights(self.model, folder / _WEIGHTS)
        if self.linear:
            with usual_rights(folder / _LINEAR):
                save_file(self._linear_arrays(), folder / _LINEAR)
        names = (_WEIGHTS, _LINEAR) if self.linear else (_WEIGHTS,)
        file = self.file.model_copy(update={"sha256": sha256_of(folder, names)})
        (folder / _FILE).write_text(file.model_dump_json(indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "PropertyPredictor":
        """Return the predictor of a folder; raise InputError or FileFormatError where it is none, or was changed."""
        path = folder / _FILE
        if not path.is_file():
            raise InputError(describe("no predictor of properties", where=str(folder), expected=f"a file {_FILE}"))
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise FileFormatError(describe("not a predictor", where=str(path), found=str(error))) from error
        stated = parse_config(PredictorFile, tree, where=str(path))
        check_sha256(folder, stated.sha256)
        file = stated.model_copy(update={"sha256": {}})  # of files: what is in memory may change, and be kept elsewhere
        model = file.model.unloaded().build()
        load_weights(model, folder / _WEIGHTS)
        return cls(file, model.eval(), _linear_answers(file, folder / _LINEAR))

    def _linear_arrays(self) -> dict[str, np.ndarray]:
        return {key: array for name, answer in self.linear.items() for key, array in answer.arrays(name).items()}

    def digest(self) -> str:
        """Return a digest of all that decides an answer: configuration, transforms and weights."""
        found = hashlib.sha256(self.file.model_dump_json(exclude={"sha256"}).encode())
        for content in state_bytes(self.model):
            found.update(content)
        for name, array in self._linear_arrays().items():
            found.update(name.encode() + array.tobytes())
        return found.hexdigest()

    def only(self, names: Sequence[str]) -> "PropertyPredictor":
        """Return the predictor of some of its properties, with the same encoder; raise InputError for others."""
        for name in names:
            self.property(name)
        old = self.file.model
        model = old.model_copy(
            update={"objectives": {name: old.objectives[name] for name in names},
                    "weights": {name: old.weights[name] for name in names}}
        )  # fmt: skip
        kept = model.unloaded().build()
        state = self.model.state_dict()
        kept.load_state_dict({key: state[key] for key in kept.state_dict()})
        chosen = {
            part: {name: getattr(self.file, part)[name] for name in names}
            for part in ("properties", "transforms", "trivial")
        }
        columns = {name: sets for name, sets in self.file.columns.items() if name in names}
        file = self.file.model_copy(update={**chosen, "model": model, "columns": columns})
        return PropertyPredictor(file, kept.eval(), {name: self.linear[name] for name in columns})

    def property(self, name: str) -> Property:
        """Return a property by name; raise InputError that lists the names where there is none."""
        if name not in self.file.properties:
            raise InputError(
                f"the predictor has no property {name!r}; expected one of {', '.join(self.file.properties)}."
            )
        return self.file.properties[name]

    def predict(self, name: str, sequences: Sequence[str]) -> list[Float[np.ndarray, "..."]]:
        """Return the answer for each sequence: of the protein, or [residue, ...] where residues have it.

        Numbers are in the property's unit; yes or no is the probability of yes; classes and labels have one each.
        """
        return self.read(sequences, (name,)).answers[name]

    @torch.no_grad()
    def read(self, sequences: Sequence[str], names: Sequence[str]) -> Reading:
        """Return the answers of several properties from one encoding of each sequence."""
        for name in names:
            self.property(name)
        by_head = [name for name in names if name not in self.linear]
        answers: dict[str, list[Float[np.ndarray, "..."]]] = {name: [] for name in by_head}
        embedding = [np.zeros((0, self.model.encoder.output_dim))]
        for chosen in _batches(sequences):
            batch = pack([protein_from_sequence(f"query_{row}", sequences[row]) for row in chosen])
            inputs = self.model.featurise(batch)
            encoding = self.model.encoder(inputs)
            embedding.append(encoding.protein.double().numpy())
            for name in by_head:
                answers[name] += self._head_answers(name, encoding, inputs)
        answers |= self._column_answers(sequences, [name for name in names if name in self.linear])
        in_unit = {
            name: [self.in_unit(name, answer, one) for answer, one in zip(answers[name], sequences, strict=True)]
            for name in names
        }
        return Reading(in_unit, np.concatenate(embedding))

    def _head_answers(self, name: str, encoding: Encoding, inputs: FeaturisedBatch) -> list[Float[np.ndarray, "..."]]:
        """Return what a head says of each protein of a batch, in transformed units."""
        item, objective = self.property(name), self.model.objective(name)
        score = objective.score(objective.predict(encoding, inputs)).double().numpy()
        answer = np.exp(score) if item.kind == "classes" else score
        if item.level == "residue":
            return np.split(answer, inputs.residue_ptr[1:-1].numpy())
        return [np.asarray(one) for one in answer]

    def _column_answers(self, sequences: Sequence[str], names: Sequence[str]) -> dict[str, list[np.ndarray]]:
        """Return what linear maps say of each protein, in transformed units."""
        if not names:
            return {}
        examples = [Example(str(row), sequence, np.array(0), np.array(True)) for row, sequence in enumerate(sequences)]
        columns = {sets: columns_of(sets, examples) for sets in {self.file.columns[name] for name in names}}
        return {
            name: [np.asarray(one) for one in self.linear[name](columns[self.file.columns[name]])] for name in names
        }

    def in_unit(self, name: str, answer: Float[np.ndarray, "*item"], sequence: str) -> Float[np.ndarray, "*item"]:
        """Return an answer of the model in the unit of its property; NaN for residues that have no such property."""
        item, transform = self.file.properties[name], self.file.transforms[name]
        if item.kind != "value":
            return answer
        letters = _letters_of(transform, sequence) if item.level == "residue" else None
        if letters is None:
            return transform.invert(np.atleast_1d(answer)).reshape(answer.shape)
        # Residues without a reference value have no such property.
        has = np.array([letter in letters for letter in sequence])
        value = np.full(len(sequence), np.nan)
        value[has] = transform.invert(answer[has], "".join(letter for letter in sequence if letter in letters))
        return value

    def trivial(self, name: str, sequences: Sequence[str]) -> list[Float[np.ndarray, "*item"]]:
        """Return the answers that look at nothing but, where labels are shifts, at the letter; as `predict` does."""
        item, constant = self.property(name), np.asarray(self.file.trivial[name])
        found = []
        for sequence in sequences:
            shape = (len(sequence), *constant.shape) if item.level == "residue" else constant.shape
            found.append(self.in_unit(name, np.broadcast_to(constant, shape).astype(np.float64), sequence))
        return found


def _batches(sequences: Sequence[str]) -> list[list[int]]:
    """Return rows in batches of bounded size; each sequence is answered for itself, so that the cut does not matter."""
    found: list[list[int]] = []
    total = _MOST_RESIDUES + 1
    for row, sequence in enumerate(sequences):
        if total + len(sequence) > _MOST_RESIDUES:
            found.append([])
            total = 0
        found[-1].append(row)
        total += len(sequence)
    return found


def _letters_of(transform: FittedTransform, sequence: str) -> Mapping[str, float] | None:
    for step in transform.steps:
        if step.kind == "reference":
            return step.of
    return None


def _linear_answers(file: PredictorFile, path: Path) -> dict[str, LinearAnswer]:
    if not file.columns:
        return {}
    if not path.is_file():
        raise InputError(
            describe("a predictor without its linear maps", where=str(path), expected=", ".join(file.columns))
        )
    arrays = read_kept_arrays(path)
    absent = [name for name in file.columns if f"{name}.weight" not in arrays or f"{name}.bias" not in arrays]
    if absent:
        raise FileFormatError(describe("linear maps are missing", where=str(path), expected=", ".join(absent)))
    return {name: LinearAnswer.from_arrays(name, file.properties[name].kind, arrays) for name in file.columns}
