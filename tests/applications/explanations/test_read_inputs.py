"""Rows can be replaced: the own ones give the own encoding, and a linear path is exact for a linear model."""

import pytest
import torch

from protea.applications.explanations.read_inputs import ReadInputs
from protea.encoders.interface import EncoderConfig
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.encoders.sequence_convolution import SequenceConvolutionConfig
from protea.errors import ConfigError
from protea.features.schemes import SchemeConfig
from protea.objectives.binary import BinaryConfig
from protea.protein.batch import pack
from protea.protein.record import protein_from_sequence
from protea.training.model import ModelConfig, ProteinModel, initialised

SEQUENCE = "MKTAYIAKQW"
ENCODERS = (
    SequenceConvolutionConfig(width=8, hidden_dim=4, num_blocks=2),
    LanguageEncoderConfig(model=ProteaMiniConfig(num_layers=1, width=64)),
)


def made_model(encoder: EncoderConfig, kind: str = "sequence") -> ProteinModel:
    config = ModelConfig(scheme=SchemeConfig(kind=kind), encoder=encoder, weights={"a": 1.0},
                         objectives={"a": BinaryConfig(label="a", level="protein")})  # fmt: skip
    return initialised(config, 0, torch.float64).eval()


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda item: item.kind)
@pytest.mark.parametrize("letters", [SEQUENCE, "X" * len(SEQUENCE)])
@torch.no_grad()
def test_rows_of_a_sequence_give_its_encoding(encoder: EncoderConfig, letters: str) -> None:
    model = made_model(encoder)
    inputs = ReadInputs(model, SEQUENCE)
    rows = inputs.own if letters == SEQUENCE else inputs.baseline
    found, _ = inputs.read(torch.stack([inputs.own, rows]))
    expected = model.encoder(model.featurise(pack([protein_from_sequence("a", letters)]).to(torch.float64)))
    torch.testing.assert_close(found.residue[len(SEQUENCE) :], expected.residue)
    torch.testing.assert_close(found.protein[1:], expected.protein)


def test_no_hook_stays() -> None:
    model = made_model(ENCODERS[1])
    inputs = ReadInputs(model, SEQUENCE)
    inputs.read(inputs.baseline[None])
    assert not model.encoder.model.embedding._forward_hooks


def test_a_copy_hears_nothing_of_another() -> None:
    inputs = ReadInputs(made_model(ENCODERS[0]), SEQUENCE)

    def asked(encoding, batch):
        return encoding.protein.sum(1)

    alone = [float(inputs.values(asked, rows[None])) for rows in (inputs.own, inputs.baseline)]
    together = inputs.values(asked, torch.stack([inputs.own, inputs.baseline])).tolist()
    assert together == pytest.approx(alone, abs=1e-12)


def test_attributions_add_up() -> None:
    inputs = ReadInputs(made_model(ENCODERS[0]), SEQUENCE)

    def asked(encoding, batch):
        return encoding.protein[:, 0]

    found = inputs.integrate(asked, tolerance=1e-2, max_steps=4096)
    ends = inputs.values(asked, torch.stack([inputs.baseline, inputs.own])).tolist()
    assert [found.start, found.end] == pytest.approx(ends)
    assert abs(float(found.attribution.sum()) - (ends[1] - ends[0])) <= found.error + 1e-12


def test_a_structure_encoder_is_refused() -> None:
    with pytest.raises(ConfigError, match="not letters"):
        ReadInputs(made_model(ENCODERS[0], "ca_base"), SEQUENCE)
