"""Outputs that the card of a golden names and the golden lacks.

They are told and refuse nothing: one text may stand beside several goldens of which not all hold everything.
"""

import re

from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.language_outputs import OUTPUT_AXES

__all__ = ["only_named"]

_STATED = frozenset(
    {*OUTPUT_AXES, "node_embedding", "graph_embedding", "x_single", "wt_log_probs", "masked_log_probs", "wt_marginals",
     "masked_marginals", "masked_marginals_joint", "mutation_scores", "position_probabilities", "single_last_logits",
     "relative_position_bias", "single_last_hidden_state", "truth", "net_output", "after_pool", "gin1",
     "protein_independent", "logits_full_graph", "true_dihedrals", "coordinates_without_noise"}
)  # fmt: skip
"""Names that mean an output wherever a card quotes them, unless they are inputs of the golden."""


def only_named(golden: Golden) -> dict[str, str]:
    """Return these outputs, each with what to say of it."""
    absent = _named(golden.card) & _STATED - golden.output_names() - golden.input_names()
    return dict.fromkeys(sorted(absent), "the card names it, outputs.npz lacks it")


def _named(card: str) -> frozenset[str]:
    """Return the words that a card quotes as names, and those whose precision its sentence of tolerance tells."""
    quoted = re.findall(r"`(\w+)`", card)
    told = re.findall(r"float32 against float64 \(outputs64\.npz\):((?: \w+ [\d.e-]+,?)+)", card)
    return frozenset(quoted) | frozenset(re.findall(r" ([A-Za-z_]\w*) ", " ".join(told)))
