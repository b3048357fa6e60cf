"""A property of made proteins in a table of its own, of which everything is known."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from protea.applications.properties.labels.property import Property
from protea.protein.alphabets import STANDARD_LETTERS

LETTERS = np.array(list(STANDARD_LETTERS))


def made_sequences(number: int, seed: int = 0, shortest: int = 30, longest: int = 60) -> list[str]:
    """Sequences without relatives, each drawn from a composition of its own."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(number):
        share = rng.dirichlet(np.full(20, 2.0))
        found.append("".join(rng.choice(LETTERS, size=int(rng.integers(shortest, longest)), p=share)))
    return found


def write_table(path: Path, **columns: Any) -> None:
    pq.write_table(pa.table(columns), path)


def lysine_share(sequence: str) -> float:
    return sequence.count("K") / len(sequence)


def made_property(folder: Path, number: int = 200, **settings: Any) -> Property:
    """A property that is ten times the share of lysine, and its table `made.parquet` in the folder."""
    sequences = made_sequences(number)
    ids = [f"p{i}" for i in range(number)]
    write_table(folder / "made.parquet", id=ids, sequence=sequences, value=[10 * lysine_share(s) for s in sequences])
    return Property.model_validate(value_block() | settings)


def value_block() -> dict[str, Any]:
    return {
        "name": "lysines",
        "title": "Tenfold share of lysine",
        "level": "protein",
        "kind": "value",
        "unit": "tenths",
        "direction": "more = more lysine",
        "lower": 0,
        "transform": [{"kind": "z_score"}],
        "metric": "spearman",
        "also": ["mae"],
        "tables": [
            {
                "kind": "sequences",
                "file": "made.parquet",
                "id_column": "id",
                "target": {"kind": "number", "column": "value"},
            }
        ],
    }


def residue_block() -> dict[str, Any]:
    """Helix-like letters, of a table `residues.parquet` with columns id, sequence, state."""
    return {
        "name": "states",
        "title": "State of each residue",
        "level": "residue",
        "kind": "classes",
        "direction": "the state",
        "classes": ["charged", "other"],
        "metric": "accuracy",
        "tables": [
            {
                "kind": "sequences",
                "file": "residues.parquet",
                "id_column": "id",
                "target": {"kind": "letters", "column": "state", "letters": ["C", "O"], "unknown": "?"},
            }
        ],
    }


def write_states(folder: Path, number: int = 60, seed: int = 1) -> None:
    """The table of `residue_block`: D, E, K, R are charged, the first residue is unknown."""
    sequences = made_sequences(number, seed)
    states = ["?" + "".join("C" if letter in "DEKR" else "O" for letter in one[1:]) for one in sequences]
    write_table(folder / "residues.parquet", id=[f"r{i}" for i in range(number)], sequence=sequences, state=states)
