"""The encoder of a run gives the run's embeddings, always in evaluation mode; published names are strict."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from protea.applications.embedding.encoding_model import EncoderChoice, model_of_run, published_model
from protea.benchmark.trained import load_run
from protea.encoders.egnn import EGNNConfig
from protea.errors import FileFormatError, InputError
from protea.features.residue.stored_embedding import EmbeddingConfig
from protea.protein.batch import pack
from protea.protein.record import protein_from_sequence
from protea.training.model import ModelConfig
from tests.benchmark.made_runs import ENCODER, SITE, write_run
from tests.datasets.made_embeddings import write_embeddings
from tests.datasets.made_proteins import made_protein
from tests.encoders.weights.made_files import trap

BATCH = pack([made_protein("a", 9), made_protein("b", 5, seed=1)])


def test_embeddings_are_those_of_the_run(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    model, run = model_of_run(folder), load_run(folder)
    residue, protein = model.encode(BATCH)
    with torch.no_grad():
        expected = run.model.encoder(run.model.featurise(BATCH))
    assert torch.equal(residue, expected.residue)
    assert torch.equal(protein, expected.protein)
    assert not residue.requires_grad
    assert len(model.weights_sha256) == 64


def test_a_run_of_letters_embeds_sequences(tmp_path: Path) -> None:
    encoder = {"kind": "language_model", "model": {"kind": "protea_mini", "num_layers": 1, "width": 64}}
    tree = SITE.model_dump(mode="json") | {"scheme": {"kind": "sequence"}, "encoder": encoder}
    config = ModelConfig.model_validate(tree)
    protein = protein_from_sequence("a", "MKV")
    model = model_of_run(write_run(tmp_path / "letters", config))
    (found,) = model.embedded([model.unit(protein)], 10)
    assert found.residue["last"].shape == (3, 64)
    with pytest.raises(InputError, match="CA atom"):
        model_of_run(write_run(tmp_path / "structures")).unit(protein)


def test_dropout_and_running_statistics_never_move(tmp_path: Path) -> None:
    choice = EncoderChoice(encoder=EGNNConfig(hidden_dim=8, num_layers=1, dropout=0.5))
    save_file(choice.encoder.build(choice.scheme.build().dim).state_dict(), tmp_path / "w.safetensors")
    model = published_model(choice, tmp_path / "w.safetensors")
    before = {name: value.clone() for name, value in model.encoder.state_dict().items()}
    first = model.encode(BATCH)[0]
    model.encoder.train()  # as a careless caller leaves it
    assert torch.equal(model.encode(BATCH)[0], first)
    assert all(torch.equal(value, before[name]) for name, value in model.encoder.state_dict().items())


def test_published_weights_are_loaded_strictly(tmp_path: Path) -> None:
    choice = EncoderChoice(encoder=ENCODER)
    state = ENCODER.build(choice.scheme.build().dim).state_dict()
    file = tmp_path / "w.safetensors"
    save_file(state, file)
    loaded = published_model(choice, file).encoder.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in loaded.items())
    missing = next(iter(state))
    save_file({name: value for name, value in state.items() if name != missing}, file)
    with pytest.raises(InputError, match=missing.replace(".", r"\.")):
        published_model(choice, file)
    file.write_bytes(b"nothing")
    with pytest.raises(FileFormatError, match="safetensors"):
        published_model(choice, file)
    with pytest.raises(InputError, match="no such file"):
        published_model(choice, tmp_path / "absent")


def test_checkpoints_of_lightning_load_and_traps_do_not_run(tmp_path: Path) -> None:
    choice = EncoderChoice(encoder=ENCODER)
    state = ENCODER.build(choice.scheme.build().dim).state_dict()
    save_file(state, tmp_path / "w.safetensors")
    lightning = {f"encoder.{name}": value for name, value in state.items()} | {"decoder.weight": torch.zeros(1)}
    torch.save({"state_dict": lightning, "hyper_parameters": {"lr": 1e-3}}, tmp_path / "w.ckpt")
    one, other = (published_model(choice, tmp_path / name) for name in ("w.safetensors", "w.ckpt"))
    assert torch.equal(one.encode(BATCH)[0], other.encode(BATCH)[0])
    assert one.weights_sha256 != other.weights_sha256
    torch.save({"state_dict": lightning | {"x": trap(tmp_path / "sprung")}}, tmp_path / "w.ckpt")
    with pytest.raises(FileFormatError, match="holds an object that is not read"):
        published_model(choice, tmp_path / "w.ckpt")
    assert not (tmp_path / "sprung").exists()


def test_shards_load_as_one_file(tmp_path: Path) -> None:
    choice = EncoderChoice(encoder=ENCODER)
    state = ENCODER.build(choice.scheme.build().dim).state_dict()
    names, folder = sorted(state), tmp_path / "shards"
    folder.mkdir()
    for number, part in enumerate((names[:1], names[1:]), start=1):
        save_file({name: state[name] for name in part}, folder / f"w-0000{number}-of-00002.safetensors")
    save_file(state, tmp_path / "w.safetensors")
    found = published_model(choice, folder)
    assert torch.equal(found.encode(BATCH)[0], published_model(choice, tmp_path / "w.safetensors").encode(BATCH)[0])
    assert len(found.weights_sha256) == 64


def test_other_settings_have_another_digest(tmp_path: Path) -> None:
    file, digests = tmp_path / "w.safetensors", set()
    for choice in (
        EncoderChoice(encoder=ENCODER),
        EncoderChoice(encoder=ENCODER.model_copy(update={"cutoff": 6.0})),
    ):
        save_file(choice.encoder.build(choice.scheme.build().dim).state_dict(), file)
        digests.add(published_model(choice, file).config_sha256)
    assert len(digests) == 2


def test_a_model_that_reads_embeddings_embeds_with_them(tmp_path: Path) -> None:
    embedding = EmbeddingConfig(folder=tmp_path / "plm", name="plm", dim=4)
    scheme = SITE.scheme.model_copy(update={"embedding": embedding})
    model = model_of_run(write_run(tmp_path / "run", SITE.model_copy(update={"scheme": scheme})))
    write_embeddings(tmp_path / "plm", BATCH.select([0]))
    assert model.encode(BATCH.select([0]))[0].shape == (9, 8)
    with pytest.raises(InputError, match="no stored embedding of 'b'"):
        model.encode(BATCH)
