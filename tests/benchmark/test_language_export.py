"""A tiny language model is pretrained, taken out of its run, and read back."""

from pathlib import Path

import pytest
import torch

from protea.benchmark import language_export
from protea.benchmark.hidden_letters import LetterPerplexities, letter_perplexities
from protea.benchmark.language_export import exported_model
from protea.benchmark.trained import TrainedRun, load_run
from protea.encoders.adapters import AdapterConfig
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.encoders.prompts import PromptsConfig
from protea.encoders.weights.language_models import fit_of_language_model, load_language_model
from protea.encoders.weights.reading import read_checkpoint
from protea.errors import InputError
from tests.benchmark.made_runs import write_run
from tests.benchmark.pretrained_letters import MODEL, SMALL
from tests.cli.command import protea


def test_the_model_of_a_run_answers_as_the_run_does(pretrained: Path) -> None:
    run = load_run(pretrained / "run")
    model, config = exported_model(run)
    assert config == SMALL
    tokens = model.tokens(["ACDEVWYL", "MKV"])
    with torch.no_grad():
        logits = model(tokens, logits=True).logits
        states = run.model.encoder.model(tokens).last  # type: ignore[union-attr, operator]
        expected = run.model.objective("letters").head(states)  # type: ignore[operator]
    torch.testing.assert_close(logits, expected)


def test_the_file_is_read_back_and_its_card_tells_the_figures(pretrained: Path) -> None:
    words = ("weights", "export", pretrained / "run", pretrained / "small.safetensors")
    told = protea(*words, "--dtype", "float32", "--cache", pretrained / "cache")
    assert told.code == 0
    card = (pretrained / "small.md").read_text()
    found = letter_perplexities(load_run(pretrained / "run"), pretrained / "cache")
    for value in (found.frequencies, found.composition, found.neighbours, found.model):
        assert f"| {value:.2f} |" in card
    assert "6 steps" in card
    model, _ = exported_model(load_run(pretrained / "run"))
    read = load_language_model(pretrained / "small.safetensors", SMALL).model
    tokens = model.tokens(["ACDEVWYL"])
    with torch.no_grad():
        torch.testing.assert_close(read(tokens, logits=True).logits, model(tokens, logits=True).logits)


def test_a_run_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="trained no language model"):
        exported_model(load_run(write_run(tmp_path / "run")))


def adapted_run(folder: Path, **changes: object) -> TrainedRun:
    """A run of a small model whose adapters have values, with random weights."""
    encoder = LanguageEncoderConfig(model=ProteaMiniConfig(num_layers=2, width=64), **changes)  # type: ignore[arg-type]
    config = MODEL.model_copy(update={"encoder": encoder})
    run = load_run(write_run(folder, config))
    with torch.no_grad():
        for name, value in run.model.encoder.named_parameters():
            if name.endswith(".up"):
                value.normal_()
    return run


def test_adapters_are_merged_and_the_run_keeps_its_own(tmp_path: Path) -> None:
    run = adapted_run(tmp_path / "run", adapters=AdapterConfig(rank=2))
    model, _ = exported_model(run)
    tokens = model.tokens(["ACDEVWYL"])
    with torch.no_grad():
        adapted = run.model.encoder.model(tokens).last  # type: ignore[union-attr, operator]
        torch.testing.assert_close(model(tokens).last, adapted)
    assert not any("parametrizations" in key for key in model.state_dict())
    assert any("parametrizations" in key for key in run.model.encoder.state_dict())


def test_prompts_go_with_the_model_and_those_of_the_objective_are_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts = PromptsConfig(names=("seq", "ic"), active=("ic",))
    run = adapted_run(tmp_path / "run", prompts=prompts)
    run.model.prompts = {run.model.main: ("seq",)}
    monkeypatch.setattr(language_export, "load_run", lambda folder: run)
    figures = LetterPerplexities(3.0, 2.5, 2.0, 1.0, 1, 1, 1.0, 1.0)
    monkeypatch.setattr(language_export, "letter_perplexities", lambda *_: figures)
    monkeypatch.setattr(language_export, "_card", lambda *_: "")
    language_export.write_language_model(tmp_path, tmp_path / "m.safetensors", tmp_path, torch.float32)
    config = run.record.model.encoder.model  # type: ignore[attr-defined]
    read = load_language_model(tmp_path / "m.safetensors", config).model
    tokens = read.tokens(["ACDEVWYL"])
    assert read.prompts.names == ("seq", "ic")
    with torch.no_grad():
        expected = run.model.encoder.model(tokens, prompts=("seq",)).last  # type: ignore[union-attr, operator]
        assert torch.equal(read(tokens).last, expected)
    fit = fit_of_language_model(read_checkpoint(tmp_path / "m.safetensors").checkpoint, config, "here")
    assert fit.is_exact


def test_the_first_blocks_of_a_model_are_not_a_model(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"do not fit the model 'protea_mini'.*blocks"):
        exported_model(adapted_run(tmp_path / "run", layer=1))
