import itertools
from typing import get_args

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold, cross_val_predict

from protea.benchmark.suites.diagnostics_expectations import Expectation, check_cell, expectation_of
from protea.benchmark.suites.diagnostics_labels import APOLAR, diagnostic_labels
from protea.benchmark.suites.diagnostics_questions import DIAGNOSTICS
from protea.benchmark.suites.diagnostics_sight import EncoderFamily, GraphFamily, Setting
from protea.benchmark.suites.interface import SchemeKind
from protea.datasets.sources.generated import generate_protein
from protea.errors import InputError
from protea.features.edges.k_nearest import KNearest
from protea.features.schemes import SchemeConfig
from protea.metrics.spearman import spearman
from protea.protein.batch import pack
from protea.protein.record import Label, Protein

SETTINGS = [
    Setting(*parts)
    for parts in itertools.product(get_args(EncoderFamily), get_args(SchemeKind), get_args(GraphFamily), (1, 2, 3))
]


@pytest.mark.parametrize("name", DIAGNOSTICS)
def test_every_cell_has_a_statement_with_a_reason(name: str) -> None:
    verdicts = set()
    for setting in SETTINGS:
        expectation = expectation_of(name, setting)
        verdicts.add(expectation.verdict)
        assert expectation.reason.endswith(".")
        if expectation.verdict != "chance":
            assert expectation.ceiling is not None
            assert (expectation.floor or 0.0) < expectation.ceiling <= 1.0
    # A question that every model solves, or none, teaches nothing.
    assert {"chance", "solvable"} <= verdicts


@pytest.mark.parametrize(
    ("name", "setting", "verdict"),
    [
        ("handedness", Setting("egnn", "ca_base"), "chance"),
        ("handedness", Setting("schnet", "ca_seq"), "chance"),
        ("handedness", Setting("gearnet_edge", "ca_seq", "seven_relations"), "chance"),
        ("handedness", Setting("local_frame", "ca_base"), "solvable"),
        ("handedness", Setting("identity", "ca_bb"), "solvable"),
        ("handedness", Setting("identity", "ca_angles"), "solvable"),
        ("backbone_basin", Setting("identity", "ca_bb"), "solvable"),
        ("backbone_basin", Setting("identity", "ca_angles"), "partial"),
        ("burial", Setting("identity", "ca_base"), "chance"),
        ("burial", Setting("schnet", "ca_base", depth=1), "solvable"),
        ("half_sphere_bisector", Setting("egnn", "ca_base", depth=1), "partial"),
        ("half_sphere_bisector", Setting("egnn", "ca_base", depth=2), "solvable"),
        ("half_sphere_bisector", Setting("gearnet_edge", "ca_base", "seven_relations", 2), "solvable"),
        ("half_sphere_bisector", Setting("schnet", "ca_base"), "partial"),
        ("half_sphere_cb", Setting("egnn", "ca_base"), "partial"),
        ("half_sphere_cb", Setting("local_frame", "ca_angles"), "solvable"),
        ("contact_order", Setting("gearnet", "ca_base", "one_relation"), "solvable"),
        ("contact_order", Setting("egnn", "ca_seq"), "solvable"),
        ("contact_order", Setting("egnn", "ca_base"), "partial"),
        ("residue_type_plus_4", Setting("gearnet", "ca_base", "seven_relations", 2), "solvable"),
        ("residue_type_plus_4", Setting("gearnet", "ca_base", "seven_relations", 1), "partial"),
        ("residue_type_plus_4", Setting("identity", "ca_sc"), "chance"),
        ("two_step_walks", Setting("identity", "ca_bb"), "chance"),
        ("two_step_walks", Setting("schnet", "ca_base", depth=1), "partial"),
        ("two_step_walks", Setting("schnet", "ca_base", depth=2), "solvable"),
    ],
)
def test_the_statements_of_the_issue(name: str, setting: Setting, verdict: str) -> None:
    assert expectation_of(name, setting).verdict == verdict


SLACK = 0.03
"""How far below a floor a value may lie and still agree."""


@pytest.fixture(scope="module")
def proteins() -> list[Protein]:
    return [generate_protein(0, index) for index in range(30)]


@pytest.fixture(scope="module")
def labels(proteins: list[Protein]) -> dict[str, Label]:
    """The labels of all residues, end to end."""
    each = [diagnostic_labels(protein) for protein in proteins]
    return {
        name: Label("residue", *(np.concatenate([getattr(own[name], part) for own in each])
                                 for part in ("value", "is_known")))
        for name, item in DIAGNOSTICS.items() if item.level == "residue"
    }  # fmt: skip


def reached(proteins: list[Protein], label: Label, features: np.ndarray, model: BaseEstimator) -> float:
    """Return the rank correlation that a model reaches on proteins that it has not seen."""
    protein_of = np.repeat(np.arange(len(proteins)), [len(protein) for protein in proteins])[label.is_known]
    value = label.value[label.is_known]
    found = cross_val_predict(model, features[label.is_known], value, groups=protein_of, cv=GroupKFold(5))
    return spearman(value, found)


