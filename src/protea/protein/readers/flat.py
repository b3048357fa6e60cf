"""From a flat atom table to `Protein`: the one place where atoms become residues, ligands and counts."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Int, Shaped, UInt8, UInt64

from protea.errors import FileFormatError, describe
from protea.protein.chemistry import ATOM37, ATOM_CODE
from protea.protein.readers.altloc import AltlocChoice, choose_altlocs
from protea.protein.readers.groups import Groups, find_groups
from protea.protein.readers.name_table import text_key
from protea.protein.readers.plddt import has_unit_scale
from protea.protein.readers.polymer import find_residues
from protea.protein.readers.residue_kinds import ResidueKind, parent_letter
from protea.protein.readers.table import BLANK, AtomTable, StructureFile
from protea.protein.record import LABEL_IS_ORDER, Ligands, Protein, Provenance, no_ligands

__all__ = ["build_protein"]

_HYDROGEN, _CARBON = 1, 6
# H, and He, Ho, Hf, Hg, Hs: what HE, HO, HF, HG and HS become where no element column says hydrogen.
_BEGINS_WITH_H = np.isin(np.arange(256), (1, 2, 67, 72, 80, 108))
_SELENIUM, _MSE = text_key(np.array(["SE", "MSE"], dtype="S8"))
_MAX_EXTRA_NAMES = 256 - len(ATOM37)


@dataclass(frozen=True, eq=False)
class _Residues:
    """Residue groups chain by chain, and the rows of their atoms in that order (a slice if they are all atoms).

    Numbers and insertion codes are those of `first`, the first atom of each group.
    """

    group: Int[np.ndarray, "residue"]
    first: Int[np.ndarray, "residue"]
    number: Int[np.ndarray, "residue"]
    code: UInt8[np.ndarray, "residue"]
    label: Int[np.ndarray, "residue"]
    has_label: bool
    row: Int[np.ndarray, "atom"] | slice
    size: Int[np.ndarray, "residue"]
    chain_ids: tuple[str, ...]
    chain_of: Int[np.ndarray, "residue"]


def build_protein(file: StructureFile, *, model: int = 1) -> Protein:
    """Return the `model`-th model (1-based, file order) of a parsed file.

    Raises FileFormatError if the file has fewer models, or more atom names than a record can hold.
    """
    everything = _one_model(file, model)
    groups = find_groups(everything)
    is_residue = find_residues(everything, groups)
    is_water = _is_water(everything, groups)
    is_hydrogen = _is_hydrogen(everything, groups, is_residue, is_water)
    num_waters, num_hydrogens = int(np.count_nonzero(is_water)), int(np.count_nonzero(is_hydrogen))
    atoms = everything
    if num_waters or num_hydrogens:
        is_heavy = ~(is_hydrogen | is_water[groups.of_atom])
        has_heavy = np.bincount(groups.of_atom[is_heavy], minlength=len(groups)) > 0
        atoms, groups, is_residue = everything.take(is_heavy), _restrict(groups, is_heavy), is_residue[has_heavy]
    choice = choose_altlocs(atoms, groups)
    groups = choice.groups
    residues = _sort_residues(atoms, groups, is_residue, choice)
    provenance = replace(
        file.provenance,
        model=model,
        num_models=len(file.models),
        num_waters=num_waters,
        num_hydrogens=num_hydrogens,
        notes=(*file.provenance.notes, *_notes(file, atoms, groups, residues, choice)),
    )
    return _record(file, provenance, atoms, groups, residues, ~is_residue & (choice.size > 0), choice)


def _one_model(file: StructureFile, model: int) -> AtomTable:
    if not 1 <= model <= max(len(file.models), 1):
        raise FileFormatError(
            describe(
                "no such model",
                where=file.provenance.source,
                expected=f"a number from 1 to {len(file.models)}",
                found=str(model),
            )
        )
    if len(file.models) <= 1:
        return file.atoms
    return file.atoms.take(file.atoms.model == file.models[model - 1])


def _is_hydrogen(
    atoms: AtomTable, groups: Groups, is_residue: Bool[np.ndarray, "group"], is_water: Bool[np.ndarray, "group"]
) -> Bool[np.ndarray, "atom"]:
    """Return which atoms outside water are hydrogen or deuterium.

    In a residue of protein the name is believed more than the element: one of the 37 heavy names is never a hydrogen
    (element columns filled with rubbish have been seen), and HG or HE, which becomes mercury or helium where there is
    no element column, always is.
    """
    is_hydrogen = np.zeros(len(atoms), dtype=bool)
    suspect = _BEGINS_WITH_H[atoms.atomic_number].nonzero()[0]
    if not len(suspect):
        return is_hydrogen
    group = groups.of_atom[suspect]
    has_heavy_name = atoms.atom37[1][suspect]
    is_light = np.where(is_residue[group], ~has_heavy_name, atoms.atomic_number[suspect] == _HYDROGEN)
    is_hydrogen[suspect] = is_light & ~is_water[group]
    return is_hydrogen


def _is_water(atoms: AtomTable, groups: Groups) -> Bool[np.ndarray, "group"]:
    """Return which groups are water: by name, and without carbon (a solvent called SOL may be anything)."""
    is_water = groups.is_kind(ResidueKind.WATER)
    if is_water.any():
        carbons = np.bincount(groups.of_atom[atoms.atomic_number == _CARBON], minlength=len(groups))
        is_water &= carbons == 0
    return is_water


def _restrict(groups: Groups, is_kept: Bool[np.ndarray, "atom"]) -> Groups:
    """Return the groups of the kept atoms; groups left empty vanish."""
    of_atom = groups.of_atom[is_kept]
    size = np.bincount(of_atom, minlength=len(groups))
    alive = size > 0
    size = size[alive]
    return Groups(
        start=np.cumsum(size) - size,
        size=size,
        name_of=groups.name_of[alive],
        names=groups.names,
        kind=groups.kind[alive],
        letter=groups.letter[alive],
    )


def _sort_residues(
    atoms: AtomTable, groups: Groups, is_residue: Bool[np.ndarray, "group"], choice: AltlocChoice
) -> _Residues:
    """Return the residues grouped by chain (in order of first appearance), file order within a chain."""
    is_residue = is_residue & (choice.size > 0)
    group = is_residue.nonzero()[0]
    first = groups.start[group]
    run, run_size = _chain_runs(text_key(atoms.chain)[first])
    index_of = {key: index for index, key in enumerate(dict.fromkeys(run))}
    run_index = [index_of[key] for key in run]
    chain_of = np.repeat(np.array(run_index, dtype=np.int64), run_size)
    is_everything = len(group) == len(groups) and bool(choice.is_kept.all())
    row = slice(None) if is_everything else (choice.is_kept & is_residue[groups.of_atom]).nonzero()[0]
    if sorted(run_index) != run_index:
        order = np.argsort(chain_of, kind="stable")
        place = np.empty(len(groups), dtype=np.int64)
        place[group[order]] = np.arange(len(order))
        group, first, chain_of = group[order], first[order], chain_of[order]
        row = np.arange(len(atoms))[row]
        row = row[np.argsort(place[groups.of_atom[row]], kind="stable")]
    label = atoms.label_number[first]
    return _Residues(
        group=group,
        first=first,
        number=atoms.residue_number[first],
        code=atoms.insertion_code[first],
        label=label,
        has_label=bool((label > 0).all()),
        row=row,
        size=choice.size[group],
        chain_ids=tuple(key.to_bytes(8, "little").rstrip(b"\0").decode("ascii") for key in index_of),
        chain_of=chain_of.astype(np.int16),
    )


def _chain_runs(key: UInt64[np.ndarray, "residue"]) -> tuple[list[int], Int[np.ndarray, "run"]]:
    """Return the name key of each run of residues with the same chain name, and how many residues it has."""
    is_border = np.ones(len(key) + 1, dtype=bool)  # the last is the end
    np.not_equal(key[1:], key[:-1], out=is_border[1:-1])
    border = is_border.nonzero()[0]
    return key[border[:-1]].tolist(), border[1:] - border[:-1]


def _notes(
    file: StructureFile, atoms: AtomTable, groups: Groups, residues: _Residues, choice: AltlocChoice
) -> list[str]:
    """Return what had to be decided for this model, with counts."""
    notes = []
    if choice.num_alternative:
        notes.append(f"alternative locations: highest occupancy kept in {choice.num_alternative} groups")
    if choice.num_heterogeneous:
        notes.append(f"microheterogeneity: one residue name kept at {choice.num_heterogeneous} places")
    if choice.num_duplicates:
        notes.append(f"duplicate atoms: first kept, {choice.num_duplicates} dropped")
    if len(residues.group):
        repeated = _num_repeated(residues.chain_of, residues.number, residues.code)
        if repeated:
            notes.append(f"residue numbers used more than once: {repeated} residues, all kept")
        if not residues.has_label:
            notes.append(LABEL_IS_ORDER)
    at_origin = (atoms.position[:, 0] == 0).nonzero()[0]
    num_at_origin = np.count_nonzero((atoms.position[at_origin] == 0).all(axis=1)) if len(at_origin) > 1 else 0
    if num_at_origin > 1:
        notes.append(f"{num_at_origin} atoms stand at 0, 0, 0: they may be missing ones")
    num_unstated = int(np.count_nonzero(np.isnan(atoms.b_factor[residues.row])))
    if num_unstated:
        notes.append(f"b_factor is left out: {num_unstated} atoms state none")
    elif file.plddt is not None:
        notes.append(f"b_factor is pLDDT: {file.plddt}")
        if has_unit_scale(atoms.b_factor):
            notes.append("pLDDT was written from 0 to 1: multiplied by 100")
    return notes


def _num_repeated(
    chain_of: Int[np.ndarray, "residue"], number: Int[np.ndarray, "residue"], code: UInt8[np.ndarray, "residue"]
) -> int:
    """Return how many residues have chain, number and insertion code of another before them."""
    if chain_of[-1] == 0 and (number[1:] > number[:-1]).all():
        return 0
    place = (chain_of.astype(np.int64) << 40) + (number.astype(np.int64) << 8) + code
    place.sort()
    return int(np.count_nonzero(place[1:] == place[:-1]))


def _record(
    file: StructureFile,
    provenance: Provenance,
    atoms: AtomTable,
    groups: Groups,
    residues: _Residues,
    is_ligand: Bool[np.ndarray, "group"],
    choice: AltlocChoice,
) -> Protein:
    code, extra = _atom_codes(file, atoms, residues.row)
    b_factor = atoms.b_factor[residues.row]
    is_stated = not np.isnan(b_factor).any()
    is_plddt = is_stated and file.plddt is not None
    if is_plddt and has_unit_scale(atoms.b_factor):
        b_factor = b_factor * np.float32(100)
    return Protein(
        id=file.name,
        sequence=_sequence(groups, residues.group),
        residue_name=_name_column(groups.names)[groups.name_of[residues.group]],
        chain_ids=residues.chain_ids,
        chain_of=residues.chain_of,
        author_number=residues.number.astype(np.int32, copy=False),
        insertion_code=_insertion_code(residues.code),
        label_number=_label_number(residues),
        atom_ptr=_offsets(residues.size),
        atom_code=code,
        atom_position=atoms.position[residues.row].astype(np.float32),
        b_factor=b_factor.astype(np.float32, copy=False) if is_stated else None,
        b_factor_kind="plddt" if is_plddt else "b_factor",
        provenance=provenance,
        extra_atom_names=extra,
        seqres=tuple(_seqres(file, chain) for chain in residues.chain_ids),
        ligands=_ligands(atoms, groups, is_ligand, choice) if is_ligand.any() else no_ligands(),
    )


def _sequence(groups: Groups, group: Int[np.ndarray, "residue"]) -> str:
    """Return the parent letters of some groups."""
    letter = groups.letter[group]
    for residue in groups.is_kind(ResidueKind.UNKNOWN)[group].nonzero()[0]:
        letter[residue] = parent_letter(groups.names[groups.name_of[group[residue]]])
    return letter.tobytes().decode("ascii")


@lru_cache(maxsize=64)
def _name_column(names: tuple[str, ...]) -> Shaped[np.ndarray, "name"]:
    return np.array([name.upper() for name in names], dtype="<U8")


def _offsets(size: Int[np.ndarray, "row"]) -> Int[np.ndarray, "row_plus_1"]:
    offsets = np.zeros(len(size) + 1, dtype=np.int64)
    np.cumsum(size, out=offsets[1:])
    return offsets


def _insertion_code(code: UInt8[np.ndarray, "residue"]) -> Shaped[np.ndarray, "residue"]:
    """Return insertion codes as text, empty where blank."""
    text = np.zeros(len(code), dtype="<U1")
    stated = (code != BLANK).nonzero()[0]
    text[stated] = code[stated].view("S1").astype("<U1")
    return text


def _label_number(residues: _Residues) -> Int[np.ndarray, "residue"]:
    """Return the place in SEQRES where it is stated for every residue, else the 1-based order in the chain."""
    if residues.has_label:
        return residues.label.astype(np.int32, copy=False)
    chain_of = residues.chain_of
    if chain_of[-1] == 0:
        return np.arange(1, len(chain_of) + 1, dtype=np.int32)
    count = np.bincount(chain_of)
    begin = np.repeat(np.cumsum(count) - count, count)
    return (np.arange(1, len(chain_of) + 1) - begin).astype(np.int32)


def _atom_codes(
    file: StructureFile, atoms: AtomTable, row: Int[np.ndarray, "atom"] | slice
) -> tuple[UInt8[np.ndarray, "atom"], tuple[str, ...]]:
    """Return the code of each atom and the names beyond atom37. Selenium of MSE counts as SD."""
    code, is_known = (column[row] for column in atoms.atom37)
    if is_known.all():
        return code, ()
    code, key = code.copy(), text_key(atoms.atom_name)[row]
    is_selenium = (key == _SELENIUM) & (text_key(atoms.residue_name)[row] == _MSE)
    code[is_selenium] = ATOM_CODE["SD"]
    other = np.flatnonzero(~(is_known | is_selenium))
    if not len(other):
        return code, ()
    names, first, inverse = np.unique(key[other], return_index=True, return_inverse=True)
    if len(names) > _MAX_EXTRA_NAMES:
        raise FileFormatError(
            describe(
                "too many atom names outside the standard 37",
                where=file.provenance.source,
                expected=f"at most {_MAX_EXTRA_NAMES}",
                found=str(len(names)),
            )
        )
    code[other] = len(ATOM37) + inverse.reshape(-1)
    extra = tuple(name.decode("ascii") for name in atoms.atom_name[row][other[first]].tolist())
    return code, extra


def _seqres(file: StructureFile, chain: str) -> str | None:
    names = file.seqres.get(chain)
    return None if names is None else "".join(parent_letter(name) for name in names)


def _ligands(atoms: AtomTable, groups: Groups, is_ligand: Bool[np.ndarray, "group"], choice: AltlocChoice) -> Ligands:
    first = groups.start[is_ligand]
    row = np.flatnonzero(choice.is_kept & is_ligand[groups.of_atom])
    return Ligands(
        ccd_name=np.array(groups.names, dtype="<U8")[groups.name_of[is_ligand]],
        chain=atoms.chain[first].astype("<U8"),
        author_number=atoms.residue_number[first].astype(np.int32),
        is_nucleotide=groups.kind[is_ligand] == int(ResidueKind.NUCLEOTIDE),
        atom_ptr=_offsets(choice.size[is_ligand]),
        atom_name=atoms.atom_name[row].astype("<U8"),
        element=atoms.element[row].astype("<U2"),
        atom_position=atoms.position[row].astype(np.float32),
    )
