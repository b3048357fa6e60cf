"""Small proteins with everything that a record can hold, from a seed."""

import numpy as np

from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.chemistry import ATOM_CODE, HEAVY_ATOMS, NAME_OF_LETTER
from protea.protein.record import Label, Ligands, Protein, Provenance


def made_protein(id: str, length: int = 12, *, seed: int = 0, spread: float = 30.0, is_plain: bool = False) -> Protein:
    """A protein of up to two chains with missing atoms, a gap, an insertion code, a ligand and labels."""
    rng = np.random.default_rng(seed)
    sequence = "".join(rng.choice(list(STANDARD_LETTERS), size=length))
    codes, counts = [], []
    for letter in sequence:
        names = [name for name in HEAVY_ATOMS[letter] if is_plain or rng.random() > 0.1]
        codes += [ATOM_CODE[name] for name in names]
        counts.append(len(names))
    number = np.arange(1, length + 1) + 4 * (np.arange(length) > length // 3)
    num_first = length if length < 4 else length // 2
    position = np.round(rng.uniform(-spread / 2, spread / 2, (len(codes), 3)), 3) + rng.integers(-50, 50, 3)
    insertion = np.full(length, "", dtype="<U1")
    insertion[length // 2 : length // 2 + 1] = "A"
    return Protein(
        id=id,
        sequence=sequence,
        residue_name=np.array([NAME_OF_LETTER[letter] for letter in sequence], dtype="<U5"),
        chain_ids=("A", "B") if num_first < length else ("A",),
        chain_of=(np.arange(length) >= num_first).astype(np.int16),
        author_number=(number - 3).astype(np.int32),
        insertion_code=insertion,
        label_number=np.arange(1, length + 1, dtype=np.int32),
        atom_ptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        atom_code=np.array(codes, dtype=np.uint8),
        atom_position=position.astype(np.float32),
        b_factor=rng.uniform(0, 90, len(codes)).round(2).astype(np.float32),
        b_factor_kind="b_factor",
        provenance=Provenance(source=f"{id}.pdb", file_format="pdb", resolution=1.9, notes=("made",)),
        seqres=(sequence[:num_first] + "AA", None) if num_first < length else (sequence,),
        ligands=made_ligands(rng),
        labels={
            "site": Label("residue", rng.integers(0, 2, length).astype(np.uint8), rng.random(length) > 0.2),
            "angle": Label("residue", rng.normal(size=(length, 2)).astype(np.float32), np.ones((length, 2), bool)),
            "fold": Label("protein", np.array(rng.integers(0, 9)), np.array(True)),
        },
    )


def made_ligands(rng: np.random.Generator) -> Ligands:
    """One haem-like group of two atoms."""
    return Ligands(
        ccd_name=np.array(["HEM"], dtype="<U5"),
        chain=np.array(["A"], dtype="<U4"),
        author_number=np.array([200], np.int32),
        is_nucleotide=np.array([False]),
        atom_ptr=np.array([0, 2], np.int64),
        atom_name=np.array(["FE", "NA"], dtype="<U4"),
        element=np.array(["FE", "N"], dtype="<U2"),
        atom_position=rng.normal(size=(2, 3)).astype(np.float32),
    )
