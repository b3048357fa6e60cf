"""What every encoder of the catalogue must keep, in float32 and float64.

Inputs are random walks packed end to end, of lengths 1, 2, 17 and more, with a chain break and hidden residues. Every
weight and running statistic is moved from its start first (`shake`).
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from protea.encoders.catalogue import encoder_configs
from protea.encoders.fusion import FusionConfig
from protea.encoders.interface import Encoder, EncoderConfig, Encoding
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.esm2 import ESM2Config
from tests.encoders.proteins import NUM_FEATURES, Chain, pack, shake, walk

_SMALL_LANGUAGE_MODEL = LanguageEncoderConfig(model=ESM2Config(num_layers=2, width=32, num_heads=4))
SMALL = {
    "language_model": _SMALL_LANGUAGE_MODEL,
    "fusion": FusionConfig(how="parallel", sequence=_SMALL_LANGUAGE_MODEL),
}
"""Configurations that stand for kinds whose defaults are large."""
CONFIGS = [pytest.param(SMALL.get(kind) or config(), id=kind) for kind, config in sorted(encoder_configs().items())]
CHAINS = (walk(24, seed=1, hide=(0, 7, 23), break_at=11), walk(1, seed=2), walk(2, seed=3), walk(17, seed=4))

WITHOUT_POSITIONS = {"gcn", "gat", "gatv2", "graph_transformer", "sequence_convolution"}
"""Read who is whose neighbour, in the graph or along the chain, and no position."""

pytestmark = pytest.mark.parametrize("config", CONFIGS)


def built(config: EncoderConfig, dtype: torch.dtype = torch.float64) -> Encoder:
    torch.manual_seed(0)
    encoder = config.build(NUM_FEATURES)
    shake(encoder)
    return encoder.to(dtype).eval()


def encode(encoder: Encoder, chains: Sequence[Chain], dtype: torch.dtype = torch.float64) -> Encoding:
    with torch.no_grad():
        return encoder(pack(chains, dtype, graph=encoder.config.graph))


def assert_close(found: Tensor, expected: Tensor, tolerance: float) -> None:
    assert found.shape == expected.shape
    scale = float(expected.abs().max())
    assert float((found - expected).abs().max()) <= tolerance * scale


def moved(chain: Chain, rotation: Tensor, shift: Tensor) -> Chain:
    return replace(chain, position=chain.position @ rotation.T + shift)


def rotation_matrix(seed: int, sign: float = 1.0) -> Tensor:
    """A random orthogonal matrix with this determinant."""
    draw = torch.Generator().manual_seed(seed)
    matrix, _ = torch.linalg.qr(torch.randn(3, 3, generator=draw, dtype=torch.float64))
    matrix[:, 0] *= sign * torch.sign(torch.linalg.det(matrix))
    return matrix


def assert_follows(encoder: Encoder, rotation: Tensor, shift: Tensor, dtype: torch.dtype, tolerance: float) -> None:
    """Scalars stay, vectors turn, positions turn and shift."""
    before = encode(encoder, CHAINS, dtype)
    after = encode(encoder, [moved(chain, rotation, shift) for chain in CHAINS], dtype)
    assert_close(after.residue, before.residue, tolerance)
    assert_close(after.protein, before.protein, tolerance)
    rotation, shift = rotation.to(dtype), shift.to(dtype)
    if before.vectors is not None:
        assert after.vectors is not None
        assert_close(after.vectors, before.vectors @ rotation.T, tolerance)
    if before.position is not None:
        assert after.position is not None
        is_resolved = torch.cat([chain.is_resolved for chain in CHAINS])
        assert_close(after.position[is_resolved], (before.position @ rotation.T + shift)[is_resolved], tolerance)


def test_shapes(config: EncoderConfig, dtype: torch.dtype) -> None:
    encoder = built(config, dtype)
    found = encode(encoder, CHAINS, dtype)
    assert found.residue.shape == (44, encoder.output_dim)
    assert found.protein.shape == (4, encoder.output_dim)
    assert found.residue.dtype == found.protein.dtype == dtype


def test_rotation_and_translation(config: EncoderConfig, dtype: torch.dtype, tolerance: float) -> None:
    encoder = built(config, dtype)
    if encoder.symmetry == "none":
        pytest.skip("claims no symmetry")
    assert_follows(encoder, rotation_matrix(1), torch.tensor([5.0, -3.0, 9.0]).double(), dtype, tolerance)


def test_reflection_where_claimed_and_only_there(config: EncoderConfig, dtype: torch.dtype, tolerance: float) -> None:
    encoder = built(config, dtype)
    mirror = rotation_matrix(2, sign=-1.0)
    if encoder.symmetry.startswith("E(3)"):
        assert_follows(encoder, mirror, torch.zeros(3).double(), dtype, tolerance)
    elif encoder.symmetry.startswith("SE(3)"):
        before = encode(encoder, CHAINS, dtype).residue
        after = encode(encoder, [moved(chain, mirror, torch.zeros(3).double()) for chain in CHAINS], dtype).residue
        assert float((after - before).abs().max()) > 0.01 * float(before.abs().max())


def test_packing_law(config: EncoderConfig, dtype: torch.dtype, tolerance: float) -> None:
    encoder = built(config, dtype)
    together = encode(encoder, CHAINS, dtype)
    alone = [encode(encoder, [chain], dtype) for chain in CHAINS]
    assert_close(together.residue, torch.cat([one.residue for one in alone]), tolerance)
    assert_close(together.protein, torch.cat([one.protein for one in alone]), tolerance)
    if together.position is not None:
        assert_close(together.position, torch.cat([one.position for one in alone]), tolerance)


def test_the_order_of_proteins_does_not_matter(config: EncoderConfig, dtype: torch.dtype, tolerance: float) -> None:
    encoder = built(config, dtype)
    there, back = encode(encoder, CHAINS, dtype).protein, encode(encoder, CHAINS[::-1], dtype).protein
    assert_close(back.flip(0), there, tolerance)


def test_hidden_positions_change_nothing(config: EncoderConfig) -> None:
    encoder = built(config)
    before = encode(encoder, CHAINS)
    for hidden in (1e6, float("nan")):
        position = CHAINS[0].position.clone()
        position[~CHAINS[0].is_resolved] = hidden
        after = encode(encoder, [replace(CHAINS[0], position=position), *CHAINS[1:]])
        assert torch.equal(after.residue, before.residue)
        assert torch.equal(after.protein, before.protein)
        if before.position is not None:
            assert after.position is not None
            assert torch.equal(after.position, before.position)


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_every_gradient_is_finite(config: EncoderConfig, mode: str, dtype: torch.dtype) -> None:
    encoder = built(config, dtype).train(mode == "train")
    position = torch.cat([chain.position for chain in CHAINS]).to(dtype).requires_grad_()
    batch = pack(CHAINS, dtype)
    scalar = batch.scalar.requires_grad_()
    graph = config.graph.build(position, batch.is_resolved, batch.residue_ptr, batch.chain_of)
    found = encoder(batch.replace(scalar=scalar, position=position, graph=graph))
    loss = found.residue.square().sum() + found.protein.sum()
    if found.position is not None:
        loss = loss + (found.position - position.detach()).square().sum()
    loss.backward()
    if config.reads_letters_only:
        assert scalar.grad is None
    else:
        assert scalar.grad is not None
        assert float(scalar.grad.abs().max()) > 0
        assert bool(scalar.grad.isfinite().all())
    if config.kind in WITHOUT_POSITIONS or config.reads_letters_only:
        assert position.grad is None
    elif any(True for _ in encoder.parameters()):
        assert position.grad is not None, "the positions are not read"
        assert bool(position.grad.isfinite().all())
    for name, parameter in encoder.named_parameters():
        assert parameter.grad is not None, f"{name} is not reached"
        assert bool(parameter.grad.isfinite().all()), f"{name} has a gradient that is not finite"


def test_same_input_same_output_and_inputs_untouched(config: EncoderConfig) -> None:
    encoder = built(config, torch.float32).train()
    batch = pack(CHAINS, torch.float32, graph=config.graph)
    batch.scalar.requires_grad_()
    before = (batch.scalar.clone(), batch.position.clone())
    outputs = []
    for _ in range(2):
        torch.manual_seed(3)
        encoder.zero_grad()
        found = encoder(batch)
        found.residue.square().sum().backward()
        outputs.append([found.residue.detach(), *[p.grad.clone() for p in encoder.parameters() if p.grad is not None]])
    assert all(torch.equal(first, second) for first, second in zip(*outputs, strict=True))
    assert torch.equal(batch.scalar, before[0])
    assert torch.equal(batch.position, before[1])


def test_saved_state_gives_the_same_outputs(config: EncoderConfig) -> None:
    encoder = built(config)
    other = config.build(NUM_FEATURES).double().eval()
    other.load_state_dict(encoder.state_dict(), strict=True)
    assert torch.equal(encode(other, CHAINS).residue, encode(encoder, CHAINS).residue)


def test_float32_equals_float64(config: EncoderConfig) -> None:
    single, double = built(config, torch.float32), built(config)
    found, expected = encode(single, CHAINS, torch.float32), encode(double, CHAINS)
    assert_close(found.residue.double(), expected.residue, 1e-4)
    assert_close(found.protein.double(), expected.protein, 1e-4)


@pytest.mark.parametrize("how", ["plain", "autocast"])
def test_bfloat16_is_near(config: EncoderConfig, how: str) -> None:
    expected = encode(built(config), CHAINS).residue
    encoder = built(config, torch.bfloat16 if how == "plain" else torch.float32)
    batch = pack(CHAINS, torch.float32, graph=config.graph)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=how == "autocast"):
        found = encoder(batch)
    if found.residue.requires_grad:
        found.residue.float().square().sum().backward()
    difference = (found.residue.detach().double() - expected).norm() / expected.norm()
    assert float(difference) < 0.05
    assert all(bool(p.grad.isfinite().all()) for p in encoder.parameters() if p.grad is not None)


def test_a_distance_is_read_along_an_edge_or_the_encoder_says_so(config: EncoderConfig) -> None:
    """Hiding edges hides distances: with an empty graph no residue hears of one that is far along the chain."""
    encoder, chain = built(config), walk(20, seed=5)
    near = chain.position.clone()
    near[17] = near[3] + torch.tensor([1.0, 0.5, -0.5]).double()
    found = []
    for one in (chain, replace(chain, position=near)):
        batch = pack([one])
        nobody = torch.zeros_like(batch.is_resolved)
        graph = config.graph.build(batch.position, nobody, batch.residue_ptr, batch.chain_of)
        # The vectors along the chain are features of their own: they stay.
        with torch.no_grad():
            found.append(encoder(batch.replace(graph=graph, vector=pack([chain]).vector)).residue)
    is_heard = not torch.allclose(found[0][3], found[1][3], rtol=1e-9, atol=1e-12)
    assert is_heard == config.sees_hidden_edges()
