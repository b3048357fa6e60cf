"""Each condition is what the model says under those prompts; means and intervals over runs are right."""

from pathlib import Path

import pytest

from protea.applications.prompts.ablation import AblationRow, ablate, summary
from protea.benchmark.trained import load_run
from protea.errors import ConfigError, InputError
from protea.training.data import evaluation_batches
from protea.training.evaluation import evaluate_metric, predict
from tests.applications.prompts.made_injections import Injected, write_network


@pytest.fixture(scope="module")
def rows(injected: Injected) -> list[AblationRow]:
    return ablate([injected.run], injected.cache, num_resamples=20)


def of(rows: list[AblationRow], task: str, metric: str) -> dict[str, AblationRow]:
    return {row.condition: row for row in rows if (row.task, row.metric) == (task, metric)}


def test_a_task_under_its_own_prompt_is_as_it_was_tested(injected: Injected, rows: list[AblationRow]) -> None:
    for task in ("letters", "pairs"):
        for metric, value in injected.content["metrics"]["test"][task].items():
            own = [row for row in of(rows, task, metric).values() if row.role == "own"]
            assert [row.value for row in own] == [pytest.approx(value, rel=1e-6)]
    assert [row.role for row in of(rows, "pairs", "auroc").values()] == ["none", "wrong", "own", "all"]


def test_held_out_pairs_are_told_under_the_own_prompt_and_every_set_is_another_reading(rows: list[AblationRow]) -> None:
    letters, pairs = of(rows, "letters", "perplexity"), of(rows, "pairs", "auroc")
    assert pairs["ic"].value > 0.85
    # The backbone was trained as well and is the same in all: what differs is what each prompt adds to it.
    assert len({row.value for row in letters.values()}) == 4


def test_other_conditions_are_predictions_under_these_prompts(injected: Injected, rows: list[AblationRow]) -> None:
    run = load_run(injected.run)
    task = injected.config.tasks["pairs"]
    data = task.data.open(injected.cache).rows("test", task.objective)
    run.model.prompts["pairs"] = ("seq",)
    found = predict(run.model, evaluation_batches(data, injected.config.training.batch), "pairs", 0,
                    next(run.model.parameters()).device)  # fmt: skip
    assert of(rows, "pairs", "auroc")["seq"].value == pytest.approx(evaluate_metric("auroc", found), rel=1e-6)
    interval = of(rows, "pairs", "auroc")["seq"]
    assert interval.low is not None
    assert interval.high is not None
    assert interval.low <= interval.value <= interval.high


def made(run: str, condition: str, value: float) -> AblationRow:
    return AblationRow(run, 0, "t", "auroc", condition, "own" if condition == "p" else "none", value, 0.1, 0.9, 7)


def test_means_and_intervals_over_runs() -> None:
    rows = [made(f"r{n}", name, value) for n, pair in enumerate([(0.5, 0.7), (0.6, 0.9), (0.4, 0.5)])
            for name, value in zip(("none", "p"), pair, strict=True)]  # fmt: skip
    none, own = summary(rows)
    assert (none.mean, own.mean) == (pytest.approx(0.5), pytest.approx(0.7))
    assert own.deviation == pytest.approx(0.2)
    half = 4.302652730 * 0.2 / 3**0.5  # Student's quantile at 0.975 and 2 degrees of freedom
    assert (own.low, own.high) == (pytest.approx(0.7 - half), pytest.approx(0.7 + half))
    # The differences run by run are 0.2, 0.3, 0.1.
    assert own.difference == pytest.approx(0.2)
    half = 4.302652730 * 0.1 / 3**0.5
    assert (own.difference_low, own.difference_high) == (pytest.approx(0.2 - half), pytest.approx(0.2 + half))
    assert none.difference_low is None
    (alone, _) = summary(rows[:2])
    assert (alone.low, alone.high, alone.deviation) == (0.1, 0.9, None)


def test_what_cannot_be_ablated_is_told(injected: Injected, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no tasks \['other'\]"):
        ablate([injected.run], injected.cache, ["other"])
    (injected.folder / "plain").mkdir(exist_ok=True)
    for name in ("run.yaml", "best.safetensors"):
        (injected.folder / "plain" / name).write_bytes((injected.run / name).read_bytes())
    with pytest.raises(InputError, match=r"no injection\.json"):
        ablate([injected.folder / "plain"], injected.cache)


def test_data_that_have_changed_are_told(injected: Injected) -> None:
    path = injected.folder / "data" / "sequences.tsv"
    before = path.read_text()
    try:
        write_network(injected.folder / "data", seed=9)
        with pytest.raises(InputError, match="the data of the task 'pairs' have changed"):
            ablate([injected.run], injected.cache, ["pairs"])
    finally:
        path.write_text(before)
