"""Many properties from one encoder, and each of them from an encoder of its own: both are always trained.

Where a decoder writes their labels, heads on the same encoder are trained beside it, too.

What a property gains or loses by company is told with the interval of a paired bootstrap over families; a loss whose
interval excludes 0 is flagged as negative transfer. Beside both stands the trivial answer.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from protea.applications.properties.fitted.doubt import Doubt
from protea.applications.properties.fitted.fitted_doubt import Parts, fit_doubt, halved
from protea.applications.properties.fitted.judged_doubt import doubt_report, judge_doubt
from protea.applications.properties.fitted.predictor import PredictorFile, PropertyPredictor
from protea.applications.properties.fitted.shifted_doubt import shifted_doubt, shifted_report
from protea.applications.properties.joint.column_answers import (
    ColumnResult,
    column_results,
    save_column_results,
    with_column_answer,
)
from protea.applications.properties.joint.label_decoder import LabelDecoderConfig, decoded_objectives, training_range
from protea.applications.properties.joint.task_results import (
    TaskResult,
    answers_of_task,
    constant_answer,
    task_result,
)
from protea.applications.properties.labels.catalogue import property_named
from protea.applications.properties.labels.joint_data import JointData, joint_data
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
from protea.training.evaluation import LOSS
from protea.training.loop import fit
from protea.training.model import AnyEncoder, ModelConfig, ProteinModel
from protea.training.task_sampling import drawn_by_task, shares_with_label

__all__ = ["INTERVALS", "RESULTS", "MultiTaskConfig", "data_of", "fit_properties", "objective_of"]

RESULTS = "results.json"
INTERVALS = "intervals.md"


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
    own_training: Literal["same_steps", "same_visits"] = Field(
        "same_steps",
        description="How long a property is trained alone. same_steps: as many steps as all together; same_visits: "
        "the share of `training.epoch_steps` that visits its proteins in the joint training.",
    )
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
        if self.own_training == "same_visits" and self.training.epoch_steps is None:
            raise ValueError("own_training: same_visits is a share of training.epoch_steps, which is not given")
        along = [name for name in self.by_columns if items[name].level != "protein"]
        if along:
            raise ValueError(f"by_columns names properties that whole proteins do not have: {along}")
        return self


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
        own = shared if len(properties) == 1 else _trained_alone(config, properties, data, item.name, out, say)
        for test in data.tests[item.name]:
            answers = answers_of_task(item, data, test, config.training, own, shared, heads)
            answers.save(out, item.name, test)
            results.append(task_result(item, data, test, answers))
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
    by_heads = Doubt(
        {name: one for name, one in doubt.properties.items() if name not in config.by_columns}, doubt.domain
    )
    every = judge_doubt(predictor, by_heads, data, calibration)
    shifted = shifted_doubt(predictor, by_heads, data, calibration)
    columns: list[ColumnResult] = []
    for name in config.by_columns:
        predictor, own, left = with_column_answer(
            predictor, name, folder, cache, config.split_seed, longest=config.longest, most_test=config.most_test
        )
        found = fit_doubt(predictor, own, left, config.level)
        doubt = Doubt({**doubt.properties, **found.properties}, doubt.domain)
        every += judge_doubt(predictor, found, own, left)
        shifted += shifted_doubt(predictor, found, own, left)
        columns += column_results(predictor, own, name)
    predictor.save(out / "predictor")
    doubt.save(out / "predictor")
    (out / INTERVALS).write_text(doubt_report(every) + shifted_report(shifted), encoding="utf-8")
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
    train = data.labelled_rows(data.train, tasks)
    if config.sampling_temperature is not None and len(tasks) > 1:
        places = {name: np.searchsorted(train.rows, data.train[name]) for name in tasks}
        train = drawn_by_task(train, places, config.sampling_temperature, config.training.seed)
    validation = data.labelled_rows(data.validation, tasks)
    model = _model_config(config, properties, data, tasks)
    found = fit(model, config.training, train, validation, LOSS, out, fingerprint=data.fingerprint)
    last = found.progress.history[-1]
    say(f"{' + '.join(tasks)}: {len(found.progress.history)} epochs, validation loss {last.validation_metric:.4f}")
    return found.model.eval()


def _trained_alone(
    config: MultiTaskConfig, properties: dict[str, Property], data: JointData, name: str, out: Path,
    say: Callable[[str], None],
) -> ProteinModel:  # fmt: skip
    """Return the control of one property: the same encoder and settings, and no other property."""
    if config.own_training == "same_visits":
        assert config.training.epoch_steps is not None
        share = shares_with_label(data.train, config.sampling_temperature)[name]
        steps = max(1, round(share * config.training.epoch_steps))
        config = config.model_copy(update={"training": config.training.model_copy(update={"epoch_steps": steps})})
    return _trained(config, properties, data, (name,), out / "own" / name, say)


def _predictor(
    config: MultiTaskConfig, properties: dict[str, Property], data: JointData, model: ProteinModel
) -> PropertyPredictor:
    trivial = {name: constant_answer(item, data) for name, item in properties.items()}
    rows = data.rows_of(data.train, tuple(properties))
    file = PredictorFile(
        properties=properties, transforms=dict(data.transforms),
        trivial={name: float(value) if value.ndim == 0 else tuple(value.tolist()) for name, value in trivial.items()},
        model=_model_config(config, properties, data, tuple(properties)),
        trained_on=tuple(sorted(sequence_digest(data.proteins[row].sequence) for row in rows.tolist())),
    )  # fmt: skip
    return PropertyPredictor(file, model)
