"""Components are computed once per store and identity, and the folds follow them."""

from pathlib import Path

from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import components_of_store, folded_data
from protea.datasets.sources.docking import DockingConfig
from tests.benchmark.suites.test_ppi_site import assert_folds_are_apart


def test_components_are_computed_once_and_folds_follow_them(small_docking: dict[str, str], tmp_path: Path) -> None:
    store, notes = prepared_store(DockingConfig.model_validate(small_docking), tmp_path)
    components = components_of_store(store, 0.3, tmp_path)
    (file,) = tmp_path.glob("components-*.json")
    before = file.stat().st_mtime_ns
    data = folded_data(store, notes, ("interface",), "unbound", tmp_path, 0.3, 3, 0)
    assert file.stat().st_mtime_ns == before
    assert data.unit_of.tolist() == [components.of[name] for name in store.ids]
    assert_folds_are_apart(data, 3)
    assert data.notes[-1] == f"- components at 30% identity: {len(components)}"
    tested = [name for fold in data.folds for name in fold.test]
    assert sorted(tested) == sorted(store.ids)
    strict = folded_data(store, notes, (), "unbound", tmp_path, 1.0, 3, 0)
    assert len(set(strict.unit_of.tolist())) >= len(components)
    assert list(data.inputs) == ["unbound"]
