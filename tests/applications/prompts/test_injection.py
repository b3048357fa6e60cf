"""Prompts are trained into a model on data of their own, on a motif that decides who interacts."""

import json
import shutil
from pathlib import Path

import pytest
import torch
import yaml

from protea.applications.prompts import injection as injection_module
from protea.applications.prompts.injection import inject, model_of_injection, open_data
from protea.applications.prompts.provenance import prompts_of_run
from protea.applications.prompts.starting_weights import source_of
from protea.benchmark.predictions import load_predictions
from protea.benchmark.trained import load_run
from protea.errors import ConfigError, InputError
from protea.training.loop import LOG
from tests.applications.prompts.made_injections import Injected, injection, write_corpus


def test_held_out_pairs_are_told_by_the_motif(injected: Injected) -> None:
    assert (
        injected.content["metrics"]["test"]["pairs"]["auroc"] > 0.85
    )  # chance is 0.5, and 24 pairs have a deviation of 0.1
    # Every second letter of the corpus is A: 20 letters would have a perplexity of 20, half of them known 4.2.
    assert injected.content["metrics"]["test"]["letters"]["perplexity"] < 13
    assert injected.content["data"]["pairs"]["pairs"] == {"train": 36, "validation": 12, "test": 12}
    found = load_predictions(injected.run / "predictions-pairs-test.npz")
    assert found.value("auroc") == injected.content["metrics"]["test"]["pairs"]["auroc"]
    assert len(found.ids) == 24


def test_the_folder_is_that_of_a_run_with_the_provenance_of_its_prompts(injected: Injected) -> None:
    run = load_run(injected.run)
    assert run.model.encoder.prompt_names == ("seq", "ic")
    assert run.model.encoder.default_prompts == ()
    assert run.model.prompts == {"pairs": ("ic",), "letters": ("seq",)}
    seq, ic = prompts_of_run(run)
    assert list(seq.tasks) == ["letters"]
    assert ic.tasks["pairs"]["objective"] == "pair_interaction"
    assert ic.tasks["pairs"]["weight"] == 1.0
    assert ic.started_from == "random esm2"
    best = injected.content["best_epoch"] + 1
    assert ic.steps == 5 * best  # 72 pairs in batches of 16
    assert run.record.start_sha256 is not None


def test_a_finished_injection_is_returned_and_another_one_refused(injected: Injected) -> None:
    again = inject(injected.config, injected.run, injected.cache)
    assert again == json.loads(json.dumps(injected.content))
    other = injected.config.model_copy(update={"injection_weight": 2.0})
    with pytest.raises(ConfigError, match="another injection"):
        inject(other, injected.run, injected.cache)


