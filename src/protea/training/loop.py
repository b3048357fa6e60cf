"""The training loop, over Lightning Fabric: device, precision and processes are Fabric's, the order of things is here.

A step: corrupt, count supervised items over all batches and processes, forward, divide by the global count, backward,
clip, update. Dropout is seeded per step, batches and corruptions by (seed, pass over the data), so a run that was
killed anywhere resumes from its last checkpoint to the same weights, bit for bit on CPU. Batch normalisation takes its
statistics from each batch; its running statistics are those of the first process.
"""

import logging
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from lightning.fabric import Fabric
from torch import Tensor
from torch.optim import Adam

from protea.config import differences
from protea.errors import ConfigError, ContractError, describe
from protea.metrics.undefined import UndefinedMetric
from protea.objectives.interface import Corruption
from protea.objectives.weighting.catalogue import facts_of
from protea.training.averaging import WeightAverage
from protea.training.balancing import Balance
from protea.training.checkpoint import BEST, CHECKPOINT, load_state, load_weights, save_state, save_weights
from protea.training.config import BatchConfig, TrainingConfig
from protea.training.data import Rows, Step
from protea.training.evaluation import LOSS, Predictions, evaluate_metric, is_higher_better
from protea.training.mixing import Mixture, num_steps_of, steps_of
from protea.training.model import ModelConfig, ProteinModel, initialised
from protea.training.progress import EpochRecord, Report, silent, write_log
from protea.training.schedules import schedule_of
from protea.training.shared_evaluation import predict_in_stretches
from protea.training.start import StartConfig, load_start, weights_digest
from protea.training.trackers import log_to, opened_trackers

__all__ = ["BEST", "CHECKPOINT", "LOG", "FitResult", "Progress", "TrainingFailed", "arithmetic", "fit"]

LOG = "log.csv"
# What may differ between a run and its continuation: it changes where and how long, not what is computed.
_FREE = {"epochs", "num_workers", "threads", "accelerator", "strategy", "checkpoint_steps", "trackers"}


class TrainingFailed(ContractError):  # noqa: N818 - what settings come to, not a mistake
    """A training that diverged, or of whose answers the metric had no value in any epoch: these settings do not train.

    A kind of its own, because a search over settings counts it as an answer.
    """


