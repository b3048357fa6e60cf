"""Interaction sites: labels of the bound form on the unbound one, folds over components, both inputs row by row."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.interface import Suite, SuiteData
from protea.metrics.catalogue import metric_named
from tests.benchmark.suites.docking_files import LENGTH, NUM_TOUCHING


def label(data: SuiteData, name: str, variant: str) -> tuple[np.ndarray, np.ndarray]:
    """The label of one protein and where it is known."""
    rows = data.rows((name,), variant)
    extra = rows.load(rows.rows.tolist()).extra
    return extra["interface"].value.numpy(), extra["interface.is_known"].value.numpy()


@pytest.fixture(scope="module")
def suite(small_docking: dict[str, str]) -> Suite:
    return parse_suite({"kind": "ppi_site", "source": small_docking, "num_folds": 3})


@pytest.fixture(scope="module")
def data(suite: Suite, docking_cache: Path) -> SuiteData:
    return suite.prepare(docking_cache)


def test_every_partner_is_there_in_both_forms(data: SuiteData) -> None:
    assert set(data.ids) == {f"1{letter * 3}_{role}" for letter in "ABCD" for role in "rl"}
    assert list(data.inputs) == ["unbound", "bound"]
    for variant in data.inputs:
        rows = data.rows(data.ids, variant)
        assert rows.load(rows.rows.tolist()).ids == data.ids
        assert rows.load(rows.rows.tolist()).lengths().tolist() == rows.lengths.tolist()


def test_the_label_is_what_touches_in_the_bound_form(data: SuiteData) -> None:
    value, known = label(data, "1BBB_l", "unbound")
    assert value.tolist() == [1] * NUM_TOUCHING + [0] * (LENGTH - NUM_TOUCHING)
    assert known.all()
    # The unbound receptor lacks the first residue: the label keeps its place by number.
    value, known = label(data, "1BBB_r", "unbound")
    assert value.tolist() == [1] * (NUM_TOUCHING - 1) + [0] * (LENGTH - NUM_TOUCHING)
    value, _ = label(data, "1BBB_r", "bound")
    assert value.tolist() == [1] * NUM_TOUCHING + [0] * (LENGTH - NUM_TOUCHING)


def test_relatives_share_a_component_and_never_two_sides_of_a_fold(data: SuiteData) -> None:
    unit_of = dict(zip(data.ids, data.unit_of.tolist(), strict=True))
    assert unit_of["1AAA_r"] == unit_of["1DDD_r"]
    assert len(set(unit_of.values())) == 7
    assert_folds_are_apart(data, 3)


def assert_folds_are_apart(data: SuiteData, num_folds: int) -> None:
    unit_of = dict(zip(data.ids, data.unit_of.tolist(), strict=True))
    assert len(data.folds) == num_folds
    tested = Counter(name for fold in data.folds for name in fold.test)
    assert tested == Counter(data.ids)  # each protein is judged once
    for fold in data.folds:
        assert set(fold.ids()) == set(data.ids)
        units = [{unit_of[name] for name in part} for part in (fold.train, fold.validation, fold.test)]
        assert all(units)
        assert not units[0] & units[1]
        assert not units[0] & units[2]
        assert not units[1] & units[2]


def test_subsets_are_antibodies_and_the_rest(data: SuiteData) -> None:
    of = dict(zip(data.ids, data.subsets["antibody complexes"].tolist(), strict=True))
    assert {name for name, is_antibody in of.items() if is_antibody} == {"1AAA_r", "1AAA_l"}
    assert np.array_equal(data.subsets["other complexes"], ~data.subsets["antibody complexes"])


def test_the_task_is_judged_by_auprc(suite: Suite, data: SuiteData) -> None:
    tasks = suite.tasks(data)
    assert {name: task.metric for name, task in tasks.items()} == {"interface": "auprc"}
    assert suite.higher_is_better(data) == metric_named("auprc").higher_is_better
    assert tasks["interface"].objective.level == "residue"  # type: ignore[union-attr]


def test_it_is_prepared_once(suite: Suite, data: SuiteData, docking_cache: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in docking_cache.rglob("*") if path.is_file()}
    again = suite.prepare(docking_cache)
    assert {path: path.stat().st_mtime_ns for path in docking_cache.rglob("*") if path.is_file()} == before
    assert again.folds == data.folds
    assert again.fingerprint == data.fingerprint
    assert again.notes == data.notes


def test_the_notes_say_what_was_read(data: SuiteData) -> None:
    assert "- proteins: 8" in data.notes
    assert "- components at 30% identity: 7" in data.notes


def test_the_real_benchmark(real_docking: dict[str, str], docking_cache: Path) -> None:
    suite = parse_suite({"kind": "ppi_site", "source": real_docking})
    data = suite.prepare(docking_cache)
    assert len(data.ids) == 390
    assert_folds_are_apart(data, 5)
    for variant in data.inputs:
        rows = data.rows(data.ids, variant)
        extra = rows.load(rows.rows.tolist()).extra
        value, known = extra["interface"].value.numpy(), extra["interface.is_known"].value.numpy()
        assert value[known].mean() == pytest.approx(0.045, abs=0.01)
        assert known.mean() > 0.9
    sizes = [sum(data.rows(fold.test).lengths) for fold in data.folds]
    assert max(sizes) < 1.2 * min(sizes)
