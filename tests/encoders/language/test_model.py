"""The batch law as a property of random packs; what a reading holds; what no model can give."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from protea.encoders.language.model import Reading
from protea.encoders.prompts import PromptsConfig
from protea.errors import ConfigError, InputError
from tests.encoders.language.esm_models import FAMILY, random_model, random_sequences, relative_difference

MODELS = {
    (kind, dtype): random_model(config.model_copy(update={"has_contact_head": True}), dtype)
    for kind, config in FAMILY.items()
    for dtype in (torch.float32, torch.float64)
}
ALL = range(3)


def read(kind: str, dtype: torch.dtype, sequences: list[str]) -> list[dict[str, torch.Tensor]]:
    """Everything that a model says of each sequence of a pack."""
    model = MODELS[kind, dtype]
    with torch.no_grad():
        tokens = model.tokens(sequences)
        told = model(tokens, states=ALL, logits=True, contacts=True)
        fused = model(tokens, logits=True)
    return [
        {
            "last": told.last[own],
            "logits": told.logits[own],
            "contacts": told.contacts[number],
            "fused": fused.logits[own],
        }
        | {f"state {layer}": told.states[layer][own] for layer in ALL}
        for number, own in enumerate(tokens.slices())
    ]


# Sequences of one to fourteen residues with masks among them; packs hold them in any order and more than once.
residue = st.sampled_from([*"ACDEFGHIKLMNPQRSTVWYXBZUO", "<mask>"])
sequence = st.lists(residue, min_size=1, max_size=14).map("".join)


@pytest.mark.parametrize("kind", FAMILY)
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-6), (torch.float64, 1e-12)])
@settings(max_examples=12)
@given(different=st.lists(sequence, min_size=1, max_size=4), data=st.data())
def test_a_reading_does_not_depend_on_neighbours_their_order_or_number(
    kind: str, dtype: torch.dtype, tolerance: float, different: list[str], data: st.DataObject
) -> None:
    pack = data.draw(st.lists(st.sampled_from(different), min_size=1, max_size=6))
    alone = {own: read(kind, dtype, [own])[0] for own in set(pack)}
    for own, found in zip(pack, read(kind, dtype, pack), strict=True):
        for name, value in found.items():
            assert relative_difference(value, alone[own][name]) < tolerance, (name, own, pack)


def test_states_are_those_that_were_asked_for() -> None:
    model = MODELS["esm2", torch.float64]
    tokens = model.tokens(random_sequences([7, 3]))
    reading = model(tokens, states=[0, 2])
    assert set(reading.states) == {0, 2}
    assert torch.equal(reading.states[0], model.embedding(tokens))
    torch.testing.assert_close(model.transformer.last_norm(reading.states[2]), reading.last)
    assert (reading.logits, reading.contacts) == (None, None)


def test_attention_is_told_beside_contacts_and_changes_nothing() -> None:
    model, told = MODELS["esm2", torch.float64], []
    tokens = model.tokens(random_sequences([7, 3]))
    both = model(tokens, contacts=True, on_attention=lambda layer, own, shares: told.append((layer, own, shares.shape)))
    assert told == [(layer, own, (3, size, size)) for layer in range(2) for own, size in enumerate((9, 5))]
    only = model(tokens, contacts=True)
    assert all(torch.equal(one, other) for one, other in zip(both.contacts, only.contacts, strict=True))
    torch.testing.assert_close(both.last, model(tokens).last)


def test_contacts_are_symmetric_probabilities_of_residues() -> None:
    model = MODELS["esm2", torch.float64]
    reading: Reading = model(model.tokens(random_sequences([7, 3])), contacts=True)
    assert [tuple(it.shape) for it in reading.contacts] == [(7, 7), (3, 3)]
    for contacts in reading.contacts:
        torch.testing.assert_close(contacts, contacts.T)
        assert ((contacts > 0) & (contacts < 1)).all()


def test_residues_stand_where_their_tokens_are() -> None:
    model = MODELS["esm2", torch.float32]
    tokens = model.tokens(["MKV", "A<mask>"])
    letters = [
        "".join(model.vocabulary.tokens[id] for id in tokens.token[own].tolist()) for own in model.residues(tokens)
    ]
    assert letters == ["MKV", "A<mask>"]


def test_a_number_that_no_state_has_is_refused() -> None:
    model = MODELS["esm2", torch.float32]
    with pytest.raises(ConfigError, match=r"no such state.*0 to 2.*\[-1, 3\]"):
        model(model.tokens(["MKV"]), states=[3, 0, -1])


def test_what_a_model_has_no_head_for_is_refused() -> None:
    model = random_model(FAMILY["esm1v"])
    with pytest.raises(ConfigError, match="predicts no contacts"):
        model(model.tokens(["MKV"]), contacts=True)


@pytest.mark.parametrize("kind", ["esm1b", "esm1v"])
def test_learned_places_bound_the_length(kind: str) -> None:
    model = MODELS[kind, torch.float32]
    assert model.max_tokens == 64
    assert model(model.tokens(random_sequences([62, 1]))).last.shape == (67, 24)
    with pytest.raises(InputError, match=r"at most 64 tokens.*65"):
        model(model.tokens(random_sequences([63, 1])))
    assert MODELS["esm2", torch.float32].max_tokens is None


def test_half_precision_is_near() -> None:
    model = random_model(FAMILY["esm2"])
    tokens = model.tokens(random_sequences([40, 200, 3]))
    with torch.no_grad():
        exact = model(tokens, logits=True)
        near = model.to(torch.bfloat16)(tokens, logits=True)
    assert near.logits.dtype == torch.bfloat16
    assert relative_difference(near.logits, exact.logits) < 1.5e-2
    assert relative_difference(near.last, exact.last) < 1.5e-2


def test_a_model_without_prompts_reads_none() -> None:
    model = random_model(FAMILY["esm2"])
    tokens = model.tokens(["MKV"])
    assert model.chosen_prompts(None) == model.chosen_prompts(()) == ()
    assert model.prompt_states() is None
    with torch.no_grad():
        assert torch.equal(model(tokens).last, model(tokens, prompts=()).last)
    with pytest.raises(ConfigError, match=r"the model has no prompts.*seq"):
        model(tokens, prompts=("seq",))


def test_prompts_that_are_added_are_read_where_they_are_on() -> None:
    model = random_model(FAMILY["esm2"])
    assert model.add_prompts(PromptsConfig(names=("seq",))) == ("seq",)
    assert model.add_prompts(PromptsConfig(names=("seq", "ic"), active=("ic",))) == ("ic",)
    tokens = model.tokens(["MKV"])
    with torch.no_grad():
        assert torch.equal(model(tokens).last, model(tokens, prompts=("ic",)).last)
        assert not torch.equal(model(tokens).last, model(tokens, prompts=("seq",)).last)
        model.prompts.default = ()
        assert torch.equal(model(tokens).last, model(tokens, prompts=()).last)
