import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.applications.interactions.pair_predictor import load_predictor, save_predictor
from protea.applications.interactions.protein_inputs import ProteinInputs
from protea.datasets.sequence_digest import sequence_digest
from protea.errors import FileFormatError, InputError
from tests.applications.interactions.made_predictor import made_predictor
from tests.applications.interactions.made_problem import telling_network


@pytest.mark.parametrize("maps", [False, True])
def test_a_model_from_its_folder_answers_as_before(maps: bool, tmp_path: Path) -> None:
    predictor = made_predictor(maps=maps, outputs=("binding", "reaction"))
    save_predictor(predictor, tmp_path / "model")
    loaded = load_predictor(tmp_path / "model")
    assert (loaded.outputs, loaded.threshold, loaded.facts) == (("binding", "reaction"), 0.5, predictor.facts)
    network = telling_network()
    assert network.sequences is not None
    inputs = ProteinInputs(predictor.config.inputs, network.sequences, None, maps)
    rows = np.arange(6)
    for model in (predictor, loaded):
        state = model.states(inputs, rows)
        found = model.probability(state[:3], state[3:])
        assert found.shape == (3, 2)
        expected = predictor.probability(*predictor.states(inputs, rows).split(3))
        assert torch.equal(found, expected)


@torch.no_grad()
def test_vectors_are_standardised_before_the_head() -> None:
    predictor = made_predictor()
    network = telling_network()
    assert network.sequences is not None
    inputs = ProteinInputs(predictor.config.inputs, network.sequences, None, False)
    rows = np.arange(4)
    expected = predictor.head.state(None, None, (inputs.vectors(rows) - 0.05) / 0.1)
    assert torch.allclose(predictor.states(inputs, rows), expected)


def test_training_proteins_are_known_again(tmp_path: Path) -> None:
    plain = made_predictor()
    assert plain.is_trained_on("MKV") is None
    told = replace(plain, trained_on=frozenset({sequence_digest("MKV")}))
    save_predictor(told, tmp_path)
    loaded = load_predictor(tmp_path)
    assert (loaded.is_trained_on("MKV"), loaded.is_trained_on("MKL")) == (True, False)
    assert loaded.digest() == plain.digest()
    save_predictor(plain, tmp_path)  # where a model was that could tell
    assert load_predictor(tmp_path).is_trained_on("MKV") is None


@pytest.mark.parametrize("maps", [False, True])
def test_other_weights_scale_or_outputs_are_another_digest(maps: bool, tmp_path: Path) -> None:
    plain, weights = made_predictor(maps=maps), made_predictor(maps=maps)
    save_predictor(plain, tmp_path)
    assert load_predictor(tmp_path).digest() == plain.digest()
    next(weights.head.parameters()).data.add_(1e-3)
    others = (weights, replace(plain, spread=plain.spread + 1), replace(plain, outputs=("binding",)))
    assert len({one.digest() for one in (plain, *others)}) == 4


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no model of pairs"):
        load_predictor(tmp_path)


def write_as_before(folder: Path) -> None:
    """Take the digests out of a folder, as folders of before had none."""
    facts = json.loads((folder / "facts.json").read_text())
    del facts["sha256"]
    (folder / "facts.json").write_text(json.dumps(facts))


@pytest.mark.parametrize("name", ["weights.safetensors", "config.yaml", "trained_on.txt"])
def test_a_file_that_changed_is_refused(name: str, tmp_path: Path) -> None:
    save_predictor(replace(made_predictor(), trained_on=frozenset({sequence_digest("MKV")})), tmp_path)
    load_predictor(tmp_path)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(FileFormatError, match=f"{name}: the file was changed.*SHA-256.*found.*Copy"):
        load_predictor(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(InputError, match=name):
        load_predictor(tmp_path)


def test_folders_of_before_are_read(tmp_path: Path) -> None:
    plain = made_predictor()
    save_predictor(plain, tmp_path)
    write_as_before(tmp_path)
    assert load_predictor(tmp_path).digest() == plain.digest()


def test_damaged_files_of_before_are_named(tmp_path: Path) -> None:
    save_predictor(made_predictor(), tmp_path)
    write_as_before(tmp_path)
    whole = {name: (tmp_path / name).read_bytes() for name in ("facts.json", "weights.safetensors", "config.yaml")}
    for name, message in (("facts.json", "not the facts of a model"), ("weights.safetensors", "not a safetensors")):
        (tmp_path / name).write_bytes(whole[name][: len(whole[name]) // 2])
        with pytest.raises(FileFormatError, match=f"{name}: {message}.*Copy the whole folder"):
            load_predictor(tmp_path)
        (tmp_path / name).write_bytes(whole[name])
    for text in ("[]", "{}", '{"outputs": 3}'):
        (tmp_path / "facts.json").write_text(text)
        with pytest.raises(FileFormatError, match=r"facts\.json: not the facts of a model"):
            load_predictor(tmp_path)
    (tmp_path / "facts.json").write_bytes(whole["facts.json"])
    settings = whole["config.yaml"]  # cut before the head, which is another one by default
    (tmp_path / "config.yaml").write_bytes(settings[: settings.index(b"\nhead:") + 1])
    with pytest.raises(FileFormatError, match=r"weights of another model; expected those of the head in config\.yaml"):
        load_predictor(tmp_path)
