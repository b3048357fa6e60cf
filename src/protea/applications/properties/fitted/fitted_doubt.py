"""The doubt of a predictor, fitted on held-out families that neither gradients nor the end of training looked at.

Axes: protein, residue (only those with a known label), class.
"""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, Shaped

from protea.applications.properties.fitted.doubt import Doubt, PropertyDoubt, fit_property_doubt, quantiles_of
from protea.applications.properties.fitted.predictor import PropertyPredictor
from protea.applications.properties.labels.joint_data import JointData
from protea.applications.properties.labels.property import Property
from protea.benchmark.calibration.domain import fit_domain
from protea.errors import InputError, describe
from protea.protein.record import Label

__all__ = ["LEAST_FOR_DOMAIN", "HeldOut", "Parts", "fit_doubt", "halved", "held_out"]

LEAST_FOR_DOMAIN = 20
"""Held-out proteins below which nobody can say what is far."""
_MOST_TRAINING = 2000


Parts = Mapping[str, np.ndarray]
"""Rows of proteins, by task."""


def halved(data: JointData, seed: int) -> tuple[Parts, Parts]:
    """Return the validation rows of each task in two halves of whole families: to stop by, and to calibrate on.

    Families are dealt in a drawn order, those of the smallest task first, so that each task has some to stop by.

    Raises:
        InputError: if all validation families of a task were dealt to the calibration of others.
    """
    is_stopping: dict[str, bool] = {}
    for name in sorted(data.validation, key=lambda one: (len(data.validation[one]), one)):
        own = sorted({_family(data, row) for row in data.validation[name].tolist()}, key=lambda one: _drawn(seed, one))
        balance = sum(1 if is_stopping[family] else -1 for family in own if family in is_stopping)
        for family in own:
            if family not in is_stopping:
                is_stopping[family] = balance <= 0
                balance += 1 if balance <= 0 else -1
    stopping, calibration = {}, {}
    for name, rows in data.validation.items():
        first = np.array([is_stopping[_family(data, row)] for row in rows.tolist()], dtype=bool)
        if not first.any():
            raise InputError(
                describe(f"no validation family is left to stop {name} by", expected="two families or more",
                         do="Give the property more examples, or another split seed.")
            )  # fmt: skip
        stopping[name], calibration[name] = rows[first], rows[~first]
    return stopping, calibration


def _family(data: JointData, row: int) -> str:
    return str(data.family_of[data.proteins[row].id])


def _drawn(seed: int, family: str) -> bytes:
    return hashlib.blake2b(f"{seed}/{family}".encode(), digest_size=8).digest()


def fit_doubt(
    predictor: PropertyPredictor, data: JointData, calibration: Parts, level: float = 0.9, seed: int = 0
) -> Doubt:  # fmt: skip
    """Return intervals, sets and known values of each property, and the domain of the training.

    A property without a calibration protein has no calibrator; with fewer than 20 of all properties there is no domain.
    """
    doubts = {name: _property_doubt(predictor, data, name, rows, level) for name, rows in calibration.items()}
    held = np.unique(np.concatenate([*calibration.values()]))
    if len(held) < LEAST_FOR_DOMAIN:
        return Doubt(doubts, None)
    train = np.unique(np.concatenate([*data.train.values()]))
    drawn = np.random.default_rng(seed).permutation(train)[:_MOST_TRAINING]
    known, away = (
        predictor.read([data.proteins[row].sequence for row in rows.tolist()], ()).embedding for rows in (drawn, held)
    )
    return Doubt(doubts, fit_domain(known, away))


def _property_doubt(
    predictor: PropertyPredictor, data: JointData, name: str, rows: Int[np.ndarray, " row"], level: float
) -> PropertyDoubt:
    item = predictor.property(name)
    known = _known(predictor, data, item)
    if not len(rows) or item.kind == "multilabel":
        return PropertyDoubt(calibrator=None, known=quantiles_of(known))
    held = held_out(predictor, data, name, rows)
    return fit_property_doubt(item, held.target, held.answer, held.unit, known, level)


class HeldOut(NamedTuple):
    """Known labels and answers of held-out items, in the unit of the property, and the protein of each."""

    target: Shaped[np.ndarray, " item"]
    answer: Float[np.ndarray, "item *class"]
    unit: Int[np.ndarray, " item"]


def held_out(predictor: PropertyPredictor, data: JointData, name: str, rows: Int[np.ndarray, " row"]) -> HeldOut:
    """Return what is known and what is answered about one property of some proteins; not for labels of several."""
    item = predictor.property(name)
    proteins = [data.proteins[row] for row in rows.tolist()]
    answers = predictor.predict(name, [protein.sequence for protein in proteins])
    target, answer, unit = [], [], []
    for place, (protein, one) in enumerate(zip(proteins, answers, strict=True)):
        label = data.tables[name].of[protein.id]
        is_known = np.atleast_1d(label.is_known)
        target.append(_in_unit(predictor, item, label, protein.sequence)[is_known])
        answer.append(one[is_known] if item.level == "residue" else one[None])
        unit.append(np.full(int(is_known.sum()), place))
    return HeldOut(np.concatenate(target), np.concatenate(answer), np.concatenate(unit))


def _in_unit(predictor: PropertyPredictor, item: Property, label: Label, sequence: str) -> np.ndarray:
    """Return the labels of a protein in the unit of the property, unknown ones too; one label is an array of one."""
    if item.kind != "value":
        return np.atleast_1d(label.value)
    return np.atleast_1d(predictor.in_unit(item.name, np.asarray(label.value, dtype=np.float64), sequence))


def _known(predictor: PropertyPredictor, data: JointData, item: Property) -> Float[np.ndarray, " label"]:
    """Return the training labels of a number, in its unit."""
    if item.kind != "value":
        return np.zeros(0)
    found = []
    for row in data.train[item.name].tolist():
        protein = data.proteins[row]
        label = data.tables[item.name].of[protein.id]
        found.append(_in_unit(predictor, item, label, protein.sequence)[np.atleast_1d(label.is_known)])
    return np.concatenate(found)
