"""The model of a run: parts in order, weights checked, leaks refused, weights a function of the seed."""

import pytest
import torch

from protea.config import parse_config
from protea.encoders.cdconv import CDConvConfig
from protea.encoders.egnn import EGNNConfig
from protea.encoders.fusion import FusionConfig
from protea.encoders.gcpnet import GCPNetConfig
from protea.encoders.interface import EncoderConfig
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.prompts import PromptsConfig
from protea.errors import ConfigError, LeakError
from protea.features.schemes import SchemeConfig
from protea.objectives.coordinate_recovery import CoordinateRecoveryConfig
from protea.objectives.interface import Corruption, ObjectiveConfig
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.objectives.masked_angle_prediction import MaskedAnglePredictionConfig
from protea.objectives.masked_distance_prediction import MaskedDistancePredictionConfig
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.objectives.structure_denoising import StructureDenoisingConfig
from protea.training.model import ModelConfig, ProteinModel, initialised
from tests.training.small import EGNN, SCHNET, proteins, small_model


def test_a_mapping_is_parsed_by_its_kind() -> None:
    tree = small_model(encoder=EGNN, auxiliary=0.1).model_dump(mode="json")
    found = parse_config(ModelConfig, tree, where="here")
    assert found == small_model(encoder=EGNN, auxiliary=0.1)
    assert isinstance(found.encoder, EGNNConfig)


def test_an_unknown_encoder_is_refused_with_the_names_that_there_are() -> None:
    tree = small_model().model_dump(mode="json") | {"encoder": {"kind": "schnett"}}
    with pytest.raises(ConfigError, match=r"egnn.*schnet"):
        parse_config(ModelConfig, tree, where="here")


