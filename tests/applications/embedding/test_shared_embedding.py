"""Machines that share a folder write what one process writes; a killed one loses nothing; other work is refused."""

import multiprocessing
import os
import pickle
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from protea.applications.embedding import blocks
from protea.applications.embedding.embed import EmbeddingReport, embed
from protea.applications.embedding.embedder import Embedded, Unit
from protea.applications.embedding.shared_embedding import BlockEmbedding, embed_shared
from protea.cluster import parts
from protea.datasets.number_storage import NumberKind
from protea.datasets.stored_embeddings import read_embeddings
from protea.errors import ConfigError
from tests.applications.embedding.made_sequences import RecordingEmbedder, write_sequences

FORK = multiprocessing.get_context("fork")
FILES = ("residue.npy", "protein.npy", "residue_ptr.npy", "proteins.jsonl", "manifest.json")


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_PROTEINS", 3)
    monkeypatch.setattr(parts, "_LOOK_SECONDS", 0.05)


def inputs(folder: Path) -> list[Path]:
    """Two files, the first of which breaks in its fifth record."""
    broken = write_sequences(folder / "in" / "a.fasta", 4)
    broken.write_text(broken.read_text() + ">bad\nAC\0D\n>after\nACD\n>last\nACD\n")
    return [broken, write_sequences(folder / "in" / "b.fasta", 8)]


def same_bytes(one: Path, other: Path, names: Sequence[str] = FILES) -> bool:
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


def test_shared_is_what_one_process_writes(tmp_path: Path) -> None:
    paths, model = inputs(tmp_path), RecordingEmbedder()
    alone = embed(model, paths, tmp_path / "alone", max_residues=20)
    said: list[str] = []
    shared = embed_shared(model, paths, tmp_path / "shared", max_residues=20, say=said.append)
    assert [item.name for item in alone.refused] == ["a.fasta"]
    assert (shared.num_proteins, shared.num_residues, shared.refused) == (12, alone.num_residues, alone.refused)
    assert same_bytes(tmp_path / "alone", tmp_path / "shared")
    assert said[-1].startswith("6 of 6 parts done (100.0%), 6 of them here")
    assert not (tmp_path / "shared" / "parts").exists()
    again = embed_shared(model, paths, tmp_path / "shared", max_residues=20)
    assert again.num_resumed == again.num_proteins == 12
    # A process by itself finds nothing left to do either.
    assert embed(model, paths, tmp_path / "shared", max_residues=20).num_resumed == 12


@pytest.mark.parametrize("stored_as", ["float32", "int8"])
def test_a_killed_machine_loses_nothing(tmp_path: Path, stored_as: NumberKind) -> None:
    paths = inputs(tmp_path)

    def run(folder: Path, model: RecordingEmbedder) -> EmbeddingReport:
        return embed_shared(model, paths, folder, max_residues=20, stored_as=stored_as)

    class Hanging(RecordingEmbedder):
        """Hangs in its third window, with a part begun and one done."""

        def embedded(self, units: Sequence[Unit], pass_size: int) -> list[Embedded]:
            if len(self.windows) == 2:
                (tmp_path / "hangs").touch()
                signal.pause()
            return super().embedded(units, pass_size)

    run(tmp_path / "whole", RecordingEmbedder())
    victim = FORK.Process(target=run, args=(tmp_path / "out", Hanging()))
    victim.start()
    while not (tmp_path / "hangs").exists():
        time.sleep(0.01)
    assert len(list((tmp_path / "out" / "parts").glob("*.partial"))) == 1

    class Killing(RecordingEmbedder):
        """Kills the other machine at its first window, while that one holds a part."""

        def embedded(self, units: Sequence[Unit], pass_size: int) -> list[Embedded]:
            if not self.windows:
                os.kill(victim.pid or 0, signal.SIGKILL)
                victim.join()
            return super().embedded(units, pass_size)

    report = run(tmp_path / "out", Killing())
    assert victim.exitcode == -signal.SIGKILL
    assert report.num_proteins == 12
    names = FILES if stored_as == "float32" else (*FILES, "residue.scale.npy")
    assert same_bytes(tmp_path / "whole", tmp_path / "out", names)
    assert read_embeddings(tmp_path / "out").is_complete


def test_other_work_is_refused(tmp_path: Path) -> None:
    paths, model = inputs(tmp_path), RecordingEmbedder()
    work = BlockEmbedding(model, paths, tmp_path / "out", ("protein",), 20, "float32", 1, "cpu")

    def begun(folder: Path, **changes: object) -> None:
        embed_shared(model, paths, folder, **{"levels": ("protein",), "max_residues": 20, **changes})  # type: ignore[arg-type]

    class Stopped(RecordingEmbedder):
        def embedded(self, units: Sequence[Unit], pass_size: int) -> list[Embedded]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed_shared(Stopped(), paths, tmp_path / "out", levels=("protein",), max_residues=20)
    assert not list(work.parts.iterdir())
    with pytest.raises(ConfigError, match=r"made_by\.max_residues \(20 there, 30 here\)"):
        begun(tmp_path / "out", max_residues=30)
    with pytest.raises(ConfigError, match=r"input\.items \(2 there, 1 here\)"):
        embed_shared(model, paths[:1], tmp_path / "out", levels=("protein",), max_residues=20)
    with pytest.raises(ConfigError, match="machines share this folder"):
        embed(model, paths, tmp_path / "out", levels=("protein",), max_residues=20)
    begun(tmp_path / "out")
    with pytest.raises(ConfigError, match=r"made_by\.levels"):
        begun(tmp_path / "out", levels=("residue",))
    with pytest.raises(ConfigError, match=r"input\.items"):
        embed_shared(model, paths[:1], tmp_path / "out", levels=("protein",), max_residues=20)


def test_a_folder_of_one_process_that_was_stopped_is_refused(tmp_path: Path) -> None:
    paths = inputs(tmp_path)

    def stop(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed(RecordingEmbedder(), paths, tmp_path / "out", max_residues=20, commit_bytes=1, say=stop)
    with pytest.raises(ConfigError, match="one process works here by itself"):
        embed_shared(RecordingEmbedder(), paths, tmp_path / "out", max_residues=20)


def test_a_part_may_be_done_twice_and_late(tmp_path: Path) -> None:
    paths, folder = inputs(tmp_path), tmp_path / "out"
    work = BlockEmbedding(RecordingEmbedder(), paths, folder, ("residue", "protein"), 20, "float32", 1, "cpu")
    for number in (5, 0, 5, 1, 2, 3, 4):
        work(number)
    work.join()
    before = np.load(folder / "residue.npy")
    late = pickle.loads(pickle.dumps(work))  # as another process would get it
    late(3)
    assert late.num_done() == 1
    assert all(work.is_done(number) for number in range(6))
    np.testing.assert_array_equal(np.load(folder / "residue.npy"), before)
