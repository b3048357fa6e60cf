"""What every encoder of the catalogue must keep when residues are represented by nodes.

Every encoder that reads nodes runs over the backbone with side-chain centroids (its own graph), three run over every
representation. Proteins of 7, 1, 0, 5 and 2 residues; one residue has no atom at all, and the last protein has none.
"""

from functools import cache

import pytest
import torch
from torch import Tensor

from protea.encoders.catalogue import encoder_configs
from protea.encoders.interface import Encoder, Encoding
from protea.features.representations.catalogue import REPRESENTATIONS
from protea.features.schemes import Scheme, SchemeConfig
from protea.objectives.interface import Corruption
from protea.training.model import ModelConfig, initialised
from tests.encoders.proteins import shake
from tests.features.proteins import CA, Dense, N, random_proteins, random_rotation

EVERYWHERE = ("schnet", "egnn", "gearnet")
READS_LETTERS_TOO = {"fusion"}
"""Knows the sequence of residues that have no atom, so that theirs are no zeros."""
CASES = [
    pytest.param(kind, name, id=f"{kind}-{name}")
    for kind, config in sorted(encoder_configs().items())
    if not config.reads_letters_only and kind not in READS_LETTERS_TOO
    for name in REPRESENTATIONS
    if name == "backbone_side_chain" or kind in EVERYWHERE
]
LENGTHS = (7, 1, 0, 5, 2)
WITHOUT_ATOMS = (4, 13, 14)


def proteins(dtype: torch.dtype) -> Dense:
    dense = random_proteins(*LENGTHS, dtype=dtype).without((2, CA), (10, N))
    dense.is_resolved[list(WITHOUT_ATOMS)] = False
    return dense


@cache
def built(kind: str, name: str, dtype: torch.dtype) -> Encoder:
    torch.manual_seed(0)
    encoder = encoder_configs()[kind]().build(scheme_of(name).dim)
    shake(encoder)
    return encoder.to(dtype).eval()


def scheme_of(name: str) -> Scheme:
    return SchemeConfig(kind="ca_angles", representation=name, orientation=True).build()


def encode(encoder: Encoder, name: str, dense: Dense) -> Encoding:
    with torch.no_grad():
        return encoder(scheme_of(name)(dense.batch(), encoder.config.graph))


@cache
def together(kind: str, name: str, dtype: torch.dtype) -> Encoding:
    """The encoding of all proteins in one batch."""
    return encode(built(kind, name, dtype), name, proteins(dtype))


def assert_close(found: Tensor, expected: Tensor, tolerance: float) -> None:
    assert found.shape == expected.shape
    assert float((found - expected).abs().max()) <= tolerance * float(expected.abs().max())


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_packing_law(kind: str, name: str) -> None:
    encoder, dense = built(kind, name, torch.float64), proteins(torch.float64)
    found = together(kind, name, torch.float64)
    alone = [encode(encoder, name, dense.one(protein)) for protein in range(len(LENGTHS))]
    assert_close(found.residue, torch.cat([one.residue for one in alone]), 1e-9)
    assert_close(found.protein, torch.cat([one.protein for one in alone]), 1e-9)
    if found.position is not None:
        assert_close(found.position, torch.cat([one.position for one in alone]), 1e-9)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_rigid_motion(kind: str, name: str) -> None:
    assert_follows(kind, name, torch.float64, 1e-9)


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_rigid_motion_in_float32(kind: str) -> None:
    assert_follows(kind, "full_atom", torch.float32, 1e-4)


