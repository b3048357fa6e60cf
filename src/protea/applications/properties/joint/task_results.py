"""What one property gains or loses by company on one test, and the answers that this was told from.

Axes: item (labelled residues end to end, or proteins), answer (classes), family.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int, Shaped
from pydantic import Field

from protea.applications.properties.cheap.learners import trivial_answer
from protea.applications.properties.labels.joint_data import JointData
from protea.applications.properties.labels.judging import judged, paired
from protea.applications.properties.labels.property import Property
from protea.config import Config
from protea.errors import InputError, describe
from protea.training.config import TrainingConfig
from protea.training.data import Rows, evaluation_batches
from protea.training.evaluation import Predictions, predict_all
from protea.training.model import ProteinModel

__all__ = [
    "NUM_RESAMPLES",
    "TaskAnswers",
    "TaskResult",
    "TestedProperty",
    "answers_of_task",
    "constant_answer",
    "task_result",
]

NUM_RESAMPLES = 300
_FOLDER = "answers"


class TestedProperty(Config):
    """One property on one test: by what it is judged, and on how much."""

    name: str = Field(description="Name of the property.")
    test: str = Field(description="Name of the test.")
    metric: str = Field(description="What it is judged by.")
    num_train: int = Field(description="Proteins that are trained on.")
    num_test: int = Field(description="Proteins of the test.")
    num_left_out: dict[str, int] = Field(description="What is not in it, by the reason.")


class TaskResult(TestedProperty):
    """One property on one test: trivial, alone, together, and what company changed."""

    trivial: dict[str, float | None] = Field(description="Metrics of the answer that looks at nothing.")
    single: dict[str, float | None] = Field(description="Metrics of the encoder of its own.")
    multi: dict[str, float | None] = Field(description="Metrics of the shared encoder.")
    gain: float | None = Field(description="Shared minus own, in the direction of better; none where undefined.")
    low: float | None = Field(None, description="Lower end of its 95 % interval over families.")
    high: float | None = Field(None, description="Upper end.")
    heads: dict[str, float | None] | None = Field(None, description="Metrics of heads where a decoder writes labels.")
    over_heads: tuple[float, float, float] | None = Field(
        None, description="Decoder minus heads in the direction of better, and its 95 % interval over families."
    )
    answered: float = Field(1.0, description="Share of the test's items whose answer could be read.")

    @property
    def is_negative_transfer(self) -> bool:
        """Whether company harms beyond what other proteins would explain."""
        return self.high is not None and self.high < 0


@dataclass(frozen=True, eq=False)
class TaskAnswers:
    """Labels of one test and the answers to it, numbers in the property's unit."""

    target: Shaped[np.ndarray, "item ..."]
    family: Int[np.ndarray, " item"]
    constant: Float[np.ndarray, "item *answer"]
    single: Float[np.ndarray, "item *answer"]
    multi: Float[np.ndarray, "item *answer"]
    heads: Float[np.ndarray, "item *answer"] | None
    answered: float

    def save(self, folder: Path, name: str, test: str) -> None:
        """Write them into a folder of a fit, so that several trainings can be compared item by item."""
        path = folder / _FOLDER / f"{name}-{test}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        heads = self.multi[:0] if self.heads is None else self.heads
        np.savez_compressed(
            path, target=self.target, family=self.family, constant=self.constant, single=self.single, multi=self.multi,
            heads=heads, answered=np.array(self.answered),
        )  # fmt: skip

    @classmethod
    def load(cls, folder: Path, name: str, test: str) -> "TaskAnswers":
        """Return what `save` wrote; raise InputError where it was not."""
        path = folder / _FOLDER / f"{name}-{test}.npz"
        if not path.is_file():
            raise InputError(
                describe("answers of a fit are absent", where=str(path), expected="as `protea properties fit` writes",
                         do="Run the fit again: what is trained is kept.")
            )  # fmt: skip
        with np.load(path, allow_pickle=False) as kept:
            return cls(
                kept["target"], kept["family"], kept["constant"], kept["single"], kept["multi"],
                kept["heads"] if len(kept["heads"]) else None, float(kept["answered"]),
            )  # fmt: skip