def sequence_window(proteins: list[Protein]) -> np.ndarray:
    """Return whether the residues up to seven places on are apolar: what a model without a structure can use."""
    windows = []
    for protein in proteins:
        padded = np.pad([1.0 if letter in APOLAR else -1.0 for letter in protein.sequence], 7)
        windows.append(np.stack([padded[place : place + len(protein)] for place in range(15)], axis=1))
    return np.concatenate(windows)


def apolar_neighbours(proteins: list[Protein]) -> np.ndarray:
    """Return the sum over 16 neighbours, whatever their distance: one ungated layer, the poorest way to look."""
    sums = []
    for protein in proteins:
        ca = protein.backbone()[0][:, 1].astype(np.float64)
        nearest = np.argsort(np.linalg.norm(ca[:, None] - ca, axis=-1), axis=1)[:, 1:17]
        sign = np.array([1.0 if letter in APOLAR else -1.0 for letter in protein.sequence])
        sums.append(np.stack([sign, sign[nearest].sum(1)], axis=1))
    return np.concatenate(sums)


def test_floors_of_the_walks_lie_above_the_structure_blind_and_below_the_poorest_who_look(proteins, labels) -> None:
    expected = [expectation_of("two_step_walks", setting) for setting in SETTINGS if setting.encoder != "identity"]
    blind, poorest = (
        reached(proteins, labels["two_step_walks"], features(proteins), Ridge())
        for features in (sequence_window, apolar_neighbours)
    )
    assert 0.65 < blind < poorest
    assert all(item.floor is not None and item.floor - SLACK > blind for item in expected)
    assert all(item.floor < poorest for item in expected if item.verdict == "partial")
    assert {check_cell(item, blind, (blind, blind), 0.0).outcome for item in expected} == {"below floor"}


@pytest.mark.parametrize("scheme", ["ca_angles", "ca_bb"])
@pytest.mark.parametrize("name", ["burial", "half_sphere_bisector", "half_sphere_cb", "contact_order"])
def test_floors_lie_above_what_the_features_of_the_residue_alone_reach(
    proteins, labels, scheme: str, name: str
) -> None:
    features = SchemeConfig(kind=scheme).build()(pack(proteins), KNearest()).scalar.numpy()
    blind = reached(proteins, labels[name], features, HistGradientBoostingRegressor(max_iter=40))
    # The same reader is within what is stated for `identity`, which has no more than these features.
    own = expectation_of(name, Setting("identity", scheme))
    assert own.ceiling is not None
    assert 0.1 < blind < own.ceiling
    for setting in SETTINGS:
        if setting.scheme == scheme and setting.encoder != "identity":
            floor = expectation_of(name, setting).floor
            assert floor is not None
            assert floor - SLACK > blind, setting


def test_ties_have_exact_ceilings() -> None:
    assert expectation_of("backbone_basin", Setting("egnn", "ca_base")).ceiling == 0.5
    later = expectation_of("residue_type_plus_4", Setting("egnn", "ca_base")).ceiling
    assert later is not None
    assert 0.525 < later < 0.6


PARTIAL = Expectation("partial", 0.4, 0.6, "A reason.")
CHANCE = Expectation("chance", None, None, "A reason.")


@pytest.mark.parametrize(
    ("expectation", "measured", "interval", "outcome"),
    [
        (PARTIAL, 0.5, (0.45, 0.55), "agrees"),
        (PARTIAL, 0.64, (0.59, 0.70), "agrees"),
        (PARTIAL, 0.70, (0.66, 0.75), "above ceiling"),
        (PARTIAL, 0.30, (0.25, 0.36), "below floor"),
        (PARTIAL, 0.30, (0.25, 0.38), "agrees"),
        (CHANCE, 0.52, (0.49, 0.55), "agrees"),
        (CHANCE, 0.60, (0.56, 0.64), "above ceiling"),
        (CHANCE, 0.40, (0.36, 0.44), "below floor"),
    ],
)
def test_check_of_a_cell(
    expectation: Expectation, measured: float, interval: tuple[float, float], outcome: str
) -> None:
    check = check_cell(expectation, measured, interval, chance=0.5)
    assert check.outcome == outcome
    assert check.agrees == (outcome == "agrees")
    assert f"{measured:.3f}" in check.message
    assert "A reason." in check.message


def test_nonsense_is_refused() -> None:
    with pytest.raises(InputError, match="no such diagnostic"):
        expectation_of("colour", Setting("egnn", "ca_base"))
    with pytest.raises(InputError, match="outside its interval"):
        check_cell(CHANCE, 0.9, (0.1, 0.2), 0.5)