def assert_follows(kind: str, name: str, dtype: torch.dtype, tolerance: float) -> None:
    """Scalars stay, vectors turn, positions turn and shift."""
    encoder, dense = built(kind, name, dtype), proteins(dtype)
    if encoder.symmetry == "none":
        pytest.skip("claims no symmetry")
    rotation, shift = random_rotation(dtype), torch.tensor([4.0, -2.0, 7.0], dtype=dtype)
    before = together(kind, name, dtype)
    after = encode(encoder, name, dense.with_position(dense.position @ rotation.T + shift))
    assert_close(after.residue, before.residue, tolerance)
    assert_close(after.protein, before.protein, tolerance)
    if before.vectors is not None:
        assert_close(after.vectors, before.vectors @ rotation.T, tolerance)
    if before.position is not None:
        has_ca = dense.is_resolved[:, CA]
        assert_close(after.position[has_ca], (before.position @ rotation.T + shift)[has_ca], tolerance)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_missing_atoms_have_no_node_and_their_residues_zeros(kind: str, name: str) -> None:
    encoder, dense = built(kind, name, torch.float64), proteins(torch.float64)
    before = together(kind, name, torch.float64)
    hidden = dense.position.masked_fill(~dense.is_resolved[..., None], torch.nan)
    after = encode(encoder, name, dense.with_position(hidden))
    assert torch.equal(after.residue, before.residue)
    assert torch.equal(after.protein, before.protein)
    nodes = scheme_of(name)(dense.batch(), encoder.config.graph).nodes
    assert nodes is not None
    is_without = nodes.node_ptr.diff() == 0
    assert bool(is_without[list(WITHOUT_ATOMS)].all())
    assert torch.equal(before.residue.abs().amax(1) == 0, is_without)
    assert bool((before.protein[[2, 4]] == 0).all())


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_residue_is_the_mean_of_its_nodes(kind: str, name: str) -> None:
    encoder, dense = built(kind, name, torch.float64), proteins(torch.float64)
    inputs = scheme_of(name)(dense.batch(), encoder.config.graph)
    assert inputs.nodes is not None
    found = together(kind, name, torch.float64)
    with torch.no_grad():
        of_nodes = encoder(inputs.nodes.inputs)
    for row in range(len(dense.position)):
        rows = slice(*inputs.nodes.node_ptr[row : row + 2].tolist())
        if rows.start < rows.stop:
            torch.testing.assert_close(found.residue[row], of_nodes.residue[rows].mean(0))
    torch.testing.assert_close(found.protein, of_nodes.protein)


@pytest.mark.parametrize("name", REPRESENTATIONS)
def test_positions_are_those_of_the_ca(name: str) -> None:
    encoder, dense = built("egnn", name, torch.float64), proteins(torch.float64)
    inputs = scheme_of(name)(dense.batch(), encoder.config.graph)
    assert inputs.nodes is not None
    with torch.no_grad():
        found, of_nodes = encoder(inputs), encoder(inputs.nodes.inputs)
    has_ca = dense.is_resolved[:, CA]
    assert found.position is not None
    assert torch.equal(found.position[has_ca], of_nodes.position[inputs.nodes.ca[has_ca]])
    assert torch.equal(found.position[~has_ca], torch.zeros_like(found.position[~has_ca]))


def test_gradients_reach_every_resolved_atom_and_no_other() -> None:
    dense = proteins(torch.float64)
    batch = dense.batch()
    position = batch.atom_position.clone().requires_grad_()
    encoder = built("egnn", "full_atom", torch.float64)
    found = encoder(scheme_of("full_atom")(batch.replace(atom_position=position), encoder.config.graph))
    found.residue.square().sum().backward()
    assert position.grad is not None
    assert bool(position.grad.isfinite().all())
    # The only residue of the second protein has neighbours too: its own atoms.
    assert bool((position.grad.abs().amax(1) > 0).all())


def test_objectives_find_residues() -> None:
    config = ModelConfig.model_validate(
        {
            "scheme": {"kind": "ca_angles", "representation": "backbone"},
            "encoder": {"kind": "egnn", "hidden_dim": 8, "num_layers": 1},
            "objectives": {"noise": {"kind": "structure_denoising"}, "letters": {"kind": "sequence_denoising"}},
            "weights": {"noise": 1.0, "letters": 1.0},
        }
    )
    model = initialised(config, seed=0, dtype=torch.float64)
    batch = model.corrupt(proteins(torch.float64).batch(), Corruption(seed=0, epoch=0))
    predictions, targets = model(model.featurise(batch)), model.targets(batch)
    assert predictions["noise"].shape == (15, 3)
    assert predictions["letters"].shape == (15, 20)
    sum(model.loss_sums(predictions, targets).values()).backward()
    assert all(bool(weight.grad.isfinite().all()) for weight in model.parameters() if weight.grad is not None)
    assert float(model.encoder.emb_in.weight.grad.abs().max()) > 0
