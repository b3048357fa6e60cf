"""Weights to start from: part by part, strictly, with every wrong key named, and held in the run's identity."""

from pathlib import Path

import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import load_file, save_file

from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.prompts import PromptKind, PromptsConfig
from protea.errors import ConfigError, FileFormatError, InputError
from protea.features.schemes import SchemeConfig
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.training.checkpoint import BEST, save_weights
from protea.training.loop import fit
from protea.training.model import ModelConfig, initialised
from protea.training.start import StartConfig, load_start, weights_digest
from tests.training.small import HEAD, SCHNET, proteins, rows_of, small_model, training

PRETRAINING = SequenceDenoisingConfig(head=HEAD)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a run that was trained by sequence denoising."""
    folder = tmp_path / "run"
    folder.mkdir()
    save_weights(initialised(small_model(main=PRETRAINING), seed=5), folder / BEST)
    return folder


def test_the_encoder_is_loaded_and_the_heads_are_not(run: Path) -> None:
    model = initialised(small_model(), seed=0)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    load_start(model, StartConfig(weights=run))
    given = load_file(run / BEST)
    for name, value in model.state_dict().items():
        expected = given[name] if name.startswith("encoder.") else before[name]
        assert torch.equal(value, expected)
    assert any(not torch.equal(before[name], given[name]) for name in before if name.startswith("encoder."))


def test_heads_are_loaded_strictly_and_nothing_changes_where_they_do_not_fit(run: Path) -> None:
    same = initialised(small_model(main=PRETRAINING), seed=0)
    load_start(same, StartConfig(weights=run / BEST, load=("encoder", "heads")))
    given = load_file(run / BEST)
    assert all(torch.equal(value, given[name]) for name, value in same.state_dict().items())
    other = initialised(small_model(), seed=0)
    before = {name: value.clone() for name, value in other.state_dict().items()}
    with pytest.raises(InputError, match=r"the heads of these weights.*of another shape \['objectives\.main"):
        load_start(other, StartConfig(weights=run, load=("encoder", "heads")))
    assert all(torch.equal(value, before[name]) for name, value in other.state_dict().items())


def test_missing_and_unexpected_keys_are_named(run: Path) -> None:
    tensors = load_file(run / BEST)
    name = next(key for key in tensors if key.startswith("encoder."))
    tensors["encoder.stranger"] = tensors.pop(name)
    save_file(tensors, run / BEST)
    with pytest.raises(InputError) as caught:
        load_start(initialised(small_model(), seed=0), StartConfig(weights=run))
    assert name in str(caught.value)
    assert "encoder.stranger" in str(caught.value)


def test_published_names_hold_an_encoder_only(tmp_path: Path, run: Path) -> None:
    encoder = initialised(small_model(), seed=3).encoder
    file = tmp_path / "published.safetensors"
    save_file({name: value.clone() for name, value in encoder.state_dict().items()}, file)
    model = initialised(small_model(), seed=0)
    load_start(model, StartConfig(weights=file, published_names=True))
    assert all(torch.equal(value, encoder.state_dict()[name]) for name, value in model.encoder.state_dict().items())
    with pytest.raises(ConfigError, match="heads cannot be loaded by published names"):
        load_start(model, StartConfig(weights=file, published_names=True, load=("heads",)))


def test_files_that_are_absent_or_no_weights_are_refused(tmp_path: Path) -> None:
    model = initialised(small_model(), seed=0)
    with pytest.raises(InputError, match="no weights to start from"):
        load_start(model, StartConfig(weights=tmp_path / "absent"))
    (tmp_path / "text.safetensors").write_text("no")
    with pytest.raises(FileFormatError, match="not a safetensors file"):
        load_start(model, StartConfig(weights=tmp_path / "text.safetensors"))


def fitted(model: ModelConfig, folder: Path, start: StartConfig | None) -> dict[str, torch.Tensor]:
    folder.mkdir(parents=True, exist_ok=True)
    batch = proteins()
    rows = rows_of(batch, range(8)), rows_of(batch, range(8, 12))
    result = fit(model, training(epochs=1, learning_rate=1e-3), *rows, "auroc", folder, start=start, fingerprint="made")
    return result.model.state_dict()


def test_what_is_frozen_stays_as_it_was_loaded_and_the_rest_learns(tmp_path: Path, run: Path) -> None:
    given, start = load_file(run / BEST), StartConfig(weights=run)
    found = fitted(small_model(is_frozen=True), tmp_path / "frozen", start)
    fresh = initialised(small_model(), seed=0).state_dict()
    assert all(torch.equal(value, given[name]) for name, value in found.items() if name.startswith("encoder."))
    assert any(not torch.equal(value, fresh[name]) for name, value in found.items() if name.startswith("objectives."))
    headless = small_model().model_copy(update={"freeze_heads": True})
    found = fitted(headless, tmp_path / "heads", start)
    assert all(torch.equal(value, fresh[name]) for name, value in found.items() if name.startswith("objectives."))
    assert any(not torch.equal(value, given[name]) for name, value in found.items() if name.startswith("encoder."))


def test_a_run_is_not_continued_from_another_start(tmp_path: Path, run: Path) -> None:
    fitted(small_model(), tmp_path / "one", StartConfig(weights=run))
    with pytest.raises(ConfigError, match="other settings"):
        fitted(small_model(), tmp_path / "one", None)
    assert len(weights_digest(StartConfig(weights=run))) == 64


def test_nothing_to_train_is_refused() -> None:
    with pytest.raises(ValidationError, match="leave nothing to train"):
        ModelConfig.model_validate(small_model(encoder=SCHNET).model_dump() | {
            "freeze_encoder": True, "freeze_heads": True})  # fmt: skip


def prompted(names: tuple[str, ...], kind: PromptKind = "one_way") -> ModelConfig:
    prompts = PromptsConfig(names=names, kind=kind, initialisation=dict.fromkeys(names[1:], f"prompt:{names[0]}"))
    encoder = LanguageEncoderConfig(model=ESM2Config(num_layers=1, width=16, num_heads=2), prompts=prompts)
    return small_model(encoder=encoder).model_copy(update={"scheme": SchemeConfig(kind="sequence")})


def test_new_prompts_are_named_and_start_from_what_was_loaded(tmp_path: Path) -> None:
    old = initialised(prompted(("seq",)), seed=5)
    save_weights(old, tmp_path / BEST)
    model = initialised(prompted(("seq", "ic")), seed=0)
    with pytest.raises(InputError, match=r"model\.prompts\.row\.<ic>"):
        load_start(model, StartConfig(weights=tmp_path))
    load_start(model, StartConfig(weights=tmp_path, new_prompts=("ic",)))
    rows = model.encoder.model.prompts.row
    assert torch.equal(rows["<seq>"], old.encoder.model.prompts.row["<seq>"])
    assert torch.equal(rows["<ic>"], rows["<seq>"])  # not the copy of the row that was there before
    with pytest.raises(ConfigError, match="no such prompts"):
        load_start(model, StartConfig(weights=tmp_path, new_prompts=("crd",)))
    with pytest.raises(InputError, match=r"unexpected.*<seq>"):
        load_start(model, StartConfig(weights=tmp_path, new_prompts=("seq", "ic")))


@pytest.mark.parametrize("kind", ["one_way", "gated"])
def test_the_first_prompts_of_a_model_and_their_gates_are_new(tmp_path: Path, kind: PromptKind) -> None:
    without = small_model(
        encoder=LanguageEncoderConfig(model=ESM2Config(num_layers=1, width=16, num_heads=2))
    ).model_copy(update={"scheme": SchemeConfig(kind="sequence")})  # fmt: skip
    save_weights(initialised(without, seed=5), tmp_path / BEST)
    model = initialised(prompted(("seq",), kind), seed=0)
    before = model.encoder.model.prompts.row["<seq>"].detach().clone()
    spread = model.encoder.model.embedding.token.weight.detach().std()
    load_start(model, StartConfig(weights=tmp_path, new_prompts=("seq",)))
    ratio = model.encoder.model.embedding.token.weight.detach().std() / spread
    torch.testing.assert_close(model.encoder.model.prompts.row["<seq>"].detach(), before * ratio)


def test_new_objectives_are_named_and_old_heads_are_loaded(tmp_path: Path) -> None:
    save_weights(initialised(small_model(), seed=5), tmp_path / BEST)
    model = initialised(small_model(auxiliary=0.1), seed=0)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(InputError, match=r"objectives\.auxiliary\."):
        load_start(model, StartConfig(weights=tmp_path, load=("encoder", "heads")))
    load_start(model, StartConfig(weights=tmp_path, load=("encoder", "heads"), new_objectives=("auxiliary",)))
    old = initialised(small_model(), seed=5).state_dict()
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name] if name.startswith("objectives.auxiliary.") else old[name]), name
    with pytest.raises(ConfigError, match="no objective 'other'"):
        load_start(model, StartConfig(weights=tmp_path, load=("heads",), new_objectives=("other",)))
