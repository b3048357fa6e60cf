"""The way in: one structure, every structure, or a structure from bytes, in any format that Protea reads.

The record's id is the entry id of the header where there is one, else the file name without known suffixes; the
records of a FASTA file are called after the first word of their header.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from protea.errors import FileFormatError, describe
from protea.protein.readers.binarycif import read_binarycif
from protea.protein.readers.fasta import is_fasta, parse_fasta, read_fasta
from protea.protein.readers.flat import build_protein
from protea.protein.readers.foldcomp.decode import read_foldcomp
from protea.protein.readers.mmcif import read_mmcif
from protea.protein.readers.pdb import read_pdb
from protea.protein.readers.sniff import Content, stem_of, unpack
from protea.protein.readers.table import StructureFile
from protea.protein.record import Protein

__all__ = ["parse_structure", "read_protein", "read_proteins", "read_structure_bytes"]

_PARSERS = {"pdb": read_pdb, "mmcif": read_mmcif, "binarycif": read_binarycif}


def read_protein(path: Path | str, *, model: int = 1, chains: tuple[str, ...] | None = None) -> Protein:
    """Return the protein of a structure file, or of a FASTA file with one record.

    `model` counts models from 1 in file order; `chains` keeps only the author chains named. Raises FileFormatError for
    anything that cannot be read with certainty, ContractError for a chain that is not there.
    """
    path = Path(path)
    return read_structure_bytes(path.name, _bytes_of(path), model=model, chains=chains)


def read_structure_bytes(name: str, data: bytes, *, model: int = 1, chains: tuple[str, ...] | None = None) -> Protein:
    """Return the protein in the bytes of a file called `name` (for archives); see `read_protein`."""
    content = unpack(name, data)
    if content.file_format == "fasta":
        protein = _only_record(name, content)
    elif content.file_format == "foldcomp":
        protein = _foldcomp(name, content, model)
    else:
        protein = build_protein(_PARSERS[content.file_format](name, content), model=model)
    return protein if chains is None else protein.select_chains(chains)


def read_proteins(path: Path | str) -> Iterator[Protein]:
    """Yield every model of a structure file, or every record of a FASTA file (read as a stream).

    Models are called `id_1`, `id_2`, ... where there is more than one.
    """
    path = Path(path)
    if is_fasta(path):
        yield from read_fasta(path)
        return
    content = unpack(path.name, _bytes_of(path))
    if content.file_format == "fasta":
        yield from parse_fasta(path.name, content)
        return
    if content.file_format == "foldcomp":
        yield _foldcomp(path.name, content, model=1)
        return
    file = _PARSERS[content.file_format](path.name, content)
    for model in range(1, len(file.models) + 1):
        name = file.name if len(file.models) == 1 else f"{file.name}_{model}"
        yield build_protein(replace(file, name=name), model=model)


def parse_structure(name: str, data: bytes) -> StructureFile:
    """Return the parsed but undecided structure file; FileFormatError for FASTA."""
    content = unpack(name, data)
    if content.file_format in {"fasta", "foldcomp"}:
        found = {"fasta": "a FASTA file", "foldcomp": "a FoldComp entry"}[content.file_format]
        raise FileFormatError(
            describe(f"{found} holds no table of atoms", where=name, expected="PDB, mmCIF, BinaryCIF")
        )
    return _PARSERS[content.file_format](name, content)


def _foldcomp(name: str, content: Content, model: int) -> Protein:
    if model != 1:
        raise FileFormatError(describe("no such model", where=name, expected="model 1: FoldComp holds one"))
    protein = read_foldcomp(stem_of(name), content.data)
    notes = (*content.notes, *protein.provenance.notes)
    return protein.replace(provenance=replace(protein.provenance, source=name, notes=notes))


def _only_record(name: str, content: Content) -> Protein:
    records = parse_fasta(name, content)
    first = next(records)
    if next(records, None) is not None:
        raise FileFormatError(
            describe("more than one record", where=name, expected="one", do="Use read_proteins for every record")
        )
    return first


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb", buffering=0) as file:
            return file.read()
    except OSError as error:
        raise FileFormatError(
            describe("cannot be opened", where=str(path), found=error.strerror or str(error))
        ) from error
