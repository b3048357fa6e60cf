"""Prompts and tasks trained into a language model, each task on its own data, and judged on its own test part.

The folder is that of any run (`run.yaml`, `best.safetensors`, `metrics.json`), with `prompts.json` (where the prompts
come from), `guard.json` (what was left out, and why) and `injection.json` (the configuration) beside it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protea import __version__
from protea.applications.prompts.injection_config import InjectionConfig, TaskConfig
from protea.applications.prompts.leak_guard import LeftOut, guard_digest, guard_facts, guarded_sequences, relatives_of
from protea.applications.prompts.provenance import PromptRecord, read_prompts, row_digest, write_prompts
from protea.applications.prompts.starting_weights import Source, source_of, write_start
from protea.applications.prompts.task_data import TaskData
from protea.benchmark.cell import CellFiles, RunRecord
from protea.benchmark.claimed_folder import claim_folder
from protea.benchmark.machine import commit_of_code, machine_name
from protea.benchmark.predictions import save_predictions, stored
from protea.benchmark.trained import OWN
from protea.cluster.whole_file import write_json
from protea.config import save_config
from protea.encoders.language.encoder import LanguageEncoder, LanguageEncoderConfig
from protea.encoders.prompts import PromptsConfig
from protea.errors import ConfigError, describe
from protea.features.schemes import SchemeConfig
from protea.training.config import BatchConfig
from protea.training.data import Rows, evaluation_batches
from protea.training.evaluation import Predictions, evaluate_metric, is_higher_better, predict
from protea.training.loop import CHECKPOINT, fit
from protea.training.mixing import Mixture, Stream, num_steps_of
from protea.training.model import ModelConfig, ProteinModel, initialised
from protea.training.progress import Report, silent
from protea.training.start import StartConfig, load_start

__all__ = ["GUARD", "INJECTION", "START", "InjectionData", "inject", "model_of_injection", "open_data"]

INJECTION, GUARD, START = "injection.json", "guard.json", "start.safetensors"
"""Files of a run: its configuration, what was left out, and the weights before the first step."""


@dataclass(frozen=True, eq=False)
class InjectionData:
    """The data of all tasks, and the training proteins of each that are left out."""

    of: Mapping[str, TaskData]
    left_out: Mapping[str, tuple[LeftOut, ...]]
    facts: Mapping[str, Any]

    def rows(self, config: InjectionConfig, name: str, part: str) -> Rows:
        """Return the rows of a part of a task; what resembles the tests is in none but those."""
        assert part in ("train", "validation", "test")
        without = frozenset() if part == "test" else frozenset(one.id for one in self.left_out[name])
        return self.of[name].rows(part, config.tasks[name].objective, without)  # type: ignore[arg-type]


def open_data(config: InjectionConfig, cache: Path, record: Path | None = None) -> InjectionData:
    """Return the data of all tasks, after the leak guard went through their training and validation parts.

    What the guard found is written to `record`, and read from there if the data and the guard are the same.

    Raises:
        InputError: if data cannot be read.
    """
    of = {name: task.data.open(cache) for name, task in config.tasks.items()}
    asked = {"guard": guard_digest(config.guard), "data": {name: data.fingerprint for name, data in of.items()}}
    if record is not None and record.exists():
        tree = json.loads(record.read_text(encoding="utf-8"))
        if tree["asked"] == asked:
            named = {name: tuple(LeftOut(*one) for one in found) for name, found in tree["left_out"].items()}
            return InjectionData(of, named, tree["facts"])
    guarded = guarded_sequences(config.guard, {name: data.sequences("test") for name, data in of.items()})
    trained = {name: data.sequences("train") | data.sequences("validation") for name, data in of.items()}
    left_out = relatives_of(guarded, trained, config.guard, num_threads=config.training.threads)
    facts = guard_facts(config.guard, guarded) | {"left_out": {name: len(found) for name, found in left_out.items()}}
    if record is not None:
        write_json({"asked": asked, "facts": facts, "left_out": left_out}, record)
    return InjectionData(of, left_out, facts)


def _fingerprint(data: Mapping[str, TaskData]) -> str:
    return json.dumps({name: task.fingerprint for name, task in data.items()}, sort_keys=True)


def model_of_injection(config: InjectionConfig, source: Source) -> ModelConfig:
    """Return the model that is trained: the main task first, each task under its prompts.

    Raises:
        ConfigError: if a new prompt is there already, a task names a prompt that is not, or two objectives differ.
    """
    had = source.prompts()
    old = () if had is None else had.names
    twice = sorted(set(old) & set(config.new_prompts))
    if twice:
        raise ConfigError(describe(f"the model has the prompts {twice} already", do="Choose other names."))
    names = (*old, *config.new_prompts)
    absent = {name: task.prompts for name, task in config.tasks.items() if not set(task.prompts) <= set(names)}
    if absent:
        raise ConfigError(describe("tasks under prompts that are not there", expected=str(names), found=str(absent)))
    started = {} if had is None else had.initialisation
    prompts = PromptsConfig(
        names=names, kind="one_way" if had is None else had.kind, active=config.active,
        initialisation={**started, **config.new_prompts}, trained=tuple(config.new_prompts),
    )  # fmt: skip
    encoder = source.encoder.model_copy(update={"prompts": prompts, "is_frozen": config.freeze_backbone})
    order = [config.main_task, *(name for name in config.tasks if name != config.main_task)]
    return ModelConfig(
        scheme=SchemeConfig(kind="sequence"),
        encoder=LanguageEncoderConfig.model_validate(encoder.model_dump()),
        objectives={name: config.tasks[name].objective for name in order},
        weights=config.weights(),
        prompts={name: config.tasks[name].prompts for name in order},
    )


def inject(config: InjectionConfig, out: Path, cache: Path, report: Report = silent) -> dict[str, Any]:
    """Train prompts and tasks into a model, judge each task, write the folder; return what `metrics.json` holds.

    A run that was stopped goes on; one that is finished is returned as it is. Where the head of a task was taken over,
    `before` holds its metrics before anything was trained, under no prompt.

    Raises:
        ConfigError: if the folder holds another run, or tasks, prompts and data do not fit together.
        InputError: if data or weights cannot be read, or the guard leaves nothing.
    """
    for task in config.tasks.values():
        for metric in task.metrics:
            is_higher_better(metric)
    source = source_of(config)
    model = model_of_injection(config, source)
    out.mkdir(parents=True, exist_ok=True)
    files = CellFiles(out)
    own = config.model_dump(mode="json")
    claim_folder(out / INJECTION, own, "another injection", has_begun=files.has_begun())
    if files.is_finished():
        files.require_data(_fingerprint({name: task.data.open(cache) for name, task in config.tasks.items()}))
        return files.read_metrics()
    digest = write_start(source, out / START)
    start = StartConfig(
        weights=out / START, load=("encoder", "heads") if source.heads else ("encoder",),
        new_prompts=tuple(config.new_prompts),
        new_objectives=tuple(name for name in config.tasks if name not in source.heads) if source.heads else (),
    )  # fmt: skip
    data = open_data(config, cache, out / GUARD)
    before = _before(config, model, start, source.heads, data)
    mixture, main = _mixture(config, model, data), config.tasks[config.main_task]
    validation = data.rows(config, config.main_task, "validation")
    result = fit(
        model, config.training, mixture, validation, main.metrics[0], out, report, start,
        fingerprint=_fingerprint(data.of),
    )  # fmt: skip
    save_config(_record(config, model, start, digest, data), files.record)
    epochs = range(result.progress.best_epoch + 1)
    num_steps = sum(num_steps_of(mixture, config.training, epoch, config.training.devices) for epoch in epochs)
    write_prompts(_provenance(config, source, data, result.model, num_steps), out)
    tested = {name: _tested(config, result.model, name, data) for name in config.tasks}
    for name, predictions in tested.items():
        save_predictions(stored(predictions), files.predictions(name, "test"))
    content = {
        "metrics": {"test": {name: _metrics(config.tasks[name], found) for name, found in tested.items()}},
        "before": before,
        "best_epoch": result.progress.best_epoch,
        "validation_metric": result.progress.best_metric,
        "train_loss": [record.train_loss for record in result.progress.history],
        "data": {name: task.facts for name, task in data.of.items()},
        "guard": dict(data.facts),
    }
    (out / CHECKPOINT).unlink(missing_ok=True)
    write_json(content, files.metrics)
    return content


def _batch(config: InjectionConfig, name: str) -> BatchConfig:
    return config.tasks[name].batch or config.training.batch


def _mixture(config: InjectionConfig, model: ModelConfig, data: InjectionData) -> Mixture:
    """Return the training data, the main task first."""
    streams = [Stream((name,), data.rows(config, name, "train"), _batch(config, name)) for name in model.objectives]
    return Mixture(tuple(streams), config.order)


def _tested(config: InjectionConfig, model: ProteinModel, name: str, data: InjectionData) -> Predictions:
    batches = evaluation_batches(data.rows(config, name, "test"), _batch(config, name))
    return predict(model, batches, name, config.training.seed, next(model.parameters()).device)


def _metrics(task: TaskConfig, predictions: Predictions) -> dict[str, float]:
    return {metric: evaluate_metric(metric, predictions) for metric in task.metrics}


def _before(
    config: InjectionConfig, model: ModelConfig, start: StartConfig, heads: tuple[str, ...], data: InjectionData
) -> dict[str, dict[str, float]]:
    """Return the metrics of tasks whose heads were taken over, with the weights before the first step, no prompt on."""
    if not heads:
        return {}
    first = initialised(model, config.training.seed)
    load_start(first, start)
    first.prompts = dict.fromkeys(first.prompts, ())
    return {name: _metrics(config.tasks[name], _tested(config, first, name, data)) for name in heads}


def _record(
    config: InjectionConfig, model: ModelConfig, start: StartConfig, digest: str, data: InjectionData
) -> RunRecord:
    main = config.tasks[config.main_task]
    return RunRecord(
        suite={"kind": OWN, "injection": INJECTION, "tasks": list(config.tasks), "metric": main.metrics[0]},
        encoder_name=model.encoder.kind, scheme_name=model.scheme.kind, auxiliary="none", fold=0,
        seed=config.training.seed, model=model, training=config.training, start=start, start_sha256=digest,
        version=__version__, commit=commit_of_code(), data_fingerprint=_fingerprint(data.of),
        machine=machine_name(),
    )  # fmt: skip


def _provenance(
    config: InjectionConfig, source: Source, data: InjectionData, model: ProteinModel, num_steps: int
) -> list[PromptRecord]:
    """Return the entries of the prompts that the model had, and of the new ones."""
    encoder = model.encoder
    assert isinstance(encoder, LanguageEncoder)
    old = [] if config.run is None else read_prompts(config.run)
    weights = config.weights()
    found = list(old)
    for name, initialisation in config.new_prompts.items():
        tasks = {
            task: {
                "objective": item.objective.kind,
                "data": item.data.kind,
                "fingerprint": data.of[task].fingerprint,
                "weight": weights[task],
                "facts": data.of[task].facts,
            }
            for task, item in config.tasks.items()
            if name in item.prompts
        }
        record = PromptRecord(
            name, initialisation, tasks, num_steps, config.training.seed, source.words, config.freeze_backbone,
            sum(len(data.left_out[task]) for task in tasks), row_digest(encoder, name),
        )  # fmt: skip
        found.append(record)
    return found
