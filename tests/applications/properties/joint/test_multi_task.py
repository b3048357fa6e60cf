"""Together and alone, resumed, told with what company changed; the committed configuration trains two steps."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from protea.applications.properties.fitted.doubt import Doubt
from protea.applications.properties.fitted.predictor import PropertyPredictor
from protea.applications.properties.joint.column_answers import load_column_results, with_column_answer
from protea.applications.properties.joint.label_decoder import LabelDecoderConfig
from protea.applications.properties.joint.multi_task import (
    INTERVALS,
    RESULTS,
    MultiTaskConfig,
    fit_properties,
    objective_of,
)
from protea.applications.properties.joint.multi_task_report import multi_task_report
from protea.applications.properties.joint.task_results import TaskResult
from protea.applications.properties.labels.catalogue import BUILT_IN
from protea.benchmark.calibration.split_conformal import SplitConformal
from protea.config import load_config
from protea.errors import ConfigError
from protea.objectives.heads import HeadConfig
from protea.training.checkpoint import CHECKPOINT
from protea.training.loop import LOG
from tests.applications.properties.made_fit import made_config
from tests.conftest import REPOSITORY


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MultiTaskConfig, list[TaskResult]]:
    folder = tmp_path_factory.mktemp("fit")
    config = made_config(folder)
    return folder, config, fit_properties(config, folder, folder / "cache", folder / "out")


def test_each_property_has_its_controls(fitted: tuple[Path, MultiTaskConfig, list[TaskResult]]) -> None:
    folder, _, results = fitted
    assert [(one.name, one.test) for one in results] == [("lysines", "test"), ("states", "test")]
    for one in results:
        single, multi = one.single[one.metric], one.multi[one.metric]
        assert one.gain == pytest.approx(multi - single)  # type: ignore[operator]
        assert one.metric in one.trivial
    assert (folder / "out" / RESULTS).exists()
    assert {path.parent.name for path in (folder / "out").rglob(LOG)} == {"shared", "lysines", "states"}
    # A mean that nothing was learned from has no rank.
    assert results[0].trivial["spearman"] is None
    assert (folder / "out" / INTERVALS).read_text().count("| test |") == 2 + 1
    assert set(Doubt.load(folder / "out" / "predictor").properties) == {"lysines", "states"}
    page = multi_task_report(results, "protea properties fit")
    assert page.count("| test |") == 3


def epoch_steps_of(folder: Path) -> int:
    return torch.load(folder / CHECKPOINT, weights_only=True)["identity"]["training"]["epoch_steps"]


def test_controls_may_visit_a_property_as_often_as_the_joint_training(tmp_path: Path) -> None:
    training = {"epochs": 2, "epoch_steps": 6, "judged_by": "all", "batch": {"max_proteins": 8, "max_residues": 2000}}
    config = made_config(tmp_path, own_training="same_visits", most_train=10, training=training)
    fit_properties(config, tmp_path, tmp_path / "cache", tmp_path / "out")
    steps = {name: epoch_steps_of(tmp_path / "out" / name) for name in ("shared", "own/lysines", "own/states")}
    assert steps["shared"] == 6
    assert 1 <= steps["own/lysines"] < 6
    with pytest.raises(ValidationError, match=r"same_visits is a share of training\.epoch_steps"):
        made_config(tmp_path, own_training="same_visits")


def test_finished_trainings_are_not_repeated(fitted: tuple[Path, MultiTaskConfig, list[TaskResult]]) -> None:
    folder, config, results = fitted
    before = {path: path.stat().st_mtime_ns for path in (folder / "out").rglob("best.safetensors")}
    assert fit_properties(config, folder, folder / "cache", folder / "out") == results
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_folder_of_other_data_is_left_as_it_is(
    fitted: tuple[Path, MultiTaskConfig, list[TaskResult]],
) -> None:
    folder, config, _ = fitted
    before = (folder / "out" / "run.yaml").read_bytes()
    fewer = config.model_copy(update={"most_train": 5})
    with pytest.raises(ConfigError, match=r"other settings or data.*data\.train"):
        fit_properties(fewer, folder, folder / "cache", folder / "out")
    assert (folder / "out" / "run.yaml").read_bytes() == before


def test_columns_answer_where_asked_and_promise_intervals_of_their_own(tmp_path: Path) -> None:
    config = made_config(tmp_path, 120, by_columns=["lysines"])
    fit_properties(config, tmp_path, tmp_path / "cache", tmp_path / "out")
    (found,) = load_column_results(tmp_path / "out")
    assert (found.name, found.test) == ("lysines", "test")
    # The share of one letter is a column: the map must have found it.
    assert found.columns["spearman"] > 0.85  # type: ignore[operator]
    folder = tmp_path / "out" / "predictor"
    predictor = PropertyPredictor.load(folder)
    assert list(predictor.linear) == ["lysines"]
    calibrator = Doubt.load(folder).properties["lysines"].calibrator
    assert isinstance(calibrator, SplitConformal)
    _, _, calibration = with_column_answer(
        predictor, "lysines", tmp_path, tmp_path / "cache", config.split_seed, longest=config.longest
    )
    assert calibrator.num_units == len(calibration["lysines"]) > 0
    assert (tmp_path / "out" / INTERVALS).read_text().count("| lysines | test |") == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"by_columns": ["states"]}, "by_columns names properties that whole proteins do not have: .'states'"),
        ({"by_columns": ["tm"]}, "by_columns names properties that are not trained: .'tm'"),
        ({"weights": {"tm": 1.0}}, "weights names properties that are not trained: .'tm'"),
        ({"decoder": {"properties": ["tm"]}}, "decoder.properties names properties that are not trained: .'tm'"),
    ],
)  # fmt: skip
def test_settings_name_properties_that_are_trained(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        made_config(tmp_path, 20, **changes)


def test_the_committed_configuration_trains_two_steps(tmp_path: Path) -> None:
    committed = load_config(MultiTaskConfig, REPOSITORY / "configs" / "properties" / "together.yaml")
    assert set(committed.properties) <= set(BUILT_IN)
    made = made_config(tmp_path, 20)
    training = committed.training.model_copy(update={"epochs": 1, "epoch_steps": 2})
    config = committed.model_copy(update={"properties": made.properties, "training": training})
    results = fit_properties(config, tmp_path, tmp_path / "cache", tmp_path / "out")
    assert np.isfinite([one.multi["mae"] for one in results[:1]]).all()


def test_objectives_follow_the_kind() -> None:
    kinds = {
        name: objective_of(BUILT_IN[name], HeadConfig()).kind
        for name in ("solubility", "melting_temperature", "localisation", "enzyme_class", "disorder", "pka")
    }
    assert list(kinds.values()) == ["binary", "regression", "multiclass", "multilabel", "binary", "regression"]
    assert objective_of(BUILT_IN["localisation"], HeadConfig()).num_classes == 10  # type: ignore[union-attr]


def test_a_decoder_is_trained_beside_heads(tmp_path: Path) -> None:
    made = made_config(tmp_path, 20)
    training = made.training.model_copy(update={"epochs": 1, "epoch_steps": 2})
    decoder = LabelDecoderConfig(width=16, layers=1, heads=2, decimals=1, judged_freely=True)
    config = made.model_copy(update={"training": training, "decoder": decoder})
    results = fit_properties(config, tmp_path, tmp_path / "cache", tmp_path / "out")
    assert {path.parent.name for path in (tmp_path / "out").rglob(LOG)} == {"shared", "heads", "lysines", "states"}
    for one in results:
        assert one.heads is not None
        assert one.metric in one.heads
        assert 0.0 <= one.answered <= 1.0
    # What two steps have taught is no grammar: some answers cannot be read. Those handed out can.
    assert min(one.answered for one in results) < 1.0
    predictor = PropertyPredictor.load(tmp_path / "out" / "predictor")
    assert predictor.model.objective("lysines").decoder is predictor.model.objective("states").decoder
    answers = predictor.read(["ACDEFGHIK", "M"], ("lysines", "states")).answers
    assert [answer.shape for answer in answers["states"]] == [(9, 2), (1, 2)]
    assert np.isfinite(answers["lysines"]).all()
    # Part of a predictor answers as the whole does.
    alone = predictor.only(["states"]).read(["ACDEFGHIK"], ("states",)).answers["states"]
    np.testing.assert_allclose(alone[0], answers["states"][0], rtol=1e-5)
    assert "## The decoder against heads" in multi_task_report(results, "x")


def test_settings_that_favour_one_property_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="judged_by must be all"):
        made_config(tmp_path, 5, training={})
