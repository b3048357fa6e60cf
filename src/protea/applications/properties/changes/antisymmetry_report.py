"""Changes judged in both directions as a page of Markdown and a CSV table."""

import csv
import io
from collections.abc import Sequence

import numpy as np

from protea.applications.properties.changes.antisymmetry import AntisymmetryRow
from protea.applications.properties.labels.property import Property

__all__ = ["antisymmetry_csv", "antisymmetry_report"]

_METRICS = (
    "spearman",
    "pearson",
    "rmse",
    "rmse_of_reverse",
    "antisymmetry_correlation",
    "antisymmetry_bias",
)
_HEADS = ("Spearman", "Pearson", "RMSE", "RMSE of reverse", "correlation", "bias", "largest sum")
_ABOUT = """Each test example A -> B is asked for in both directions; the reverse should be minus what was measured.
`correlation`: of direct and reverse predictions, -1 if antisymmetric. `bias`: mean of (direct + reverse) / 2, 0 if
antisymmetric. `largest sum`: largest |direct + reverse|; 0 means bit for bit. Spearman and Pearson are those of the
direct examples alone: over both directions together they would be higher for nothing but the sign.

`direct`: learned from A -> B. `both`: from each example and its reverse. `odd part`: (f(A -> B) - f(B -> A)) / 2 of the
direct model. `by construction`: G(B) - G(A), where G sums g(letter, surroundings) over the residues of a sequence. The
substitution term is the trivial one of these: s(new) - s(old). Ridge, process and network see the exchanged letters and
the composition around them. Burial is the number of CA within 10 angstrom, known for the entries that are at hand."""

_GIVEN = """

`given`: predictions of another tool; what it was trained on is not known here."""


def antisymmetry_report(rows: Sequence[AntisymmetryRow], item: Property, command: str) -> str:
    """Return the page: figures are means over the seeds, +- their standard deviation."""
    groups: dict[tuple[str, str], list[AntisymmetryRow]] = {}
    for row in rows:
        groups.setdefault((row.model, row.way), []).append(row)
    about = _ABOUT + (_GIVEN if any(row.way == "given" for row in rows) else "")
    lines = [
        f"# {item.title}: both directions", "",
        f"In {item.unit}; {item.direction}. Made by `{command}`.", "", about, "",
        f"| model | way | {' | '.join(_HEADS)} |", f"|---|---|{'--:|' * len(_HEADS)}",
        *(_line(model, way, found) for (model, way), found in groups.items()),
        "", "## The split", "", *_splits(rows, item), "", "## Whether the controls are beaten", "",
        *_verdicts(groups),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def antisymmetry_csv(rows: Sequence[AntisymmetryRow]) -> str:
    """Return a line per model, way and seed; an undefined metric is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["model", "way", "seed", "num_train", "num_test", *_METRICS, "largest_sum"])
    for row in rows:
        values = [row.metrics[name] for name in _METRICS]
        cells = ["" if value is None else f"{value:.6g}" for value in values]
        writer.writerow([row.model, row.way, row.seed, row.num_train, row.num_test, *cells, f"{row.largest_sum:.3g}"])
    return text.getvalue()


def _line(model: str, way: str, rows: Sequence[AntisymmetryRow]) -> str:
    cells = [_told([row.metrics[name] for row in rows]) for name in _METRICS]
    largest = max(row.largest_sum for row in rows)
    return f"| {model} | {way} | {' | '.join(cells)} | {'0' if largest == 0 else f'{largest:.1g}'} |"


def _told(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    # + 0.0 turns -0.000 into 0.000.
    mean, spread = round(float(np.mean(known)), 3) + 0.0, float(np.std(known))
    return f"{mean:.3f} ± {spread:.3f}" if len(known) > 1 else f"{mean:.3f}"


def _splits(rows: Sequence[AntisymmetryRow], item: Property) -> list[str]:
    found = [f"Whole families at {item.split.min_identity:.0%} identity are tested; no protein is on both sides.", ""]
    for seed in dict.fromkeys(row.seed for row in rows):
        row = next(row for row in rows if row.seed == seed)
        leaks = "no figures of leakage"
        if row.leakage is not None:
            known, related = row.leakage.num_identical, row.leakage.num_relatives
            leaks = f"{known} with a sequence that is trained on, {related} with a relative"
        found.append(
            f"- seed {seed}: {row.num_train:,} learned from (penalties are chosen on folds of families of them), "
            f"{row.num_test:,} tested, of {row.num_families} families; {leaks}, {row.num_windows} whose eleven "
            "residues around the mutation also surround a trained one."
        )
    return found


def _verdicts(groups: dict[tuple[str, str], list[AntisymmetryRow]]) -> list[str]:
    """Return a line per metric: which models beat both controls in every seed."""
    controls = [rows for (_, way), rows in groups.items() if way == "control"]
    lines = []
    for name, sign, title in (
        ("spearman", 1, "Spearman"),
        ("rmse", -1, "RMSE"),
        ("rmse_of_reverse", -1, "RMSE of reverse"),
    ):
        best = [max(_score(row, name, sign) for row in same) for same in zip(*controls, strict=True)]
        better = [
            f"{model} ({way})" for (model, way), rows in groups.items()
            if way != "control" and all(_score(row, name, sign) > bar for row, bar in zip(rows, best, strict=True))
        ]  # fmt: skip
        lines.append(f"- {title}: better than both controls in every seed: {', '.join(better) or 'none'}.")
    return lines


def _score(row: AntisymmetryRow, name: str, sign: int) -> float:
    value = row.metrics[name]
    # A rank correlation that a constant does not have is 0 in expectation.
    return 0.0 if value is None else sign * value
