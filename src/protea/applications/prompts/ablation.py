"""A run under other prompts than those that it was trained with, on the test parts of its own tasks.

Nothing is trained: the head of a task reads the encodings under no prompt, each prompt alone, all, and its own. Several
runs of one injection with other seeds give a mean and an interval over seeds; of a single run the interval is over
proteins (those of pairs resampled by protein).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from protea.applications.prompts.conditions import Condition, Role, conditions_of
from protea.applications.prompts.injection import INJECTION
from protea.applications.prompts.injection_config import InjectionConfig
from protea.applications.prompts.member_bootstrap import member_bootstrap
from protea.applications.prompts.task_data import TaskData
from protea.benchmark.trained import TrainedRun, load_run
from protea.config import load_config
from protea.encoders.language.encoder import LanguageEncoder
from protea.errors import ConfigError, InputError, describe
from protea.metrics.bootstrap import bootstrap_interval
from protea.metrics.catalogue import metric_named
from protea.training.data import evaluation_batches
from protea.training.evaluation import BETWEEN_MEMBERS, LOSS, Predictions, evaluate_metric, metric_arrays, predict

__all__ = ["AblationRow", "SummaryRow", "ablate", "summary"]


@dataclass(frozen=True)
class AblationRow:
    """A metric of a task of one run under one condition, with its interval over proteins (none of a mean loss)."""

    run: str
    seed: int
    task: str
    metric: str
    condition: str
    role: Role
    value: float
    low: float | None
    high: float | None
    num_proteins: int


@dataclass(frozen=True)
class SummaryRow:
    """The same over runs: mean, standard deviation and 95 % interval, and the difference to no prompt.

    With several runs the interval is Student's over runs, and so is that of the difference, run by run; with one it is
    the bootstrap over proteins, and the difference has none.
    """

    task: str
    metric: str
    condition: str
    role: Role
    mean: float
    deviation: float | None
    low: float | None
    high: float | None
    difference: float
    difference_low: float | None
    difference_high: float | None
    num_runs: int


def ablate(
    folders: Sequence[Path], cache: Path, tasks: Sequence[str] = (), *, num_resamples: int = 1000
) -> list[AblationRow]:
    """Return a row per run, task, metric and condition; all tasks where none are named.

    Raises:
        InputError: if a folder holds no injection, or its data have changed since.
        ConfigError: if there is no such task, or the runs have other tasks or prompts.
    """
    found: list[AblationRow] = []
    shape: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    for folder in folders:
        run, config = load_run(folder), _injection(folder)
        encoder = run.model.encoder
        assert isinstance(encoder, LanguageEncoder)
        own = (encoder.prompt_names, tuple(config.tasks))
        if shape is not None and own != shape:
            raise ConfigError(describe("runs of other injections", where=str(folder), expected=str(shape),
                                       found=str(own)))  # fmt: skip
        shape = own
        absent = sorted(set(tasks) - set(config.tasks))
        if absent:
            raise ConfigError(describe(f"no tasks {absent}", expected=f"some of {list(config.tasks)}"))
        for name in tasks or config.tasks:
            data = config.tasks[name].data.open(cache)
            _require_same(run, name, data)
            found += _of_task(run, config, name, data, encoder.prompt_names, num_resamples)
    return found


def _injection(folder: Path) -> InjectionConfig:
    path = folder / INJECTION
    if not path.is_file():
        raise InputError(describe(f"no {INJECTION}", where=str(folder), expected="a folder of `protea prompts inject`"))
    return load_config(InjectionConfig, path)


def _require_same(run: TrainedRun, name: str, data: TaskData) -> None:
    if data.fingerprint not in run.record.data_fingerprint:
        raise InputError(
            describe(f"the data of the task {name!r} have changed since the injection", where=str(run.folder),
                     expected="the same files and settings", do="Set them back; a new test part may leak.")
        )  # fmt: skip


def _of_task(
    run: TrainedRun, config: InjectionConfig, name: str, data: TaskData, prompts: Sequence[str], num_resamples: int
) -> list[AblationRow]:
    task, found = config.tasks[name], []
    rows, kept = data.rows("test", task.objective), run.model.prompts[name]
    for condition in conditions_of(prompts, task.prompts):
        run.model.prompts[name] = condition.prompts
        batches = evaluation_batches(rows, task.batch or config.training.batch)
        device = next(run.model.parameters()).device
        predictions = predict(run.model, batches, name, config.training.seed, device)
        found += [_row(run, name, metric, condition, predictions, num_resamples) for metric in task.metrics]
    run.model.prompts[name] = kept
    return found


def _row(
    run: TrainedRun, task: str, name: str, condition: Condition, predictions: Predictions, num_resamples: int
) -> AblationRow:
    value, low, high = evaluate_metric(name, predictions), None, None
    keep = predictions.is_supervised
    if name != LOSS:
        metric = metric_named(name)
        target, score = metric_arrays(name, predictions)
        if run.model.objective(task).level == "pair":
            member = _members([id for id, kept in zip(predictions.ids, keep, strict=True) if kept])
            interval = member_bootstrap(metric, target, score, member, num_resamples)
        else:
            unit = predictions.protein_of_item()[keep]
            interval = bootstrap_interval(metric, target, score, unit, num_resamples)
        low, high = interval.low, interval.high
    return AblationRow(
        run.folder.name, run.record.seed, task, name, condition.name, condition.role, value, low, high,
        len(set(predictions.protein_of_item()[keep].tolist())),
    )  # fmt: skip


def _members(ids: Sequence[str]) -> np.ndarray:
    """Return the number of both proteins of each pair."""
    number: dict[str, int] = {}
    ends = [id.split(BETWEEN_MEMBERS) for id in ids]
    return np.array([[number.setdefault(end, len(number)) for end in pair] for pair in ends], dtype=np.int64)


def summary(rows: Sequence[AblationRow]) -> list[SummaryRow]:
    """Return a row per task, metric and condition over all runs, in the order in which they first come."""
    grouped: dict[tuple[str, str, str], list[AblationRow]] = {}
    for row in rows:
        grouped.setdefault((row.task, row.metric, row.condition), []).append(row)
    found = []
    for (task, metric, condition), group in grouped.items():
        values = np.array([row.value for row in group])
        without = np.array([row.value for row in grouped[task, metric, "none"]])
        low, high = _interval(values) if len(group) > 1 else (group[0].low, group[0].high)
        difference = values - without
        from_none = _interval(difference) if len(group) > 1 and condition != "none" else (None, None)
        deviation = float(values.std(ddof=1)) if len(group) > 1 else None
        found.append(
            SummaryRow(task, metric, condition, group[0].role, float(values.mean()), deviation, low, high,
                       float(difference.mean()), from_none[0], from_none[1], len(group))
        )  # fmt: skip
    return found


def _interval(values: np.ndarray) -> tuple[float, float]:
    """Return Student's 95 % interval of a mean over runs."""
    mean, error = float(values.mean()), float(values.std(ddof=1)) / len(values) ** 0.5
    half = float(stats.t.ppf(0.975, len(values) - 1)) * error
    return mean - half, mean + half
