"""A made set of chains: two families, each with its own EC number, in tables as the shared ones are laid out."""

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from protea.applications.function.comparison import FunctionComparisonConfig
from protea.protein.alphabets import STANDARD_LETTERS

LEAVES = ("1.1.1.1", "1.1.1.2", "3.4.21.n1")


def made_sequence(family: int, number: int, length: int = 90) -> str:
    """A sequence near the founder of its family: one letter in ten changed."""
    founder, own = random.Random(family), random.Random(1000 * family + number)
    letters = [founder.choice(STANDARD_LETTERS) for _ in range(length)]
    return "".join(own.choice(STANDARD_LETTERS) if own.random() < 0.1 else letter for letter in letters)


def write_tables(folder: Path) -> None:
    """36 listed chains, of which 30 have a sequence in one of two tables; the test alone knows an unseen number."""
    rows, sequences = [], []
    for number in range(36):
        family = number // 6 % 3
        part = "test" if number % 6 == 5 or number % 6 == 0 else "valid" if number % 6 == 1 else "train"
        terms = [LEAVES[family], ".".join(LEAVES[family].split(".")[:3]) + ".-"]
        if number == 35:
            terms = ["3.4.21.9"]
        sequence = made_sequence(family, number)
        chain = f"{1000 + number}-A"
        is_known_here = part == "test"
        rows.append(
            {
                "chain": chain, "split": part, "ec": ",".join(terms), "sequence": sequence if is_known_here else None,
                "below": part == "test" and number % 2 == 1,
            }
        )  # fmt: skip
        if number % 6 != 3 and not is_known_here:
            sequences.append({"name": chain.lower().replace("-", "_"), "seqres": sequence})
    sequences.append({"name": "1000_a", "seqres": "MKVA"})  # another sequence of a chain that is there already
    pq.write_table(pa.Table.from_pylist(rows), folder / "labels.parquet")
    pq.write_table(pa.Table.from_pylist(sequences), folder / "sequences.parquet")


def made_config(**fit: object) -> FunctionComparisonConfig:
    """A comparison on these tables, small enough for a test."""
    small = {"dim": 8, "num_models": 2, "num_kept": 2, "epochs": 3, "batch_size": 4, "learning_rate": 0.01, **fit}
    return FunctionComparisonConfig.model_validate(
        {
            "name": "made",
            "chains": {
                "file": "labels.parquet",
                "term_column": "ec",
                "bands": {"listed < 30 %": "below"},
                "sequences": [
                    {"file": "labels.parquet"},
                    {
                        "file": "sequences.parquet", "id_columns": ["name"], "sequence": "seqres",
                        "is_chain_upper": True,
                    },
                ],
            },
            "fit": small,
            "num_resamples": 10,
        }
    )  # fmt: skip
