"""States of prompts: made once and kept, forgotten when a weight changes, never kept where a gradient is needed."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch.nn.functional import normalize

from protea.encoders.language.model import LanguageModel
from protea.encoders.language.tokens import pack_tokens
from protea.encoders.prompt_states import PromptCache, prompt_states
from protea.encoders.prompts import PromptKind, PromptsConfig
from tests.encoders.language.tiny_models import tiny_esm2


def prompted(kind: PromptKind = "one_way") -> LanguageModel:
    model = tiny_esm2()
    model.add_prompts(PromptsConfig(names=("seq", "ic"), kind=kind))
    return model


def test_a_prompt_that_hears_itself_is_a_sequence_of_one_token_without_a_place() -> None:
    """At place 0 rotary places turn nothing, so a sequence of one token is such a prompt."""
    model = prompted().double()
    token = model.vocabulary.id_of["W"]
    with torch.no_grad():
        model.prompts.row["<ic>"].copy_(model.embedding.token.weight[token])
        states = model.prompt_states(("ic",))
        model.embedding.mask_id = None
        reading = model(pack_tokens([torch.tensor([token])]), states=[2])
    torch.testing.assert_close(states.last, reading.states[2])
    assert states.names == ("ic",)
    assert states.kept is None
    assert [part.shape for part in (*states.key, *states.value)] == [(1, 2, 8)] * 4


def test_gates_are_the_mean_over_prompts_of_their_direction() -> None:
    model = prompted("gated").double()
    with torch.no_grad():
        for gate in model.prompts.gate:
            gate.normal_()
        states = model.prompt_states(("seq", "ic"))
        block = model.transformer.blocks[0]
        rows = model.prompts.rows(("seq", "ic"))
        query, key, value = (
            part.view(2, 2, 8) for part in block.attention.qkv(block.attention_norm(rows)).chunk(3, dim=1)
        )
        shares = (torch.einsum("qhd,khd->hqk", query, key) * 8**-0.5).softmax(2)
        change = block.attention.out(torch.einsum("hqk,khd->qhd", shares, value).flatten(1))
        expected = 1 - torch.stack([normalize(one, dim=0) @ model.prompts.gate[0] for one in change]).mean()
    torch.testing.assert_close(states.kept[0], expected)


def test_states_are_kept_while_nothing_changes() -> None:
    model = prompted()
    with torch.no_grad():
        first = model.prompt_states(("seq", "ic"))
        assert model.prompt_states(("ic", "seq")) is first
        model(model.tokens(["MKV"]), prompts=("ic",))
        assert model.prompt_states(("seq", "ic")) is first
    with torch.inference_mode():
        assert model.prompt_states(("seq", "ic")) is first


CHANGES: dict[str, Callable[[LanguageModel], object]] = {
    "row": lambda model: model.prompts.row["<seq>"].mul_(2),
    "block": lambda model: model.transformer.blocks[1].feed_forward.second.bias.add_(1),
    "loaded": lambda model: model.load_state_dict({key: 2 * value for key, value in model.state_dict().items()}),
    "replaced": lambda model: setattr(model.prompts.row["<ic>"], "data", torch.ones(16)),
    "converted": lambda model: model.double(),
    "optimised": lambda model: torch.optim.SGD([_with_gradient(model.prompts.row["<ic>"])], lr=1.0).step(),
}


def _with_gradient(parameter: torch.nn.Parameter) -> torch.nn.Parameter:
    parameter.grad = torch.ones_like(parameter)
    return parameter


@pytest.mark.parametrize("change", CHANGES)
def test_states_are_forgotten_when_a_weight_changes(change: str) -> None:
    model, names = prompted(), ("seq", "ic")
    with torch.no_grad():
        before = model.prompt_states(names)
        CHANGES[change](model)
        after = model.prompt_states(names)
        fresh = prompt_states(model.prompts, names, model.prompts.rows(names), model.transformer)
    assert not torch.equal(after.last, before.last.to(after.last.dtype)) or change == "converted"
    assert torch.equal(after.last, fresh.last)
    assert after.last.dtype == model.prompts.row["<ic>"].dtype


def test_autocast_has_states_of_its_own() -> None:
    model = prompted()
    with torch.no_grad():
        plain = model.prompt_states(("seq",))
        with torch.autocast("cpu", torch.bfloat16):
            rounded = model.prompt_states(("seq",))
        again = model.prompt_states(("seq",))
    assert rounded.key[0].dtype == torch.bfloat16
    assert plain.key[0].dtype == again.key[0].dtype == torch.float32


def test_nothing_is_kept_in_training_or_where_a_gradient_is_needed() -> None:
    model = prompted()
    assert model.prompt_states(("seq",)) is not model.prompt_states(("seq",))
    with torch.no_grad():
        kept = model.prompt_states(("seq",))
        assert model.train().prompt_states(("seq",)) is not kept
        assert model.eval().prompt_states(("seq",)) is not kept
    gated = prompted("gated").requires_grad_(False)
    gated.prompts.gate.requires_grad_(True)  # the last state of prompts needs no gradient, the gates do
    assert gated.prompt_states(("seq",)).needs_gradient
    with torch.no_grad():
        assert not gated.prompt_states(("seq",)).needs_gradient


@pytest.mark.parametrize("kind", ["one_way", "gated"])
def test_prompts_of_a_frozen_model_have_a_gradient_after_a_validation_too(kind: PromptKind) -> None:
    """A frozen model is in evaluation mode in training as well; between two steps no weight may have changed."""
    model = tiny_esm2().requires_grad_(False).eval()
    model.add_prompts(PromptsConfig(names=("seq", "ic"), kind=kind))
    tokens = model.tokens(["MKV"])
    with torch.no_grad():
        model(tokens, prompts=("seq",))
    model(tokens, prompts=("seq",)).last.square().sum().backward()
    assert model.prompts.row["<seq>"].grad is not None
    assert model.prompts.row["<ic>"].grad is None


def test_a_model_that_needs_no_gradient_keeps_its_states_outside_no_grad() -> None:
    model = prompted().requires_grad_(False)
    assert model.prompt_states(("seq",)) is model.prompt_states(("seq",))


def test_only_so_many_sets_are_kept() -> None:
    cache, model = PromptCache(), prompted()
    with torch.no_grad():
        states = model.prompt_states(("seq",))
        weights = list(model.parameters())
        assert cache.get(states.names, weights) is None
        for number in range(40):
            cache.put(replace(states, names=(f"p{number}",)))
        assert cache.get(("p0",), weights) is None
        assert cache.get(("p39",), weights) is not None
