"""Sequences as a user names them: the path of a FASTA file, or the letters of one sequence."""

import os
from collections.abc import Iterator
from pathlib import Path

from protea.errors import InputError, describe
from protea.protein.alphabets import encode_sequence
from protea.protein.readers.fasta import read_fasta

__all__ = ["named_sequences"]


def named_sequences(given: str) -> Iterator[tuple[str, str]]:
    """Yield (id, sequence) in the order of the file; letters are called `sequence`.

    Raises:
        FileFormatError: the file is no FASTA.
        InputError: neither a file nor a sequence in capital letters.
    """
    if os.path.isfile(given):  # unlike `Path.is_file`, no error for letters too long to be the name of a file
        for record in read_fasta(Path(given)):
            yield record.id, record.sequence
        return
    try:
        encode_sequence(given)
    except InputError as error:
        raise InputError(
            describe("neither a FASTA file nor a sequence", found=repr(given[:60]),
                     expected="a path that exists, or capital letters")
        ) from error  # fmt: skip
    if not given:
        raise InputError(describe("an empty sequence", expected="a FASTA file, or capital letters"))
    yield "sequence", given
