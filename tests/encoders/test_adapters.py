import pytest
import torch
from torch import nn

from protea.encoders.adapters import (
    AdapterConfig,
    add_adapters,
    load_adapters,
    merge_adapters,
    merged_tensors,
    tensors_of_adapters,
)
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.language.model import LanguageModel
from protea.errors import ConfigError, InputError

CONFIG = AdapterConfig(rank=2, alpha=4.0)
TINY = ESM2Config(num_layers=2, width=32, num_heads=4)


def model() -> LanguageModel:
    torch.manual_seed(0)
    return TINY.build().eval()


def moved(module: nn.Module) -> None:
    """Give the adapters values as if they had been trained."""
    draw = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for value in module.parameters():
            if value.requires_grad:
                value.copy_(0.3 * torch.randn(value.shape, generator=draw))


def last(of: LanguageModel) -> torch.Tensor:
    with torch.no_grad():
        return of(of.tokens(["MKVLAADERTY", "ACD"])).last


def test_an_adapted_model_begins_as_it_was() -> None:
    plain, adapted = model(), model()
    names = add_adapters(adapted, CONFIG)
    assert names == tuple(f"transformer.blocks.{layer}.attention.{part}" for layer in (0, 1) for part in ("qkv", "out"))
    assert torch.allclose(last(plain), last(adapted), rtol=0, atol=1e-6)


def test_the_change_is_the_product_and_only_it_is_trained() -> None:
    layer = nn.Linear(5, 3)
    before = layer.weight.detach().clone()
    add_adapters(nn.ModuleDict({"own": layer}), AdapterConfig(rank=2, alpha=4.0, maps="own"))
    moved(layer)
    adapter = layer.parametrizations.weight[0]
    torch.testing.assert_close(layer.weight, before + 2.0 * adapter.up @ adapter.down)
    assert [name for name, value in layer.named_parameters() if value.requires_grad] == [
        "parametrizations.weight.0.down", "parametrizations.weight.0.up"
    ]  # fmt: skip


def test_merged_equals_unmerged_and_has_the_plain_keys() -> None:
    adapted = model()
    add_adapters(adapted, CONFIG)
    moved(adapted)
    before = last(adapted)
    assert not torch.allclose(before, last(model()), atol=1e-2)
    beforehand = merged_tensors(adapted)
    merge_adapters(adapted)
    assert beforehand.keys() == adapted.state_dict().keys()
    for key, value in adapted.state_dict().items():
        torch.testing.assert_close(beforehand[key], value)
    torch.testing.assert_close(last(adapted), before, rtol=1e-6, atol=1e-6)
    assert set(adapted.state_dict()) == set(model().state_dict())


def test_adapters_are_saved_alone_and_return() -> None:
    one, other = model(), model()
    for each in (one, other):
        add_adapters(each, CONFIG)
    moved(one)
    tensors = tensors_of_adapters(one)
    assert set(tensors) == {
        f"transformer.blocks.{layer}.attention.{part}.{side}"
        for layer in (0, 1) for part in ("qkv", "out") for side in ("down", "up")
    }  # fmt: skip
    assert sum(value.numel() for value in tensors.values()) == 2 * 2 * ((32 + 96) + (32 + 32))
    load_adapters(other, tensors)
    torch.testing.assert_close(last(other), last(one))
    wrong = model()
    add_adapters(wrong, AdapterConfig(rank=3))
    with pytest.raises(InputError, match="another rank"):
        load_adapters(wrong, tensors)


def test_a_pattern_for_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="no linear map"):
        add_adapters(model(), AdapterConfig(maps="nothing"))


def test_an_encoder_with_adapters_trains_them_alone() -> None:
    encoder = LanguageEncoderConfig(model=TINY, adapters=CONFIG).build(0)
    trained = {name for name, value in encoder.named_parameters() if value.requires_grad}
    assert len(trained) == 8
    assert all(name.endswith((".down", ".up")) for name in trained)
