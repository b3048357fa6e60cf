from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from protea.applications.variants.mutations import Variant, parse_variant
from protea.applications.variants.variant_features import embedding_columns, sequence_columns
from protea.datasets.stored_embeddings import read_embeddings
from protea.errors import InputError
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.batch import pack
from protea.protein.record import protein_from_sequence
from tests.applications.variants.made_scan import WILD_TYPE, made_scan
from tests.datasets.made_embeddings import write_embeddings


def test_columns_by_hand() -> None:
    variants = [parse_variant(text, "MAGK") for text in ("A2V", "G3*:K4A", "WT")]
    one_hot = sequence_columns("one_hot", variants, 4).toarray().reshape(3, 4, 21)
    assert one_hot[0, 1, STANDARD_LETTERS.index("V")] == 1
    assert one_hot[0, 1, STANDARD_LETTERS.index("A")] == -1
    assert one_hot[1, 2, 20] == 1  # the stop
    assert np.abs(one_hot).sum(axis=(1, 2)).tolist() == [2, 4, 0]
    assert sequence_columns("positions", variants, 4).toarray().tolist() == [[0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]]
    letters = sequence_columns("letters", variants, 4).toarray()
    assert letters[1, STANDARD_LETTERS.index("G")] == letters[1, STANDARD_LETTERS.index("K")] == 1  # lost
    assert letters[1, 21 + 20] == letters[1, 21 + STANDARD_LETTERS.index("A")] == 1  # gained


def test_a_linear_model_predicts_as_with_the_full_one_hot_sequence() -> None:
    scan = made_scan()
    full = np.array(
        [[letter == other for letter in v.apply(WILD_TYPE) for other in STANDARD_LETTERS] for v in scan.variants], float
    )
    ours = sequence_columns("one_hot", scan.variants, len(WILD_TYPE)).toarray()
    predicted = [Ridge(alpha=0.7).fit(x[:200], scan.value[:200]).predict(x[200:]) for x in (full, ours)]
    np.testing.assert_allclose(predicted[0], predicted[1], atol=1e-8)


def test_what_has_no_column_is_refused() -> None:
    found = {"A2del": "found nothing for A", "A2_G3insW": "found W for nothing", "A2_G3delinsW": "found W for AG"}
    for text, words in found.items():
        with pytest.raises(InputError, match=f"not a substitution of a standard residue.*{words}"):
            sequence_columns("positions", [parse_variant(text, "MAGK")], 4)


def test_embeddings_are_averaged_over_all_residues_or_over_the_sites(tmp_path: Path) -> None:
    names = ["A2V", "WT", "A2V:K4R"]
    variants = [parse_variant(name, "MAGK") for name in names]
    batch = pack([protein_from_sequence(n, v.apply("MAGK")) for n, v in zip(names, variants, strict=True)])
    written = write_embeddings(tmp_path, batch)
    found = read_embeddings(tmp_path)
    order = [2, 0, 1]
    asked, mutated = [names[i] for i in order], [variants[i] for i in order]
    whole = embedding_columns(found, asked, mutated, at_sites=False)
    np.testing.assert_allclose(whole, [written[name].mean(axis=0) for name in asked], rtol=1e-6)
    sites = embedding_columns(found, asked, mutated, at_sites=True)
    np.testing.assert_allclose(sites[0], written["A2V:K4R"][[1, 3]].mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(sites[1], written["A2V"][1], rtol=1e-6)
    np.testing.assert_allclose(sites[2], written["WT"].mean(axis=0), rtol=1e-6)
    with pytest.raises(InputError, match="1 of 1 variants have no embedding; found none of 'G3A'"):
        embedding_columns(found, ["G3A"], [Variant()], at_sites=False)
    with pytest.raises(InputError, match="no mutated sites of their own"):
        embedding_columns(found, ["A2V"], [parse_variant("A2del", "MAGK")], at_sites=True)


@pytest.mark.parametrize("at_sites", [True, False])
def test_embeddings_of_another_protein_are_refused(tmp_path: Path, at_sites: bool) -> None:
    """Names of variants say nothing of the protein: A2V of one scan is in the folder of another, too."""
    write_embeddings(tmp_path, pack([protein_from_sequence(name, "MKVK") for name in ("A2V", "A2K", "WT", "A9K")]))
    found = read_embeddings(tmp_path)
    assert embedding_columns(found, ["A2K", "WT"], [parse_variant("A2K", "MAVK"), Variant()], at_sites).shape == (2, 4)
    with pytest.raises(InputError, match=r"another sequence.*expected V at residue 2 of the sequence; found K"):
        embedding_columns(found, ["A2V"], [parse_variant("A2V", "MAVK")], at_sites)
    with pytest.raises(
        InputError, match=r"another sequence.*expected K at residue 9 of the sequence; found 4 residues"
    ):
        embedding_columns(found, ["A9K"], [parse_variant("A9K", "MAVKMAVKA")], at_sites)
