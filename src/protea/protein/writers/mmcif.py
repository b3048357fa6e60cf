"""Write a `Protein` as mmCIF, with pLDDT as ModelCIF's `ma_qa_metric_local` where the record holds it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from gemmi import cif
from jaxtyping import Float

from protea.protein.chemistry import LETTER_OF_NAME, NAME_OF_CODE
from protea.protein.record import Protein
from protea.protein.writers.columns import atom_names, check_writable, element_of, temperature_column

__all__ = ["format_mmcif", "write_mmcif"]

_ATOM_SITE = (
    "group_PDB", "id", "type_symbol", "label_atom_id", "label_alt_id", "label_comp_id", "label_asym_id",
    "label_entity_id", "label_seq_id", "pdbx_PDB_ins_code", "Cartn_x", "Cartn_y", "Cartn_z", "occupancy",
    "B_iso_or_equiv", "auth_seq_id", "auth_asym_id", "pdbx_PDB_model_num",
)  # fmt: skip


def write_mmcif(protein: Protein, path: Path | str, residue_value: Float[np.ndarray, "residue"] | None = None) -> None:
    """Write a record as an mmCIF file; `residue_value` goes into the B-factor column in place of the B factor.

    Raises InputError for a record without atoms, or a value that does not fit the residues.
    """
    Path(path).write_text(format_mmcif(protein, residue_value), encoding="utf-8", newline="\n")


def format_mmcif(protein: Protein, residue_value: Float[np.ndarray, "residue"] | None = None) -> str:
    """Return the text that `write_mmcif` writes."""
    check_writable(protein)
    facts = protein.provenance
    parts = [f"data_{''.join(letter if letter.isalnum() else '_' for letter in protein.id) or 'protein'}\n#\n"]
    parts.append(f"_entry.id {_quote(protein.id)}\n")
    for tag, text in (
        ("_exptl.method", facts.method),
        ("_refine.ls_d_res_high", None if facts.resolution is None else str(facts.resolution)),
        ("_pdbx_database_status.recvd_initial_deposition_date", facts.date),
        ("_entity_src_gen.pdbx_gene_src_scientific_name", facts.organism),
    ):
        if text is not None:
            parts.append(f"{tag} {_quote(text)}\n")
    parts.append(_polymers(protein))
    if residue_value is None and protein.b_factor_kind == "plddt" and protein.b_factor is not None:
        parts.append(_plddt(protein))
    rows = [*_residue_rows(protein, residue_value), *_ligand_rows(protein)]
    parts.append(_loop("atom_site", _ATOM_SITE, rows))
    return "".join(parts)


def _quote(text: str) -> str:
    quoted: str = cif.quote(text)
    return quoted if text else "?"


def _quote_chain(chain: str) -> str:
    """Return a chain id, a blank one as an empty string: where the author chain is null, readers take the label."""
    quoted: str = cif.quote(chain)
    return quoted


def _loop(category: str, items: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = "".join(" ".join(row) + "\n" for row in rows)
    head = "".join(f"_{category}.{item}\n" for item in items)
    return f"#\nloop_\n{head}{body}" if body else ""


def _label_asym(index: int) -> str:
    """Return the chain label of an index: A..Z, AA..ZZ, AAA..."""
    label = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        label = chr(ord("A") + letter) + label
    return label


def _labels(protein: Protein) -> list[str]:
    """Return the chain label of each residue: one per chain, and another for each copy of residues that it holds."""
    free = len(protein.chain_ids) + len(protein.ligands)
    found: list[str] = []
    met: set[tuple[int, int, str, str]] = set()
    chain, label = -1, ""
    columns = (protein.chain_of, protein.author_number, protein.insertion_code, protein.residue_name)
    for place in zip(*(column.tolist() for column in columns), strict=True):
        if place[0] != chain:
            chain, label, met = place[0], _label_asym(place[0]), set()
        elif place in met:
            label, met, free = _label_asym(free), set(), free + 1
        met.add(place)
        found.append(label)
    return found


def _polymers(protein: Protein) -> str:
    """Return the entities: one per chain, then one for all ligands; SEQRES where it is known."""
    chains = range(len(protein.chain_ids))
    entity = [[str(i + 1), "polymer"] for i in chains]
    if len(protein.ligands):
        entity.append([str(len(protein.chain_ids) + 1), "non-polymer"])
    poly = [[str(i + 1), "'polypeptide(L)'", _quote_chain(protein.chain_ids[i])] for i in chains]
    sequence = [
        [str(chain + 1), str(number), NAME_OF_CODE.get(letter, "UNK")]
        for chain, letters in enumerate(protein.seqres)
        for number, letter in enumerate(letters or "", start=1)
    ]
    return (
        _loop("entity", ("id", "type"), entity)
        + _loop("entity_poly", ("entity_id", "type", "pdbx_strand_id"), poly)
        + _loop("entity_poly_seq", ("entity_id", "num", "mon_id"), sequence)
    )


def _plddt(protein: Protein) -> str:
    metric = _loop("ma_qa_metric", ("id", "mode", "name", "type"), [["1", "local", "pLDDT", "pLDDT"]])
    known = protein.plddt()
    if known is None:
        return metric
    rows, labels = [], _labels(protein)
    for i in range(len(protein)):
        name, number = _quote(str(protein.residue_name[i]) or "UNK"), str(protein.label_number[i])
        rows.append([str(i + 1), "1", labels[i], name, number, "1", f"{known[0][i]:.2f}"])
    items = ("ordinal_id", "model_id", "label_asym_id", "label_comp_id", "label_seq_id", "metric_id", "metric_value")
    return metric + _loop("ma_qa_metric_local", items, rows)


def _residue_rows(protein: Protein, residue_value: Float[np.ndarray, "residue"] | None) -> Iterable[Sequence[str]]:
    names, labels = atom_names(protein), _labels(protein)
    # The shortest text that reads back as the same float32.
    position = protein.atom_position.astype(np.float32).astype("<U16")
    value = temperature_column(protein, residue_value).astype(np.float32).astype("<U16")
    for residue in range(len(protein)):
        chain = int(protein.chain_of[residue])
        name = str(protein.residue_name[residue]) or "UNK"
        is_standard = name in LETTER_OF_NAME
        place = [
            ".",
            _quote(name),
            labels[residue],
            str(chain + 1),
            str(protein.label_number[residue]),
            _quote(str(protein.insertion_code[residue])),
        ]
        author = [str(protein.author_number[residue]), _quote_chain(protein.chain_ids[chain]), "1"]
        for atom in range(protein.atom_ptr[residue], protein.atom_ptr[residue + 1]):
            element = element_of(names[atom], is_standard=is_standard)
            head = ["ATOM" if is_standard else "HETATM", str(atom + 1), element, _quote(names[atom])]
            yield [*head, *place, *position[atom].tolist(), "1.00", str(value[atom]), *author]


def _ligand_rows(protein: Protein) -> Iterable[Sequence[str]]:
    ligands = protein.ligands
    position = ligands.atom_position.astype(np.float32).astype("<U16")
    entity = str(len(protein.chain_ids) + 1)
    for ligand in range(len(ligands)):
        label = _label_asym(len(protein.chain_ids) + ligand)
        place = [".", _quote(str(ligands.ccd_name[ligand])), label, entity, ".", "?"]
        author = [str(ligands.author_number[ligand]), _quote_chain(str(ligands.chain[ligand])), "1"]
        for atom in range(ligands.atom_ptr[ligand], ligands.atom_ptr[ligand + 1]):
            head = ["HETATM", str(protein.num_atoms + atom + 1), str(ligands.element[atom]) or "X"]
            head.append(_quote(str(ligands.atom_name[atom])))
            yield [*head, *place, *position[atom].tolist(), "1.00", "0.00", *author]
