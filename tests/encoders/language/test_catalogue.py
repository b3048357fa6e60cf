"""The union is the registry; what every language model keeps."""

from typing import get_args

import pytest
import torch
from pydantic import TypeAdapter, ValidationError

from protea.encoders.language.amplify import AMPLIFYConfig
from protea.encoders.language.catalogue import LANGUAGE_MODELS, AnyLanguageModel
from protea.encoders.language.esm_aa import ESMAAConfig
from protea.encoders.language.esmc import ESMCConfig
from protea.encoders.language.interface import LanguageModelConfig
from protea.encoders.language.prompt_protein import PromptProteinConfig
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.encoders.language.prott5 import ProtT5Config
from protea.encoders.language.saprot import SaProtConfig, joined_with_structure
from protea.errors import ConfigError
from tests.encoders.language.esm_models import FAMILY, random_model, random_sequences, relative_difference

SIZES = {"num_layers": 2, "width": 24, "num_heads": 3}
TINY: dict[str, LanguageModelConfig] = {
    **FAMILY,
    "esmc": ESMCConfig(**SIZES),
    "amplify": AMPLIFYConfig(**SIZES, intermediate_dim=40),
    "prott5": ProtT5Config(**SIZES, head_dim=5, hidden_dim=40),
    "saprot": SaProtConfig(**SIZES),
    "esm_aa": ESMAAConfig(**SIZES),
    "prompt_protein": PromptProteinConfig(**SIZES, max_tokens=64),
    "protea_mini": ProteaMiniConfig(num_layers=2, width=64),
}
KINDS = [config.model_fields["kind"].default for config in LANGUAGE_MODELS]
LENGTHS = [1, 17, 4, 30, 1]


def sequences(kind: str) -> list[str]:
    """Sequences as the model reads them."""
    plain = random_sequences(LENGTHS)
    return (
        [joined_with_structure(text, "dqp"[len(text) % 3] * len(text)) for text in plain] if kind == "saprot" else plain
    )


def test_the_union_holds_every_model() -> None:
    assert set(get_args(get_args(AnyLanguageModel)[0])) == set(LANGUAGE_MODELS)


def test_a_kind_picks_the_class_and_a_wrong_one_lists_the_right_ones() -> None:
    adapter = TypeAdapter(AnyLanguageModel)
    for config in LANGUAGE_MODELS:
        kind = config.model_fields["kind"].default
        assert type(adapter.validate_python({"kind": kind})) is config
    with pytest.raises(ValidationError, match="esm2"):
        adapter.validate_python({"kind": "esm9"})


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_size_lists_those_that_exist(kind: str) -> None:
    with pytest.raises(ConfigError, match="one of"):
        type(TINY[kind]).sized("17Q")


@pytest.mark.parametrize("kind", KINDS)
def test_neighbours_in_the_pack_change_nothing(kind: str, dtype: torch.dtype) -> None:
    model = random_model(TINY[kind], dtype)
    parts = sequences(kind)
    order = [3, 0, 2, 4, 1]
    with torch.no_grad():
        alone = torch.cat([model(model.tokens([parts[number]])).last for number in order])
        together = model(model.tokens([parts[number] for number in order])).last
    assert relative_difference(together, alone) < (1e-6 if dtype == torch.float32 else 1e-13)


@pytest.mark.parametrize("kind", KINDS)
def test_every_weight_is_reached_by_what_the_model_gives(kind: str) -> None:
    model = random_model(TINY[kind], torch.float64).train()
    tokens = model.tokens(sequences(kind))
    has_head, has_contacts = model.head is not None, model.contact_head is not None
    reading = model(tokens, logits=has_head, contacts=has_contacts)
    loss = reading.last.sin().sum()
    loss = loss + (reading.logits.sin().sum() if reading.logits is not None else 0.0)
    loss = loss + sum(contacts.square().sum() for contacts in reading.contacts or ())
    loss.backward()
    for name, parameter in model.named_parameters():
        if name.startswith(("atom_pairs", "prompts")):
            continue  # reached by atoms only, or by a prompt that is on
        assert parameter.grad is not None, name
        assert bool(parameter.grad.isfinite().all()), name


@pytest.mark.parametrize("kind", KINDS)
def test_bfloat16_is_near(kind: str) -> None:
    model = random_model(TINY[kind])
    tokens = model.tokens(sequences(kind))
    with torch.no_grad():
        expected = model(tokens).last
        found = model.to(torch.bfloat16)(tokens).last
    assert relative_difference(found, expected) < 0.02


@pytest.mark.parametrize("kind", KINDS)
def test_a_sequence_has_a_token_per_residue_and_the_special_ones(kind: str) -> None:
    vocabulary = random_model(TINY[kind]).vocabulary
    for text, length in zip(sequences(kind), LENGTHS, strict=True):
        ids = vocabulary.encode(text)
        assert len(ids) == vocabulary.num_tokens(length)
        own = vocabulary.residues_of(slice(0, len(ids)))
        assert own.stop - own.start == length
        assert int(ids.max()) < len(vocabulary)
    assert len(set(vocabulary.tokens)) == len(vocabulary)


@pytest.mark.parametrize("kind", ["esm1b", "esm1v", "esm2", "saprot"])
def test_the_feed_forward_is_four_times_as_wide_unless_it_is_set(kind: str) -> None:
    shapes = [TINY[kind].model_copy(update={"hidden_dim": size}).build().transformer.shape for size in (None, 40)]
    assert [shape.hidden_dim for shape in shapes] == [96, 40]
