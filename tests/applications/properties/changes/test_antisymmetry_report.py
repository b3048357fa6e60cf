"""The page tells means over seeds, the split, and which models beat both controls everywhere."""

from protea.applications.properties.changes.antisymmetry import AntisymmetryRow, Way
from protea.applications.properties.changes.antisymmetry_report import antisymmetry_csv, antisymmetry_report
from protea.applications.properties.labels.catalogue import BUILT_IN


def row(model: str, way: Way, seed: int, spearman: float | None, rmse: float, largest: float = 0.0) -> AntisymmetryRow:
    metrics = {"spearman": spearman, "pearson": spearman, "rmse": rmse, "rmse_of_reverse": 2 * rmse,
               "antisymmetry_correlation": None, "antisymmetry_bias": -0.0}  # fmt: skip
    return AntisymmetryRow(
        model=model, way=way, seed=seed, num_train=1998, num_test=499, num_families=30, leakage=None, num_windows=4,
        metrics=metrics, largest_sum=largest,
    )  # fmt: skip


ROWS = [
    row("mean", "control", 0, None, 1.0), row("mean", "control", 1, None, 1.0),
    row("term", "control", 0, 0.2, 1.2), row("term", "control", 1, 0.4, 1.1),
    row("good", "both", 0, 0.3, 0.9, 0.5), row("good", "both", 1, 0.5, 0.9, 0.25),
    row("uneven", "direct", 0, 0.9, 0.9), row("uneven", "direct", 1, 0.3, 1.05),
]  # fmt: skip


def test_page() -> None:
    page = antisymmetry_report(ROWS, BUILT_IN["stability_change"], "protea properties antisymmetry")
    assert "| mean | control | - | - | 1.000 ± 0.000 | 2.000 ± 0.000 | - | 0.000 ± 0.000 | 0 |" in page
    assert "| good | both | 0.400 ± 0.100 | 0.400 ± 0.100 | 0.900 ± 0.000 |" in page
    assert "| 0.5 |" in page
    assert "In kcal/mol; positive = destabilising." in page
    assert "1,998 learned from" in page
    assert "no figures of leakage, 4 whose eleven" in page


def test_a_control_is_beaten_only_in_every_seed_and_by_both() -> None:
    page = antisymmetry_report(ROWS, BUILT_IN["stability_change"], "x")
    assert "- Spearman: better than both controls in every seed: good (both)." in page
    assert "- RMSE: better than both controls in every seed: good (both)." in page


def test_csv_has_a_line_per_row_and_nothing_where_undefined() -> None:
    lines = antisymmetry_csv(ROWS).splitlines()
    assert len(lines) == 9
    assert lines[1] == "mean,control,0,1998,499,,,1,2,,-0,0"
