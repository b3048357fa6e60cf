"""Damaged bytes: a mutated file is read into a consistent record or refused with an error of Protea, nothing else.

`PROTEA_FUZZ` sets the number of mutations (300 by default, 2,000 for the full run).
"""

import io
import os
import re
import tarfile
import zipfile
from functools import cache

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from protea.errors import ProteaError
from protea.protein.readers.fasta import parse_fasta
from protea.protein.readers.inspect import summarise_chains
from protea.protein.readers.read import read_structure_bytes
from protea.protein.readers.sniff import unpack
from protea.protein.record import Protein
from tests.conftest import shared_path
from tests.protein.samples import helix_fasta, helix_mmcif, helix_pdb

NUM_MUTATIONS = int(os.environ.get("PROTEA_FUZZ", "300"))
MAX_BYTES = 200_000


@cache
def corpus() -> list[tuple[str, bytes]]:
    """Return small real files of every format (where the shared data are), after three made by formula."""
    files = [("helix.pdb", helix_pdb()), ("helix.cif", helix_mmcif()), ("helix.fasta", helix_fasta())]
    for archive in ("structures/formats.zip", "structures/predicted.zip", "traps/traps.zip"):
        path = shared_path("data", archive)
        if path is None:
            continue
        with zipfile.ZipFile(path) as bundle:
            files += [
                (item.filename, bundle.read(item))
                for item in bundle.infolist()
                if not item.is_dir() and 0 < item.file_size < MAX_BYTES
            ]
    path = shared_path("data", "structures", "chains.tar.zst")
    if path is not None:
        reader = zstandard.ZstdDecompressor(max_window_size=1 << 31).stream_reader(path.open("rb"))
        with tarfile.open(fileobj=io.BufferedReader(reader), mode="r|") as bundle:
            for member in bundle:
                if member.isfile() and member.size < MAX_BYTES:
                    files.append((member.name, bundle.extractfile(member).read()))
                if len(files) > 320:
                    break
        reader.close()
    return files


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, bytes]:
    """Return the name and the bytes of a file with one to four places changed."""
    files = corpus()
    name, data = files[draw(st.integers(0, len(files) - 1))]
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.sampled_from([1, 1, 1, 2, 8, 81, 500]))
        kind = draw(st.sampled_from(["set", "set", "set", "insert", "drop", "repeat", "cut", "swap"]))
        noise = draw(
            st.binary(min_size=1, max_size=6) | st.sampled_from([b"nan", b"*", b"\n", b"-", b" ", b"'", b"9", b"A"])
        )
        data = _mutate(data, kind, place, length, noise)
    return name, data


def _mutate(data: bytes, kind: str, place: int, length: int, noise: bytes) -> bytes:
    head, middle, tail = data[:place], data[place : place + length], data[place + length :]
    if kind == "set":
        return head + noise + data[place + len(noise) :]
    if kind == "swap":
        return head + tail[:length] + middle + tail[length:]
    return {
        "insert": head + noise + middle + tail,
        "drop": head + tail,
        "repeat": head + middle + middle + tail,
        "cut": head,
    }[kind]


def check_consistent(protein: Protein) -> None:
    """Assert what every record promises, counted in another way than the record checks it."""
    chains = summarise_chains(protein)
    assert sum(chain.residues for chain in chains) == len(protein) == len(protein.sequence)
    assert sum(chain.resolved_atoms for chain in chains) == protein.num_atoms == protein.atom_ptr[-1]
    assert np.isfinite(protein.atom_position).all()
    if protein.num_atoms:
        assert (np.diff(protein.atom_ptr) > 0).all()
        place = protein.residue_of_atom() * 256 + protein.atom_code
        assert len(np.unique(place)) == len(place)


@settings(max_examples=NUM_MUTATIONS, derandomize=True, deadline=None)
@given(mutations())
def test_a_damaged_file_is_read_or_refused(case: tuple[str, bytes]) -> None:
    name, data = case
    try:
        content = unpack(name, data)
        if content.file_format == "fasta":
            for protein in parse_fasta(name, content):
                assert re.fullmatch("[A-Z]+", protein.sequence)
            return
        protein = read_structure_bytes(name, data)
    except ProteaError:
        return
    check_consistent(protein)
    if content.file_format == "pdb":
        lines = re.split(rb"\r\n|\n|\r", content.data)
        written = sum(line[:4] in (b"ATOM", b"HETA") for line in lines)
        assert protein.num_atoms + len(protein.ligands.atom_name) + protein.provenance.num_hydrogens <= written


@pytest.mark.shared
def test_the_corpus_holds_every_format(shared_data) -> None:
    names = {name.rsplit(".", 1)[-1] for name, _ in corpus()}
    assert {"pdb", "cif", "bcif", "fasta", "gz"} <= names, names