def test_weights_are_a_function_of_the_seed_and_the_global_generator_is_left_alone() -> None:
    before = torch.random.get_rng_state()
    one, same, other = (initialised(small_model(), seed) for seed in (0, 0, 1))
    assert torch.equal(torch.random.get_rng_state(), before)
    pairs = zip(one.parameters(), same.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    assert any(not torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_each_objective_needs_its_weight() -> None:
    config = small_model(auxiliary=0.1).model_copy(update={"weights": {"main": 1.0}})
    with pytest.raises(ConfigError, match="one weight per objective"):
        config.build()


def test_objectives_with_one_decoder_share_it() -> None:
    tasks = {"fold": {"kind": "one_class", "num_classes": 2}, "site": {"kind": "residue_positions"}}
    tree = small_model().model_dump(mode="json")
    tree["objectives"] = {name: {"kind": "decoded_label", "label": name, "decoder": {"tasks": tasks}} for name in tasks}
    tree["weights"] = dict.fromkeys(tasks, 1.0)
    model = parse_config(ModelConfig, tree, where="here").build()
    fold, site = (model.objective(name) for name in tasks)
    assert fold.decoder is site.decoder
    # What is shared is trained once, and saved under the name of each.
    names = [name for name, _ in model.named_parameters() if name.startswith("objectives.")]
    assert all(name.startswith("objectives.fold.") for name in names)
    assert set(names) | {name.replace(".fold.", ".site.") for name in names} <= set(model.state_dict())


def test_the_first_objective_is_the_main_one_and_a_wrong_name_lists_the_right_ones() -> None:
    model = small_model(auxiliary=0.1).build()
    assert model.main == "main"
    with pytest.raises(ConfigError, match=r"no objective 'other'; expected one of \['auxiliary', 'main'\]"):
        model.objective("other")


def test_a_frozen_encoder_stays_in_evaluation_mode() -> None:
    model = small_model(encoder=EGNN, is_frozen=True).build()
    model.train()
    assert model.training
    assert not model.encoder.training
    assert all(not module.training for module in model.encoder.modules())
    assert model.objective("main").training
    assert not any(parameter.requires_grad for parameter in model.encoder.parameters())


def test_all_objectives_read_one_corrupted_batch_and_keep_their_own_targets() -> None:
    config = ModelConfig(
        scheme=SchemeConfig(kind="ca_angles", without_residue_type=True),
        encoder=SCHNET,
        objectives={"denoise": SequenceDenoisingConfig(rate=0.5), "fold_back": InverseFoldingConfig()},
        weights={"denoise": 1.0, "fold_back": 1.0},
    )
    model, batch = config.build().double(), proteins()
    corrupted = model.corrupt(batch, Corruption(0, 0))
    targets = model.targets(corrupted)
    assert not torch.equal(corrupted.residue_type, batch.residue_type)
    assert torch.equal(targets["fold_back"].value, batch.residue_type)
    assert torch.equal(targets["denoise"].value, batch.residue_type)


def test_an_objective_that_is_not_asked_neither_corrupts_nor_answers() -> None:
    config = ModelConfig(
        scheme=SchemeConfig(kind="ca_angles", without_residue_type=True),
        encoder=SCHNET,
        objectives={"denoise": SequenceDenoisingConfig(rate=0.5), "fold_back": InverseFoldingConfig()},
        weights={"denoise": 1.0, "fold_back": 1.0},
    )
    model, batch = config.build().double(), proteins()
    asked = ["fold_back"]
    assert model.asked(None) == model.asked({"fold_back", "denoise"}) == ["denoise", "fold_back"]
    assert model.corrupt(batch, Corruption(0, 0), asked) is batch
    assert list(model.targets(batch, names=asked)) == asked
    assert list(model(model.featurise(batch), names=asked)) == asked
    assert model.views(batch, Corruption(0, 0), asked) == {}


def test_masked_items_reach_neither_loss_nor_gradient() -> None:
    model, batch = small_model().build().double().eval(), proteins()
    targets = model.targets(batch)
    prediction = model(model.featurise(batch))["main"].detach().requires_grad_()
    model.loss_sums({"main": prediction}, targets)["main"].backward()
    assert prediction.grad is not None
    assert torch.equal(prediction.grad != 0, targets["main"].is_supervised)


def test_residues_have_an_orientation_where_the_encoder_reads_it() -> None:
    sizes = GCPNetConfig(hidden_dim=8, num_vectors=4, edge_dim=4, num_layers=1)
    model, other = initialised(small_model(encoder=sizes), 0), initialised(small_model(encoder=SCHNET), 0)
    assert model.featurise(proteins(2)).vector is not None
    assert other.featurise(proteins(2)).vector is None
    assert all(bool(value.isfinite().all()) for value in model(model.featurise(proteins(2))).values())


def prompted_model(**prompts: tuple[str, ...]) -> ProteinModel:
    """Two objectives on a tiny language model with the prompts `seq` and `ic`, of which `seq` is the default."""
    encoder = LanguageEncoderConfig(
        model=ESM2Config(num_layers=1, width=16, num_heads=2),
        prompts=PromptsConfig(names=("seq", "ic"), active=("seq",)),
    )
    config = small_model(encoder=encoder, auxiliary=0.1).model_copy(update={"scheme": SchemeConfig(kind="sequence")})
    return initialised(ModelConfig.model_validate(config.model_dump() | {"prompts": prompts}), 0).double().eval()


@pytest.mark.parametrize(
    ("prompts", "read"),
    [
        ({}, [("seq",)]),
        ({"auxiliary": ("ic",)}, [("seq",), ("ic",)]),
        ({"main": ("seq",)}, [("seq",)]),
        ({"main": ("ic", "seq"), "auxiliary": ("seq", "ic")}, [("seq", "ic")]),
        ({"main": ()}, [(), ("seq",)]),
    ],
)
def test_each_objective_is_read_under_its_prompts_and_each_set_is_encoded_once(
    prompts: dict[str, tuple[str, ...]], read: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, batch = prompted_model(**prompts), proteins(2)
    inputs = model.featurise(batch)
    with torch.no_grad():
        expected = {
            name: model.objective(name).predict(model.encoder(seen), seen)
            for name in model.objectives
            for seen in [inputs.with_prompts(prompts.get(name))]
        }
        seen_sets: list[tuple[str, ...]] = []
        forward = model.encoder.model.forward
        monkeypatch.setattr(
            model.encoder.model,
            "forward",
            lambda tokens, prompts: seen_sets.append(prompts) or forward(tokens, prompts=prompts),
        )
        found = model(inputs)
    assert seen_sets == read
    for name, value in expected.items():
        assert torch.equal(found[name], value)


def test_a_batch_may_name_prompts_where_the_configuration_names_none() -> None:
    model, batch = prompted_model(auxiliary=("ic",)), proteins(2)
    inputs = model.featurise(batch)
    with torch.no_grad():
        default, asked = model(inputs), model(inputs.with_prompts(("ic",)))
    assert not torch.equal(default["main"], asked["main"])
    assert torch.equal(default["auxiliary"], asked["auxiliary"])


def test_prompts_that_are_not_there_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"no such prompts.*some of seq, ic"):
        prompted_model(main=("crd",))
    tree = small_model().model_dump() | {"prompts": {"other": ("seq",)}}
    with pytest.raises(ConfigError, match=r"prompts of objectives that are not there: \['other'\]"):
        parse_config(ModelConfig, tree, where="here")
    model = small_model().build()
    with pytest.raises(ConfigError, match=r"encoder schnet: no such prompts.*kind: language_model"):
        model(model.featurise(proteins(1)).with_prompts(("seq",)))
    with pytest.raises(ConfigError, match="encoder without prompts"):
        model.add_prompts(PromptsConfig(names=("seq",)))


def test_a_trained_model_gets_further_prompts() -> None:
    model = prompted_model()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    wider = PromptsConfig(names=("seq", "ic", "crd"), initialisation={"crd": "prompt:ic"}, trained=("crd",))
    assert model.add_prompts(wider) == ("crd",)
    after = model.state_dict()
    assert set(after) - set(before) == {"encoder.model.prompts.row.<crd>"}
    assert all(torch.equal(after[name], value) for name, value in before.items())
    assert model.encoder.config.prompts == wider
    assert [name for name, value in model.encoder.model.prompts.named_parameters() if value.requires_grad] == [
        "row.<crd>"
    ]


@pytest.mark.parametrize("objective", [MaskedDistancePredictionConfig(), MaskedAnglePredictionConfig()])
def test_an_encoder_that_sees_hidden_edges_is_not_asked_for_them(objective: ObjectiveConfig) -> None:
    def model(encoder: EncoderConfig) -> ModelConfig:
        return small_model(encoder=encoder, main=objective)

    cdconv = CDConvConfig(channels=(8,), embedding_dim=4)
    for encoder in (cdconv, FusionConfig(how="parallel", sequence=SCHNET, structure=cdconv)):
        with pytest.raises(LeakError, match="finds neighbours of its own"):
            model(encoder).build()
        assert small_model(encoder=encoder).build()
    assert model(SCHNET).build()


@pytest.mark.parametrize("other", [StructureDenoisingConfig(), MaskedDistancePredictionConfig()])
@pytest.mark.parametrize("is_first", [True, False])
def test_nothing_is_asked_of_atoms_that_an_objective_takes_away(other: ObjectiveConfig, is_first: bool) -> None:
    both = {"recovery": CoordinateRecoveryConfig(), "other": other}
    objectives = dict(sorted(both.items(), reverse=is_first))
    config = ModelConfig(
        scheme=SchemeConfig(kind="ca_angles"), encoder=SCHNET, objectives=objectives, weights=dict.fromkeys(both, 1.0)
    )
    model, batch = config.build().double(), proteins()
    with pytest.raises(ConfigError, match=r"'recovery' takes away the atoms that \['other'\] ask about"):
        model.corrupt(batch, Corruption(0, 0))
    for name in both:
        assert model.corrupt(batch, Corruption(0, 0), [name]) is not batch
