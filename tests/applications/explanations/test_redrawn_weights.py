"""Layers are taken from the top, each once; a map that reads weights falls, one that reads the sequence does not."""

import numpy as np
import pytest
import torch

from protea.applications.explanations.redrawn_weights import cascade, layers_from_the_top, rank_correlation
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.encoders.sequence_convolution import SequenceConvolutionConfig
from protea.features.schemes import SchemeConfig
from protea.objectives.binary import BinaryConfig
from protea.training.model import AnyEncoder, ModelConfig, ProteinModel, initialised


def made_config(encoder: AnyEncoder) -> ModelConfig:
    return ModelConfig(scheme=SchemeConfig(kind="sequence"), encoder=encoder, weights={"a": 1.0},
                       objectives={"a": BinaryConfig(label="a", level="protein")})  # fmt: skip


CONFIG = made_config(SequenceConvolutionConfig(width=8, hidden_dim=4, num_blocks=2))


def test_from_the_heads_to_the_embedding_each_weight_once() -> None:
    model = initialised(CONFIG, 0)
    layers = layers_from_the_top(model)
    assert [name for name, _ in layers] == ["heads", "last_norm", "blocks.1", "blocks.0", "embedding"]
    weights = [name for _, names in layers for name in names]
    assert sorted(weights) == sorted(name for name, _ in model.named_parameters())


def test_blocks_of_a_language_model() -> None:
    config = made_config(LanguageEncoderConfig(model=ProteaMiniConfig(num_layers=2, width=64)))
    names = [name for name, _ in layers_from_the_top(initialised(config, 0))]
    assert names[0] == "heads"
    assert names.index("model.transformer.blocks.1") < names.index("model.transformer.blocks.0")
    assert names[-1].startswith("model.embedding")


def test_a_map_of_the_weights_falls_and_one_of_the_sequence_stays() -> None:
    model = initialised(CONFIG, 0)
    before = [parameter.detach().clone() for parameter in model.parameters()]

    def of_weights(model: ProteinModel) -> list[np.ndarray]:
        return [model.encoder.embedding.weight.detach().numpy()[0].astype(np.float64)]

    def of_sequence(model: ProteinModel) -> list[np.ndarray]:
        return [np.arange(9.0)]

    found = list(cascade(model, CONFIG, of_weights, seed=1))
    assert [float(one.correlation[0]) for one in found[:-1]] == pytest.approx([1.0] * 4)
    assert float(found[-1].correlation[0]) < 0.9
    assert [float(one.correlation[0]) for one in cascade(model, CONFIG, of_sequence, seed=1)] == pytest.approx(
        [1.0] * 5
    )
    assert all(torch.equal(one, other) for one, other in zip(before, model.parameters(), strict=True))


def test_correlation_of_sizes() -> None:
    assert rank_correlation(np.array([1.0, -2.0, 3.0]), np.array([-10.0, 20.0, 30.0])) == pytest.approx(1.0)
    assert rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0])) == pytest.approx(-1.0)
    assert np.isnan(rank_correlation(np.ones(3), np.arange(3.0)))
