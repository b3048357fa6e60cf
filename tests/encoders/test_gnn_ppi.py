"""GNN-PPI's sequence encoder: the published mean over channels, and the mean over length that reads no padding."""

import pytest
import torch
from pydantic import ValidationError

from protea.encoders.gnn_ppi import GNNPPISequence, GNNPPISequenceConfig
from protea.errors import ContractError
from protea.geometry.segments import ptr_from_lengths

PUBLISHED = GNNPPISequenceConfig(length=14, columns=4, channels=2, output_dim=5)
BY_LENGTH = GNNPPISequenceConfig(columns=4, channels=2, output_dim=5, average="length")


def encoder_of(config: GNNPPISequenceConfig, dtype: torch.dtype) -> GNNPPISequence:
    encoder = config.build()
    torch.nn.init.normal_(encoder.bn1.weight)
    encoder.bn1.running_mean = torch.randn(config.channels)
    return encoder.to(dtype).eval()


@pytest.mark.parametrize("config", [PUBLISHED, BY_LENGTH], ids=["channels", "length"])
@torch.no_grad()
def test_packed_proteins_do_not_see_each_other(
    config: GNNPPISequenceConfig, dtype: torch.dtype, tolerance: float
) -> None:
    encoder = encoder_of(config, dtype)
    lengths = [9, 5, 20]
    residue = torch.randn(sum(lengths), 4, dtype=dtype)
    packed = encoder(residue, ptr_from_lengths(torch.tensor(lengths)))
    alone = [encoder(rows, torch.tensor([0, len(rows)])) for rows in residue.split(lengths)]
    assert float((packed - torch.cat(alone)).abs().max()) < tolerance


@torch.no_grad()
def test_the_published_average_runs_over_channels_and_through_the_padding() -> None:
    encoder = encoder_of(PUBLISHED, torch.float64)
    residue = torch.randn(9, 4, dtype=torch.float64)
    rows = torch.cat([residue, torch.zeros(5, 4, dtype=torch.float64)])
    mapped = encoder.bn1(encoder.conv1d(rows.T[None]))
    state, _ = encoder.biGRU(torch.nn.functional.max_pool1d(mapped, 3).transpose(1, 2))
    assert state.shape == (1, 4, 4)
    expected = encoder.fc1(state.mean(2))
    assert torch.allclose(encoder(residue, torch.tensor([0, 9])), expected, atol=1e-12)


@torch.no_grad()
def test_the_published_average_cuts_and_the_mean_over_length_does_not() -> None:
    residue = torch.randn(20, 4, dtype=torch.float64)
    changed = residue.clone()
    changed[15:] += 1.0
    ptr = torch.tensor([0, 20])
    published, whole = encoder_of(PUBLISHED, torch.float64), encoder_of(BY_LENGTH, torch.float64)
    assert torch.equal(published(residue, ptr), published(changed, ptr))
    assert not torch.allclose(whole(residue, ptr), whole(changed, ptr))


@torch.no_grad()
def test_the_mean_over_length_written_plainly() -> None:
    encoder = encoder_of(BY_LENGTH, torch.float64)
    residue = torch.randn(12, 4, dtype=torch.float64)
    places = torch.nn.functional.max_pool1d(encoder.bn1(encoder.conv1d(residue.T[None])), 3)  # 10 places give 3
    state, _ = encoder.biGRU(places.transpose(1, 2))
    expected = encoder.fc1(state[0].mean(0))
    padded = torch.cat([residue, torch.randn(30, 4, dtype=torch.float64)])
    assert torch.allclose(encoder(padded, torch.tensor([0, 12, 42]))[0], expected, atol=1e-12)


def test_statistics_of_training_are_those_of_residues_that_exist() -> None:
    encoder = BY_LENGTH.build().double().train()
    residue = torch.randn(26, 4, dtype=torch.float64)
    encoder(residue, torch.tensor([0, 6, 26]))
    mapped = [encoder.conv1d(rows.T[None])[0].T for rows in residue.split([6, 20])]
    assert torch.allclose(encoder.bn1.running_mean, 0.1 * torch.cat(mapped).mean(0), atol=1e-12)  # type: ignore[operator]


def test_a_length_that_the_published_map_does_not_fit_is_refused() -> None:
    with pytest.raises(ValidationError, match="3 n \\+ 2"):
        GNNPPISequenceConfig(length=60)
    assert GNNPPISequenceConfig().length == 2000


def test_a_protein_without_a_pooled_place_is_named() -> None:
    with pytest.raises(ContractError, match="protein 1 of the batch"):
        BY_LENGTH.build()(torch.zeros(12, 4), torch.tensor([0, 8, 12]))
