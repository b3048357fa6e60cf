"""What prompts keep in every language model: the mask by hand, order, independence, packing, gradients."""

from collections import defaultdict

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from protea.encoders.language.esm_aa import read_unzipped, unzipped
from protea.encoders.language.model import LanguageModel
from protea.encoders.prompts import PromptKind, PromptsConfig
from protea.errors import ConfigError
from tests.encoders.dense_prompts import dense_reading
from tests.encoders.language.esm_models import random_model, relative_difference
from tests.encoders.language.test_catalogue import TINY, sequences

NAMES = ("seq", "ppi", "crd")
EXACT = 1e-12
KINDS: tuple[PromptKind, ...] = ("one_way", "gated")


def prompted(kind: str, prompt_kind: PromptKind = "one_way", dtype: torch.dtype = torch.float64) -> LanguageModel:
    model = random_model(TINY[kind])
    model.add_prompts(PromptsConfig(names=NAMES, kind=prompt_kind))
    with torch.no_grad():
        for parameter in model.prompts.parameters():
            parameter.copy_(0.7 * torch.randn_like(parameter))
    return model.to(dtype).eval()


MODELS = {
    (kind, prompt_kind): prompted(kind, prompt_kind)
    for kind in TINY
    for prompt_kind in KINDS
    if (kind, prompt_kind) != ("prompt_protein", "one_way")  # it comes with gated ones
}


@pytest.fixture(params=list(MODELS), ids="-".join)
def pair(request: pytest.FixtureRequest) -> tuple[LanguageModel, list[str]]:
    """A model with prompts, and sequences as it reads them."""
    return MODELS[request.param], sequences(request.param[0])


@pytest.mark.parametrize("names", [("ppi",), ("seq", "ppi", "crd")])
def test_the_mask_by_hand(pair: tuple[LanguageModel, list[str]], names: tuple[str, ...]) -> None:
    model, parts = pair
    tokens = model.tokens(parts)
    with torch.no_grad():
        expected = dense_reading(model, parts, names)
        found = model(tokens, prompts=names).last
        states = model.transformer.last_norm(model.prompt_states(names).last)
    for own, like in zip(tokens.slices(), expected, strict=True):
        assert relative_difference(torch.cat([found[own], states]), like) < EXACT


def test_gradients_are_those_of_the_mask_by_hand(pair: tuple[LanguageModel, list[str]]) -> None:
    model, parts = pair
    model.train()
    tokens = model.tokens(parts)
    target = torch.randn(len(tokens.token), model.width, dtype=torch.float64)
    wanted = {name: value for name, value in model.named_parameters() if "head" not in name and "pairs" not in name}
    whole = torch.cat([like[: -len(NAMES)] for like in dense_reading(model, parts, NAMES)])
    expected = torch.autograd.grad((whole * target).sum(), list(wanted.values()))
    found = torch.autograd.grad((model(tokens, prompts=NAMES).last * target).sum(), list(wanted.values()))
    model.eval()
    for name, mine, other in zip(wanted, found, expected, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-9, atol=1e-10, msg=name)
    for name in ("prompts.row.<seq>", "embedding.token.weight"):
        assert bool(found[list(wanted).index(name)].any())


def test_order_is_nothing_and_no_prompt_is_the_backbone(pair: tuple[LanguageModel, list[str]]) -> None:
    model, parts = pair
    tokens, prompts = model.tokens(parts), model.prompts
    with torch.no_grad():
        one, other = (model(tokens, prompts=names).last for names in (("crd", "seq"), ("seq", "crd")))
        empty, default = model(tokens, prompts=()).last, model(tokens).last
        model.prompts = None
        backbone = model(tokens).last
        model.prompts = prompts
    assert torch.equal(one, other)
    assert torch.equal(empty, backbone)
    assert torch.equal(default, backbone)
    assert relative_difference(one, backbone) > 1e-3


