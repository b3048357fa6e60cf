"""The way in: every format, every packing, one record or all."""

import gzip

import pytest

from protea.errors import ContractError, FileFormatError
from protea.protein.readers.read import parse_structure, read_protein, read_proteins, read_structure_bytes
from protea.protein.writers.foldcomp import format_foldcomp
from tests.protein.readers.foldcomp.made_chain import full_chain
from tests.protein.samples import SEQUENCE, atom_line, helix_fasta, helix_mmcif, helix_pdb

TWO_MODELS = "\n".join(
    line
    for model in (1, 2)
    for line in (f"MODEL     {model:>4}", atom_line(1, "CA", "GLY", 1, (float(model), 0.0, 0.0)), "ENDMDL")
).encode()


@pytest.mark.parametrize(
    ("name", "data", "file_format"),
    [
        ("a.pdb", helix_pdb(), "pdb"),
        ("a.pdb.gz", gzip.compress(helix_pdb(), mtime=0), "pdb"),
        ("a.cif", helix_mmcif(), "mmcif"),
    ],
)
def test_a_file_and_its_bytes_are_one_protein(tmp_path, name: str, data: bytes, file_format: str) -> None:
    (tmp_path / name).write_bytes(data)
    (only,) = read_proteins(tmp_path / name)
    for protein in (read_protein(tmp_path / name), read_protein(str(tmp_path / name)), only):
        assert (protein.id, protein.sequence) == ("1ABC", SEQUENCE)
        assert (protein.provenance.source, protein.provenance.file_format) == (name, file_format)
    assert parse_structure(name, data).name == "1ABC"


def test_a_foldcomp_entry_is_a_protein_like_any_other(tmp_path) -> None:
    chain = full_chain(0, length=30)
    data = gzip.compress(format_foldcomp(chain, "the title"), mtime=0)
    (tmp_path / "m0.fcz.gz").write_bytes(data)
    (only,) = read_proteins(tmp_path / "m0.fcz.gz")
    for protein in (read_protein(tmp_path / "m0.fcz.gz"), only, read_structure_bytes("m0.fcz.gz", data)):
        assert (protein.id, protein.sequence) == ("m0", chain.sequence)
        assert protein.provenance.source == "m0.fcz.gz"
    with pytest.raises(FileFormatError, match="no such model"):
        read_structure_bytes("m0.fcz", data, model=2)
    with pytest.raises(FileFormatError, match="a FoldComp entry holds no table of atoms"):
        parse_structure("m0.fcz", data)


def test_models_are_chosen_by_number_or_all_are_named(tmp_path) -> None:
    (tmp_path / "m.pdb").write_bytes(TWO_MODELS)
    assert [(p.id, p.atom_position[0, 0]) for p in read_proteins(tmp_path / "m.pdb")] == [("m_1", 1.0), ("m_2", 2.0)]
    assert read_protein(tmp_path / "m.pdb", model=2).atom_position[0, 0] == 2.0
    assert read_protein(tmp_path / "m.pdb").id == "m"


def test_chains_are_kept_by_name() -> None:
    rows = [atom_line(1, "CA", "GLY", 1, (1, 0, 0)), atom_line(2, "CA", "ALA", 1, (9, 0, 0), chain="B")]
    data = "\n".join(rows).encode()
    assert read_structure_bytes("x.pdb", data).sequence == "GA"
    assert read_structure_bytes("x.pdb", data, chains=("B",)).sequence == "A"
    with pytest.raises(ContractError, match="Z"):
        read_structure_bytes("x.pdb", data, chains=("Z",))


def test_fasta_gives_records_one_by_one_but_no_structure(tmp_path) -> None:
    for name, data in (("a.fasta", helix_fasta()), ("a.txt.gz", gzip.compress(helix_fasta(), mtime=0))):
        (tmp_path / name).write_bytes(data)
        assert [(p.id, p.sequence) for p in read_proteins(tmp_path / name)] == [
            ("one", SEQUENCE),
            ("two", SEQUENCE[::-1]),
        ]
        with pytest.raises(FileFormatError, match="more than one record"):
            read_protein(tmp_path / name)
    assert read_structure_bytes("b.fa", b">b\nACD\n").sequence == "ACD"
    with pytest.raises(FileFormatError, match="a FASTA file holds no table of atoms"):
        parse_structure("a.fasta", helix_fasta())


def test_a_file_that_is_not_there_is_named(tmp_path) -> None:
    for reader in (read_protein, lambda path: list(read_proteins(path))):
        with pytest.raises(FileFormatError, match=r"none\.pdb: cannot be opened.*No such file"):
            reader(tmp_path / "none.pdb")
