"""FoldComp entries to a packed batch, against decompressing to PDB text and reading that; proteins per second."""

import itertools
from importlib.util import find_spec

import numpy as np
import torch

from protea.protein.batch import ProteinBatch, pack
from protea.protein.readers.foldcomp.decode import decode_entries
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Protein
from protea.protein.writers.foldcomp import format_foldcomp
from protea.protein.writers.pdb import format_pdb
from speed.harness import Row, interleaved
from tests.protein.readers.foldcomp.made_chain import full_chain

NUM_PROTEINS = 64  # as many as a database is decoded at once


def made_entries(num_proteins: int, length: int) -> list[tuple[str, bytes]]:
    return [(f"m{index}", format_foldcomp(full_chain(index, length=length))) for index in range(num_proteins)]


def directly(entries: list[tuple[str, bytes]]) -> ProteinBatch:
    found = decode_entries(entries)
    return pack([item for item in found if isinstance(item, Protein)])


def through_text(entries: list[tuple[str, bytes]]) -> ProteinBatch:
    """The original program's PDB text read by our reader; where it is not installed, text of our own writer.

    Our writer stands in for the decompression at no less cost, so its row is marked by its name.
    """
    if find_spec("foldcomp") is None:
        texts = [format_pdb(item) for item in decode_entries(entries) if isinstance(item, Protein)]
    else:
        import foldcomp

        texts = [foldcomp.decompress(data)[1] for _, data in entries]
    return pack(
        [read_structure_bytes(f"{name}.pdb", text.encode()) for (name, _), text in zip(entries, texts, strict=True)]
    )


def measure(repeats: int) -> list[Row]:
    rows: list[Row] = []
    writer = "foldcomp" if find_spec("foldcomp") is not None else "our writer"
    for length in (100, 300):
        entries = made_entries(NUM_PROTEINS, length)
        ours, theirs = interleaved(
            lambda entries=entries: directly(entries), lambda entries=entries: through_text(entries), max(repeats, 5)
        )
        label = f"FoldComp to packed batch, {NUM_PROTEINS} x {length} residues, against PDB text of {writer}"
        rows.append(
            {"name": label, "ours": ours, "peer": theirs, "ratio": theirs / ours, "goal": 5.0,
             "proteins_per_second": NUM_PROTEINS / ours}
        )  # fmt: skip
    return rows


def test_both_ways_give_the_same_batch() -> None:
    entries = made_entries(3, 40)
    ours, theirs = directly(entries), through_text(entries)
    assert torch.equal(ours.residue_type, theirs.residue_type)
    assert torch.equal(ours.atom_code, theirs.atom_code)
    assert torch.equal(ours.residue_ptr, theirs.residue_ptr)
    assert float((ours.atom_position - theirs.atom_position).abs().max()) < 0.15
    assert np.diff(list(itertools.pairwise(ours.residue_ptr.tolist()))).ravel().tolist() == [40, 40, 40]
