"""When the B-factor column is pLDDT: only when the file says so, never by the look of the numbers.

What counts as saying so: the mmCIF metric `pLDDT` (ModelCIF, `ma_qa_metric`), an AlphaFold, ESMFold, ColabFold, Boltz or
OpenFold name in title, entry id, software or remarks, or the `PARENT` record that OpenFold and ESMFold write.
"""

import re

import numpy as np
from jaxtyping import Float

__all__ = ["has_unit_scale", "plddt_reason"]

_PREDICTOR = re.compile(
    r"\b(alphafold|esmfold|colabfold|openfold|omegafold|boltz|chai-?1|protenix)|\bplddt\b|^AF-[A-Z0-9]+-F\d+", re.I
)


def plddt_reason(*statements: str) -> str | None:
    """Return the first statement that names a predictor which writes pLDDT, shortened; None if there is none."""
    for statement in statements:
        if _PREDICTOR.search(statement):
            return " ".join(statement.split())[:100]
    return None


def has_unit_scale(value: Float[np.ndarray, "atom"]) -> bool:
    """Return whether pLDDT values were written from 0 to 1 instead of 0 to 100."""
    return bool(len(value)) and 0 < float(value.max()) <= 1.0 and float(value.min()) >= 0.0
