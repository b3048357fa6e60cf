"""Strict loading: what fits is loaded under either form of its names, what does not is named."""

import pytest
import torch

from protea.encoders.schnet import SchNetConfig
from protea.encoders.weights.loading import load_published
from protea.errors import InputError

SMALL = SchNetConfig(hidden_dim=4, output_dim=2, num_layers=1, num_filters=3, num_gaussians=5)


def published() -> dict[str, torch.Tensor]:
    """Tensors as the original writes them: the filter network under both names."""
    state = {key: torch.randn_like(value) for key, value in SMALL.build(6).state_dict().items()}
    return state | {key.replace(".mlp.", ".conv.nn."): value for key, value in state.items() if ".mlp." in key}


def test_plain_and_prefixed_names_load_the_same() -> None:
    tensors = published()
    checkpoint = {f"encoder.{key}": value for key, value in tensors.items()} | {"decoder.x.weight": torch.zeros(1)}
    for form in (tensors, checkpoint):
        encoder = SMALL.build(6)
        load_published(encoder, form)
        assert all(torch.equal(value, tensors[key]) for key, value in encoder.state_dict().items())


def test_missing_and_unexpected_keys_are_named_and_nothing_is_loaded() -> None:
    tensors = published()
    del tensors["lin1.bias"]
    encoder = SMALL.build(6)
    before = {key: value.clone() for key, value in encoder.state_dict().items()}
    with pytest.raises(InputError, match=r"file\.ckpt.*missing \['lin1\.bias'\]; unexpected \['odd'\]"):
        load_published(encoder, tensors | {"odd": torch.zeros(1)}, where="file.ckpt")
    assert all(torch.equal(value, before[key]) for key, value in encoder.state_dict().items())


def test_another_width_is_named() -> None:
    with pytest.raises(InputError, match=r"embedding\.weight: expected \(4, 7\), found \(4, 6\)"):
        load_published(SMALL.build(7), published())


def test_two_names_that_disagree_are_refused() -> None:
    tensors = published()
    tensors["interactions.0.conv.nn.0.bias"] = tensors["interactions.0.conv.nn.0.bias"] + 1
    with pytest.raises(InputError, match=r"two names of one tensor disagree: .*conv\.nn\.0\.bias"):
        load_published(SMALL.build(6), tensors)
