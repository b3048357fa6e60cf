"""Configurations of published language models become ours, told by keys; what we do not implement is named."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from protea.benchmark.parity.comparison import Unsupported
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.published_language_models import (
    golden_language_model,
    language_model_kind,
    published_language_model,
)
from protea.encoders.language.amplify import AMPLIFYConfig
from protea.encoders.language.esm1 import ESM1bConfig, ESM1vConfig
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.language.esm_aa import ESMAAConfig
from protea.encoders.language.esmc import ESMCConfig
from protea.encoders.language.prompt_protein import PromptProteinConfig
from protea.encoders.language.prott5 import ProtT5Config
from protea.encoders.language.saprot import SAPROT_VOCABULARY, SaProtConfig
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


@pytest.mark.parametrize(
    "setting", [{"hidden_act": "swiglu"}, {"auto_map": {"AutoModel": "x"}}, {"mask_token_id": 2}, {"unk_token_id": 1}]
)
def test_settings_that_change_no_number_are_taken(tmp_path: Path, setting: dict[str, object]) -> None:
    folder = write_language_golden(tmp_path / "a")
    settings = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(settings | setting))
    assert published_language_model(Golden(folder)) == CONFIG


@pytest.mark.parametrize("setting", [{"hidden_act": "relu"}, {"mask_token_id": 3}, {"unk_token_id": 0}])
def test_settings_that_would_change_numbers_are_named(tmp_path: Path, setting: dict[str, object]) -> None:
    folder = write_language_golden(tmp_path / "a")
    settings = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(settings | setting))
    with pytest.raises(Unsupported, match=next(iter(setting))):
        published_language_model(Golden(folder))


def test_saprot_is_told_by_its_table_where_no_setting_tells_it(shared_goldens: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(shared_goldens / "esm2" / "fair_tiny", tmp_path / "copy"))
    assert language_model_kind(Golden(folder)) is ESM2Config
    tensors = load_file(folder / "weights.safetensors")
    (table,) = (key for key in tensors if key.endswith("embed_tokens.weight"))
    tensors[table] = torch.zeros(len(SAPROT_VOCABULARY), tensors[table].shape[1])
    save_file(tensors, folder / "weights.safetensors")
    assert language_model_kind(Golden(folder)) is SaProtConfig


def test_a_few_strange_keys_are_named_and_many_make_another_model(tmp_path: Path) -> None:
    folder = write_language_golden(tmp_path / "a")
    tensors = load_file(folder / "weights.safetensors")
    save_file(tensors | {"another.weight": torch.ones(1)}, folder / "weights.safetensors")
    with pytest.raises(InputError, match=r"another\.weight"):
        golden_language_model(Golden(folder))
    save_file(tensors | {f"another.{number}": torch.ones(1) for number in range(9)}, folder / "weights.safetensors")
    assert published_language_model(Golden(folder)) is None
    with pytest.raises(Unsupported, match="no language model"):
        golden_language_model(Golden(folder))
    assert published_language_model(Golden(write_golden(tmp_path / "b"))) is None


def write_settings(folder: Path, shared: Path, settings: dict[str, object], left_out: str = "nothing") -> Golden:
    """The settings of a shared golden changed (None: left out), and its weights without some keys."""
    folder.mkdir()
    changed = {**json.loads((shared / "config.json").read_text()), **settings}
    (folder / "config.json").write_text(json.dumps({key: value for key, value in changed.items() if value is not None}))
    tensors = {key: value for key, value in load_file(shared / "weights.safetensors").items() if left_out not in key}
    save_file(tensors, folder / "weights.safetensors")
    return Golden(folder)


def test_settings_left_out_are_those_of_the_constructor(shared_goldens: Path, tmp_path: Path) -> None:
    left_out = {"token_dropout": None, "layer_norm_eps": None}
    hub = write_settings(tmp_path / "hub", shared_goldens / "esm2/hf_tiny", left_out)
    assert published_language_model(hub) == ESM2Config(**SIZES, hidden_dim=256, token_dropout=False, norm_eps=1e-12)
    places = write_settings(tmp_path / "b", shared_goldens / "esm1/hf_esm1b", {"position_embedding_type": None})
    assert published_language_model(places) == EXPECTED["esm1/hf_esm1b"]
    fair = write_settings(tmp_path / "fair", shared_goldens / "esm2/fair_tiny", {"token_dropout": None})
    assert published_language_model(fair) == ESM2Config(**SIZES)
    old = write_settings(tmp_path / "old", shared_goldens / "esm1/fair_esm1v", {"token_dropout": None})
    assert published_language_model(old) == EXPECTED["esm1/fair_esm1v"].model_copy(update={"token_dropout": False})


@pytest.mark.parametrize("name", ["esm2/hf_tiny", "esm2/fair_tiny"])
def test_frequencies_left_out_follow_from_the_formula(name: str, shared_goldens: Path, tmp_path: Path) -> None:
    model = golden_language_model(write_settings(tmp_path / "a", shared_goldens / name, {}, left_out="inv_freq"))
    whole = golden_language_model(Golden(shared_goldens / name))
    torch.testing.assert_close(model.transformer.get_buffer("frequency"), whole.transformer.get_buffer("frequency"))


def test_another_mask_and_a_wrong_type_are_refused(shared_goldens: Path, tmp_path: Path) -> None:
    shared = shared_goldens / "esm2/hf_tiny"
    with pytest.raises(Unsupported, match="mask_token_id = 5"):
        published_language_model(write_settings(tmp_path / "a", shared, {"mask_token_id": 5}))
    other = {"position_embedding_type": "relative_key"}
    with pytest.raises(Unsupported, match="relative_key"):
        published_language_model(write_settings(tmp_path / "d", shared_goldens / "esm1/hf_esm1b", other))
    rotation = {"rope_parameters": {"rope_type": "default", "rope_theta": 500.0}}
    with pytest.raises(Unsupported, match=r"rope_theta': 500\.0"):
        published_language_model(write_settings(tmp_path / "c", shared_goldens / "esmc/tiny", rotation))
    with pytest.raises(InputError, match="num_layers = 'x'"):
        published_language_model(write_settings(tmp_path / "b", shared, {"num_hidden_layers": "x"}))


def test_missing_weights_are_an_error(tmp_path: Path) -> None:
    folder = write_language_golden(tmp_path / "a")
    tensors = load_file(folder / "weights.safetensors")
    del tensors["transformer_encoder.1.wo.weight"]
    save_file(tensors, folder / "weights.safetensors")
    with pytest.raises(InputError, match=r"blocks\.1\.attention\.out"):
        golden_language_model(Golden(folder))
