"""Many properties from one encoder, and each of them from an encoder of its own: both are always trained.

Where a decoder writes their labels, heads on the same encoder are trained beside it, too.

What a property gains or loses by company is told with the interval of a paired bootstrap over families; a loss whose
interval excludes 0 is flagged as negative transfer. Beside both stands the trivial answer.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int, Shaped
from pydantic import Field, model_validator

from protea.applications.properties.cheap.learners import trivial_answer
from protea.applications.properties.fitted.doubt import Doubt
from protea.applications.properties.fitted.fitted_doubt import Parts, fit_doubt, halved
from protea.applications.properties.fitted.judged_doubt import doubt_report, judge_doubt
from protea.applications.properties.fitted.predictor import PredictorFile, PropertyPredictor
from protea.applications.properties.joint.column_answers import (
    ColumnResult,
    column_results,
    save_column_results,
    with_column_answer,
)
from protea.applications.properties.joint.label_decoder import LabelDecoderConfig, decoded_objectives, training_range
from protea.applications.properties.labels.catalogue import property_named
from protea.applications.properties.labels.joint_data import JointData, joint_data
from protea.applications.properties.labels.judging import judged, paired
from protea.applications.properties.labels.property import Property
from protea.config import Config, save_config
from protea.datasets.sequence_digest import sequence_digest
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.features.schemes import SchemeConfig
from protea.objectives.binary import BinaryConfig
from protea.objectives.catalogue import AnyObjectiveConfig
from protea.objectives.heads import HeadConfig
from protea.objectives.multiclass import MultiClassConfig
from protea.objectives.multilabel import MultiLabelConfig
from protea.objectives.regression import RegressionConfig
from protea.training.config import TrainingConfig
from protea.training.data import Rows, evaluation_batches
from protea.training.evaluation import LOSS, Predictions, predict_all
from protea.training.loop import fit
from protea.training.model import AnyEncoder, ModelConfig, ProteinModel
from protea.training.task_sampling import drawn_by_task

__all__ = ["INTERVALS", "RESULTS", "MultiTaskConfig", "TaskResult", "data_of", "fit_properties", "objective_of"]

RESULTS = "results.json"
INTERVALS = "intervals.md"
_RESAMPLES = 300


class MultiTaskConfig(Config):
    """Which properties are predicted together, by which encoder, trained how."""

    properties: tuple[str, ...] = Field(
        min_length=1, description="Names of built-in properties, or paths of YAML blocks."
    )
    scheme: SchemeConfig = Field(SchemeConfig(kind="sequence"), description="What the encoder is shown.")
    encoder: AnyEncoder = Field(
        LanguageEncoderConfig(model=ProteaMiniConfig(num_layers=2, width=64)), description="The shared encoder."
    )
    head: HeadConfig = Field(HeadConfig(width=64), description="Sizes of each head.")
    decoder: LabelDecoderConfig | None = Field(
        None, description="Write labels by one decoder; heads are then trained beside it as a control."
    )
    by_columns: tuple[str, ...] = Field(
        (), description="Properties of proteins that cheap columns answer; their heads are trained along, as company."
    )
    weights: dict[str, float] = Field({}, description="Weight of a property's loss; 1 where none is given.")
    sampling_temperature: float | None = Field(
        None, ge=1, description="Tasks come up as their number of proteins to the power 1 / this; none: a plain pass."
    )
    longest: int = Field(
        1000, ge=1, description="Residues of the longest protein; longer ones are left out and counted."
    )
    most_train: int | None = Field(None, ge=1, description="Proteins of a property that are trained on at most.")
    most_test: int | None = Field(None, ge=1, description="Proteins of each test, and of validation, at most.")
    split_seed: int = Field(0, description="Seed of the splits.")
    level: float = Field(0.9, gt=0, lt=1, description="What intervals and sets of classes promise to hold.")
    training: TrainingConfig = Field(TrainingConfig(judged_by="all"), description="Optimiser, weighting, stopping.")

    @model_validator(mode="after")
    def _check(self) -> "MultiTaskConfig":
        if self.training.judged_by != "all":
            raise ValueError("training.judged_by must be all: the first property is no more than the others")
        items = {item.name: item for item in map(property_named, self.properties)}
        decoded = () if self.decoder is None else self.decoder.properties or ()
        for setting, names in (
            ("weights", self.weights),
            ("decoder.properties", decoded),
            ("by_columns", self.by_columns),
        ):
            unknown = sorted(set(names) - set(items))
            if unknown:
                raise ValueError(f"{setting} names properties that are not trained: {unknown}")
        along = [name for name in self.by_columns if items[name].level != "protein"]
        if along:
            raise ValueError(f"by_columns names properties that whole proteins do not have: {along}")
        return self


class TaskResult(Config):
    """One property on one test: trivial, alone, together, and what company changed."""

    name: str = Field(description="Name of the property.")
    test: str = Field(description="Name of the test.")
    metric: str = Field(description="What it is judged by.")
    num_train: int = Field(description="Proteins that are trained on.")
    num_test: int = Field(description="Proteins of the test.")
    num_left_out: dict[str, int] = Field(description="What is not in it, by the reason.")
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


def objective_of(item: Property, head: HeadConfig) -> AnyObjectiveConfig:
    """Return the objective of a property, on labels in transformed units."""
    level = "residue" if item.level == "residue" else "protein"
    if item.kind == "value":
        return RegressionConfig(label=item.name, level=level, head=head)
    if item.kind == "binary":
        return BinaryConfig(label=item.name, level=level, head=head)
    if item.kind == "classes":
        return MultiClassConfig(label=item.name, level=level, num_classes=len(item.classes), head=head)
    return MultiLabelConfig(label=item.name, level=level, num_labels=len(item.classes), head=head)


def fit_properties(
    config: MultiTaskConfig, folder: Path, cache: Path, out: Path, say: Callable[[str], None] = lambda line: None
) -> list[TaskResult]:
    """Return a result per property and test; the predictor of all is left in `out/predictor`.

    How often intervals hold what was measured is written to `out/intervals.md`, and how good the answers by columns are
    to `out/columns.json`.

    Half of the validation families end the training, the other half calibrates what the predictor says of its doubt. A
    training that was stopped goes on where it was, and one that is finished is not repeated.
    """
    properties = {item.name: item for item in map(property_named, config.properties)}
    data = data_of(config, folder, cache)
    stopping, calibration = halved(data, config.split_seed)
    data = replace(data, validation=stopping)
    shared = _trained(config, properties, data, tuple(properties), out / "shared", say)
    save_config(config, out / "run.yaml")  # not before: a folder of other settings or data is refused as it is
    heads = None
    if config.decoder is not None:
        plain = config.model_copy(update={"decoder": None})
        heads = _trained(plain, properties, data, tuple(properties), out / "heads", say)
    _leave_predictor(config, _predictor(config, properties, data, shared), data, calibration, folder, cache, out)
    results = []
    for item in properties.values():
        own = (
            shared
            if len(properties) == 1
            else _trained(config, properties, data, (item.name,), out / "own" / item.name, say)
        )
        results += [_result(config, item, data, test, own, shared, heads) for test in data.tests[item.name]]
    tree = [result.model_dump(mode="json") for result in results]
    (out / RESULTS).write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
    return results


def data_of(config: MultiTaskConfig, folder: Path, cache: Path) -> JointData:
    """Return what is trained and tested on; raise InputError where a property is left without a part."""
    return joint_data(
        [property_named(name) for name in config.properties], folder, cache, config.split_seed, longest=config.longest,
        most_train=config.most_train, most_test=config.most_test,
    )  # fmt: skip


def _leave_predictor(
    config: MultiTaskConfig, predictor: PropertyPredictor, data: JointData, calibration: Parts, folder: Path,
    cache: Path, out: Path,
) -> None:  # fmt: skip
    """Write the predictor with its doubt, how often its intervals hold, and how good the answers by columns are."""
    doubt = fit_doubt(predictor, data, calibration, config.level)
    every = [one for one in judge_doubt(predictor, doubt, data, calibration) if one.name not in config.by_columns]
    columns: list[ColumnResult] = []
    for name in config.by_columns:
        predictor, own, left = with_column_answer(
            predictor, name, folder, cache, config.split_seed, longest=config.longest, most_test=config.most_test
        )
        found = fit_doubt(predictor, own, left, config.level)
        doubt = Doubt({**doubt.properties, **found.properties}, doubt.domain)
        every += judge_doubt(predictor, found, own, left)
        columns += column_results(predictor, own, name)
    predictor.save(out / "predictor")
    doubt.save(out / "predictor")
    (out / INTERVALS).write_text(doubt_report(every), encoding="utf-8")
    save_column_results(columns, out)


def _model_config(
    config: MultiTaskConfig, properties: dict[str, Property], data: JointData, tasks: Sequence[str]
) -> ModelConfig:
    objectives = {name: objective_of(properties[name], config.head) for name in tasks}
    if config.decoder is not None:
        chosen = [properties[name] for name in tasks]
        ends = {item.name: training_range(item, data) for item in chosen}
        objectives = {**objectives, **decoded_objectives(config.decoder, chosen, ends)}
    weights = {name: config.weights.get(name, 1.0) for name in tasks}
    return ModelConfig(scheme=config.scheme, encoder=config.encoder, objectives=objectives, weights=weights)


def _trained(
    config: MultiTaskConfig, properties: dict[str, Property], data: JointData, tasks: tuple[str, ...], out: Path,
    say: Callable[[str], None],
) -> ProteinModel:  # fmt: skip
    """Return the model of some tasks after training on all proteins that have a label of any of them."""
    out.mkdir(parents=True, exist_ok=True)
    rows = data.rows_of(data.train, tasks)
    train = data.rows(rows, tasks)
    if config.sampling_temperature is not None and len(tasks) > 1:
        places = {name: np.searchsorted(rows, data.train[name]) for name in tasks}
        train = drawn_by_task(train, places, config.sampling_temperature, config.training.seed)
    validation = data.rows(data.rows_of(data.validation, tasks), tasks)
    model = _model_config(config, properties, data, tasks)
    found = fit(model, config.training, train, validation, LOSS, out, fingerprint=data.fingerprint)
    last = found.progress.history[-1]
    say(f"{' + '.join(tasks)}: {len(found.progress.history)} epochs, validation loss {last.validation_metric:.4f}")
    return found.model.eval()


def _predictor(
    config: MultiTaskConfig, properties: dict[str, Property], data: JointData, model: ProteinModel
) -> PropertyPredictor:
    trivial = {name: _constant(item, data) for name, item in properties.items()}
    rows = data.rows_of(data.train, tuple(properties))
    file = PredictorFile(
        properties=properties, transforms=dict(data.transforms),
        trivial={name: float(value) if value.ndim == 0 else tuple(value.tolist()) for name, value in trivial.items()},
        model=_model_config(config, properties, data, tuple(properties)),
        trained_on=tuple(sorted(sequence_digest(data.proteins[row].sequence) for row in rows.tolist())),
    )  # fmt: skip
    return PropertyPredictor(file, model)


def _constant(item: Property, data: JointData) -> np.ndarray:
    """Return the trivial answer of a property, for numbers in transformed units."""
    labels = [data.tables[item.name].of[data.proteins[row].id] for row in data.train[item.name].tolist()]
    known = np.concatenate([np.atleast_1d(label.value)[np.atleast_1d(label.is_known)] if item.kind != "multilabel"
                            else label.value[None] for label in labels])  # fmt: skip
    return trivial_answer(item.kind, known, len(item.classes))


def _result(
    config: MultiTaskConfig, item: Property, data: JointData, test: str, own: ProteinModel, shared: ProteinModel,
    heads: ProteinModel | None,
) -> TaskResult:  # fmt: skip
    rows = data.rows(data.tests[item.name][test], (item.name,))
    target, single, unit, _ = _answers(item, data, rows, own, config)
    _, multi, _, answered = _answers(item, data, rows, shared, config)
    constant = np.broadcast_to(_constant(item, data), multi.shape).astype(np.float64)
    letters = _letters(item, data, rows)
    beside = multi if heads is None else _answers(item, data, rows, heads, config)[1]
    if item.kind == "value":
        transform = data.transforms[item.name]
        target, single, multi, constant, beside = (
            transform.invert(one, letters) for one in (target, single, multi, constant, beside)
        )
    gain = paired(item, target, multi, single, unit, _RESAMPLES)
    over = None if heads is None else paired(item, target, multi, beside, unit, _RESAMPLES)
    return TaskResult(
        name=item.name, test=test, metric=item.metric, num_train=len(data.train[item.name]), num_test=len(rows),
        num_left_out=dict(data.num_left_out[item.name]), trivial=dict(judged(item, target, constant)),
        single=dict(judged(item, target, single)), multi=dict(judged(item, target, multi)),
        gain=None if gain is None else gain.difference, low=None if gain is None else gain.low,
        high=None if gain is None else gain.high, answered=answered,
        heads=None if heads is None else dict(judged(item, target, beside)),
        over_heads=None if over is None else (over.difference, over.low, over.high),
    )  # fmt: skip


def _answers(
    item: Property, data: JointData, rows: Rows, model: ProteinModel, config: MultiTaskConfig
) -> tuple[Shaped[np.ndarray, "item ..."], Float[np.ndarray, "item *answer"], Int[np.ndarray, " item"], float]:
    """Return targets and answers of the supervised items (numbers in transformed units), the family of each, and

    the share that was answered at all.
    """
    batches = evaluation_batches(rows, config.training.batch)
    device = next(model.parameters()).device
    found: Predictions = predict_all(model, batches, [item.name], config.training.seed, device)[item.name]
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
