"""`inspect_file` on a small file, and on every file of the docking archive against its index."""

import csv
import io
import tarfile

import pytest
import zstandard

from protea.protein.readers.inspect import ChainSummary, inspect_file, summarise_chains
from protea.protein.readers.read import read_structure_bytes
from tests.protein.samples import SEQUENCE, atom_line, helix_pdb

# Where the index (which calls every group with an atom CA a residue) differs: a ligand with an atom called CA.
OTHER_RESIDUES = {"1ZM4/1ZM4_l_u.pdb"}
EVERY = 26  # one file in 26 keeps the test short


def test_chains_and_ligands(tmp_path) -> None:
    extra = [
        atom_line(90, "P", "DA", 1, (1, 1, 1), chain="B"),
        atom_line(91, "MG", "MG", 2, (2, 1, 1), chain="B", record="HETATM", element="MG"),
        atom_line(92, "O", "HOH", 3, (3, 1, 1), chain="C", record="HETATM"),
    ]
    path = tmp_path / "x.pdb"
    path.write_bytes(helix_pdb().replace(b"END\n", "\n".join([*extra, "END\n"]).encode()))
    assert inspect_file(path) == [
        ChainSummary("A", 10, 40, SEQUENCE, 1, ["ZN"]),
        ChainSummary("B", 0, 0, "", 1, ["DA", "MG"]),
    ]


@pytest.mark.shared
def test_the_docking_files_agree_with_their_index(shared_data) -> None:
    folder = shared_data / "structures"
    with (folder / "bm5_index.csv").open() as table:
        index = {row["member"]: row for row in csv.DictReader(table)}
    chosen = set(sorted(index)[::EVERY]) | OTHER_RESIDUES
    with (folder / "bm5.tar.zst").open("rb") as packed:
        stream = zstandard.ZstdDecompressor(max_window_size=1 << 31).stream_reader(packed)
        with tarfile.open(fileobj=io.BufferedReader(stream), mode="r|") as bundle:
            for member in bundle:
                if member.name.removeprefix("./") not in chosen:
                    continue
                row = index[member.name.removeprefix("./")]
                chains = summarise_chains(read_structure_bytes(member.name, bundle.extractfile(member).read()))
                names = sorted({name for chain in chains for name in chain.ligands})
                assert names == sorted(row["other_groups"].split()) or row["member"] in OTHER_RESIDUES
                residues = sum(chain.residues for chain in chains) + (row["member"] in OTHER_RESIDUES)
                assert residues == int(row["n_res"]), row["member"]
                sequence = "/".join(chain.sequence for chain in chains if chain.residues)
                assert sequence == row["sequence"] or row["member"] in OTHER_RESIDUES
                assert {chain.models for chain in chains} == {int(row["n_models"])}
                chosen.discard(row["member"])
    assert not chosen
