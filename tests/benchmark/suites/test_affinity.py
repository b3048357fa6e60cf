"""Affinities: groups stay in one part; controls that see numbers alone."""

from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.controls.catalogue import CONTROLS
from protea.benchmark.controls.items import ControlData
from protea.benchmark.suites.affinity import Affinity
from protea.benchmark.suites.catalogue import parse_suite
from protea.datasets.sources.binding_records import BindingRecordsConfig
from tests.datasets.sources.made_binding import made_skempi, skempi_rows


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Affinity:
    rows = skempi_rows()
    # The first and the last complex are held out together.
    rows[0] = rows[0].replace(";;1ABC_A_B;", ";;1ABC_A_B,6PQR_A_B;")
    source = BindingRecordsConfig(source=made_skempi(tmp_path_factory.mktemp("skempi"), rows), asks="change")
    found = parse_suite({"kind": "affinity", "source": source.model_dump(), "num_folds": 3})
    assert isinstance(found, Affinity)
    return found


def test_mutants_of_a_group_of_complexes_stay_together(suite: Affinity, tmp_path: Path) -> None:
    data = suite.prepare(tmp_path)
    unit = dict(zip(data.ids, data.unit_of.tolist(), strict=True))
    assert unit["1ABC_A_B:0"] == unit["1ABC_A_B:1"] == unit["6PQR_A_B:11"]
    for fold in data.folds:
        parts = [{unit[name] for name in part} for part in (fold.train, fold.validation, fold.test)]
        assert not parts[0] & parts[1] | parts[0] & parts[2] | parts[1] & parts[2]
    assert data.subsets["one mutation"].sum() == 5
    assert data.subsets["several mutations"].sum() == 6
    (task,) = suite.tasks(data).values()
    assert (task.metric, task.on_validation) == ("spearman", "rmse")
    assert task.objective.mean == pytest.approx(  # type: ignore[union-attr]
        np.mean([float(value) for value in _values(data, data.folds[0].train)]), abs=1e-5
    )


def _values(data: object, ids: tuple[str, ...]) -> list[float]:
    rows = data.rows(ids)  # type: ignore[attr-defined]
    return list(rows.load(rows.rows.tolist()).extra["affinity"].value.tolist())


def test_controls_see_numbers_alone(suite: Affinity, tmp_path: Path) -> None:
    data = suite.prepare(tmp_path)
    tasks = suite.tasks(data)
    names = [name for name, control in CONTROLS.items() if control.tasks(suite, tasks)]
    assert {"prior", "mutation_count", "interface_size"} <= set(names)
    assert "label_profile" not in names
    held = ControlData(data, tasks)
    found = CONTROLS["mutation_count"].run(held, tasks, 0, 0).predictions["complex"]["affinity"]
    # Doubles are 100 times weaker: 2.7 kcal/mol.
    assert found.value("spearman") > 0.8
    is_double = data.subsets["several mutations"][[data.ids.index(name) for name in found.ids]]
    gap = found.score[is_double].mean() - found.score[~is_double].mean()
    assert gap == pytest.approx(2.73, abs=0.3)


def test_energies_of_complexes_have_no_mutations(suite: Affinity, tmp_path: Path) -> None:
    source = suite.source.model_copy(update={"asks": "energy"})
    other = suite.model_copy(update={"source": source})
    data = other.prepare(tmp_path)
    assert data.subsets == {}
    names = [name for name, control in CONTROLS.items() if control.tasks(other, other.tasks(data))]
    assert "mutation_count" not in names
    assert "interface_size" in names