def answers_of_task(
    item: Property, data: JointData, test: str, training: TrainingConfig, own: ProteinModel, shared: ProteinModel,
    heads: ProteinModel | None = None,
) -> TaskAnswers:  # fmt: skip
    """Return the answers of the models to one test of a property."""
    rows = data.rows(data.tests[item.name][test], (item.name,))
    target, single, family, _ = _answers(item, data, rows, own, training)
    _, multi, _, answered = _answers(item, data, rows, shared, training)
    constant = np.broadcast_to(constant_answer(item, data), multi.shape).astype(np.float64)
    beside = None if heads is None else _answers(item, data, rows, heads, training)[1]
    if item.kind == "value":
        transform, letters = data.transforms[item.name], _letters(item, data, rows)
        target, single, multi, constant = (
            transform.invert(one, letters) for one in (target, single, multi, constant)
        )  # fmt: skip
        beside = None if beside is None else transform.invert(beside, letters)
    return TaskAnswers(target, family, constant, single, multi, beside, answered)


def task_result(item: Property, data: JointData, test: str, answers: TaskAnswers) -> TaskResult:
    """Return what the answers are worth."""
    target, multi, family = answers.target, answers.multi, answers.family
    gain = paired(item, target, multi, answers.single, family, NUM_RESAMPLES)
    over = None if answers.heads is None else paired(item, target, multi, answers.heads, family, NUM_RESAMPLES)
    return TaskResult(
        name=item.name, test=test, metric=item.metric, num_train=len(data.train[item.name]),
        num_test=len(data.tests[item.name][test]), num_left_out=dict(data.num_left_out[item.name]),
        trivial=dict(judged(item, target, answers.constant)), single=dict(judged(item, target, answers.single)),
        multi=dict(judged(item, target, multi)), gain=None if gain is None else gain.difference,
        low=None if gain is None else gain.low, high=None if gain is None else gain.high, answered=answers.answered,
        heads=None if answers.heads is None else dict(judged(item, target, answers.heads)),
        over_heads=None if over is None else (over.difference, over.low, over.high),
    )  # fmt: skip


def constant_answer(item: Property, data: JointData) -> np.ndarray:
    """Return the trivial answer of a property, for numbers in transformed units."""
    labels = [data.tables[item.name].of[data.proteins[row].id] for row in data.train[item.name].tolist()]
    known = np.concatenate([np.atleast_1d(label.value)[np.atleast_1d(label.is_known)] if item.kind != "multilabel"
                            else label.value[None] for label in labels])  # fmt: skip
    return trivial_answer(item.kind, known, len(item.classes))


def _answers(
    item: Property, data: JointData, rows: Rows, model: ProteinModel, config: TrainingConfig
) -> tuple[Shaped[np.ndarray, "item ..."], Float[np.ndarray, "item *answer"], Int[np.ndarray, " item"], float]:
    """Return targets and answers of the supervised items (numbers in transformed units), the family of each, and

    the share that was answered at all.
    """
    batches = evaluation_batches(rows, config.batch)
    device = next(model.parameters()).device
    found: Predictions = predict_all(model, batches, [item.name], config.seed, device)[item.name]
    keep = found.is_supervised
    names = {name: place for place, name in enumerate(dict.fromkeys(data.family_of.values()))}
    family = np.array([names[data.family_of[id]] for id in found.ids])
    score = found.score[keep].astype(np.float64)
    answer = np.exp(score) if item.kind == "classes" else score
    target = found.target[keep]
    return (
        target.astype(np.float64 if item.kind == "value" else np.int64),
        answer,
        family[found.protein_of_item()][keep],
        found.share_answered(),
    )


def _letters(item: Property, data: JointData, rows: Rows) -> str | None:
    """Return the letters of the supervised residues in the order of the answers."""
    if item.level != "residue" or item.kind != "value":
        return None
    proteins = [data.proteins[row] for row in rows.rows.tolist()]
    table = data.tables[item.name]
    parts = [
        "".join(letter for letter, known in zip(one.sequence, table.of[one.id].is_known, strict=True) if known)
        for one in proteins
    ]  # fmt: skip
    return "".join(parts)
