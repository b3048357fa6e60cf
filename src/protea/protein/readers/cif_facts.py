"""What the categories of mmCIF and BinaryCIF say beside the atoms: entry, experiment, SEQRES, pLDDT.

Both readers hand over one function `values(category, item)` that returns the texts of a column ("" where null, an empty
list where absent); so the facts are taken the same way from both.
"""

import math
import re
from collections.abc import Callable

from protea.protein.chemistry import NAME_OF_CODE
from protea.protein.readers.plddt import plddt_reason
from protea.protein.record import Provenance

__all__ = ["Values", "entry_id", "plddt_of", "provenance_of", "seqres_of"]

Values = Callable[[str, str], list[str]]


def _first(values: Values, category: str, *items: str) -> str | None:
    for item in items:
        for text in values(category, item):
            if text.strip():
                return text.strip()
    return None


def entry_id(values: Values) -> str | None:
    """Return `_entry.id`, None where absent."""
    return _first(values, "entry", "id")


def seqres_of(values: Values) -> dict[str, tuple[str, ...]]:
    """Return the residue names of each author chain; of a microheterogeneous place the first name.

    They are those of `entity_poly_seq`; of an entity that is not there, those of its one-letter code.
    """
    names: dict[str, dict[str, str]] = {}
    poly = (values("entity_poly_seq", item) for item in ("entity_id", "num", "mon_id"))
    for entity, number, monomer in zip(*poly, strict=False):
        names.setdefault(entity, {}).setdefault(number, monomer)
    sequence_of = _sequences_in_letters(values) | {entity: tuple(own.values()) for entity, own in names.items()}
    seqres: dict[str, tuple[str, ...]] = {}
    strands = (values("entity_poly", item) for item in ("entity_id", "pdbx_strand_id"))
    for entity, chains in zip(*strands, strict=False):
        if entity in sequence_of:
            for chain in chains.split(","):
                seqres[chain.strip()] = sequence_of[entity]
    return seqres


def _sequences_in_letters(values: Values) -> dict[str, tuple[str, ...]]:
    """Return the residue names of each entity of protein that is told as text: `MK(MSE)A`, names in brackets."""
    entities = values("entity_poly", "entity_id")
    texts = values("entity_poly", "pdbx_seq_one_letter_code")
    types = values("entity_poly", "type") or [""] * len(entities)
    return {
        entity: tuple(name or NAME_OF_CODE.get(letter, "UNK") for name, letter in _RESIDUE.findall(text.upper()))
        for entity, text, type in zip(entities, texts, types, strict=False)
        if text and "nucleotide" not in type
    }


_RESIDUE = re.compile(r"\(\s*(\w+)\s*\)|([A-Z])")


def plddt_of(values: Values, block_name: str) -> str | None:
    """Return why the B-factor column is pLDDT, None where nothing says so."""
    if any(metric.lower() == "plddt" for metric in values("ma_qa_metric", "name")):
        return "ma_qa_metric pLDDT"
    statements = [_first(values, "struct", "title") or "", *values("software", "name")]
    return plddt_reason(entry_id(values) or block_name, statements, _first(values, "exptl", "method"))


def provenance_of(values: Values, *, source: str, file_format: str, notes: tuple[str, ...]) -> Provenance:
    """Return method, resolution (angstrom), deposition date and organism where they are stated."""
    resolution = _first(values, "refine", "ls_d_res_high") or _first(values, "em_3d_reconstruction", "resolution")
    organism = (
        _first(values, "entity_src_gen", "pdbx_gene_src_scientific_name")
        or _first(values, "entity_src_nat", "pdbx_organism_scientific")
        or _first(values, "ma_target_ref_db_details", "organism_scientific")
    )
    return Provenance(
        source=source,
        file_format=file_format,
        entry_id=entry_id(values),
        method=_first(values, "exptl", "method"),
        resolution=_positive(resolution),
        date=_first(values, "pdbx_database_status", "recvd_initial_deposition_date"),
        organism=organism,
        notes=notes,
    )


def _positive(text: str | None) -> float | None:
    try:
        number = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and number > 0 else None
