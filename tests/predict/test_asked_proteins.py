"""One bad record, structure or name costs no other protein its answer, and each is named."""

from pathlib import Path

import pytest

from protea.errors import FileFormatError, InputError
from protea.predict.asked_proteins import AskedProteins
from protea.protein.readers.fasta import read_fasta
from protea.protein.writers.mmcif import write_mmcif
from tests.predict.made_chains import SEQUENCE, made_chain

FASTA = ">a\nMKV\n>b of nobody\nMK1V\n>a\nMKL\n>c\n\n>d\nMKW\n"


def test_what_can_be_read_is_asked_and_the_rest_is_named(tmp_path: Path) -> None:
    (tmp_path / "some.fasta").write_text(FASTA)
    write_mmcif(made_chain(), tmp_path / "one.cif")
    (tmp_path / "broken.cif").write_text("data_x\nloop_\n_atom_site.id\n'")
    (tmp_path / "more.fasta").write_text(">d\nMKW\n>e\nMKY\n")
    asked = AskedProteins([tmp_path / name for name in ("some.fasta", "one.cif", "broken.cif", "more.fasta")])
    found = [(protein.id, protein.sequence) for protein in asked()]
    assert found == [("a", "MKV"), ("d", "MKW"), ("one", SEQUENCE), ("e", "MKY")]
    assert found == [(protein.id, protein.sequence) for protein in asked()]
    assert [one.name for one in asked.refused] == [
        "some.fasta: b, line 3", "a", "some.fasta: c, line 7", "broken.cif", "d"
    ]  # fmt: skip
    reasons = [one.reason for one in asked.refused]
    words = "a protein of this name came before, in some.fasta; names end at the first space, rename one"
    assert (reasons[1], reasons[4]) == (f"in some.fasta: {words}", f"in more.fasta: {words}")
    assert "line 3" in reasons[0]


def test_a_file_without_fault_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "some.fasta").write_text(">a\nMKV\n>b\nMKL\n")
    asked = AskedProteins([tmp_path / "some.fasta"])
    assert asked.refused == ()
    alone = list(read_fasta(tmp_path / "some.fasta"))
    assert [(one.id, one.sequence, one.provenance) for one in asked()] == [
        (one.id, one.sequence, one.provenance) for one in alone
    ]


def test_nothing_to_ask_is_an_error_that_says_why(tmp_path: Path) -> None:
    (tmp_path / "bad.fasta").write_text(">a\nMK1\n")
    with pytest.raises(InputError, match=r"bad\.fasta: no protein to predict; found bad\.fasta, line 1"):
        AskedProteins([tmp_path / "bad.fasta"])
    with pytest.raises(InputError, match=r"none\.fasta: no such file"):
        AskedProteins([tmp_path / "bad.fasta", tmp_path / "none.fasta"])


def test_a_file_that_was_cut_refuses_the_run(tmp_path: Path) -> None:
    (tmp_path / "zero.fasta").write_bytes(b">a\nMKV\n>b\nMK\0V\n")
    with pytest.raises(FileFormatError, match="zero bytes"):
        AskedProteins([tmp_path / "zero.fasta"])


def test_a_structure_without_a_protein_costs_no_other_an_answer(tmp_path: Path) -> None:
    (tmp_path / "dna.pdb").write_text(
        "ATOM      1  P    DA A   1      11.104   6.134  -6.504  1.00  0.00           P\n"
        "ATOM      2  P    DC A   2      13.104   8.134  -6.504  1.00  0.00           P\n"
    )
    (tmp_path / "some.fasta").write_text(">a\nMKV\n")
    asked = AskedProteins([tmp_path / "dna.pdb", tmp_path / "some.fasta"])
    assert [protein.id for protein in asked()] == ["a"]
    ((name, reason),) = asked.refused
    assert name == "dna.pdb"
    assert "no chain of a protein" in reason


def test_a_chain_that_is_asked_about_in_part_is_named(tmp_path: Path) -> None:
    write_mmcif(made_chain(unobserved=(3,)), tmp_path / "one.cif")
    write_mmcif(made_chain(id="two").replace(seqres=("W" * 60,)), tmp_path / "two.cif")
    asked = AskedProteins([tmp_path / "one.cif", tmp_path / "two.cif"])
    assert [(protein.id, len(protein)) for protein in asked()] == [("one", len(SEQUENCE)), ("two", len(SEQUENCE))]
    ((name, remark),) = asked.remarks
    assert name == "two"
    assert "SEQRES tells 60" in remark
    assert asked.refused == ()
