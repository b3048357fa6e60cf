"""What is committed counts and nothing else; one writer at a time; other embeddings are never mixed in."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.embedding.embedding_folder import EmbeddingWriter, Place
from protea.datasets.stored_embeddings import Refusal, read_embeddings
from protea.errors import ConfigError, InputError

IDENTITY = {"weights_sha256": "w", "config_sha256": "c", "max_residues": 10}


def write(folder: Path, num: int = 3) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    parts = [rng.normal(size=(length, 4)).astype(np.float32) for length in range(1, num + 1)]
    with EmbeddingWriter(folder, 4, ("residue", "protein"), IDENTITY, {}) as writer:
        for part in parts:
            writer.append("same id", f"{len(part)}.pdb", "A" * len(part), part, part.mean(0))
        writer.refused.append(Refusal("bad.pdb", "why"))
        writer.commit(Place(num, 0), "digest", is_complete=True)
    return parts


def test_arrays_come_back(tmp_path: Path) -> None:
    parts = write(tmp_path)
    found = read_embeddings(tmp_path)
    assert (found.ids, found.items) == (("same id",) * 3, ("1.pdb", "2.pdb", "3.pdb"))
    assert found.lengths.tolist() == [1, 2, 3]
    assert found.residue_ptr.tolist() == [0, 1, 3, 6] == np.load(tmp_path / "residue_ptr.npy").tolist()
    for row, part in enumerate(parts):
        np.testing.assert_array_equal(found.of_residues(row), part)
        np.testing.assert_array_equal(found.protein[row], part.mean(0))  # type: ignore[index]
    assert found.sequences == ("A", "AA", "AAA")
    assert found.refused == (Refusal("bad.pdb", "why"),)
    assert found.is_complete
    assert found.weights_sha256 == "w"


def test_what_was_not_committed_is_not_there(tmp_path: Path) -> None:
    write(tmp_path)
    with EmbeddingWriter(tmp_path, 4, ("residue", "protein"), IDENTITY, {}) as writer:
        assert writer.place == Place(3, 0)
        writer.append("lost", "lost.pdb", "A" * 50, np.zeros((50, 4), np.float32), np.zeros(4, np.float32))
    assert read_embeddings(tmp_path).ids == ("same id",) * 3
    with EmbeddingWriter(tmp_path, 4, ("residue", "protein"), IDENTITY, {}) as writer:
        writer.append("kept", "kept.pdb", "AC", np.ones((2, 4), np.float32), np.ones(4, np.float32))
        writer.commit(Place(4, 0), "digest")
    found = read_embeddings(tmp_path)
    assert found.ids[3:] == ("kept",)
    np.testing.assert_array_equal(found.of_residues(3), np.ones((2, 4)))


def test_other_settings_and_a_second_writer_are_refused(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(ConfigError, match="weights_sha256"):
        EmbeddingWriter(tmp_path, 4, ("residue", "protein"), IDENTITY | {"weights_sha256": "v"}, {})
    with (
        EmbeddingWriter(tmp_path, 4, ("residue", "protein"), IDENTITY, {}),
        pytest.raises(InputError, match="another process"),
    ):
        EmbeddingWriter(tmp_path, 4, ("residue", "protein"), IDENTITY, {})


def test_arrays_of_others_are_not_written_over(tmp_path: Path) -> None:
    np.save(tmp_path / "residue.npy", np.arange(5))
    for _ in range(2):
        with pytest.raises(InputError, match=r"would be written over.*residue\.npy"):
            EmbeddingWriter(tmp_path, 4, ("residue", "protein"), IDENTITY, {})
    assert np.load(tmp_path / "residue.npy").tolist() == list(range(5))
    assert [path.name for path in tmp_path.iterdir()] == ["residue.npy"]
    (tmp_path / "residue.npy").rename(tmp_path / "protein.scale.npy")
    with pytest.raises(InputError, match=r"found protein\.scale\.npy"):
        EmbeddingWriter(tmp_path, 4, ("residue", "protein"), IDENTITY, {}, stored_as="int8")


def test_a_writer_that_died_before_its_first_commit_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "writer.lock").touch()
    np.save(tmp_path / "residue.npy", np.zeros((3, 4), dtype=np.float32))
    with EmbeddingWriter(tmp_path, 4, ("residue",), IDENTITY, {}) as writer:
        assert writer.num_proteins == 0
