"""A predictor of one property of every kind with random weights, and its doubt fitted on made labels."""

from pathlib import Path

import numpy as np

from protea.applications.properties.fitted.doubt import Doubt, PropertyDoubt, fit_property_doubt
from protea.applications.properties.fitted.predictor import PredictorFile, PropertyPredictor
from protea.applications.properties.joint.multi_task import objective_of
from protea.applications.properties.labels.property import Property
from protea.applications.properties.labels.transforms import FittedTransform, FittedZScore
from protea.benchmark.calibration.domain import fit_domain
from protea.datasets.sequence_digest import sequence_digest
from protea.encoders.sequence_convolution import SequenceConvolutionConfig
from protea.features.schemes import SchemeConfig
from protea.objectives.heads import HeadConfig
from protea.predict.predictor import Predictor
from protea.training.model import ModelConfig, initialised
from tests.applications.properties.made_properties import made_sequences, residue_block, value_block

TRAINED = made_sequences(40, seed=5)


def properties() -> dict[str, Property]:
    binary = value_block() | {"name": "soluble", "kind": "binary", "unit": "", "lower": None, "transform": [],
                              "metric": "auroc", "also": []}  # fmt: skip
    place = binary | {"name": "place", "kind": "classes", "classes": ["in", "out", "between"], "metric": "accuracy"}
    labels = binary | {"name": "binds", "kind": "multilabel", "classes": ["metal", "sugar"], "metric": "auprc"}
    flexible = residue_block() | {"name": "flexible", "kind": "binary", "classes": [], "metric": "auroc"}
    blocks = (value_block() | {"upper": 10.0, "limits": ["Made."]}, binary, place, labels, residue_block(), flexible)
    return {str(block["name"]): Property.model_validate(block) for block in blocks}


def made_predictor() -> Predictor:
    asked = properties()
    model = ModelConfig(
        scheme=SchemeConfig(kind="sequence"),
        encoder=SequenceConvolutionConfig(width=8, hidden_dim=4, num_blocks=2),
        objectives={name: objective_of(item, HeadConfig(width=4)) for name, item in asked.items()},
        weights=dict.fromkeys(asked, 1.0),
    )
    transforms = {name: FittedTransform() for name in asked}
    transforms["lysines"] = FittedTransform(steps=(FittedZScore(mean=0.5, scale=0.3),), lower=0.0, upper=10.0)
    trivial: dict[str, float | tuple[float, ...]] = dict.fromkeys(asked, 0.5)
    file = PredictorFile(
        properties=asked, transforms=transforms, trivial=trivial, model=model,
        trained_on=tuple(sequence_digest(sequence) for sequence in TRAINED),
    )  # fmt: skip
    own = PropertyPredictor(file, initialised(model, 0).eval())
    known = own.read(TRAINED, ()).embedding
    held = own.read(made_sequences(30, seed=6), ()).embedding
    return Predictor(own, Doubt({name: _doubt(item) for name, item in asked.items()}, fit_domain(known, held)))


def _doubt(item: Property) -> PropertyDoubt:
    draw = np.random.default_rng(1)
    number = 120
    unit = np.arange(number) // (4 if item.level == "residue" else 1)
    if item.kind == "value":
        answer = draw.uniform(0, 1, number)
        return fit_property_doubt(item, answer + draw.normal(0, 0.1, number), answer, unit, np.linspace(0, 1, 500))
    if item.kind == "binary":
        answer = draw.uniform(0, 1, number)
        return fit_property_doubt(item, (draw.random(number) < answer).astype(int), answer, unit, np.zeros(0))
    answer = draw.dirichlet(np.ones(len(item.classes)), number)
    target = np.array([draw.choice(len(item.classes), p=row) for row in answer])
    return fit_property_doubt(item, target, answer, unit, np.zeros(0))


def saved(folder: Path) -> Path:
    """The folder of the predictor."""
    made = made_predictor()
    made.properties.save(folder)
    made.doubt.save(folder)
    return folder
