"""What was refused is told by name, and ends a command with 1."""

import pytest
import typer

from protea.cli.refusals import end_if_refused, tell_refused
from protea.datasets.stored_embeddings import Refusal

REFUSED = (Refusal("a.fasta: odd, line 1", "no letter '1'"), Refusal("b.cif", "no atoms"))


def test_each_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    tell_refused(REFUSED)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "refused a.fasta: odd, line 1: no letter '1'\nrefused b.cif: no atoms\n")


def test_anything_refused_is_the_exit_code_of_a_check_that_did_not_pass() -> None:
    end_if_refused(())
    with pytest.raises(typer.Exit) as ended:
        end_if_refused(REFUSED)
    assert ended.value.exit_code == 1
