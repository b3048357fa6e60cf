"""A run comes back from its folder with the same answers; closed answers have no violation; damage is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from protea.applications.function.fitting import FitConfig, LabelledColumns, fit_models
from protea.applications.function.function_run import ColumnScale, FunctionRun, load_function_run, save_function_run
from protea.applications.function.known_classes import classes_of_enzymes, labels_of
from protea.applications.function.sequence_columns import sequence_columns
from protea.errors import FileFormatError, InputError
from tests.applications.function.made_chains import LEAVES, made_sequence

ASKED = [made_sequence(family, 50) for family in range(3)]


@pytest.fixture(scope="session")
def run() -> FunctionRun:
    classes = classes_of_enzymes([*LEAVES, "1.1.1.7"], LEAVES)
    column = sequence_columns([made_sequence(family, number) for number in range(8) for family in range(3)])
    label = labels_of(classes, {f"{n} {family}": [LEAVES[family]] for n in range(8) for family in range(3)})
    scale = ColumnScale.of(column)
    config = FitConfig(dim=8, num_models=2, num_kept=2, epochs=14, batch_size=6, learning_rate=0.03, milestones=(12,))
    proteins = LabelledColumns(scale(column), label[:, : classes.num_trained])
    return FunctionRun(classes, scale, config, fit_models(config, classes.forms(), proteins, proteins))


def test_a_run_comes_back_as_it_was(run: FunctionRun, tmp_path: Path) -> None:
    save_function_run(run, tmp_path / "run")
    found = load_function_run(tmp_path / "run")
    assert found.classes.hierarchy.names == run.classes.hierarchy.names
    assert found.classes.axioms == run.classes.axioms
    assert [one.seed for one in found.models] == [one.seed for one in run.models]
    for how in ("mean", "min", "max"):
        assert np.array_equal(found.predict(ASKED, how), run.predict(ASKED, how))  # type: ignore[arg-type]


def test_answers_are_closed_and_know_the_families(run: FunctionRun) -> None:
    hierarchy = run.classes.hierarchy
    raw = run.raw_degrees(ASKED)
    assert hierarchy.num_violations(raw[0]) > 0
    for how in ("mean", "min", "max"):
        assert hierarchy.num_violations(run.predict(ASKED, how)) == 0  # type: ignore[arg-type]
    leaf = [hierarchy.index_of[name] for name in LEAVES]
    assert (run.predict(ASKED)[:, leaf].argmax(1) == np.arange(3)).all()
    assert not np.array_equal(run.predict(ASKED, num_models=1), run.predict(ASKED))


def test_a_constant_column_is_no_division_by_zero() -> None:
    scale = ColumnScale.of(np.array([[1.0, 2.0], [1.0, 4.0]], dtype=np.float32))
    assert scale(np.array([[1.0, 4.0]], dtype=np.float32)).tolist() == [[0.0, 1.0]]
    # Proteins of equal length: the computed spread of its logarithm is 5e-7.
    equal = ColumnScale.of(np.full((7, 1), np.log(100), dtype=np.float32))
    np.testing.assert_allclose(equal(np.array([[np.log(101)]], dtype=np.float32)), [[0.00995]], atol=1e-5)


def test_damage_is_refused(run: FunctionRun, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no run of function here.*function\.json"):
        load_function_run(tmp_path)
    save_function_run(run, tmp_path)
    head = json.loads((tmp_path / "function.json").read_text())
    for name in head.keys() - {"format"}:
        (tmp_path / "function.json").write_text(json.dumps({key: head[key] for key in head if key != name}))
        with pytest.raises(FileFormatError, match=f"damaged.*{name}"):
            load_function_run(tmp_path)
    (tmp_path / "function.json").write_text(json.dumps(head))
    (tmp_path / "weights.safetensors").write_bytes(b"x")
    with pytest.raises(FileFormatError, match="no weights"):
        load_function_run(tmp_path)
    (tmp_path / "function.json").write_text('{"format": "protea-function-9"}')
    with pytest.raises(FileFormatError, match="another format"):
        load_function_run(tmp_path)
    (tmp_path / "function.json").write_text('{"format": "protea-function-1"}')
    with pytest.raises(FileFormatError, match="damaged"):
        load_function_run(tmp_path)
