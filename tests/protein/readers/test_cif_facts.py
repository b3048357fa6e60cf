"""What both CIF readers take from the categories beside the atoms."""

import pytest

from protea.protein.readers.cif_facts import Values, entry_id, plddt_of, provenance_of, seqres_of


def values_of(**columns: list[str]) -> Values:
    """Return a look-up of columns written as `category__item`."""
    return lambda category, item: columns.get(f"{category}__{item}", [])


def test_an_entry_id_is_the_first_that_is_not_blank() -> None:
    assert entry_id(values_of(entry__id=["", " 1ABC "])) == "1ABC"
    assert entry_id(values_of(entry__id=[""])) is entry_id(values_of()) is None


def test_seqres_goes_to_every_chain_and_a_place_of_two_names_takes_the_first() -> None:
    values = values_of(
        entity_poly_seq__entity_id=["1", "2", "1", "1"],
        entity_poly_seq__num=["1", "1", "2", "2"],
        entity_poly_seq__mon_id=["MET", "DA", "SER", "THR"],
        entity_poly__entity_id=["1", "2", "3"],
        entity_poly__pdbx_strand_id=["A, B", "C", "D"],
    )
    assert seqres_of(values) == {"A": ("MET", "SER"), "B": ("MET", "SER"), "C": ("DA",)}


def test_seqres_told_in_letters_is_taken_where_no_monomers_are() -> None:
    values = values_of(
        entity_poly__entity_id=["1", "2", "3"],
        entity_poly__type=["polypeptide(L)", "polydeoxyribonucleotide", "polypeptide(L)"],
        entity_poly__pdbx_seq_one_letter_code=["(MSE)KU\nX(SEP)", "ACGT", "MMM"],
        entity_poly__pdbx_strand_id=["A,B", "C", "D"],
        entity_poly_seq__entity_id=["3"],
        entity_poly_seq__num=["1"],
        entity_poly_seq__mon_id=["TRP"],
    )
    told = ("MSE", "LYS", "SEC", "UNK", "SEP")
    assert seqres_of(values) == {"A": told, "B": told, "D": ("TRP",)}


def test_facts_are_taken_from_the_first_category_that_has_them() -> None:
    values = values_of(
        entry__id=["1ABC"],
        exptl__method=["X-RAY DIFFRACTION"],
        refine__ls_d_res_high=["1.75"],
        em_3d_reconstruction__resolution=["9.0"],
        pdbx_database_status__recvd_initial_deposition_date=["2020-01-31"],
        entity_src_gen__pdbx_gene_src_scientific_name=[""],
        entity_src_nat__pdbx_organism_scientific=["Homo sapiens"],
    )
    facts = provenance_of(values, source="a.cif", file_format="mmcif", notes=("n",))
    assert (facts.source, facts.file_format, facts.notes, facts.entry_id) == ("a.cif", "mmcif", ("n",), "1ABC")
    assert (facts.method, facts.resolution, facts.date) == ("X-RAY DIFFRACTION", 1.75, "2020-01-31")
    assert facts.organism == "Homo sapiens"


@pytest.mark.parametrize(
    ("text", "resolution"), [("2.0", 2.0), ("0", None), ("-1", None), ("inf", None), ("nan", None), ("n/a", None)]
)
def test_a_resolution_is_a_positive_number_or_unknown(text: str, resolution: float | None) -> None:
    values = values_of(em_3d_reconstruction__resolution=[text])
    assert provenance_of(values, source="x", file_format="mmcif", notes=()).resolution == resolution


def test_plddt_by_metric_by_software_and_by_block_name() -> None:
    assert plddt_of(values_of(ma_qa_metric__name=["PAE", "PLDDT"]), "x") == "ma_qa_metric pLDDT"
    assert plddt_of(values_of(software__name=["refiner", "ColabFold"]), "x") == "ColabFold"
    assert plddt_of(values_of(), "AF-P12345-F1") == "entry AF-P12345-F1 of the AlphaFold database"
    assert plddt_of(values_of(entry__id=["1ABC"]), "AF-P12345-F1") is None
    assert plddt_of(values_of(ma_qa_metric__name=["PAE"], struct__title=["LYSOZYME"]), "x") is None
    measured = values_of(software__name=["PHASER", "AlphaFold"], exptl__method=["X-RAY DIFFRACTION"])
    assert plddt_of(measured, "x") is None
