"""A language model as an encoder: tokens of residues, chains, layers, weights, and what refuses it."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import save_file

from protea.encoders.language.encoder import LanguageEncoder, LanguageEncoderConfig, tokens_of_residues
from protea.encoders.language.esm2 import ESM2_VOCABULARY, ESM2Config
from protea.encoders.language.protea_mini import PROTEA_VOCABULARY, ProteaMiniConfig
from protea.encoders.prompts import PromptsConfig
from protea.errors import ConfigError, InputError, LeakError
from protea.features.interface import FeaturisedBatch
from protea.features.schemes import SchemeConfig
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.objectives.multiclass import MultiClassConfig
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.batch import pack
from protea.protein.record import Label, protein_from_sequence
from protea.training.model import ModelConfig, ProteinModel
from tests.encoders.language.test_catalogue import TINY as MODELS

TINY = ESM2Config(num_layers=2, width=32, num_heads=4)


def built(model: ESM2Config | ProteaMiniConfig = TINY, layer: int | None = None) -> LanguageEncoder:
    torch.manual_seed(0)
    return LanguageEncoderConfig(model=model, layer=layer).build(0).eval()


def features(*sequences: str, **changes: bool) -> FeaturisedBatch:
    proteins = [protein_from_sequence(str(number), text) for number, text in enumerate(sequences)]
    config = SchemeConfig(kind="sequence").model_copy(update=changes)
    return config.build()(pack(proteins), LanguageEncoderConfig().graph)


def test_residues_are_the_tokens_of_the_sequence() -> None:
    types = torch.tensor([0, 5, 20, 19, 1])
    tokens, rows = tokens_of_residues(types, torch.tensor([0, 3]), ESM2_VOCABULARY)
    first, second = ESM2_VOCABULARY.encode("AGX"), ESM2_VOCABULARY.encode("YC")
    assert tokens.lengths == (5, 4)
    assert tokens.token.tolist() == [*first.tolist(), *second.tolist()]
    assert rows.tolist() == [1, 2, 3, 6, 7]


def test_states_are_those_of_the_model() -> None:
    encoder = built()
    with torch.no_grad():
        found = encoder(features("MKV", "ACDEFGH"))
        reading = encoder.model(encoder.model.tokens(["MKV", "ACDEFGH"]), states=[1])
        early = built(layer=1)(features("MKV", "ACDEFGH"))
    rows = [*range(1, 4), *range(6, 13)]
    torch.testing.assert_close(found.residue, reading.last[rows])
    torch.testing.assert_close(early.residue, reading.states[1][rows])
    torch.testing.assert_close(found.protein[0], reading.last[1:4].mean(0))


def test_chains_are_sequences_of_their_own() -> None:
    encoder = built()
    two = features("MKVACD")
    two = dataclasses.replace(two, chain_of=torch.tensor([0, 0, 0, 1, 1, 1]))
    with torch.no_grad():
        apart = encoder(features("MKV", "ACD"))
        together, as_one = encoder(two), encoder(features("MKVACD"))
    torch.testing.assert_close(together.residue, apart.residue)
    assert not np.allclose(together.residue, as_one.residue, atol=1e-3)


def test_a_scheme_without_residue_types_is_refused() -> None:
    with pytest.raises(ConfigError, match="without_residue_type"):
        built()(features("MKV", without_residue_type=True))


def test_every_residue_type_is_a_token_of_its_letter() -> None:
    for vocabulary in (ESM2_VOCABULARY, PROTEA_VOCABULARY):
        tokens, rows = tokens_of_residues(torch.arange(21), torch.tensor([0]), vocabulary)
        assert [vocabulary.tokens[id] for id in tokens.token[rows]] == [*STANDARD_LETTERS, "X"]


@pytest.mark.parametrize("kind", sorted(MODELS))
def test_every_model_reads_every_residue_type(kind: str) -> None:
    encoder = LanguageEncoderConfig(model=MODELS[kind]).build(0).eval()
    vocabulary = encoder.model.vocabulary
    tokens, rows = tokens_of_residues(torch.arange(21), torch.tensor([0]), vocabulary)
    names = [vocabulary.tokens[id] for id in tokens.token[rows]]
    if kind == "saprot":
        assert names == [f"{letter}#" for letter in STANDARD_LETTERS + "#"]
    else:
        assert names == [*STANDARD_LETTERS, "<unk>" if kind == "amplify" else "X"]
    with torch.no_grad():
        assert encoder(features("MKVX", "A")).residue.shape == (5, encoder.output_dim)


def test_a_layer_ends_the_model() -> None:
    encoder = built(layer=1)
    assert len(encoder.model.transformer.blocks) == 1
    encoder(features("MKV")).residue.square().sum().backward()
    assert all(parameter.grad is not None for parameter in encoder.parameters())
    with pytest.raises(ValidationError, match="layer 3 of a model with 2 blocks"):
        LanguageEncoderConfig(model=TINY, layer=3)


def test_a_frozen_model_is_not_trained_and_stays_in_evaluation_mode() -> None:
    encoder = LanguageEncoderConfig(model=TINY, is_frozen=True).build(0).train()
    assert encoder.training
    assert not any(module.training for module in encoder.model.modules())
    assert not encoder(features("MKV")).residue.requires_grad


def test_recomputed_blocks_give_the_same_gradients() -> None:
    gradients = []
    for recomputes in (False, True):
        torch.manual_seed(0)
        encoder = LanguageEncoderConfig(model=TINY, recomputes=recomputes).build(0).train()
        encoder(features("MKV", "ACD")).residue.square().sum().backward()
        gradients.append(encoder.model.embedding.token.weight.grad)
    torch.testing.assert_close(gradients[0], gradients[1])


def test_no_residues_give_no_rows() -> None:
    found = built()(features("", ""))
    assert found.residue.shape == (0, 32)
    assert found.protein.shape == (2, 32)
    assert not found.protein.any()


def test_weights_of_a_file_are_loaded(tmp_path: Path) -> None:
    config = ProteaMiniConfig(num_layers=1, width=64)
    model = config.build().eval()
    save_file(model.state_dict(), tmp_path / "weights.safetensors")
    path = str(tmp_path / "weights.safetensors")
    encoder = LanguageEncoderConfig(model=config, weights=path).build(0).eval()
    with torch.no_grad():
        torch.testing.assert_close(encoder(features("MKV")).residue, model(model.tokens(["MKV"])).last[1:4])
    with pytest.raises(ValidationError, match="does not say which model"):
        LanguageEncoderConfig(weights=path)
    with pytest.raises(InputError, match="do not fit"):
        LanguageEncoderConfig(model=ProteaMiniConfig(num_layers=2, width=64), weights=path).build(0)


def test_the_model_follows_from_the_name_of_its_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = LanguageEncoderConfig(weights="esm2_35m")
    assert config.model == ESM2Config.sized("35M")
    assert LanguageEncoderConfig.model_validate(config.model_dump()) == config
    with pytest.raises(ValidationError, match=r"no_such.*expected one of protea_mini, esm2_8m"):
        LanguageEncoderConfig(weights="no_such")
    monkeypatch.setenv("PROTEA_CACHE", str(tmp_path))
    with pytest.raises(InputError, match="esm2_35m"):
        config.build(0)


def test_an_objective_that_forbids_residue_types_refuses_it() -> None:
    def model(scheme: SchemeConfig) -> ProteinModel:
        objectives = {"types": InverseFoldingConfig()}
        encoder = LanguageEncoderConfig(model=TINY)
        return ModelConfig(scheme=scheme, encoder=encoder, objectives=objectives, weights={"types": 1.0}).build()

    with pytest.raises(LeakError, match="residue_type"):
        model(SchemeConfig(kind="sequence"))
    blind = model(SchemeConfig(kind="ca_base", without_residue_type=True))
    inputs = blind.featurise(pack([protein_from_sequence("a", "MKV")]))
    with pytest.raises(ConfigError, match="without_residue_type"):
        blind(inputs)


def test_it_trains_on_sequences_without_structure() -> None:
    torch.manual_seed(0)
    objectives = {"known": MultiClassConfig(label="parity", level="residue", num_classes=2)}
    config = ModelConfig(
        scheme=SchemeConfig(kind="sequence"), encoder=LanguageEncoderConfig(model=TINY), objectives=objectives,
        weights={"known": 1.0},
    )  # fmt: skip
    model = config.build().train()
    optimiser = torch.optim.Adam(model.parameters(), 3e-3)
    texts = ["MKVACDEFGH", "AYWKLMNPQRST"]
    proteins = []
    for text in texts:
        is_odd = np.array([STANDARD_LETTERS.index(letter) % 2 for letter in text])
        labels = {"parity": Label("residue", is_odd, np.ones(len(text), dtype=bool))}
        proteins.append(dataclasses.replace(protein_from_sequence(text, text), labels=labels))
    batch = pack(proteins, labels=("parity",))
    losses = []
    for _ in range(30):
        found = model.loss_sums(model(model.featurise(batch)), model.targets(batch))["known"]
        optimiser.zero_grad()
        found.backward()
        optimiser.step()
        losses.append(float(found.detach()))
    assert losses[-1] < 0.2 * losses[0]


PROMPTS = PromptsConfig(names=("seq", "ic"), active=("seq",))


def prompted(**settings: object) -> LanguageEncoder:
    torch.manual_seed(0)
    return LanguageEncoderConfig.model_validate({"model": TINY, "prompts": PROMPTS, **settings}).build(0)


def test_prompts_are_the_default_set_unless_the_batch_names_others() -> None:
    encoder, inputs = prompted().eval(), features("MKV", "ACDEFGH")
    tokens = encoder.model.tokens(["MKV", "ACDEFGH"])
    rows = [*range(1, 4), *range(6, 13)]
    assert encoder.prompt_names == ("seq", "ic")
    assert encoder.default_prompts == ("seq",)
    for asked, names in ((None, ("seq",)), (("ic", "seq"), ("seq", "ic")), ((), ())):
        with torch.no_grad():
            found = encoder(inputs.with_prompts(asked)).residue
            assert torch.equal(found, encoder.model(tokens, prompts=names).last[rows])
    with pytest.raises(ConfigError, match="no such prompts"):
        encoder(inputs.with_prompts(("crd",)))


@pytest.mark.parametrize("layer", [None, 1])
def test_prompts_are_trained_beside_a_frozen_model(layer: int | None) -> None:
    encoder = prompted(is_frozen=True, layer=layer, prompts=PROMPTS.model_copy(update={"trained": ("ic",)})).train()
    assert not encoder.model.training
    encoder(features("MKV").with_prompts(("seq", "ic"))).residue.square().sum().backward()
    trained = [name for name, value in encoder.named_parameters() if value.grad is not None and bool(value.grad.any())]
    assert trained == ["model.prompts.row.<ic>"]


def test_prompts_are_trained_beside_adapters() -> None:
    encoder = prompted(adapters={"rank": 2}).train()
    encoder(features("MKV")).residue.square().sum().backward()
    trained = {name.rpartition(".")[2] for name, value in encoder.named_parameters() if value.grad is not None}
    assert trained == {"<seq>", "up", "down"}


def test_recomputed_blocks_give_the_same_gradients_under_prompts() -> None:
    gradients = []
    for recomputes in (False, True):
        encoder = prompted(recomputes=recomputes).train().double()
        encoder(features("MKV", "ACD")).residue.square().sum().backward()
        gradients.append([value.grad for value in encoder.parameters() if value.grad is not None])
    for plain, again in zip(*gradients, strict=True):
        torch.testing.assert_close(plain, again)


def test_prompts_start_from_the_weights_that_are_loaded(tmp_path: Path) -> None:
    config = ProteaMiniConfig(num_layers=1, width=64)
    model = config.build()
    save_file(model.state_dict(), tmp_path / "weights.safetensors")
    settings = {"model": config, "weights": str(tmp_path / "weights.safetensors")}
    prompts = PromptsConfig(names=("seq",), initialisation={"seq": "token:X"})
    encoder = LanguageEncoderConfig.model_validate({**settings, "prompts": prompts}).build(0)
    row = encoder.model.prompts.row["<seq>"]
    assert torch.equal(row, model.embedding.token.weight[PROTEA_VOCABULARY.mask_id])
    again = LanguageEncoderConfig.model_validate({"model": config, "prompts": prompts}).build(0)
    again.load_state_dict(encoder.state_dict(), strict=True)
    assert torch.equal(again.model.prompts.row["<seq>"], row)


def test_prompts_of_a_file_of_weights_are_named_by_the_encoder(tmp_path: Path) -> None:
    config = ProteaMiniConfig(num_layers=1, width=64)
    model = config.build()
    model.add_prompts(PROMPTS)
    note = {"names": "protea", "prompts": PROMPTS.model_dump_json()}
    save_file(model.state_dict(), tmp_path / "weights.safetensors", metadata=note)
    settings = {"model": config, "weights": str(tmp_path / "weights.safetensors")}
    with pytest.raises(ConfigError, match="`prompts` with the names seq, ic"):
        LanguageEncoderConfig.model_validate(settings).build(0)
    wider = PromptsConfig(names=("seq", "ic", "crd"), active=("ic",))
    encoder = LanguageEncoderConfig.model_validate({**settings, "prompts": wider}).build(0)
    assert encoder.default_prompts == ("ic",)
    assert torch.equal(encoder.model.prompts.rows(("seq", "ic")), model.prompts.rows(("seq", "ic")))
    encoder.config.unloaded().build(0).load_state_dict(encoder.state_dict(), strict=True)
