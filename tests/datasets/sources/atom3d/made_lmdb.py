"""LMDB files and archives as ATOM3D publishes them, from made proteins: tables in the layout of pandas, gzip, JSON."""

import gzip
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import lmdb
import msgpack

from protea.protein.chemistry import ATOM37
from protea.protein.record import Protein

COLUMNS = (
    "ensemble", "subunit", "structure", "model", "chain", "hetero", "insertion_code", "residue", "segid", "resname",
    "altloc", "occupancy", "bfactor", "x", "y", "z", "element", "name", "fullname", "serial_number",
)  # fmt: skip


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """A table as `DataFrame.to_json(orient="split")` writes it."""
    return {"columns": list(columns), "index": list(range(len(rows))), "data": [list(row) for row in rows]}


def atom_rows(protein: Protein, *, subunit: Any = 0, name: str = "made") -> list[list[Any]]:
    """The rows of a protein, a hydrogen at its first nitrogen and a water after it, as Biopython names them."""
    rows = []
    for atom, residue in enumerate(protein.residue_of_atom().tolist()):
        atom_name = ATOM37[int(protein.atom_code[atom])]
        code = str(protein.insertion_code[residue]) or " "
        rows.append([
            name, subunit, name, 1, protein.chain_ids[int(protein.chain_of[residue])], " ", code,
            int(protein.author_number[residue]), "    ", str(protein.residue_name[residue]), " ", 1.0, 20.0,
            *(round(float(value), 3) for value in protein.atom_position[atom]), atom_name[0], atom_name, atom_name,
            atom + 1,
        ])  # fmt: skip
    hydrogen = [*rows[0]]
    hydrogen[13] = rows[0][13] + 1.0
    hydrogen[16:19] = ["H", "H", "H"]
    water = [*rows[-1]]
    water[5:10] = ["W", " ", 900, "    ", "HOH"]
    water[13:19] = [0.0, 0.0, -40.0, "O", "O", "O"]
    return [rows[0], hydrogen, *rows[1:], water]


def atoms_of(protein: Protein) -> dict[str, Any]:
    """The table of atoms of a protein."""
    return table(COLUMNS, atom_rows(protein))


def write_lmdb(folder: Path, items: Sequence[Mapping[str, Any]], *, form: str = "json") -> Path:
    """An LMDB file as `make_lmdb_dataset` writes it."""
    pack = (lambda tree: json.dumps(tree).encode()) if form == "json" else msgpack.packb
    folder.mkdir(parents=True)
    with lmdb.open(str(folder), map_size=1 << 24) as file, file.begin(write=True) as writer:
        for number, item in enumerate(items):
            writer.put(str(number).encode(), gzip.compress(pack(item)))
        writer.put(b"num_examples", str(len(items)).encode())
        writer.put(b"serialization_format", form.encode())
        writer.put(b"id_to_idx", pack({item["id"]: number for number, item in enumerate(items)}))
    return folder


def packed(folder: Path, parts: Mapping[str, Sequence[Mapping[str, Any]]], top: str, *, form: str = "json") -> bytes:
    """An archive with an LMDB file per path below `top`, and the indices that lie beside them."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, items in parts.items():
            made = write_lmdb(folder / "lmdb" / top / name, items, form=form)
            for file in ("data.mdb", "lock.mdb"):
                archive.add(made / file, f"{top}/{name}/{file}")
        info = tarfile.TarInfo(f"{top}/indices/train_indices.txt")
        info.size = 2
        archive.addfile(info, io.BytesIO(b"0\n"))
    return buffer.getvalue()


def split_archive(folder: Path, top: str, train: Sequence[Any], val: Sequence[Any], test: Sequence[Any]) -> bytes:
    """An archive of the three published parts."""
    return packed(folder, {"data/train": train, "data/val": val, "data/test": test}, top)
