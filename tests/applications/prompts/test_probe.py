"""Linear probes under each set of prompts, on labels that embeddings hold, and against no prompt."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.prompts.probe import ProbeConfig, probe
from protea.benchmark.trained import load_run
from protea.errors import InputError
from tests.applications.prompts.made_injections import Injected, random_letters


def config(folder: Path, *, is_binary: bool = True, constant: bool = False) -> ProbeConfig:
    """Forty proteins whose label is whether they hold a W, or their share of A."""
    rng = np.random.default_rng(5)
    folder.mkdir(parents=True, exist_ok=True)
    records, labels = [], ["id,label"]
    for number in range(60):
        letters = random_letters(rng, 20)
        has_motif = number % 2
        letters = letters[:8] + ("WW" if has_motif else "GG") + letters[10:]
        value = (1 if constant else has_motif) if is_binary else letters.count("A") / 20
        records.append(f">n{number}\n{letters}\n")
        labels.append(f"n{number},{value}")
    (folder / "new.fasta").write_text("".join(records))
    (folder / "labels.csv").write_text("\n".join(labels) + "\n")
    label = {"path": str(folder / "labels.csv"), "labels": ["label"], "level": "protein"}
    return ProbeConfig.model_validate({
        "objective": {"kind": "binary" if is_binary else "regression", "label": "label", "level": "protein"},
        "data": {
            "kind": "proteins",
            "source": {"kind": "folder", "path": str(folder / "new.fasta"), "labels": [label]},
            "split": {"method": "random", "fractions": (0.5, 0.25, 0.25)},
        },
        "metric": "auroc" if is_binary else "rmse", "num_resamples": 20,
    })  # fmt: skip


def test_a_label_that_the_model_sees_is_probed_under_every_set(injected: Injected, tmp_path: Path) -> None:
    rows = probe(load_run(injected.run), config(tmp_path / "data"), tmp_path / "cache")
    assert [row.condition for row in rows] == ["none", "seq", "ic", "all"]
    assert rows[0].difference is None
    ic = rows[2]
    assert ic.value > 0.8  # the motif is what the prompt was trained on
    assert ic.difference == pytest.approx(ic.value - rows[0].value)
    assert all(row.low <= row.value <= row.high for row in rows)


def test_values_are_probed_by_a_ridge(injected: Injected, tmp_path: Path) -> None:
    rows = probe(load_run(injected.run), config(tmp_path / "data", is_binary=False), tmp_path / "cache")
    spread = np.std([0.05 * n for n in range(4)])  # about that of the label
    assert rows[0].value < 2 * spread
    assert len({row.value for row in rows}) > 1


def test_one_label_is_no_task(injected: Injected, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one label only"):
        probe(load_run(injected.run), config(tmp_path / "data", constant=True), tmp_path / "cache")
