"""What to say of how a protein was read: repairs of its record, residues of its SEQRES that are not asked about."""

from protea.protein.record import Protein
from protea.protein.seqres_placement import places_in_seqres

__all__ = ["reading_remarks"]


def reading_remarks(protein: Protein) -> tuple[str, ...]:
    """Return a sentence for each thing that a reader of answers about this protein must know; none for most."""
    return tuple(remark for remark in (_unplaced(protein), _repaired(protein)) if remark is not None)


def _unplaced(chain: Protein) -> str | None:
    """Return what to say of a chain whose SEQRES tells another sequence than it has."""
    seqres = chain.seqres[0] if chain.seqres else None
    if seqres is None or not chain.num_atoms or seqres == chain.sequence:
        return None
    told = f"Asked about were the {len(chain)} observed residues alone: SEQRES tells {len(seqres)}"
    if places_in_seqres(chain) is None:
        return f"{told}, and the observed ones are not among them in their order."
    return f"{told}, and the chain was given without those that were not observed (`chains_of` adds them)."


def _repaired(protein: Protein) -> str | None:
    """Return what was changed to read a record of FASTA; places count the letters that are left."""
    notes = protein.provenance.notes
    return f"Read with repairs: {', '.join(notes)}." if notes and protein.provenance.file_format == "fasta" else None
