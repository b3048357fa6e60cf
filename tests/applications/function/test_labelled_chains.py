"""Chains joined with sequences of several tables: the first counts, what is missing and what disagrees is counted."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from protea.applications.function.labelled_chains import SequenceTableConfig, read_labelled_chains
from protea.errors import FileFormatError, InputError
from tests.applications.function.made_chains import made_config, made_sequence, write_tables


def test_made_tables_are_joined(tmp_path: Path) -> None:
    write_tables(tmp_path)
    found = read_labelled_chains(made_config().chains, tmp_path)
    assert found.num_listed == (18, 6, 12)
    assert [len(found.part(number)) for number in range(3)] == [12, 6, 12]
    assert dict(found.num_from) == {"labels.parquet": 12, "sequences.parquet": 18}
    assert found.num_disagreeing == 1
    first = found.part(2)[0]
    assert (first.id, first.sequence, first.terms) == ("1000-A", made_sequence(0, 0), ("1.1.1.1", "1.1.1.-"))
    assert [bool(chain.bands) for chain in found.part(2)] == [int(chain.id[:4]) % 2 == 1 for chain in found.part(2)]


def test_wrong_tables_are_refused(tmp_path: Path) -> None:
    config = made_config().chains
    with pytest.raises(InputError, match=r"no such table"):
        read_labelled_chains(config, tmp_path)
    write_tables(tmp_path)
    with pytest.raises(FileFormatError, match=r"no column go.*chain, split, ec"):
        read_labelled_chains(config.model_copy(update={"term_column": "go"}), tmp_path)
    with pytest.raises(FileFormatError, match=r"row 0: unknown part"):
        read_labelled_chains(config.model_copy(update={"parts": ("a", "b", "c")}), tmp_path)
    pq.write_table(pa.table({"chain": ["9ZZZ-A"], "sequence": ["MKV"]}), tmp_path / "other.parquet")
    others = (SequenceTableConfig(file="other.parquet"),)
    with pytest.raises(InputError, match="no chain has a sequence"):
        read_labelled_chains(config.model_copy(update={"sequences": others}), tmp_path)


@pytest.mark.parametrize("pattern", ["(", r"(?P<pdb>\w+)"])
def test_a_pattern_without_its_groups_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError, match="pattern"):
        SequenceTableConfig(file="a", pattern=pattern)


def test_the_real_chains(shared_data: Path, repository: Path) -> None:
    from protea.applications.function.comparison import FunctionComparisonConfig
    from protea.config import load_config

    config = load_config(FunctionComparisonConfig, repository / "configs" / "function" / "ec.yaml")
    found = read_labelled_chains(config.chains, shared_data)
    assert found.num_listed == (15551, 1729, 1919)
    assert [len(found.part(number)) for number in range(3)] == [3532, 393, 1919]
    assert all(len(chain.sequence) >= 10 for chain in found.chains)
