"""Streams meet in steps as (seed, epoch, step) say, each objective reads its own data, and counts are its own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from protea.errors import ConfigError
from protea.objectives.interface import Corruption
from protea.training import loop
from protea.training.config import BatchConfig, TrainingConfig
from protea.training.data import Rows, Step, training_steps
from protea.training.loop import CHECKPOINT, LOG, fit
from protea.training.mixing import Mixture, Order, Stream, num_steps_of, steps_of
from protea.training.model import ModelConfig, initialised
from tests.training.small import SURE_HEAD, proteins, rows_of, small_model, training

MAIN, OTHER = BatchConfig(max_proteins=2), BatchConfig(max_proteins=3)


def mixture(order: Order = "mixed") -> Mixture:
    """Seven proteins for the main objective, five others for the auxiliary one."""
    batch = proteins(12)
    return Mixture(
        (
            Stream(("main",), rows_of(batch, range(7)), MAIN),
            Stream(("auxiliary",), rows_of(batch, range(7, 12)), OTHER),
        ),
        order,
    )


def found(data: Mixture, config: TrainingConfig, epoch: int, first: int = 0, rank: int = 0, world: int = 1) -> list:
    return [seen(step) for step in steps_of(data, config, epoch, first, rank, world)]


def seen(step: Step) -> list[tuple[tuple[str, ...] | None, tuple[str, ...]]]:
    return [(asked, batch.ids) for asked, batch in zip(step.asked, step.batches, strict=True)]


def alone(data: Rows, batch: BatchConfig, epochs: Sequence[int]) -> list[tuple[str, ...]]:
    """The batches of passes over one stream, one per step."""
    steps = [step for number in epochs for step in training_steps(data, batch, 1, 0, number)]
    return [step.batches[0].ids for step in steps]


def test_each_step_of_a_mixture_holds_every_stream_and_epochs_are_passes_over_the_first() -> None:
    data, config = mixture(), training()
    steps = [step for epoch in range(3) for step in found(data, config, epoch)]
    assert [[asked for asked, _ in step] for step in steps] == [[("main",), ("auxiliary",)]] * 12
    assert [num_steps_of(data, config, epoch, 1) for epoch in range(3)] == [4, 4, 4]
    assert [step[0][1] for step in steps] == alone(data.streams[0].data, MAIN, range(3))
    # The second stream is shorter: its passes follow each other and cross the borders of epochs.
    assert [step[1][1] for step in steps] == alone(data.streams[1].data, OTHER, range(6))


def test_streams_take_turns_and_neither_skips_a_batch() -> None:
    data, config = mixture("alternating"), training()
    steps = [step for epoch in range(3) for step in found(data, config, epoch)]
    assert [[asked for asked, _ in step] for step in steps] == [[("main",)], [("auxiliary",)]] * 12
    assert [num_steps_of(data, config, epoch, 1) for epoch in range(3)] == [8, 8, 8]
    assert [step[0][1] for step in steps[::2]] == alone(data.streams[0].data, MAIN, range(3))
    assert [step[0][1] for step in steps[1::2]] == alone(data.streams[1].data, OTHER, range(6))


@pytest.mark.parametrize("order", ["mixed", "alternating"])
def test_short_epochs_go_through_the_same_steps(order: Order) -> None:
    data = mixture(order)
    whole = [step for epoch in range(3) for step in found(data, training(), epoch)]
    short = [step for epoch in range(5) for step in found(data, training(epoch_steps=3), epoch)]
    assert short[:12] == whole[:12]


@pytest.mark.parametrize("order", ["mixed", "alternating"])
def test_an_epoch_goes_on_at_any_step_and_workers_change_nothing(order: Order) -> None:
    data, config = mixture(order), training(accumulate=2)
    whole = found(data, config, 1)
    assert [found(data, config, 1, first) for first in range(len(whole) + 1)] == [
        whole[first:] for first in range(len(whole) + 1)
    ]
    assert found(data, training(accumulate=2, num_workers=1), 1) == whole
    assert found(data, config, 0) != whole
    assert found(data, training(accumulate=2, seed=1), 1) != whole


@pytest.mark.parametrize("order", ["mixed", "alternating"])
def test_processes_share_what_one_would_do(order: Order) -> None:
    data = mixture(order)
    whole = found(data, training(accumulate=2), 1)
    parts = [found(data, training(), 1, rank=rank, world=2) for rank in range(2)]
    assert [sorted(part[0][number] + part[1][number]) for part in [parts] for number in range(len(whole))] == [
        sorted(step) for step in whole
    ]


def test_rows_alone_are_what_they_were() -> None:
    data = rows_of(proteins(7))
    config = training()
    assert [step.batches[0].ids for step in steps_of(data, config, 1, 0, 0, 1)] == alone(data, config.batch, [1])
    assert num_steps_of(data, config, 1, 1) == 4


def test_what_is_no_mixture_is_refused() -> None:
    stream = mixture().streams[0]
    with pytest.raises(ConfigError, match=r"\['main'\] are in two streams"):
        Mixture((stream, stream))
    with pytest.raises(ConfigError, match="a stream of nothing"):
        Mixture((Stream(("main",), rows_of(proteins(3), []), MAIN),))
    with pytest.raises(ConfigError, match=r"expected \['main'\]; found \['auxiliary', 'main'\]"):
        mixture().require({"main"})


def gradients(model: ModelConfig, config: TrainingConfig, data: Mixture, folder: Path) -> list[torch.Tensor]:
    """The gradient of the first step, read from Adam's state: after one step its mean is a tenth of it."""
    folder.mkdir()
    fit(model, config, data, rows_of(proteins(12), [0, 1, 2, 3]), "auroc", folder, fingerprint="made")
    state = torch.load(folder / CHECKPOINT, weights_only=True)["optimizer"]["state"]
    return [10 * state[number]["exp_avg"] for number in sorted(state)]


