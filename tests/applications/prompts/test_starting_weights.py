"""What an injection starts from: the model of a run or published weights, and heads where they fit."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from protea.applications.prompts.injection_config import InjectionConfig
from protea.applications.prompts.starting_weights import source_of, write_start
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.errors import ConfigError
from tests.applications.prompts.made_injections import Injected, injection


def test_a_run_gives_its_encoder_and_the_heads_of_tasks_with_the_same_name_and_settings(injected: Injected) -> None:
    tree = injected.config.model_dump(mode="json") | {"encoder": None, "run": str(injected.run)}
    source = source_of(InjectionConfig.model_validate(tree))
    assert source.heads == ("letters", "pairs")
    assert source.prompts() is not None
    tree["tasks"]["letters"]["objective"]["rate"] = 0.3
    other = source_of(InjectionConfig.model_validate(tree))
    assert other.heads == ("pairs",)
    assert not any(name.startswith("objectives.letters.") for name in other.tensors)
    assert any(name.startswith("objectives.pairs.") for name in other.tensors)


def test_published_weights_give_the_head_that_fills_hidden_residues(tmp_path: Path) -> None:
    torch.manual_seed(3)
    config = ProteaMiniConfig(num_layers=1, width=64)
    model = config.build()
    path = tmp_path / "mini.safetensors"
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, path)
    encoder = {"kind": "language_model", "model": config.model_dump(), "weights": str(path)}
    source = source_of(injection(tmp_path, encoder=encoder))
    assert source.heads == ("letters",)
    assert source.encoder.weights is None
    state = model.state_dict()
    assert torch.equal(source.tensors["objectives.letters.head.decoder.weight"], state["head.decoder.weight"])
    token = "embedding.token.weight"
    assert torch.equal(source.tensors[f"encoder.model.{token}"], state[token])


def test_a_start_that_has_changed_is_told(injected: Injected, tmp_path: Path) -> None:
    source = source_of(injection(tmp_path))
    digest = write_start(source, tmp_path / "start.safetensors")
    assert write_start(source, tmp_path / "start.safetensors") == digest
    assert set(load_file(tmp_path / "start.safetensors")) == set(source.tensors)
    tree = injected.config.model_dump(mode="json") | {"encoder": None, "run": str(injected.run)}
    with pytest.raises(ConfigError, match="has changed"):
        write_start(source_of(InjectionConfig.model_validate(tree)), tmp_path / "start.safetensors")
