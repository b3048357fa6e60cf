"""Components: relatives together, by any chain, through any row of neighbours; strangers apart."""

from pathlib import Path

import numpy as np
import pytest

from protea.datasets.components import Components, chain_sequences, distinct_chains, identity_components, join_chains
from protea.errors import FileFormatError, InputError
from tests.datasets.made_proteins import made_protein
from tests.datasets.test_sequence_search import made_sequence, mutated


def test_chains_join_proteins_and_pairs_join_chains() -> None:
    chains = distinct_chains({"d": ["XX"], "a": ["AA", "BB"], "b": ["BB"], "c": ["CC"], "e": []})
    assert chains.ids == ["a", "b", "c", "d", "e"]
    assert chains.sequences == ["AA", "BB", "CC", "XX"]
    assert join_chains(chains, []) == {"a": "a", "b": "a", "c": "c", "d": "d", "e": "e"}
    assert join_chains(chains, [(2, 0)]) == {"a": "a", "b": "a", "c": "a", "d": "d", "e": "e"}
    assert join_chains(chains, [], {"d": "x", "c": "x"}) == {"a": "a", "b": "a", "c": "c", "d": "c", "e": "e"}


def test_relatives_by_sequence_are_found_through_a_third() -> None:
    base = made_sequence(0, 200)
    middle = mutated(base, 0.45, seed=1)
    far = mutated(middle, 0.45, seed=2)
    chains_of = {
        "base": [base],
        "middle": [made_sequence(5), middle],  # by its second chain
        "far": [far],
        "stranger": [made_sequence(9)],
        "peptide": ["MKVLA"],
        "same peptide": ["MKVLA"],  # too short for the search, equal all the same
    }
    found = identity_components(chains_of)
    assert found.of == {
        "base": "base", "middle": "base", "far": "base", "stranger": "stranger", "peptide": "peptide",
        "same peptide": "peptide",
    }  # fmt: skip
    assert len(found) == 3
    assert next(iter(found.members().values())) == ["base", "far", "middle"]
    assert found.provenance["aligned_all_pairs"] is True
    assert found.provenance["mmseqs"]


def test_the_order_of_the_proteins_does_not_matter() -> None:
    chains_of = {f"p{seed}": [made_sequence(seed // 2, 80)] for seed in range(6)}
    backwards = dict(reversed(chains_of.items()))
    assert identity_components(chains_of).of == identity_components(backwards).of


def test_chain_sequences_of_a_record() -> None:
    protein = made_protein("p", 12)
    assert chain_sequences(protein) == (protein.sequence[:6], protein.sequence[6:])
    assert chain_sequences(made_protein("q", 2)) == (made_protein("q", 2).sequence,)


def test_save_and_load(tmp_path: Path) -> None:
    found = Components({"a": "a", "b": "a"}, {"method": "by hand"})
    found.save(tmp_path / "c.json")
    assert Components.load(tmp_path / "c.json") == found
    (tmp_path / "c.json").write_text("[]")
    with pytest.raises(FileFormatError, match="not a file of components"):
        Components.load(tmp_path / "c.json")
    with pytest.raises(InputError, match="no such file"):
        Components.load(tmp_path / "d.json")
    with pytest.raises(InputError, match="no proteins"):
        identity_components({})


def test_long_rows_of_neighbours_are_one_component() -> None:
    chains = distinct_chains({f"p{row:03d}": [f"{'A' * (row + 1)}"] for row in range(300)})
    order = np.random.default_rng(0).permutation(299)
    pairs = [(int(row), int(row) + 1) for row in order]
    assert set(join_chains(chains, pairs).values()) == {"p000"}
