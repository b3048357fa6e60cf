"""A residue gets its own embedding however proteins are packed; what is absent, damaged or another's is refused."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.datasets.stored_embeddings import StoredEmbeddings, letters_of, read_embeddings
from protea.errors import ConfigError, FileFormatError, InputError
from protea.protein.batch import ProteinBatch, concat, pack
from protea.protein.record import protein_from_sequence
from tests.datasets.made_embeddings import write_embeddings

SEQUENCES = {"a": "ACDE", "b": "X", "c": "WYV"}


def proteins(**sequences: str) -> ProteinBatch:
    return pack([protein_from_sequence(name, letters) for name, letters in (sequences or SEQUENCES).items()])


def joined(folder: Path, batch: ProteinBatch, dim: int = 4, made_by: str | None = None) -> torch.Tensor:
    return StoredEmbeddings(folder, "plm", dim, made_by).join(batch).extra["embedding.plm"].value


def test_every_residue_gets_its_own_row(tmp_path: Path) -> None:
    written = write_embeddings(tmp_path, proteins())
    batch = proteins().select([2, 0, 1])
    extra = StoredEmbeddings(tmp_path, "plm", 4).join(batch).extra["embedding.plm"]
    assert extra.axis == "residue"
    np.testing.assert_array_equal(extra.value.numpy(), np.concatenate([written[name] for name in "cab"]))
    assert joined(tmp_path, pack([])).shape == (0, 4)


def test_joining_and_packing_commute(tmp_path: Path) -> None:
    write_embeddings(tmp_path, proteins())
    stored = StoredEmbeddings(tmp_path, "plm", 4)
    parts = concat([stored.join(part) for part in proteins().unpack()])
    assert torch.equal(parts.extra["embedding.plm"].value, joined(tmp_path, proteins()))


def test_a_loader_process_reads_the_same_and_gets_no_copy_of_the_arrays(tmp_path: Path) -> None:
    batch = proteins(a="ACDE" * 500)
    write_embeddings(tmp_path, batch)
    stored = StoredEmbeddings(tmp_path, "plm", 4)
    before = stored.join(batch).extra["embedding.plm"].value
    sent = pickle.dumps(stored)
    assert len(sent) < 1000 < before.nbytes
    assert torch.equal(pickle.loads(sent).join(batch).extra["embedding.plm"].value, before)


def test_what_a_batch_holds_is_not_the_file(tmp_path: Path) -> None:
    written = write_embeddings(tmp_path, proteins())
    joined(tmp_path, proteins()).zero_()
    np.testing.assert_array_equal(joined(tmp_path, proteins(a="ACDE")).numpy(), written["a"])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"a": "ACDE", "stranger": "A"}, "no stored embedding of 'stranger'"),
        ({"a": "ACD"}, r": a: .*another length; expected 3 residues; found 4"),
        ({"c": "WYV", "a": "ACDF"}, r": a: .*another sequence; expected F at residue 3; found E"),
    ],
)
def test_another_protein_is_refused_by_name(tmp_path: Path, asked: dict[str, str], message: str) -> None:
    write_embeddings(tmp_path, proteins())
    with pytest.raises(InputError, match=message):
        joined(tmp_path, proteins(**asked))


def test_one_id_may_stand_for_several_sequences(tmp_path: Path) -> None:
    other = proteins(a="ACD", d="A").replace(ids=("a", "a"))
    written = write_embeddings(tmp_path, other)  # by id: the first, which is written last
    write_embeddings(tmp_path, proteins(), seed=1)
    np.testing.assert_array_equal(joined(tmp_path, proteins(a="ACD")).numpy(), written["a"])
    assert joined(tmp_path, proteins()).shape == (8, 4)
    with pytest.raises(InputError, match=r": a: .*another length; expected 2 residues; found 1, 3, 4"):
        joined(tmp_path, proteins(a="AC"))


def test_one_sequence_twice_under_one_id_must_have_one_embedding(tmp_path: Path) -> None:
    batch = proteins(a="ACDE", c="WYV")
    write_embeddings(tmp_path / "same", batch)
    write_embeddings(tmp_path / "same", batch)
    assert joined(tmp_path / "same", batch).shape == (7, 4)
    write_embeddings(tmp_path / "other", batch)
    write_embeddings(tmp_path / "other", batch.select([0]), seed=1)
    assert joined(tmp_path / "other", proteins(c="WYV")).shape == (3, 4)
    with pytest.raises(InputError, match=r": a: several stored embeddings of one id and sequence differ"):
        joined(tmp_path / "other", batch)


def test_many_absent_proteins_are_counted(tmp_path: Path) -> None:
    write_embeddings(tmp_path, proteins())
    with pytest.raises(InputError, match="'p0', 'p1', 'p2' and 2 more"):
        StoredEmbeddings(tmp_path, "plm", 4).require([f"p{number}" for number in range(5)], [1] * 5)


def test_another_width_level_or_maker_is_refused(tmp_path: Path) -> None:
    batch = proteins()
    for folder, weights in (("one", "w"), ("same", "w"), ("other", "v")):
        write_embeddings(tmp_path / folder, batch, weights=weights)
    write_embeddings(tmp_path / "whole", batch, levels=("protein",))
    made_by = read_embeddings(tmp_path / "one").made_by
    assert joined(tmp_path / "same", batch, made_by=made_by).shape == (8, 4)
    assert read_embeddings(tmp_path / "whole").made_by == made_by  # the levels change no number
    with pytest.raises(ConfigError, match="other weights or settings"):
        joined(tmp_path / "other", batch, made_by=made_by)
    with pytest.raises(ConfigError, match=r"another width.*expected 5"):
        joined(tmp_path / "one", batch, dim=5)
    with pytest.raises(ConfigError, match="no embeddings of residues"):
        joined(tmp_path / "whole", batch)


def test_letters_are_those_of_the_residue_types() -> None:
    assert letters_of(proteins(a="ACDEFGHIKLMNPQRSTVWYUX").residue_type.numpy()) == "ACDEFGHIKLMNPQRSTVWYXX"


def test_one_level_alone(tmp_path: Path) -> None:
    write_embeddings(tmp_path, proteins(), levels=("protein",))
    found = read_embeddings(tmp_path)
    assert found.residue is None
    assert found.protein is not None
    assert found.lengths.tolist() == [3, 1, 4]
    with pytest.raises(InputError, match="no residue embeddings"):
        found.of_residues(0)


def test_a_damaged_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="manifest"):
        read_embeddings(tmp_path)
    write_embeddings(tmp_path, proteins())
    data = (tmp_path / "residue.npy").read_bytes()
    (tmp_path / "residue.npy").write_bytes(data[:-8])
    with pytest.raises(FileFormatError, match=r"residue\.npy"):
        read_embeddings(tmp_path)
    (tmp_path / "residue.npy").write_bytes(data)
    (tmp_path / "proteins.jsonl").write_text("")
    with pytest.raises(FileFormatError, match="3 lines"):
        read_embeddings(tmp_path)