def test_a_prompt_alone_is_the_prompt_in_any_set_unless_they_hear_each_other(
    pair: tuple[LanguageModel, list[str]],
) -> None:
    model, _ = pair
    with torch.no_grad():
        whole = model.prompt_states(NAMES)
        alone = [model.prompt_states((name,)) for name in NAMES]
    is_same = [
        relative_difference(states.last[0], whole.last[number]) < 1e-13
        and relative_difference(states.key[-1][0], whole.key[-1][number]) < 1e-13
        for number, states in enumerate(alone)
    ]
    assert is_same == [model.prompts.kind == "one_way"] * len(NAMES)


@settings(max_examples=10)
@given(lengths=st.lists(st.integers(1, 9), min_size=1, max_size=5), names=st.sets(st.sampled_from(NAMES), min_size=1))
def test_neighbours_in_the_pack_change_nothing(lengths: list[int], names: set[str]) -> None:
    for key in (("esm2", "one_way"), ("prott5", "gated")):
        model = MODELS[key]
        parts = [("MKVLAGFPQ" * 2)[length : 2 * length] for length in lengths]
        with torch.no_grad():
            together = model(model.tokens(parts), prompts=list(names)).last
            alone = torch.cat([model(model.tokens([part]), prompts=list(names)).last for part in parts])
        assert relative_difference(together, alone) < EXACT


def test_shares_of_attention_are_over_tokens_and_prompts(pair: tuple[LanguageModel, list[str]]) -> None:
    model, parts = pair
    tokens = model.tokens(parts)
    told: dict[int, list[Tensor]] = defaultdict(list)
    has_contacts = model.contact_head is not None
    with torch.no_grad():
        plain = model(tokens, prompts=NAMES).last
        slow = model(
            tokens, prompts=NAMES, on_attention=lambda layer, _, shares: told[layer].append(shares),
            contacts=has_contacts,
        )  # fmt: skip
    assert relative_difference(slow.last, plain) < EXACT
    for shares in told.values():
        for length, own in zip(tokens.lengths, shares, strict=True):
            assert own.shape[1:] == (length, length + len(NAMES))
            torch.testing.assert_close(own.sum(2), torch.ones_like(own[:, :, 0]))
            assert bool((own[:, :, length:] > 0).all())


@pytest.mark.parametrize("kind", ["esm2", "amplify", "esmc", "protea_mini"])
def test_a_prompt_has_no_place_under_rotary_models(kind: str) -> None:
    """One residue in many places: in the first layer all say the same of the prompts."""
    model, told = MODELS[kind, "one_way"], []
    with torch.no_grad():
        model(
            model.tokens(["A" * 12]), prompts=NAMES, on_attention=lambda layer, _, s: told.append(s) if not layer else 0
        )
    to_prompts = told[0][:, 1:-1, -len(NAMES) :]
    ratio = to_prompts / to_prompts[:, :, :1]  # of one prompt to another: what tokens say of each other falls out
    torch.testing.assert_close(ratio, ratio[:, :1].expand_as(ratio), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", TINY)
def test_half_precision_is_near(kind: str) -> None:
    model = prompted(kind, "gated", torch.float32)
    tokens = model.tokens(sequences(kind))
    with torch.no_grad():
        expected = model(tokens, prompts=NAMES).last
        found = model.to(torch.bfloat16)(tokens, prompts=NAMES).last
    assert relative_difference(found, expected) < 0.03


def test_token_dropout_does_not_see_one_way_prompts() -> None:
    model = MODELS["esm2", "one_way"]
    tokens = model.tokens(["MK<mask>LA"])
    with torch.no_grad():
        found = model(tokens, prompts=("seq",), states=[0]).states[0]
        assert torch.equal(found, model(tokens, states=[0]).states[0])
        assert not bool(found[3].any())
        gated = MODELS["esm2", "gated"]
        shown = gated(tokens, prompts=("seq",), states=[0]).states[0]
        assert torch.equal(shown, gated.embedding.token(tokens.token))


def test_atoms_are_read_without_prompts() -> None:
    model = random_model(TINY["esm_aa"])
    model.add_prompts(PromptsConfig(names=("seq",), active=("seq",)))
    atoms = unzipped("MKV", {1: (("C", "N"), torch.randn(2, 3))})
    with pytest.raises(ConfigError, match="another way to attend"):
        read_unzipped(model, atoms)
    model.prompts.default = ()
    assert read_unzipped(model, atoms).reading.last.shape == (7, 24)
