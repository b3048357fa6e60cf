"""Scans: mutations applied to the wild type, few of them to train on, more to be judged on."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from protea.datasets.sources.variant_scan import VariantScanConfig, mutated
from protea.errors import FileFormatError, InputError


def source_in(folder: Path, variants: list[str], **settings: Any) -> VariantScanConfig:
    (folder / "wild.csv").write_text("set,sequence,number_of_first_residue\nx,AAA,0\ny,MKVLA,10\n")
    table = {"variant": variants, "score": [float(place) for place in range(len(variants))]}
    pq.write_table(pa.table(table), folder / "scan.parquet")
    return VariantScanConfig(
        path=folder / "scan.parquet", wild_types=folder / "wild.csv", set_name="y", label="brightness", **settings
    )


def test_mutations_are_applied_in_the_numbering_of_the_scan() -> None:
    assert mutated("MKVLA", "M10A", 10, "here") == "AKVLA"
    assert mutated("MKVLA", "K11R,A14G", 10, "here") == "MRVLG"
    assert mutated("MKVLA", "K11R,V12*,A14G", 10, "here") == "MR"
    assert mutated("MKVLA", "M-1A", -1, "here") == "AKVLA"


@pytest.mark.parametrize("variant", ["K10R", "M15A", "M9A", "M10", "M10A,M10V", "", "M10A, K11R"])
def test_what_is_no_mutation_of_this_wild_type_is_refused(variant: str) -> None:
    with pytest.raises(FileFormatError, match=r"here: .*not a mutation of this wild type"):
        mutated("MKVLA", variant, 10, "here")


def test_variants_carry_their_score_and_are_parted_by_mutations(tmp_path: Path) -> None:
    source = source_in(tmp_path, ["M10A", "M10A,K11R", "M10A,K11R,V12G"], max_train_mutations=2)
    proteins = list(source.proteins())
    assert [protein.sequence for protein in proteins] == ["AKVLA", "ARVLA", "ARGLA"]
    assert [float(protein.labels["brightness"].value) for protein in proteins] == [0.0, 1.0, 2.0]
    parts = source.parts()
    assert parts["test"] == ("M10A,K11R,V12G",)
    assert sorted(parts.get("train", ()) + parts.get("validation", ())) == ["M10A", "M10A,K11R"]


def test_validation_is_a_share_that_knows_no_order(tmp_path: Path) -> None:
    variants = [
        f"{old}{place}{new}" for place, old in enumerate("MKVLA", 10) for new in "CDEFGHINPQRSTWY" if new != old
    ]
    source = source_in(tmp_path, variants, validation_share=0.3)
    parts = source.parts()
    assert 0.15 < len(parts["validation"]) / len(variants) < 0.45
    turned = source_in(tmp_path, variants[::-1], validation_share=0.3)
    assert set(turned.parts()["validation"]) == set(parts["validation"])
    other = source_in(tmp_path, variants, validation_share=0.3, seed=1)
    assert set(other.parts()["validation"]) != set(parts["validation"])
    assert other.fingerprint() == source_in(tmp_path, variants).fingerprint()  # parts shape no record


def test_a_variant_is_in_one_part_in_whatever_order_it_is_written(tmp_path: Path) -> None:
    pairs = [(f"M10{one}", f"K11{other}") for one in "ACDEFG" for other in "ACDEFG"]
    source = source_in(tmp_path, [text for pair in pairs for text in (",".join(pair), ",".join(pair[::-1]))])
    part_of = {variant: part for part, variants in source.parts().items() for variant in variants}
    assert {part_of[",".join(pair)] for pair in pairs} == {"train", "validation"}
    assert all(part_of[",".join(pair)] == part_of[",".join(pair[::-1])] for pair in pairs)


def test_absent_wild_types_and_columns_are_refused(tmp_path: Path) -> None:
    source = source_in(tmp_path, ["M10A"])
    with pytest.raises(InputError, match="no wild type 'z'"):
        source.model_copy(update={"set_name": "z"}).parts()
    with pytest.raises(FileFormatError, match=r"no column \['fitness'\]"):
        source.model_copy(update={"score_column": "fitness"}).parts()
    (tmp_path / "wild.csv").write_text("set,sequence\ny,M\n")
    with pytest.raises(FileFormatError, match=r"no column \['number_of_first_residue'\]"):
        source.parts()


def test_the_real_scan_has_the_published_test(shared_data: Path) -> None:
    folder = shared_data / "properties"
    source = VariantScanConfig(
        path=folder / "dms_avgfp.parquet", wild_types=folder / "dms_wild_types.csv", set_name="avgfp"
    )
    parts = source.parts()
    assert len(parts["test"]) == 27217  # as in TAPE
    assert len(parts["train"]) + len(parts["validation"]) == 26807  # TAPE: 26,808
    assert abs(len(parts["train"]) - 21446) < 200