def test_a_finished_injection_of_other_data_is_refused(injected: Injected, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(injected.run, run)
    tree = yaml.safe_load((run / "run.yaml").read_text())
    tree["data_fingerprint"] = "of other pairs"
    (run / "run.yaml").write_text(yaml.safe_dump(tree))
    with pytest.raises(ConfigError, match=r"results on other data.*found of other pairs"):
        inject(injected.config, run, injected.cache)


def test_lambda_and_alphas_are_the_weights_of_the_loss(tmp_path: Path) -> None:
    config = injection(tmp_path, injection_weight=0.5)
    pairs = config.tasks["pairs"].model_copy(update={"alpha": 3.0})
    letters = config.tasks["letters"].model_copy(update={"alpha": 0.25})
    config = config.model_copy(update={"tasks": {"letters": letters, "pairs": pairs}})
    model = model_of_injection(config, source_of(config))
    assert model.weights == {"letters": 0.25, "pairs": 1.5}
    assert list(model.objectives) == ["pairs", "letters"]  # what is injected decides when to stop


def test_prompts_that_are_there_or_not_there_are_told(injected: Injected, tmp_path: Path) -> None:
    tree = injected.config.model_dump(mode="json") | {"encoder": None, "run": str(injected.run)}
    again = type(injected.config).model_validate(tree)
    with pytest.raises(ConfigError, match=r"\['ic', 'seq'\] already"):
        model_of_injection(again, source_of(again))
    config = injection(tmp_path, new_prompts={"seq": "normal"})
    with pytest.raises(ConfigError, match=r"prompts that are not there.*pairs.*ic"):
        model_of_injection(config, source_of(config))


def test_a_third_prompt_leaves_rows_backbone_and_records_as_they_were(injected: Injected, tmp_path: Path) -> None:
    data = write_corpus(tmp_path, num=20, seed=7)
    letters = injected.config.tasks["letters"].model_dump(mode="json")
    tree = {
        "run": str(injected.run), "new_prompts": {"more": "prompt:seq"}, "freeze_backbone": True,
        "tasks": {"letters": {**letters, "prompts": ["more"], "data": data}},
        "training": {"epochs": 2, "learning_rate": 1e-2, "batch": {"max_proteins": 4}},
    }  # fmt: skip
    config = type(injected.config).model_validate(tree)
    content = inject(config, tmp_path / "run", tmp_path / "cache")
    # The head of the task is that of the run, so there is a figure from before.
    assert set(content["before"]["letters"]) == {"perplexity"}
    old, new = load_run(injected.run).model, load_run(tmp_path / "run").model
    before, after = old.encoder.state_dict(), new.encoder.state_dict()
    assert set(after) - set(before) == {"model.prompts.row.<more>"}
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert not torch.equal(after["model.prompts.row.<more>"], before["model.prompts.row.<seq>"])
    records = prompts_of_run(load_run(tmp_path / "run"))
    assert [record.name for record in records] == ["seq", "ic", "more"]
    assert records[:2] == prompts_of_run(load_run(injected.run))
    assert records[2].backbone_was_frozen is True


def test_what_resembles_the_tests_is_left_out_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = injection(tmp_path / "data", guard={"test_parts": True})
    # One training sequence of the corpus is that of a tested protein of the network.
    data = open_data(config, tmp_path / "cache")
    tested = data.of["pairs"].sequences("test")
    name, letters = next(iter(tested.items()))
    trained = next(iter(data.of["letters"].sequences("train")))
    path = tmp_path / "data" / "corpus.fasta"
    lines = path.read_text().splitlines()
    lines[lines.index(f">{trained}") + 1] = letters
    path.write_text("\n".join(lines) + "\n")
    found = open_data(config, tmp_path / "cache", tmp_path / "guard.json")
    assert found.left_out["letters"] == ((trained, f"pairs:{name}"),)
    with monkeypatch.context() as patched:  # a stopped run finds what the guard wrote
        patched.setattr(injection_module, "relatives_of", None)
        again = open_data(config, tmp_path / "cache", tmp_path / "guard.json")
    assert again.left_out == found.left_out
    assert again.facts == found.facts
    rows = found.rows(config, "letters", "train")
    assert trained not in rows.load(rows.rows.tolist()).ids
    assert len(rows) == len(data.rows(config, "letters", "train")) - 1


def test_a_stopped_injection_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    short = {"epochs": 2, "learning_rate": 1e-2, "batch": {"max_proteins": 16}, "checkpoint_steps": 2}
    whole = inject(injection(tmp_path / "data", training=short), tmp_path / "whole", tmp_path / "cache")
    config = injection(tmp_path / "data", training=short)

    def stop(record: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        inject(config, tmp_path / "parts", tmp_path / "cache", stop)
    parts = inject(config, tmp_path / "parts", tmp_path / "cache")
    one, other = (load_run(tmp_path / name).model.state_dict() for name in ("whole", "parts"))
    assert all(torch.equal(value, other[name]) for name, value in one.items())
    assert parts["metrics"] == whole["metrics"]
    assert len((tmp_path / "parts" / LOG).read_text().splitlines()) == 3


def test_a_run_that_is_not_there_is_refused(tmp_path: Path) -> None:
    config = injection(tmp_path).model_copy(update={"encoder": None, "run": tmp_path / "absent"})
    with pytest.raises(InputError, match="no trained run"):
        source_of(config)
