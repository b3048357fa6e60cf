"""`protea embed`: what is written, what is refused, which encoder."""

import shlex
from pathlib import Path

from safetensors.torch import save_file

from protea.applications.embedding.encoding_model import EncoderChoice
from protea.datasets.stored_embeddings import read_embeddings
from protea.encoders.schnet import SchNetConfig
from tests.applications.embedding.made_inputs import LENGTHS, write_structures
from tests.benchmark.made_runs import write_run
from tests.cli.command import protea, protea_json
from tests.cli.language_weights import TINY, write_weights
from tests.conftest import REPOSITORY


def test_a_folder_is_embedded_and_what_is_refused_is_named(tmp_path: Path) -> None:
    folder, run = write_structures(tmp_path / "in"), write_run(tmp_path / "run")
    found = protea("embed", folder, "--run", run, "--out", tmp_path / "out")
    assert found.code == 1  # done, but two were refused
    assert "refused d.pdb" in found.err
    assert "5 proteins, 39 residues, 2 refused, 1 other files ignored" in found.out
    assert read_embeddings(tmp_path / "out").ids == tuple(LENGTHS)
    again = protea_json("embed", folder, "--run", run, "--out", tmp_path / "out", code=1)
    assert (again["proteins"], again["resumed"], len(again["refused"])) == (5, 5, 2)
    only = protea_json("embed", folder / "a.pdb", "--run", run, "--out", tmp_path / "one", "--level", "protein")
    assert (only["proteins"], only["refused"]) == (1, [])
    assert read_embeddings(tmp_path / "one").residue is None


def test_published_weights(tmp_path: Path) -> None:
    folder, weights = write_structures(tmp_path / "in"), tmp_path / "w.safetensors"
    encoder = SchNetConfig(hidden_dim=8, output_dim=8, num_layers=1)
    save_file(encoder.build(EncoderChoice(encoder=encoder).scheme.build().dim).state_dict(), weights)
    words = ("embed", folder / "a.pdb", "--encoder", "schnet", "--weights", weights, "--out", tmp_path / "out")
    sizes = [f"encoder.{size}" for size in ("hidden_dim=8", "output_dim=8", "num_layers=1")]
    found = protea(*words, *(word for size in sizes for word in ("--set", size)))
    assert found.code == 0, found.err
    assert read_embeddings(tmp_path / "out").residue.shape == (7, 8)  # type: ignore[union-attr]
    wrong = protea(*words, "--set", sizes[0])
    assert wrong.code == 2
    assert "do not fit the encoder" in wrong.err


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    folder, run = write_structures(tmp_path / "in"), write_run(tmp_path / "run")
    found = protea_json("embed", folder, "--run", run, "--out", tmp_path / "out", "--dry-run")
    assert found == {"items": 7, "ignored": 1, "channels": 8}
    assert not (tmp_path / "out").exists()


def test_wrong_usage_is_2(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run")
    for words in ((), ("--encoder", "schnet"), ("--run", run, "--encoder", "schnet", "--weights", "w")):
        found = protea("embed", tmp_path, "--out", tmp_path / "out", *words)
        assert (found.code, "which encoder?" in found.err) == (2, True)
    assert "brings its own settings" in protea("embed", "a", "--out", "o", "--run", run, "--set", "a=1").err
    assert "no such file or folder" in protea("embed", "absent.pdb", "--out", tmp_path / "o", "--run", run).err


def test_a_language_model_embeds_sequences_and_chains(tmp_path: Path) -> None:
    folder, weights = write_structures(tmp_path / "in"), write_weights(tmp_path / "w.safetensors")
    words = ("embed", folder, "--weights", weights, *TINY, "--layer", "1", "--layer", "last", "--store", "int8")
    found = protea_json(*words, "--memory", "1G", "--out", tmp_path / "out", code=1)
    assert (found["proteins"], found["residues"]) == (6, 43)  # those of the FASTA file too
    assert [item["name"] for item in found["refused"]] == ["d.pdb"]
    assert 0 < found["storage"]["error"]["residue.last.npy"]["relative_l2"] < 0.02
    assert read_embeddings(tmp_path / "out", "1").residue.shape == (43, 16)  # type: ignore[union-attr]
    part = protea_json(*words, "--shard", "2/2", "--out", tmp_path / "part", code=1)
    assert part["proteins"] == 2  # b and f; d is refused
    for wrong, message in (
        (("--model", "esm2/8M", "--run", "r"), "which encoder?"),
        (("--encoder", "schnet", "--weights", weights, "--layer", "1"), "an option of language models"),
        (("--weights", weights, *TINY, "--shard", "3/2"), "no shard"),
    ):
        told = protea("embed", folder, "--out", tmp_path / "no", *wrong)
        assert (told.code, message in told.err) == (2, True), told.err


def test_the_command_of_every_node_of_a_cluster(tmp_path: Path) -> None:
    page = (REPOSITORY / "docs" / "how-to" / "many-machines.md").read_text(encoding="utf-8")
    (line,) = (line for line in page.splitlines() if line.startswith("protea embed") and "--shared" in line)
    weights, fasta = write_weights(tmp_path / "w.safetensors"), tmp_path / "proteome.fasta"
    fasta.write_text(">a\nMKTAYIAK\n>b\nACD\n")
    here = {
        "proteome.fasta": [fasta], "esm2_650m": [TINY[1], "--weights", weights, *TINY[2:]],
        "/shared/embedded": [tmp_path / "out"], "cuda": ["cpu"], "8": ["1"],
    }  # fmt: skip
    words = [word for given in shlex.split(line)[1:] for word in here.get(given, [given])]
    first, late = protea_json(*words), protea_json(*words)
    assert (first["proteins"], first["resumed"], late["resumed"]) == (2, 0, 2)
    words[words.index(tmp_path / "out")] = tmp_path / "alone"
    words.remove("--shared")
    protea_json(*words)
    for name in ("residue.npy", "protein.npy", "residue_ptr.npy", "proteins.jsonl", "manifest.json"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes(), name


def test_sizes_of_published_weights_are_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.fasta").write_text(">a\nMK\n")
    for name in (("--model", "esm2_8m"), ("--weights", "esm2_8m")):
        found = protea("embed", tmp_path / "a.fasta", *name, "--set", "num_layers=1", "--out", tmp_path / "out")
        assert (found.code, "published weights have their own sizes" in found.err) == (2, True)
