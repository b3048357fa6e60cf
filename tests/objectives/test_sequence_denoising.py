"""Corrupted places, what is written there, and that nothing else gives the original away."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from protea.encoders.schnet import SchNetConfig
from protea.errors import LeakError
from protea.features.schemes import SchemeConfig
from protea.objectives.interface import Corruption, EncoderWidth, Targets
from protea.objectives.sequence_denoising import SequenceDenoising, SequenceDenoisingConfig
from protea.protein.batch import ProteinBatch, pack
from protea.protein.record import protein_from_sequence
from protea.training.model import ModelConfig
from tests.objectives.made import WIDTH, built, made_batch


def objective(rate: float = 0.25, strategy: str = "mutate") -> SequenceDenoising:
    config = SequenceDenoisingConfig(rate=rate, strategy=strategy)  # type: ignore[arg-type]
    return config.build(EncoderWidth(WIDTH))


def sequences(*texts: str) -> ProteinBatch:
    return pack([protein_from_sequence(f"s{number}", text) for number, text in enumerate(texts)])


def corrupted(batch: ProteinBatch, seed: int = 0, epoch: int = 0, **settings: object) -> tuple[ProteinBatch, Targets]:
    found = objective(**settings)  # type: ignore[arg-type]
    changed = found.corrupt(batch, Corruption(seed, epoch))
    return changed, found.targets(changed)


@given(st.integers(1, 200), st.sampled_from([0.05, 0.15, 0.25, 0.5, 1.0]), st.integers(0, 5))
def test_exactly_the_stated_share_of_places(length: int, rate: float, epoch: int) -> None:
    batch = sequences("A" * length)
    changed, targets = corrupted(batch, epoch=epoch, rate=rate)
    assert int(targets.is_supervised.sum()) == max(1, round(rate * length))
    assert torch.equal(targets.value, batch.residue_type)
    untouched = ~targets.is_supervised
    assert torch.equal(changed.residue_type[untouched], batch.residue_type[untouched])


def test_only_the_twenty_types_are_drawn_each_as_often() -> None:
    changed, targets = corrupted(sequences("A" * 20_000), rate=1.0)
    counts = torch.bincount(changed.residue_type, minlength=21)
    assert counts[20] == 0
    # 20,000 draws: a count is 1,000 +- 31.
    assert 1000 - 5 * 31 < int(counts[:20].min()) <= int(counts[:20].max()) < 1000 + 5 * 31
    assert bool(targets.is_supervised.all())


def test_mask_writes_the_unknown_residue() -> None:
    changed, targets = corrupted(sequences("ACDEFGHIKL" * 4), rate=0.25, strategy="mask")
    assert (changed.residue_type[targets.is_supervised] == 20).all()
    assert int((changed.residue_type == 20).sum()) == 10


def test_unknown_residues_are_neither_chosen_nor_counted() -> None:
    batch = sequences("X" * 30 + "ACDEFGHIKL", "XXX")
    for epoch in range(20):
        _, targets = corrupted(batch, epoch=epoch, rate=0.4)
        assert int(targets.is_supervised.sum()) == 4
        assert not (batch.residue_type[targets.is_supervised] == 20).any()


def test_every_place_has_the_same_chance() -> None:
    batch = sequences("ACDEFGHIKL")
    times = sum(corrupted(batch, epoch=epoch, rate=0.3)[1].is_supervised.long() for epoch in range(1000))
    assert 300 - 75 < int(times.min()) <= int(times.max()) < 300 + 75  # type: ignore[union-attr] # 300 +- 14.5


def test_the_corruption_of_a_protein_does_not_depend_on_its_batch() -> None:
    batch = sequences("ACDEFGHIKL" * 3, "MNPQRSTVWY" * 2, "ACDEFGHIKL" * 3)
    whole, _ = corrupted(batch)
    for order in ([1], [2, 0], [0, 2, 1]):
        alone, _ = corrupted(batch.select(order))
        assert torch.equal(alone.residue_type, whole.select(order).residue_type)
    same_text = whole.unpack()[0].residue_type, whole.unpack()[2].residue_type
    assert not torch.equal(*same_text)  # the id, not the sequence, seeds it


def test_seed_and_epoch_change_it() -> None:
    batch = sequences("ACDEFGHIKL" * 10)
    found = [corrupted(batch, seed, epoch)[0].residue_type for seed, epoch in ((0, 0), (0, 1), (1, 0), (0, 0))]
    assert torch.equal(found[0], found[3])
    assert not torch.equal(found[0], found[1])
    assert not torch.equal(found[0], found[2])


def test_loss_counts_corrupted_places_only(dtype: torch.dtype, tolerance: float) -> None:
    batch = made_batch(20, dtype=dtype)
    found = built(SequenceDenoisingConfig(), batch)
    targets = found.objective.targets(found.objective.corrupt(batch, Corruption(0, 0)))
    keep = targets.is_supervised
    loss = found.objective.loss_sum(torch.zeros(20, 20, dtype=dtype)[keep], targets.value[keep])
    assert float(loss) == pytest.approx(5 * math.log(20), rel=tolerance)


def model(scheme: SchemeConfig) -> ModelConfig:
    return ModelConfig(
        scheme=scheme,
        encoder=SchNetConfig(hidden_dim=8, output_dim=8, num_layers=1, num_filters=8, num_gaussians=4),
        objectives={"denoise": SequenceDenoisingConfig(rate=0.5, strategy="mask")},
        weights={"denoise": 1.0},
    )


def test_side_chain_features_are_refused() -> None:
    with pytest.raises(LeakError, match="side_chain"):
        model(SchemeConfig(kind="ca_sc")).build()


def test_features_follow_the_corrupted_sequence_and_nothing_else_shows_the_original() -> None:
    torch.manual_seed(0)
    built_model = model(SchemeConfig(kind="ca_bb")).build().double().eval()
    batch, corruption = made_batch(24, 9), Corruption(0, 0)
    one = built_model.corrupt(batch, corruption)
    hidden = built_model.targets(one)["denoise"].is_supervised
    # Another protein of the same backbone that differs in the hidden residues alone.
    other_type = torch.where(hidden, (batch.residue_type + 7) % 20, batch.residue_type)
    other = built_model.corrupt(batch.replace(residue_type=other_type), corruption)
    assert not torch.equal(built_model.targets(one)["denoise"].value, built_model.targets(other)["denoise"].value)
    features = [built_model.featurise(item) for item in (one, other)]
    assert torch.equal(features[0].scalar, features[1].scalar)
    assert torch.equal(built_model(features[0])["denoise"], built_model(features[1])["denoise"])
    clean = built_model.featurise(batch)
    assert not torch.equal(clean.scalar, features[0].scalar)
