"""PromptProtein: its size, its table of 36 rows, raw files, what prompts change, and its reference."""

from argparse import Namespace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.interface import load_language_weights
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.prompt_protein import PROMPT_PROTEIN_VOCABULARY, PromptProteinConfig
from protea.encoders.prompts import PromptsConfig
from protea.encoders.weights.converting import convert_weights
from protea.encoders.weights.language_models import load_language_model
from protea.encoders.weights.reading import read_checkpoint
from protea.errors import ConfigError, InputError
from tests.encoders.dense_prompts import dense_reading
from tests.encoders.language.esm_models import random_model, relative_difference

TINY = PromptProteinConfig(num_layers=2, width=24, num_heads=3, hidden_dim=40, max_tokens=30)
GOLDEN = PromptProteinConfig(num_layers=2, width=80, num_heads=20, hidden_dim=160, max_tokens=128)


def under_published_names(model: LanguageModel) -> dict[str, Tensor]:
    """The tensors of a model as they were published: three maps apart, prompts behind the tokens."""
    state = model.state_dict()
    rows = [state.pop(f"prompts.row.<{name}>") for name in ("seq", "ppi", "crd")]
    found = {"embed_tokens.weight": torch.cat([state.pop("embedding.token.weight"), torch.stack(rows)])}
    words = {
        "embedding.place": "embed_positions", "embedding.norm": "emb_layer_norm_before",
        "transformer.last_norm": "emb_layer_norm_after", "transformer.blocks": "layers",
        "attention.out": "self_attn.out_proj", "attention_norm": "self_attn_layer_norm",
        "feed_forward_norm": "final_layer_norm", "feed_forward.first": "fc1", "feed_forward.second": "fc2",
    }  # fmt: skip
    for key, value in state.items():
        if key.startswith("prompts.gate."):
            found[f"layers.{key.rpartition('.')[2]}.layer_gated.weight"] = value[None]
            continue
        for ours, theirs in words.items():
            key = key.replace(ours, theirs)
        if "attention.qkv" in key:
            for part, own in zip("qkv", value.chunk(3), strict=True):
                found[key.replace("attention.qkv", f"self_attn.{part}_proj")] = own.clone()
            continue
        found[key] = value
    return found


def test_published_size() -> None:
    config = PromptProteinConfig.sized("650M")
    with torch.device("meta"):
        model = config.build()
    # ESM-1b without its heads: 33 blocks of 12 d^2 + 13 d, tables of 33 and 1026 rows, two norms; three rows, 33 gates.
    d = 1280
    expected = 33 * (12 * d * d + 13 * d) + (33 + 1026) * d + 4 * d + (3 + 33) * d
    assert sum(parameter.numel() for parameter in model.parameters()) == expected
    assert model.head is None
    with pytest.raises(ConfigError, match="650M"):
        PromptProteinConfig.sized("8M")


def test_rows_behind_the_tokens_are_prompts_and_no_sequence_spells_one() -> None:
    model, source = TINY.build(), random_model(TINY)
    tensors = under_published_names(source)
    assert tensors["embed_tokens.weight"].shape == (36, 24)
    load_language_weights(model, TINY, tensors)
    for name, value in source.state_dict().items():
        assert torch.equal(model.state_dict()[name], value)
    with pytest.raises(InputError, match="no token"):
        PROMPT_PROTEIN_VOCABULARY.encode("<seq>MKV")


def test_wrong_tensors_are_refused() -> None:
    tensors = under_published_names(random_model(TINY))
    short = tensors | {"embed_tokens.weight": tensors["embed_tokens.weight"][:35]}
    with pytest.raises(InputError, match=r"another shape.*embedding\.token\.weight"):
        load_language_weights(TINY.build(), TINY, short)
    del tensors["layers.1.layer_gated.weight"]
    with pytest.raises(InputError, match=r"prompts\.gate\.1"):
        load_language_weights(TINY.build(), TINY, tensors)
    with pytest.raises(InputError, match="keys that this model does not have"):
        load_language_weights(TINY.build(), TINY, tensors | {"lm_head.bias": torch.zeros(36)})


def test_raw_and_converted_files_are_read(tmp_path: Path) -> None:
    source = random_model(TINY)
    body = {f"encoder.{key}": value for key, value in under_published_names(source).items()}
    settings = Namespace(model=Namespace(layer_num=2, embed_dim=24))
    torch.save(
        {"model": body | {"ppi_head.weight": torch.ones(2)}, "cfg": {"model": settings.model}},
        tmp_path / "PromptProtein.pt",
    )
    found = load_language_model(tmp_path / "PromptProtein.pt", TINY).model
    tokens = source.tokens(["MKV<mask>A"])
    with torch.no_grad():
        expected = source(tokens, prompts=("ppi",)).last
        assert torch.equal(found(tokens, prompts=("ppi",)).last, expected)
        convert_weights(read_checkpoint(tmp_path / "PromptProtein.pt"), tmp_path / "own.safetensors", config=TINY)
        again = load_language_model(tmp_path / "own.safetensors", TINY).model
        assert torch.equal(again(tokens, prompts=("ppi",)).last, expected)


@pytest.mark.parametrize("has_first_norm", [True, False])
def test_without_the_first_norm_prompts_have_none_either(has_first_norm: bool) -> None:
    config = TINY.model_copy(update={"has_first_norm": has_first_norm})
    model = random_model(config, torch.float64)
    with torch.no_grad():
        expected = dense_reading(model, ["MKV", "AC<mask>"], ("seq", "crd"))
        found = model(model.tokens(["MKV", "AC<mask>"]), prompts=("seq", "crd")).last
    assert relative_difference(found, torch.cat([own[:-2] for own in expected])) < 1e-12


def test_as_an_encoder_it_has_its_own_prompts_and_takes_more() -> None:
    encoder = LanguageEncoderConfig(model=TINY).build(0)
    assert encoder.prompt_names == ("seq", "ppi", "crd")
    assert encoder.default_prompts == ()
    prompts = PromptsConfig(names=("seq", "ppi", "crd", "mine"), kind="gated", active=("mine",), trained=("mine",))
    more = LanguageEncoderConfig(model=TINY, prompts=prompts, is_frozen=True).build(0)
    assert more.default_prompts == ("mine",)
    trained = [name for name, value in more.named_parameters() if value.requires_grad]
    assert trained == ["model.prompts.row.<mine>", "model.prompts.gate.0", "model.prompts.gate.1"]
    with pytest.raises(ConfigError, match="expected gated prompts with seq, ppi, crd"):
        LanguageEncoderConfig(model=TINY, prompts=PromptsConfig(names=("seq",))).build(0)


def test_a_prompt_of_the_reference(shared_goldens: Path) -> None:
    folder = shared_goldens / "promptprotein" / "tiny"
    model = GOLDEN.build().eval()
    load_language_weights(model, GOLDEN, load_file(folder / "weights.safetensors"))
    with torch.no_grad():
        states = model.prompt_states(("ppi",))
    gates = torch.stack(list(model.prompts.gate))
    assert bool((gates.norm(dim=1) > 0).all())
    assert all(abs(float(kept) - 1) > 0.01 for kept in states.kept)
