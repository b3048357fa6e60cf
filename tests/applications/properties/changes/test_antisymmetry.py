"""Both directions judged by hand; by construction nothing is left over, a direct model leaves its bias."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.changes.antisymmetry import (
    AntisymmetryRow,
    judged_both_ways,
    num_shared_windows,
    run_antisymmetry,
)
from protea.applications.properties.changes.given_changes import GivenChanges
from protea.applications.properties.labels.catalogue import BUILT_IN
from protea.applications.properties.labels.property import Property
from protea.errors import InputError
from tests.applications.properties.made_changes import change, made_changes
from tests.applications.properties.made_properties import write_table


def made_change_property(folder: Path, number: int = 240) -> Property:
    """Single mutants of made proteins by a rule of letters, all shifted towards positive."""
    found = [item for item in made_changes(2 * number, num_proteins=20, noise=0.3) if len(item.mutations) == 1]
    write_table(
        folder / "changes.parquet",
        pdb=[item.id[:4] for item in found], sequence=[item.sequence for item in found],
        wild_type=[item.mutations[0].wild_type for item in found], mutant=[item.mutations[0].mutant for item in found],
        position0=[item.mutations[0].position for item in found], ddg=[float(item.value) + 1.0 for item in found],
    )  # fmt: skip
    block = BUILT_IN["stability_change"].model_dump(mode="json") | {"name": "made", "tables": [
        {"kind": "mutants", "file": "changes.parquet", "target": {"kind": "number", "column": "ddg"}}]}  # fmt: skip
    return Property.model_validate(block)


def test_metrics_by_hand() -> None:
    target, direct, reverse = np.array([1.0, 3.0]), np.array([2.0, 3.0]), np.array([-1.0, -4.0])
    found = judged_both_ways(target, direct, reverse)
    assert found["rmse"] == pytest.approx(np.sqrt(0.5))
    assert found["rmse_of_reverse"] == pytest.approx(np.sqrt(0.5))
    assert found["antisymmetry_bias"] == 0.0
    assert found["antisymmetry_correlation"] == -1.0
    assert found["pearson"] == 1.0
    constant = judged_both_ways(target, np.ones(2), np.ones(2))
    assert constant["spearman"] is None
    assert constant["antisymmetry_bias"] == 1.0
    # What is off by 1 from 1 and by 2 from 3 one way is off by 2 and by 4 the other.
    assert (constant["rmse"], constant["rmse_of_reverse"]) == pytest.approx((np.sqrt(2.0), np.sqrt(10.0)))


def test_windows_are_eleven_residues_around_the_mutation() -> None:
    sequence = "MKVLAGDERYWTSQNPHICFM"
    train = [change("a", sequence, "W11A")]
    # The same eleven residues in another chain; one of them exchanged; the same chain a residue further.
    same = change("b", "CC" + sequence[5:16] + "CC", "W8C")
    other = change("c", "CC" + sequence[5:15] + "CCC", "W8C")
    assert num_shared_windows(train, [same, other, change("d", sequence, "T12A")]) == 1


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], AntisymmetryRow]:
    folder = tmp_path_factory.mktemp("made")
    item = made_change_property(folder)
    # A tool that says 1 both ways of every example.
    tool = GivenChanges("tool", dict.fromkeys(item.examples(folder).ids, (1.0, 1.0)))
    found = run_antisymmetry(item, folder, [], folder / "cache", (0,), given=[tool])
    return {(row.model, row.way): row for row in found}


def test_no_protein_is_on_both_sides(rows: dict[tuple[str, str], AntisymmetryRow]) -> None:
    row = rows["linear", "by construction"]
    assert row.leakage is not None
    assert row.leakage.num_identical == row.leakage.num_relatives == 0
    assert row.num_train + row.num_test == 238  # two of 240 stood twice
    assert ("linear with burial", "by construction") not in rows  # no structures were given


def test_by_construction_and_odd_parts_are_exact(rows: dict[tuple[str, str], AntisymmetryRow]) -> None:
    exact = {key: row for key, row in rows.items() if key[1] in {"by construction", "odd part"}}
    assert len(exact) == 5
    assert all(row.largest_sum == 0.0 for row in exact.values())
    assert all(row.metrics["antisymmetry_bias"] == 0.0 for row in exact.values())
    assert rows["substitution term", "control"].largest_sum == 0.0


def test_a_direct_model_keeps_the_bias_of_its_data(rows: dict[tuple[str, str], AntisymmetryRow]) -> None:
    direct, both = rows["ridge", "direct"].metrics, rows["ridge", "both"].metrics
    assert direct["antisymmetry_bias"] == pytest.approx(1.0, abs=0.2)
    assert both["antisymmetry_bias"] == pytest.approx(0.0, abs=0.05)
    assert (direct["rmse"] or 9) < (both["rmse"] or 0)  # it pays on the reverse alone
    assert (direct["rmse_of_reverse"] or 0) > (both["rmse_of_reverse"] or 9)
    assert rows["mean of training", "control"].metrics["spearman"] is None


def test_another_tool_is_judged_on_the_same_test(rows: dict[tuple[str, str], AntisymmetryRow]) -> None:
    found, mean = rows["tool", "given"], rows["mean of training", "control"]
    assert found.metrics["antisymmetry_bias"] == 1.0
    assert found.metrics["rmse"] == pytest.approx(mean.metrics["rmse"], abs=0.1)
    assert found.num_test == mean.num_test == 47


def test_only_changes_of_variants_have_two_directions(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="solubility: no change to turn round"):
        run_antisymmetry(BUILT_IN["solubility"], tmp_path, [], tmp_path)
