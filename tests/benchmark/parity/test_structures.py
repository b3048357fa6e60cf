"""Scores of pairs by name, for any number of pairs; a search may find more, not less."""

from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.parity.comparison import Unsupported
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.structures import compare_structures


def write(folder: Path, **outputs: object) -> Golden:
    folder.mkdir()
    rng = np.random.default_rng(0)
    points = rng.normal(scale=5, size=(30, 3))
    turned = points @ np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]]) + 5.0
    np.savez(folder / "inputs.npz", pair7_model_ca=turned, pair7_reference_ca=points)
    np.savez(folder / "outputs.npz", **{name: np.asarray(value) for name, value in outputs.items()})
    return Golden(folder)


def test_a_turned_copy_has_the_scores_of_a_copy(tmp_path: Path) -> None:
    rotation = [[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]
    golden = write(
        tmp_path / "a", pair7_tm_at_kabsch=1.0, pair7_tm_fixed_alignment=1.0, pair7_lddt_ca=1.0,
        pair7_lddt_ca_per_residue=np.ones(30), pair7_kabsch_rotation_row_vectors=rotation, pair7_tm_align=1.0,
    )  # fmt: skip
    found, aside = compare_structures(golden)
    assert len(found) == 5
    assert all(item.is_within for item in found), found
    assert list(aside) == ["pair7_tm_align"]


@pytest.mark.parametrize(("reference", "is_within"), [(1.00005, True), (1.0002, False), (0.9995, True), (0.99, False)])
def test_a_search_may_find_more_but_not_less(tmp_path: Path, reference: float, is_within: bool) -> None:
    found, _ = compare_structures(write(tmp_path / "a", pair7_tm_fixed_alignment=reference))
    assert found[0].is_within == is_within


def test_counts_are_exact_and_unknown_scores_are_named(tmp_path: Path) -> None:
    golden = write(tmp_path / "a", pair7_lddt_ca_pairs_per_residue=np.full(30, 1), pair7_gdt=0.5, pair8_rmsd_ca=0.0)
    found, aside = compare_structures(golden)
    assert [(item.precision, item.tolerance, item.is_within) for item in found] == [("exact", 0.0, False)]
    assert set(aside) == {"pair7_gdt", "pair8_rmsd_ca"}
    with pytest.raises(Unsupported):
        compare_structures(write(tmp_path / "b", pair7_gdt=0.5))
