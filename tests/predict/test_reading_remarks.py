"""What a reader must know of how a protein was read is said, and nothing of others."""

from pathlib import Path

from protea.predict.chains import chains_of
from protea.predict.reading_remarks import reading_remarks
from protea.protein.readers.fasta import read_fasta
from protea.protein.record import protein_from_sequence
from tests.predict.made_chains import SEQUENCE, made_chain
from tests.predict.made_predictor import made_predictor


def test_a_sequence_that_disagrees_is_said() -> None:
    chain = made_chain(unobserved=(3,)).replace(seqres=("W" * len(SEQUENCE),))
    (said,) = reading_remarks(chains_of(chain)[0])
    assert "the 54 observed residues alone: SEQRES tells 55, and the observed ones are not among them" in said
    (said,) = reading_remarks(chain.replace(seqres=(SEQUENCE[:20],)))
    assert "SEQRES tells 20" in said


def test_a_chain_that_is_given_as_observed_is_answered_with_a_remark() -> None:
    chain = made_chain(unobserved=(3,))
    (said,) = reading_remarks(chain)
    assert "given without those that were not observed" in said
    whole, bare = chains_of(chain)[0], protein_from_sequence("bare", SEQUENCE)
    assert [reading_remarks(one) for one in (whole, bare, made_chain(seqres=False))] == [(), (), ()]
    first, second = made_predictor()([chain, whole])
    assert (first.remarks, second.remarks) == ((said,), ())


def test_repairs_of_a_record_are_said(tmp_path: Path) -> None:
    path = tmp_path / "some.fasta"
    path.write_text(">a\nMKV\n>b\nmk-V*\n")
    whole, repaired = read_fasta(path)
    assert reading_remarks(whole) == ()
    words = "final * removed, gaps removed, lower case letters read as capital"
    assert reading_remarks(repaired) == (f"Read with repairs: {words}.",)
