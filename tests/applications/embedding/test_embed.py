"""Every protein is embedded once, in order, as if alone; a killed run goes on to the same bytes."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from protea.applications.embedding.embed import embed
from protea.applications.embedding.encoding_model import model_of_run
from protea.datasets.store import StoreWriter
from protea.datasets.stored_embeddings import read_embeddings
from protea.errors import ConfigError
from protea.protein.batch import pack
from protea.protein.readers.read import read_protein
from protea.protein.record import protein_from_sequence
from tests.applications.embedding.made_inputs import LENGTHS, small_model, write_structures
from tests.applications.embedding.made_sequences import RecordingEmbedder, write_sequences
from tests.benchmark.made_runs import write_run
from tests.conftest import REPOSITORY

FILES = ("residue.npy", "protein.npy", "residue_ptr.npy", "proteins.jsonl", "manifest.json")


def test_embeddings_are_those_of_each_protein_alone(tmp_path: Path) -> None:
    folder, model = write_structures(tmp_path / "in"), small_model(tmp_path / "run")
    report = embed(model, [folder, folder / "b.pdb"], tmp_path / "out", max_residues=20)
    found = read_embeddings(tmp_path / "out")
    assert found.ids == (*LENGTHS, "b")  # order and duplicates kept
    assert found.lengths.tolist() == [*LENGTHS.values(), LENGTHS["b"]]
    for row, name in enumerate(found.ids):
        residue, protein = model.encode(pack([read_protein(folder / f"{name}.pdb")]))
        np.testing.assert_allclose(found.of_residues(row), residue.numpy(), atol=1e-6)
        np.testing.assert_allclose(found.protein[row], protein[0].numpy(), atol=1e-6)  # type: ignore[index]
    assert (report.num_proteins, report.num_residues) == (6, 51)
    assert [refusal.name for refusal in report.refused] == ["d.pdb", "seq.fasta: one"]
    assert report.ignored == ("notes.txt",)


def test_a_protein_longer_than_a_batch_is_a_batch(tmp_path: Path) -> None:
    folder, model = write_structures(tmp_path / "in"), small_model(tmp_path / "run")
    embed(model, [folder], tmp_path / "small", max_residues=1)
    embed(model, [folder], tmp_path / "large", max_residues=1000)
    small, large = read_embeddings(tmp_path / "small"), read_embeddings(tmp_path / "large")
    np.testing.assert_allclose(small.residue, large.residue, atol=1e-6)  # type: ignore[arg-type]


def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    folder, run = write_structures(tmp_path / "in"), write_run(tmp_path / "run")
    program = """
import os, signal
from pathlib import Path
from protea.applications.embedding.embed import embed
from protea.applications.embedding.encoding_model import model_of_run
said = []
def say(line):
    said.append(line)
    if len(said) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
embed(model_of_run(Path("run")), [Path("in")], Path("killed"), max_residues=12, commit_bytes=1, say=say)
"""
    killed = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, env={"PYTHONPATH": str(REPOSITORY / "src")}
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    part = read_embeddings(tmp_path / "killed")
    assert not part.is_complete
    assert 0 < len(part) < len(LENGTHS)
    model = model_of_run(run)
    report = embed(model, [folder], tmp_path / "killed", max_residues=12, commit_bytes=1)
    assert report.num_resumed == len(part)
    embed(model, [folder], tmp_path / "whole", max_residues=12)
    for name in FILES:
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


def test_a_finished_folder_is_left_alone_and_grows_at_the_end(tmp_path: Path) -> None:
    folder, model = write_structures(tmp_path / "in"), small_model(tmp_path / "run")
    embed(model, [folder], tmp_path / "out")
    before = (tmp_path / "out" / "residue.npy").read_bytes()
    again = embed(model, [folder], tmp_path / "out")
    assert again.num_resumed == again.num_proteins == 5
    assert (tmp_path / "out" / "residue.npy").read_bytes() == before
    embed(model, [folder, folder / "c.pdb"], tmp_path / "out")
    assert read_embeddings(tmp_path / "out").ids == (*LENGTHS, "c")


def test_other_files_are_refused(tmp_path: Path) -> None:
    folder, model = write_structures(tmp_path / "in"), small_model(tmp_path / "run")
    embed(model, [folder / "a.pdb", folder / "b.pdb"], tmp_path / "out")
    for other in ([folder / "b.pdb", folder / "a.pdb"], [folder / "a.pdb"]):
        with pytest.raises(ConfigError, match="other files"):
            embed(model, other, tmp_path / "out")
    text = (folder / "a.pdb").read_text()
    (folder / "a.pdb").write_text(text[:-2] + "X\n")  # of the same size
    with pytest.raises(ConfigError, match="other files"):
        embed(model, [folder / "a.pdb", folder / "b.pdb"], tmp_path / "out")
    (folder / "a.pdb").write_text((folder / "b.pdb").read_text())
    with pytest.raises(ConfigError, match="other files"):
        embed(model, [folder / "a.pdb", folder / "b.pdb"], tmp_path / "out")


def test_a_file_that_was_done_in_part_is_the_same_when_a_run_goes_on(tmp_path: Path) -> None:
    path = write_sequences(tmp_path / "in" / "some.fasta", 10, length=4)
    whole = path.read_text()

    class StoppedError(Exception):
        pass

    def stop(line: str, told: list[str] = []) -> None:  # noqa: B006 - counts the calls
        told.append(line)
        if len(told) == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        embed(RecordingEmbedder(), [path], tmp_path / "out", max_residues=4, commit_bytes=1, say=stop)
    done = read_embeddings(tmp_path / "out").ids
    assert 0 < len(done) < 10
    other = write_sequences(tmp_path / "in" / "other.fasta", 10, length=5)
    path.write_text(whole.replace(">p1\n", ">new\nACDE\n>p1\n"))
    for changed in (path, other):
        with pytest.raises(ConfigError, match="other files; expected an input that begins with the 1 items"):
            embed(RecordingEmbedder(), [changed], tmp_path / "out", max_residues=4)
    path.write_text(whole)
    embed(RecordingEmbedder(), [path], tmp_path / "out", max_residues=4)
    assert read_embeddings(tmp_path / "out").ids == tuple(f"p{number}" for number in range(10))


def test_a_store_of_the_same_names_and_lengths_is_another_one(tmp_path: Path) -> None:
    for name, letter in (("one", "A"), ("other", "C")):
        with StoreWriter(tmp_path / name / "store") as writer:
            writer.append(protein_from_sequence("p", 6 * letter))
    embed(RecordingEmbedder(), [tmp_path / "one" / "store"], tmp_path / "out")
    assert embed(RecordingEmbedder(), [tmp_path / "one" / "store"], tmp_path / "out").num_resumed == 1
    with pytest.raises(ConfigError, match="other files"):
        embed(RecordingEmbedder(), [tmp_path / "other" / "store"], tmp_path / "out")
