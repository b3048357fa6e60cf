"""Few labels of a class: models beside the shares of the labels, and sets that hold the class."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.few_labels.drawn_labels import CONTROL, FewShotConfig
from protea.applications.properties.few_labels.few_shot_classes import FewShotClassesRow, run_few_shot_classes
from protea.applications.properties.labels.property import Property
from protea.errors import InputError
from tests.applications.properties.few_labels.made_parts import parted
from tests.applications.properties.made_properties import lysine_share, made_sequences, value_block, write_table

SMALL = FewShotConfig(sizes=(20, 50), num_draws=3)


def class_property(folder: Path, kind: str) -> Property:
    """Much, some or little lysine; or much or not."""
    sequences = made_sequences(160)
    share = np.array([lysine_share(one) for one in sequences])
    bounds = np.quantile(share, [1 / 3, 2 / 3] if kind == "classes" else [0.5])
    number = np.searchsorted(bounds, share)
    names = ["little", "some", "much"] if kind == "classes" else ["0", "1"]
    write_table(
        folder / "made.parquet", id=[f"p{i}" for i in range(160)], sequence=sequences,
        value=[names[one] for one in number] if kind == "classes" else number.tolist(),
    )  # fmt: skip
    block = value_block() | {"kind": kind, "unit": "", "transform": [], "also": []}
    block |= {"lower": None, "metric": "accuracy" if kind == "classes" else "auroc"}
    if kind == "classes":
        block["classes"] = names
    (table,) = block["tables"]
    target = {"kind": "class" if kind == "classes" else "number", "column": "value"}
    return Property.model_validate(block | {"tables": [table | {"target": target}]})


@pytest.fixture(params=["classes", "binary"])
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> list[FewShotClassesRow]:
    return run_few_shot_classes(*parted(tmp_path, item=class_property(tmp_path, request.param)), SMALL)


def test_more_labels_help_and_sets_cover(rows: list[FewShotClassesRow]) -> None:
    assert len(rows) == 3 * 2 * 3

    def mean(name: str, model: str, size: int) -> float:
        return float(np.mean([getattr(row, name) for row in rows if (row.model, row.num_labels) == (model, size)]))

    assert mean("log_loss", "logistic", 50) < mean("log_loss", CONTROL, 50)
    assert mean("log_loss", "logistic", 50) < mean("log_loss", "logistic", 20)
    for model in (CONTROL, "logistic", "gaussian_process"):
        assert mean("coverage", model, 50) > 0.78
        assert mean("mean_size", model, 50) >= 1.0
    assert mean("mean_size", "logistic", 50) < mean("mean_size", CONTROL, 50)


def test_numbers_and_other_models_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a class but value"):
        run_few_shot_classes(*parted(tmp_path), SMALL)
    item = class_property(tmp_path, "binary")
    with pytest.raises(InputError, match=r"no such models: \['ridge'\]"):
        run_few_shot_classes(*parted(tmp_path, item=item), SMALL.model_copy(update={"models": ("ridge",)}))