@dataclass(frozen=True)
class Progress:
    """Where a run stands: everything but weights, optimiser and scheduler."""

    epoch: int = 0
    step: int = 0
    loss_sum: float = 0.0
    loss_count: float = 0.0
    best_metric: float | None = None
    best_epoch: int = -1
    is_finished: bool = False
    history: tuple[EpochRecord, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class FitResult:
    """A finished run: its model with the weights of the best epoch, and how it got there."""

    model: ProteinModel
    progress: Progress
    device: torch.device


def fit(
    config: ModelConfig, training: TrainingConfig, train: Rows | Mixture, validation: Rows, metric: str, folder: Path,
    report: Report = silent, start: StartConfig | None = None, *, fingerprint: str,
) -> FitResult:  # fmt: skip
    """Train until the metric stops improving or the epochs are over; resume where the folder holds a checkpoint.

    The weights before the first step are random, or those that `start` names. `train` is what all objectives read, or
    a mixture that gives each its own; the metric is that of the main objective on `validation`. `fingerprint` tells the
    data and their labels from others.

    Raises:
        ConfigError: if the folder holds a training of another model, other settings or other data.
        TrainingFailed: if loss or gradient are not finite, or the metric has no value in any epoch.
        UndefinedMetric: if the metric has no value although the answers differ, as where no label is positive.
    """
    logging.getLogger("lightning.fabric").setLevel(logging.WARNING)  # its word on precision would come once per cell
    with arithmetic(training.threads):
        fabric = Fabric(
            accelerator=training.accelerator, strategy=training.strategy, devices=training.devices,
            num_nodes=training.nodes, precision=training.precision,
        )  # fmt: skip
        fabric.launch()
        run = _Run(config, training, metric, fabric, folder, start)
        batch = run.take_data(train, validation, fingerprint)
        run.resume()
        names = training.trackers if fabric.is_global_zero else ()
        with opened_trackers(names, folder, run.progress.history) as trackers:
            while not run.progress.is_finished:
                started = time.perf_counter()
                run.train_epoch(train)
                run.close_epoch(validation, batch, time.perf_counter() - started, report)
                log_to(trackers, run.progress.history[-1])
        fabric.barrier()
    if run.progress.best_metric is None:
        raise TrainingFailed(
            describe(f"no epoch has a value of the validation metric {metric!r}", where=str(folder),
                     expected="answers that differ, and finite losses", found="a constant answer, or NaN",
                     do="Change the learning rate.")
        )  # fmt: skip
    load_weights(run.model, folder / BEST)
    return FitResult(run.model, run.progress, fabric.device)


@contextmanager
def arithmetic(threads: int) -> Iterator[None]:
    """Use some CPU threads and flush denormal numbers to 0; both are of the process and are set back at the end.

    Vanishing gradients would be denormal, with which products are several times slower.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        torch.set_num_threads(before)


class _Run:
    """One run: model, optimiser, schedule and progress, with the moves that change them."""

    def __init__(
        self, config: ModelConfig, training: TrainingConfig, metric: str, fabric: Fabric, folder: Path,
        start: StartConfig | None,
    ) -> None:  # fmt: skip
        self.training, self.metric, self.fabric, self.folder = training, metric, fabric, folder
        dtype = torch.float64 if training.precision == "64-true" else torch.float32
        self.model = initialised(config, training.seed, dtype)
        if start is not None:
            load_start(self.model, start)
        self.model.to(fabric.device)
        if training.judged_by == "all" and metric != LOSS:
            raise ConfigError(
                describe("all objectives together have one loss and no metric", where="training.judged_by",
                         expected=f"metric {LOSS!r}", found=metric)
            )  # fmt: skip
        rule = training.weighting.build(facts_of(config.objectives, config.weights)).to(fabric.device)
        self.balance = Balance(rule, self.model, self._total)
        trainable = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        optimizer = Adam(trainable, lr=training.learning_rate, weight_decay=training.weight_decay)
        if list(rule.parameters()):
            optimizer.add_param_group({"params": list(rule.parameters()), "weight_decay": 0.0})
        self.dtype, self.optimizer = dtype, optimizer
        self.schedule = schedule_of(training, optimizer, higher_is_better=is_higher_better(metric))
        self.average = None if training.average_decay is None else WeightAverage(self.model, training.average_decay)
        self.progress = Progress()
        # The cosine depends on the number of epochs, the plateau does not.
        free = _FREE if training.schedule == "plateau" else _FREE - {"epochs"}
        self.identity = {
            "model": config.model_dump(mode="json"),
            "training": training.model_dump(mode="json", exclude=free),
            "start": None if start is None else {"load": list(start.load), "sha256": weights_digest(start)},
            "metric": metric,
        }

    def take_data(self, train: Rows | Mixture, validation: Rows, fingerprint: str) -> BatchConfig:
        """Take note of the data of this run; return the size of batches of the main objective's."""
        own = {"fingerprint": fingerprint, "train": train.identity(), "validation": validation.identity()}
        self.identity = {**self.identity, "data": own}
        if isinstance(train, Rows):
            return self.training.batch
        train.require(set(self.model.objectives))
        return next(stream.batch for stream in train.streams if self.model.main in stream.objectives)

    def resume(self) -> None:
        """Take up the checkpoint of the folder, if there is one; raise ConfigError where it is another run's."""
        path = self.folder / CHECKPOINT
        if not path.exists():
            return
        state = load_state(path)
        identity = state.get("identity", self.identity)
        if identity != self.identity:
            differing = differences(identity, self.identity)
            raise ConfigError(
                describe("the checkpoint was made with other settings or data", where=str(path),
                         found=", ".join(differing), do="Set them back, or delete the folder to start anew.")
            )  # fmt: skip
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        if self.average is not None:
            self.average.load_state_dict(state["average"])
        self.balance.rule.load_state_dict(state.get("weighting", {}))
        history = tuple(EpochRecord(**record) for record in state["progress"].pop("history"))
        progress = Progress(**state["progress"], history=history)
        # Asked anew: the continuation may be given more epochs than the run that stopped.
        self.progress = replace(progress, is_finished=self._is_finished(progress.epoch, progress.best_epoch))

    def save(self) -> None:
        """Write the checkpoint."""
        if not self.fabric.is_global_zero:
            return
        state: dict[str, Any] = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "average": {} if self.average is None else self.average.state_dict(),
            "weighting": self.balance.rule.state_dict(),
            "identity": self.identity,
            "progress": {**asdict(self.progress), "history": [asdict(record) for record in self.progress.history]},
        }
        save_state(state, self.folder / CHECKPOINT)

    def train_epoch(self, data: Rows | Mixture) -> None:
        """Run the steps of the current epoch that are not done yet."""
        training, fabric, epoch = self.training, self.fabric, self.progress.epoch
        steps = steps_of(data, training, epoch, self.progress.step, fabric.global_rank, fabric.world_size)
        num_steps = num_steps_of(data, training, epoch, fabric.world_size)
        self.model.train()
        for step in steps:
            self.schedule.before_step(self.progress.epoch + self.progress.step / num_steps)
            loss_sum, count = self.take(step)
            self.progress = replace(
                self.progress,
                step=self.progress.step + 1,
                loss_sum=self.progress.loss_sum + loss_sum,
                loss_count=self.progress.loss_count + count,
            )
            if self.progress.step % training.checkpoint_steps == 0:
                self.save()

    def take(self, step: Step) -> tuple[float, float]:
        """Take one optimiser step; return the summed loss and the count of the main objective, over all processes."""
        model, progress, fabric = self.model, self.progress, self.fabric
        key = (self.training.seed, progress.epoch, progress.step)
        torch.manual_seed(hash((*key, fabric.global_rank)) % 2**63)
        # By the pass, not the epoch: one that holds several passes would show a protein under the same noise in each.
        noise = [Corruption(self.training.seed, number) for number in step.passes]
        clean = [batch.to(fabric.device).to(self.dtype) for batch in step.batches]
        batches = [model.corrupt(*seen) for seen in zip(clean, noise, step.asked, strict=True)]
        views = [model.views(*seen) for seen in zip(clean, noise, step.asked, strict=True)]
        targets = [model.targets(*seen) for seen in zip(batches, views, step.asked, strict=True)]
        counts = {
            name: self._total(
                sum((target[name].is_supervised.sum() for target in targets if name in target), torch.tensor(0))
            )
            for name in model.objectives
        }
        main_sum = torch.zeros((), dtype=self.dtype, device=fabric.device)
        for batch, views_of, target, asked in zip(batches, views, targets, step.asked, strict=True):
            with fabric.autocast():
                views_seen = {name: model.featurise(view) for name, view in views_of.items()}
                predictions = model(model.featurise(batch), views_seen, asked)
            sums = model.loss_sums(predictions, target)
            self.balance.backward(sums, counts)
            if model.main in sums:
                main_sum += sums[model.main].detach()
        self._sum_gradients()
        # What a rule draws is the same in all processes, or their weights would part.
        torch.manual_seed(hash(key) % 2**63)
        self.balance.finish(counts)
        norm = float(torch.nn.utils.clip_grad_norm_(model.parameters(), self.training.clip_norm))
        total = float(self._total(main_sum))
        if not (math.isfinite(norm) and math.isfinite(total)):
            raise TrainingFailed(
                describe("training diverged", where=f"{self.folder}, epoch {progress.epoch}, step {progress.step}",
                         expected="finite loss and gradient", found=f"loss sum {total:g}, gradient norm {norm:g}",
                         do="Lower the learning rate.")
            )  # fmt: skip
        self.optimizer.step()
        self.optimizer.zero_grad()
        if self.average is not None:
            self.average.update()
        return total, float(counts[model.main])

    def _sum_gradients(self) -> None:
        """Add the gradients of all processes; they are parts of one sum, since each divides by the global count.

        A parameter that no process reached stays without a gradient: at 0 the optimiser would move it by its momentum.
        """
        if self.fabric.world_size == 1:
            return
        trained = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        has_gradient = torch.tensor([float(parameter.grad is not None) for parameter in trained])
        is_reached = self._total(has_gradient).tolist()
        for parameter, num_processes in zip(trained, is_reached, strict=True):
            if num_processes:
                gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
                parameter.grad = self.fabric.all_reduce(gradient, reduce_op="sum")

    def _total(self, value: Tensor) -> Tensor:
        value = value.to(self.fabric.device, self.dtype)
        return value if self.fabric.world_size == 1 else self.fabric.all_reduce(value, reduce_op="sum")

    def close_epoch(self, validation: Rows, batch: BatchConfig, seconds: float, report: Report) -> None:
        """Evaluate, keep the best weights, move the schedule, decide whether to stop, checkpoint."""
        training, progress = self.training, self.progress
        self._share_buffers()
        if self.average is not None:
            self.average.swap()
        names = [self.model.main] if training.judged_by == "main" else list(self.model.objectives)
        with self.fabric.autocast():
            scores = self.metric != LOSS
            found = predict_in_stretches(
                self.model, validation, batch, names, training.seed, self.fabric.device,
                num_workers=training.num_workers, rank=self.fabric.global_rank, world_size=self.fabric.world_size,
                scores=scores,
            )  # fmt: skip
        predictions = found[self.model.main]
        # The same values decide in all processes, or they would part.
        value, loss = self.fabric.broadcast((self._judged(found), predictions.loss))
        rate = float(self.optimizer.param_groups[0]["lr"])
        train_loss = progress.loss_sum / max(progress.loss_count, 1.0)
        record = EpochRecord(progress.epoch, train_loss, loss, value, rate, seconds)
        is_best = self._is_best(value, loss)
        if is_best and self.fabric.is_global_zero:
            save_weights(self.model, self.folder / BEST)
        if self.average is not None:
            self.average.swap()
        best_epoch = progress.epoch if is_best else progress.best_epoch
        self.schedule.after_epoch(value)
        finished = self._is_finished(progress.epoch + 1, best_epoch)
        history = (*progress.history, record)
        self.balance.rule.end_epoch()
        self.progress = Progress(
            epoch=progress.epoch + 1, best_metric=value if is_best else progress.best_metric, best_epoch=best_epoch,
            is_finished=finished, history=history,
        )  # fmt: skip
        if self.fabric.is_global_zero:
            write_log(list(history), self.folder / LOG)
            report(record)
        self.save()

    def _is_best(self, value: float, loss: float) -> bool:
        """Return whether an epoch is the best so far; of those that tie, the one with the lowest validation loss is."""
        best = self.progress.best_metric
        if best is None or math.isnan(value):
            return not math.isnan(value)
        if value == best:
            return loss < self.progress.history[self.progress.best_epoch].validation_loss
        return (value - best) * self._sign() > 0

    def _judged(self, found: Mapping[str, Predictions]) -> float:
        """Return what chooses the best epoch; NaN, which is never the best, for a constant answer without a value."""
        if self.training.judged_by == "main":
            predictions = found[self.model.main]
            try:
                return evaluate_metric(self.metric, predictions)
            except UndefinedMetric:
                if not predictions.is_constant():
                    raise  # of these data no answer has a value
                return math.nan
        weights = self.model.weights
        return sum(weights[name] * evaluate_metric(LOSS, predictions) for name, predictions in found.items())

    def _is_finished(self, num_epochs: int, best_epoch: int) -> bool:
        """Return whether a run of so many epochs is over."""
        return num_epochs >= self.training.epochs or num_epochs - 1 - best_epoch >= self.training.stop_patience

    def _share_buffers(self) -> None:
        """Give every process the running statistics of the first, which are those that are saved."""
        if self.fabric.world_size > 1:
            for buffer in self.model.buffers():
                buffer.copy_(self.fabric.broadcast(buffer))

    def _sign(self) -> int:
        return 1 if is_higher_better(self.metric) else -1
