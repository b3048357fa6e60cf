"""The three fusions by their definitions: what each encoder reads, what stands where, who attends to whom."""

from typing import Literal

import pytest
import torch
from torch import Tensor

from protea.encoders.catalogue import parse_encoder
from protea.encoders.egnn import EGNNConfig
from protea.encoders.fusion import CrossAttention, Fusion, FusionConfig
from protea.encoders.gcpnet import GCPNetConfig
from protea.encoders.gearnet import GearNetConfig
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.sequence_convolution import SequenceConvolutionConfig
from protea.errors import ConfigError
from protea.features.schemes import SchemeConfig
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk

SEQUENCE = LanguageEncoderConfig(model=ESM2Config(num_layers=1, width=16, num_heads=2))
STRUCTURE = GearNetConfig(hidden_dim=6, num_layers=2)
CHAINS = (walk(9, seed=1, hide=(2,)), walk(1, seed=2), walk(5, seed=3))


def built(how: Literal["serial", "parallel", "cross"]) -> Fusion:
    torch.manual_seed(0)
    encoder = FusionConfig(how=how, sequence=SEQUENCE, structure=STRUCTURE, width=8, num_heads=2).build(NUM_FEATURES)
    shake(encoder)
    return encoder.double().eval()


@torch.no_grad()
def test_serial_feeds_the_states_to_the_structure_encoder() -> None:
    encoder, inputs = built("serial"), pack(CHAINS, graph=STRUCTURE.graph)
    sequence = encoder.sequence(inputs)
    structure = encoder.structure(inputs.replace(scalar=sequence.residue))
    found = encoder(inputs)
    assert torch.equal(found.residue, torch.cat([sequence.residue, structure.residue], dim=1))
    assert torch.equal(found.protein, torch.cat([sequence.protein, structure.protein], dim=1))
    assert encoder.output_dim == 16 + 12
    # The features themselves are not read.
    assert torch.equal(encoder(inputs.replace(scalar=inputs.scalar + 1)).residue, found.residue)


@torch.no_grad()
def test_parallel_leaves_each_its_own_input() -> None:
    encoder, inputs = built("parallel"), pack(CHAINS, graph=STRUCTURE.graph)
    found = encoder(inputs)
    assert torch.equal(found.residue[:, :16], encoder.sequence(inputs).residue)
    assert torch.equal(found.residue[:, 16:], encoder.structure(inputs).residue)
    other = encoder(inputs.replace(scalar=inputs.scalar + 1))
    assert torch.equal(other.residue[:, :16], found.residue[:, :16])
    assert not torch.equal(other.residue[:, 16:], found.residue[:, 16:])


def dense_cross(block: CrossAttention, one: Tensor, other: Tensor) -> Tensor:
    """One protein, by the plain formula."""
    state = torch.cat([block.project[0](one), block.project[1](other)])
    query, key, value = block.mix(state).chunk(3, dim=1)
    heads = []
    for own in torch.arange(8).chunk(block.num_heads):
        share = (query[:, own] @ key[:, own].T / len(own) ** 0.5).softmax(dim=1)
        heads.append(share @ value[:, own])
    first, second = block.norm(state + block.out(torch.cat(heads, dim=1))).chunk(2)
    return torch.cat([first, second], dim=1)


@torch.no_grad()
def test_cross_attends_inside_each_protein_over_both_rows() -> None:
    encoder, inputs = built("cross"), pack(CHAINS, graph=STRUCTURE.graph)
    sequence, structure = encoder.sequence(inputs).residue, encoder.structure(inputs).residue
    assert encoder.cross is not None
    expected = [dense_cross(encoder.cross, sequence[own], structure[own]) for own in torch.arange(15).split([9, 1, 5])]
    found = encoder(inputs)
    torch.testing.assert_close(found.residue, torch.cat(expected))
    torch.testing.assert_close(found.protein, torch.stack([one.sum(0) for one in expected]))
    assert encoder.output_dim == 16


def test_the_graph_and_the_promises_are_those_of_the_structure_encoder() -> None:
    config = FusionConfig(sequence=SEQUENCE, structure=STRUCTURE)
    assert config.graph == STRUCTURE.graph
    assert config.build(NUM_FEATURES).symmetry == "E(3)-invariant"
    equivariant = FusionConfig(sequence=SEQUENCE, structure=EGNNConfig(hidden_dim=8, num_layers=1))
    assert equivariant.build(NUM_FEATURES).symmetry == "E(3)-equivariant"
    assert FusionConfig(structure=GCPNetConfig()).scheme_for(SchemeConfig()).orientation
    plain = SequenceConvolutionConfig(width=8, hidden_dim=4, num_blocks=1)
    assert FusionConfig(sequence=plain, structure=STRUCTURE).build(NUM_FEATURES).output_dim == 8 + 12


def test_a_configuration_is_read_from_yaml_and_comes_back() -> None:
    tree = {
        "kind": "fusion", "how": "cross", "width": 16, "num_heads": 4,
        "sequence": {"kind": "sequence_convolution", "width": 8}, "structure": {"kind": "egnn"},
    }  # fmt: skip
    config = parse_encoder(tree)
    assert isinstance(config, FusionConfig)
    assert isinstance(config.structure, EGNNConfig)
    assert parse_encoder(config.model_dump(mode="json")) == config
    with pytest.raises(ConfigError, match="no multiple of 5 heads"):
        parse_encoder({**tree, "num_heads": 5})
