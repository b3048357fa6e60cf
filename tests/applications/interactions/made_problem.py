"""A small network as a problem and as tables on disk; the types of a pair follow from its proteins."""

from pathlib import Path

import numpy as np

from protea.applications.interactions.problem import Messages, Problem
from protea.applications.interactions.protein_columns import protein_columns
from protea.datasets.interactions.action_tables import ACTION_TYPES
from protea.datasets.interactions.network import InteractionNetwork
from tests.datasets.interactions.made_network import made_network


def telling_network(num_proteins: int = 60, num_pairs: int = 220, seed: int = 0) -> InteractionNetwork:
    """A network of which type 0 holds where both proteins have an even row, type 1 where one has, type 2 always."""
    plain = made_network(num_proteins, num_pairs, seed=seed)
    num_even = (plain.pairs % 2 == 0).sum(1)
    labels = np.stack([num_even == 2, num_even == 1, np.ones(len(plain), bool)], axis=1)
    rng = np.random.default_rng(seed)
    # Even rows are rich in alanine: a sequence tells the type.
    sequences = tuple(
        "".join(rng.choice(list("AAAAAG" if row % 2 == 0 else "LLLLLK"), size=40)) for row in range(num_proteins)
    )
    return InteractionNetwork(plain.ids, plain.pairs, labels, plain.types, plain.species, sequences)


def made_problem(messages: Messages = "train", seed: int = 0) -> tuple[Problem, np.ndarray]:
    """A problem over the first 150 pairs of `telling_network`, and the rows of the others."""
    network = telling_network(seed=seed)
    assert network.sequences is not None
    columns = protein_columns(network.sequences, ("composition", "length"))
    return Problem(network, columns, np.arange(150), messages), np.arange(150, len(network))


def write_tables(folder: Path, network: InteractionNetwork) -> None:
    """Write `actions.txt` and `sequences.tsv` in the published layouts."""
    assert network.sequences is not None
    lines = ["item_id_a\titem_id_b\tmode\taction\tis_directional\ta_is_acting\tscore"]
    for (first, second), types in zip(network.pairs.tolist(), network.labels, strict=True):
        pair = f"{network.ids[first]}\t{network.ids[second]}"
        lines += [f"{pair}\t{ACTION_TYPES[place]}\t\tf\tf\t500" for place in np.flatnonzero(types)]
    (folder / "actions.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = "".join(f"{name}\t{letters}\n" for name, letters in zip(network.ids, network.sequences, strict=True))
    (folder / "sequences.tsv").write_text(table, encoding="utf-8")


def write_fasta(path: Path, network: InteractionNetwork) -> None:
    """Write the sequences as FASTA."""
    assert network.sequences is not None
    path.write_text(
        "".join(f">{name}\n{letters}\n" for name, letters in zip(network.ids, network.sequences, strict=True)),
        encoding="utf-8",
    )
