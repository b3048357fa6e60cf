"""When the B-factor column is pLDDT: only when the file says so, never by the look of the numbers.

What counts as saying so: the mmCIF metric `pLDDT` (ModelCIF, `ma_qa_metric`); AlphaFold, ESMFold, ColabFold, Boltz,
OpenFold or the like in title, software or remarks; an id of the AlphaFold database; the `PARENT` record that OpenFold
and ESMFold write. In an entry that states an experiment a predictor is what gave the starting model: there only the
metric or `B FACTOR COLUMN: PLDDT` counts.
"""

import re
from collections.abc import Iterable

import numpy as np
from jaxtyping import Float

__all__ = ["has_unit_scale", "plddt_reason"]

_PREDICTOR = re.compile(
    r"\b(alphafold|esmfold|colabfold|openfold|omegafold|protenix)|\b(boltz(-?\d\w*)?|chai-?1\w*|plddt)\b", re.I
)
_ALPHAFOLD_ID = re.compile(r"AF-[A-Z0-9]+-F\d+", re.I)
_EXPERIMENT = re.compile(
    r"diffraction|microscopy|\bnmr\b|scattering|crystallography|\bepr\b|fluorescence|spectroscopy|\bx-?ray\b", re.I
)
_COLUMN = re.compile(r"\bb factor column: *plddt\b", re.I)


def plddt_reason(entry_id: str | None, statements: Iterable[str], method: str | None = None) -> str | None:
    """Return what says that the B-factor column is pLDDT (shortened); None if nothing does.

    Of an entry id only the form of the AlphaFold database (AF-P12345-F1) counts: ids may be file names. Where `method`
    is an experiment, whose phases may come from a predicted model, only words about the column count.
    """
    is_measured = method is not None and _EXPERIMENT.search(method) is not None
    if not is_measured and entry_id is not None and _ALPHAFOLD_ID.match(entry_id):
        return f"entry {entry_id} of the AlphaFold database"
    says_so = _COLUMN if is_measured else _PREDICTOR
    for statement in statements:
        if says_so.search(statement):
            return " ".join(statement.split())[:100]
    return None


def has_unit_scale(value: Float[np.ndarray, "atom"]) -> bool:
    """Return whether pLDDT values were written from 0 to 1 instead of 0 to 100."""
    stated = value[~np.isnan(value)]
    return bool(len(stated)) and 0 < float(stated.max()) <= 1.0 and float(stated.min()) >= 0.0
