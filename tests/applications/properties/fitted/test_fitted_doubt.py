"""Families that stop a training do not calibrate it; intervals are fitted to the proteins that are given."""

from dataclasses import replace

import numpy as np

from protea.applications.properties.fitted.fitted_doubt import LEAST_FOR_DOMAIN, fit_doubt, halved
from protea.applications.properties.labels.joint_data import JointData
from protea.benchmark.calibration.class_sets import ClassSets
from protea.benchmark.calibration.split_conformal import SplitConformal
from protea.datasets.labels import LabelTable
from protea.protein.record import Label, protein_from_sequence
from tests.applications.properties.made_properties import made_sequences
from tests.predict.made_predictor import made_predictor

NUM = 90


def data() -> JointData:
    """Proteins whose `lysines` is what the predictor says plus a quarter to a half, and whose states are drawn."""
    predictor = made_predictor().properties
    proteins = tuple(protein_from_sequence(f"protein_{row}", text) for row, text in enumerate(made_sequences(NUM)))
    answers = predictor.predict("lysines", [protein.sequence for protein in proteins])
    transform = predictor.file.transforms["lysines"]
    draw = np.random.default_rng(0)
    lysines, states = {}, {}
    for protein, answer in zip(proteins, answers, strict=True):
        value = np.array([float(answer) + draw.uniform(0.25, 0.5)])
        label = np.float32(transform.steps[0].apply(value, None)[0])
        lysines[protein.id] = Label("protein", np.array(label), np.array(True))
        known = draw.random(len(protein)) < 0.5
        states[protein.id] = Label("residue", draw.integers(0, 2, len(protein)), known)
    rows = np.arange(NUM)
    tables = {"lysines": LabelTable("lysines", "protein", lysines), "states": LabelTable("states", "residue", states)}
    validation = {"lysines": rows[30:], "states": rows[30:]}
    family_of = {protein.id: f"family {row // 3}" for row, protein in enumerate(proteins)}
    train = {"lysines": rows[:30], "states": rows[:30]}
    return JointData(proteins, tables, predictor.file.transforms, train, validation, {}, family_of, {})


def test_families_are_not_cut() -> None:
    made = data()
    stopping, calibration = halved(made, 0)
    for name in ("lysines", "states"):
        assert sorted([*stopping[name], *calibration[name]]) == list(range(30, NUM))
        families = [{made.family_of[f"protein_{row}"] for row in half[name]} for half in (stopping, calibration)]
        assert not families[0] & families[1]
        assert all(len(half) > 3 for half in families)
    assert stopping["lysines"].tolist() == stopping["states"].tolist()
    assert halved(made, 1)[0]["lysines"].tolist() != stopping["lysines"].tolist()


def test_bounds_are_those_of_the_given_proteins() -> None:
    predictor = made_predictor().properties
    rows = np.arange(30, NUM)
    found = fit_doubt(predictor, data(), {"lysines": rows, "states": rows})
    interval = found.properties["lysines"].calibrator
    assert isinstance(interval, SplitConformal)
    assert 0.44 < interval.bound < 0.5
    assert (interval.num_items, interval.num_units) == (60, 60)
    sets = found.properties["states"].calibrator
    assert isinstance(sets, ClassSets)
    known = sum(int(data().tables["states"].of[f"protein_{row}"].is_known.sum()) for row in rows)
    assert (sets.num_items, sets.num_units) == (known, 60)
    assert len(found.properties["lysines"].known) > 100
    assert found.domain is not None
    assert len(found.domain.training) == 30
    assert len(found.domain.held_neighbour) == 60


def test_too_few_proteins_give_no_domain_and_none_no_interval() -> None:
    few = np.arange(30, 30 + LEAST_FOR_DOMAIN - 1)
    found = fit_doubt(made_predictor().properties, data(), {"lysines": few, "states": few[:0]})
    assert found.domain is None
    assert found.properties["states"].calibrator is None


def test_a_task_with_few_families_has_one_to_stop_by() -> None:
    made = data()
    small = replace(made, validation={"lysines": np.array([30]), "states": made.validation["states"]})
    stopping, calibration = halved(small, 0)
    assert stopping["lysines"].tolist() == [30]
    assert calibration["lysines"].tolist() == []
    assert 30 in stopping["states"]