@pytest.mark.parametrize(("accumulate", "sizes"), [(1, (7, 5)), (3, (3, 2))])
def test_a_mixed_step_divides_each_loss_by_its_own_count(
    accumulate: int, sizes: tuple[int, int], tmp_path: Path
) -> None:
    model_config = small_model(head=SURE_HEAD, auxiliary=0.25)
    config = training(epochs=1, epoch_steps=1, accumulate=accumulate, precision="64-true", clip_norm=1e9)
    whole = mixture()
    data = Mixture(
        tuple(
            Stream(stream.objectives, stream.data, BatchConfig(max_proteins=size))
            for stream, size in zip(whole.streams, sizes, strict=True)
        )
    )
    ours = gradients(model_config, config, data, tmp_path / "run")
    model = initialised(model_config, 0, torch.float64)
    of_main = proteins(12).select(list(range(7)))
    of_auxiliary = model.corrupt(proteins(12).select(list(range(7, 12))), Corruption(0, 0), ["auxiliary"])
    main = model.targets(of_main, names=["main"])["main"]
    logits = model(model.featurise(of_main), names=["main"])["main"][main.is_supervised]
    loss = F.binary_cross_entropy_with_logits(logits, main.value[main.is_supervised].double())
    auxiliary = model.targets(of_auxiliary, names=["auxiliary"])["auxiliary"]
    types = model(model.featurise(of_auxiliary), names=["auxiliary"])["auxiliary"][auxiliary.is_supervised]
    loss = loss + 0.25 * F.cross_entropy(types, auxiliary.value[auxiliary.is_supervised])
    loss.backward()
    assert int(main.is_supervised.sum()) != int(auxiliary.is_supervised.sum())
    for one, parameter in zip(ours, model.parameters(), strict=True):
        assert torch.allclose(one, parameter.grad, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("order", ["mixed", "alternating"])
def test_a_run_that_stopped_between_epochs_ends_at_the_same_weights(order: Order, tmp_path: Path) -> None:
    model, validation = small_model(auxiliary=0.5), rows_of(proteins(12), [0, 1, 2, 3])
    results = []
    for name, lengths in (("whole", [3]), ("parts", [1, 2, 3])):
        (tmp_path / name).mkdir()
        for epochs in lengths:
            result = fit(
                model, training(epochs=epochs), mixture(order), validation, "auroc", tmp_path / name, fingerprint="made"
            )
        results.append((result.model.state_dict(), (tmp_path / name / LOG).read_text().splitlines()))
    (one, log), (other, again) = results
    assert all(torch.equal(value, other[name]) for name, value in one.items())
    assert [line.rpartition(",")[0] for line in log] == [line.rpartition(",")[0] for line in again]


@pytest.mark.parametrize("order", ["mixed", "alternating"])
@pytest.mark.parametrize("last_save", [1, 3, 5])
def test_a_run_that_stopped_inside_an_epoch_ends_at_the_same_weights(
    order: Order, last_save: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, validation = small_model(auxiliary=0.5), rows_of(proteins(12), [0, 1, 2, 3])
    config, saves, save = training(checkpoint_steps=1), [0], loop.save_state

    def save_then_stop(state: dict[str, Any], path: Path) -> None:
        save(state, path)
        saves[0] += 1
        if saves[0] == last_save:
            raise KeyboardInterrupt

    results = []
    for name in ("whole", "parts"):
        (tmp_path / name).mkdir()
        if name == "parts":
            monkeypatch.setattr(loop, "save_state", save_then_stop)
            with pytest.raises(KeyboardInterrupt):
                fit(model, config, mixture(order), validation, "auroc", tmp_path / name, fingerprint="made")
            monkeypatch.setattr(loop, "save_state", save)
        results.append(
            fit(
                model, config, mixture(order), validation, "auroc", tmp_path / name, fingerprint="made"
            ).model.state_dict()
        )
    assert saves == [last_save]
    assert all(torch.equal(value, results[1][name]) for name, value in results[0].items())


def test_a_run_does_not_go_on_with_another_mixture(tmp_path: Path) -> None:
    model, validation = small_model(auxiliary=0.5), rows_of(proteins(12), [0, 1, 2, 3])
    fit(model, training(epochs=1), mixture(), validation, "auroc", tmp_path, fingerprint="made")
    with pytest.raises(ConfigError, match=r"data.train.order \('mixed' there, 'alternating' here\)"):
        fit(model, training(epochs=2), mixture("alternating"), validation, "auroc", tmp_path, fingerprint="made")
    with pytest.raises(ConfigError, match="streams and objectives differ"):
        fit(small_model(), training(), mixture(), validation, "auroc", tmp_path / "other", fingerprint="made")


def test_each_batch_says_which_pass_over_its_stream_it_is_of() -> None:
    steps = [step for epoch in range(2) for step in steps_of(mixture(), training(), epoch, 0, 0, 1)]
    # Seven proteins by two are four steps a pass, five by three are two.
    assert [step.passes for step in steps] == [(0, 0), (0, 0), (0, 1), (0, 1), (1, 2), (1, 2), (1, 3), (1, 3)]
