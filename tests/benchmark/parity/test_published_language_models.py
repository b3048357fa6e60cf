"""Configurations of published language models become ours, told by keys; what we do not implement is named."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from protea.benchmark.parity.comparison import Unsupported
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.published_language_models import golden_language_model, published_language_model
from protea.encoders.language.amplify import AMPLIFYConfig
from protea.encoders.language.esm1 import ESM1bConfig, ESM1vConfig
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.language.esm_aa import ESMAAConfig
from protea.encoders.language.esmc import ESMCConfig
from protea.encoders.language.prompt_protein import PromptProteinConfig
from protea.encoders.language.prott5 import ProtT5Config
from protea.encoders.language.saprot import SaProtConfig
from protea.errors import InputError
from tests.benchmark.parity.made_goldens import write_golden
from tests.benchmark.parity.made_language_goldens import CONFIG, write_language_golden

SIZES = {"num_layers": 3, "width": 64, "num_heads": 4}
EXPECTED = {
    "esm1/fair_esm1b": ESM1bConfig(**SIZES, hidden_dim=256, max_tokens=128),
    "esm1/hf_esm1b": ESM1bConfig(**SIZES, hidden_dim=256, max_tokens=128),
    "esm1/fair_esm1v": ESM1vConfig(**SIZES, hidden_dim=256, max_tokens=128, has_contact_head=True),
    "esm1/hf_esm1v": ESM1vConfig(**SIZES, hidden_dim=256, max_tokens=128, has_contact_head=True),
    "esm2/fair_tiny": ESM2Config(**SIZES),
    "esm2/hf_tiny": ESM2Config(**SIZES, hidden_dim=256),
    "esmc/tiny": ESMCConfig(**SIZES),
    "amplify/tiny": AMPLIFYConfig(**SIZES, intermediate_dim=250),
    "prott5/tiny": ProtT5Config(num_layers=3, width=48, num_heads=4, head_dim=8, hidden_dim=96),
    "saprot/tiny": SaProtConfig(num_layers=2, width=48, num_heads=4, hidden_dim=192),
    "esm_aa/tiny": ESMAAConfig(num_layers=3, width=48, num_heads=4),
    "esmfold/tiny": None,
    "promptprotein/tiny": PromptProteinConfig(num_layers=2, width=80, num_heads=20, hidden_dim=160, max_tokens=128),
    "variant_scores/tiny": ESM2Config(**SIZES),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_configurations_of_the_shared_goldens(name: str, shared_goldens: Path) -> None:
    assert published_language_model(Golden(shared_goldens / name)) == EXPECTED[name]


def test_the_model_has_the_weights(tmp_path: Path) -> None:
    golden = Golden(write_language_golden(tmp_path / "a"))
    assert published_language_model(golden) == CONFIG
    model = golden_language_model(golden)
    assert not model.training
    assert torch.equal(model.embedding.token.weight, golden.weights()["encoder.weight"])


def test_a_setting_that_is_not_implemented_is_named(tmp_path: Path) -> None:
    folder = write_language_golden(tmp_path / "a")
    settings = json.loads((folder / "config.json").read_text())
    for change in ({"rms_norm": False}, {"surprise": 3}):
        (folder / "config.json").write_text(json.dumps(settings | change))
        with pytest.raises(Unsupported, match=next(iter(change))):
            published_language_model(Golden(folder))


def test_keys_of_another_model_are_no_language_model(tmp_path: Path) -> None:
    folder = write_language_golden(tmp_path / "a")
    tensors = load_file(folder / "weights.safetensors")
    save_file(tensors | {"another.weight": torch.ones(1)}, folder / "weights.safetensors")
    assert published_language_model(Golden(folder)) is None
    with pytest.raises(Unsupported, match="no language model"):
        golden_language_model(Golden(folder))
    assert published_language_model(Golden(write_golden(tmp_path / "b"))) is None


def test_missing_weights_are_an_error(tmp_path: Path) -> None:
    folder = write_language_golden(tmp_path / "a")
    tensors = load_file(folder / "weights.safetensors")
    del tensors["transformer_encoder.1.wo.weight"]
    save_file(tensors, folder / "weights.safetensors")
    with pytest.raises(InputError, match=r"blocks\.1\.attention\.out"):
        golden_language_model(Golden(folder))
