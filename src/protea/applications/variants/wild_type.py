"""The wild type as a user names it: a FASTA file of one record, or its letters; for SaProt with structure."""

import os
from pathlib import Path

from protea.encoders.language.saprot import joined_with_structure
from protea.encoders.language.saprot_structures import joined_with_own_structure
from protea.encoders.language.vocabulary import Vocabulary
from protea.errors import InputError, describe
from protea.protein.alphabets import encode_sequence
from protea.protein.readers.fasta import is_fasta, read_fasta
from protea.protein.readers.read import read_protein

__all__ = ["one_sequence", "spelled_wild_type"]


def one_sequence(given: str) -> tuple[str, str]:
    """Return the name and the letters of a sequence given as the path of a FASTA file, or as letters.

    Raises:
        FileFormatError: the file is no FASTA.
        InputError: it holds several records, or the letters are neither a path nor a sequence.
    """
    path = Path(given)
    if os.path.isfile(given):  # unlike `Path.is_file`, no error for letters too long to be the name of a file
        records = list(read_fasta(path))
        if len(records) != 1:
            raise InputError(
                describe("not one wild type", where=given, expected="a FASTA file with one record",
                         found=f"{len(records)}: {', '.join(record.id for record in records[:5])}")
            )  # fmt: skip
        return records[0].id, records[0].sequence
    try:
        encode_sequence(given)
    except InputError as error:
        raise InputError(
            describe("neither a FASTA file nor a sequence", found=repr(given[:60]), expected="a path that exists, or "
                     "capital letters")
        ) from error  # fmt: skip
    if not given:
        raise InputError(describe("an empty wild type", expected="a FASTA file, or capital letters"))
    return "wild type", given


def spelled_wild_type(vocabulary: Vocabulary, letters: str, structure: str | None) -> str:
    """Return a wild type as a model reads it.

    Args:
        vocabulary: of the model.
        letters: the residues.
        structure: for models that read it: 3Di letters, a FASTA file of them, or a file of the structure itself, whose
            residues must be those of the wild type.

    Raises:
        InputError: a structure where the model reads none, none where it does, or one of another sequence or length.
    """
    if vocabulary.letters_per_residue == 1:
        if structure is not None:
            raise InputError(describe("a structure", where=vocabulary.name, expected="none: it reads residues"))
        return letters
    if structure is None:
        raise InputError(
            describe("no structure", where=vocabulary.name, expected="a structure, or one 3Di letter per residue",
                     do="Give --structure; # stands for a residue without a letter.")
        )  # fmt: skip
    path = Path(structure)
    if not os.path.isfile(structure):
        return joined_with_structure(letters, structure)
    if is_fasta(path):
        return joined_with_structure(letters, one_sequence(structure)[1])
    protein = read_protein(path)
    if protein.sequence != letters:
        raise InputError(
            describe("a structure of another sequence", where=structure, expected=f"the {len(letters)} residues of the "
                     "wild type", found=f"{len(protein)} residues: {protein.sequence[:30]}...",
                     do="Take the residues of the structure as wild type, or give 3Di letters with # for the others.")
        )  # fmt: skip
    return joined_with_own_structure(protein)
