"""TAPE: the JSON archives as published, fetched from a mirror; what the files get wrong is unknown, not copied."""

import json
from pathlib import Path
from typing import Any

import pytest

from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.tape import TAPEConfig, TAPESet
from protea.errors import FileFormatError, InputError
from tests.datasets.sources.published.made_site import fetched, list_files
from tests.datasets.sources.published.test_json_records import packed

# The third residue is not resolved: state and accessibility of it are 0 in the files. The fourth is not to be judged.
CHAIN: dict[str, Any] = {
    "id": "1abc-A", "primary": "MKVLX", "protein_length": 5, "evolutionary": [[0.5] * 30] * 5,
    "valid_mask": [1.0, 1.0, 1.0, 0.0, 1.0], "disorder": [1, 1, 0, 1, 1], "ss8": [7, 3, 0, 4, 1],
    "ss3": [2, 1, 0, 1, 0], "rsa": [0.9, 0.1, 0.0, 0.2, 0.25], "asa_max": [200.0] * 5, "interface": [0, 1, 0, 0, 0],
    "phi": [0.0] * 5, "psi": [0.0] * 5,
}  # fmt: skip
TESTS = {"secondary_structure": ("casp12", "ts115", "cb513"), "stability": ("test",), "fluorescence": ("test",),
         "proteinnet": ("test",),
         "remote_homology": ("test_fold_holdout", "test_superfamily_holdout", "test_family_holdout")}  # fmt: skip


def source_in(folder: Path, task: TAPESet, records: list[dict[str, Any]]) -> TAPEConfig:
    """A source fetched from a mirror that holds these records in every part."""
    parts = ("train", "valid", *TESTS[task])
    archive = packed(folder / "made.tar.gz", {f"{task}_{part}.json": json.dumps(records) for part in parts})
    files = list_files(f"tape_{task}", {f"{task}.tar.gz": archive.read_bytes()})
    source, found = fetched(TAPEConfig(folder=folder / "data", task=task), files)
    assert not found.failed
    assert isinstance(source, TAPEConfig)
    return source


def test_residue_labels_of_secondary_structure(tmp_path: Path) -> None:
    source = source_in(tmp_path, "secondary_structure", [CHAIN])
    assert source.parts() == {
        "train": ("train_0",), "validation": ("validation_0",), "casp12": ("casp12_0",), "ts115": ("ts115_0",),
        "cb513": ("cb513_0",),
    }  # fmt: skip
    protein = next(iter(source.proteins()))
    assert (protein.id, protein.sequence, protein.provenance.entry_id) == ("train_0", "MKVLX", "1abc-A")
    known = [True, True, False, False, True]
    expected: dict[str, list[float]] = {
        "ss8": [7, 3, 1], "ss3": [2, 1, 0], "buried": [0, 1, 0], "interface": [0, 1, 0],
        "accessibility": [0.9, 0.1, 0.25],
    }  # fmt: skip
    for name, values in expected.items():
        label = protein.labels[name]
        assert label.is_known.tolist() == known
        assert label.value[label.is_known].tolist() == pytest.approx(values)
    disorder = protein.labels["disorder"]
    assert disorder.is_known.tolist() == [True, True, True, False, True]
    assert disorder.value.tolist() == [0, 0, 1, 0, 0]
    lower = source.model_copy(update={"buried_below": 0.05})
    assert next(iter(lower.proteins())).labels["buried"].value.tolist() == [0, 0, 0, 0, 0]
    assert lower.fingerprint() != source.fingerprint()


@pytest.mark.parametrize(
    ("task", "label", "record", "value"),
    [
        ("remote_homology", "fold", {"fold_label": 1194, "family_label": 3}, 1194),
        ("fluorescence", "fluorescence", {"log_fluorescence": [3.5]}, 3.5),
        ("stability", "stability", {"stability_score": [-0.25], "topology": "HHH"}, -0.25),
    ],
)
def test_protein_labels(tmp_path: Path, task: TAPESet, label: str, record: dict[str, Any], value: float) -> None:
    source = source_in(tmp_path, task, [{"id": "x", "primary": "MKV", **record}, {"id": "x", "primary": "G", **record}])
    proteins = list(source.proteins())
    assert len(proteins) == 2 * (2 + len(TESTS[task]))  # an id that comes twice is no trouble
    assert {float(protein.labels[label].value) for protein in proteins} == {value}
    parts = {"remote_homology": {"fold", "superfamily", "family"}}.get(task, {"test"})
    assert set(source.parts()) == {"train", "validation"} | parts
    assert source.parts()["train"] == ("train_0", "train_1")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"primary": ""}, "no sequence"),
        ({"primary": [3, 4]}, "no sequence"),
        ({"ss8": [0, 1]}, "'ss8' is not one number per residue; expected 5"),
        ({"ss8": [0, 1, 2, 3, 8]}, "not states of DSSP"),
        ({"rsa": [None] * 5}, "'rsa' (holds no numbers|is not one number per residue)"),
        ({"disorder": "11111"}, "'disorder' (holds no numbers|is not one number per residue)"),
    ],
)
def test_a_broken_record_is_named(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    source = source_in(tmp_path, "secondary_structure", [{**CHAIN, **change}])
    with pytest.raises(InputError, match=rf"secondary_structure_train\.json, record 0: .*{message}"):
        list(source.proteins())
    report = SourceReport()
    assert not list(source.proteins(report))
    assert sorted(report.refused) == ["casp12_0", "cb513_0", "train_0", "ts115_0", "validation_0"]


def test_places_of_proteinnet_are_of_ca_and_the_mask_says_which_are_known(tmp_path: Path) -> None:
    record = {"id": "1abc", "primary": "MKV", "tertiary": [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0], [4.0, 5.0, 6.0]],
              "valid_mask": [True, False, True]}  # fmt: skip
    source = source_in(tmp_path, "proteinnet", [record])
    assert sorted(source.parts()) == ["casp12", "train", "validation"]
    label = next(iter(source.proteins())).labels["residue_position"]
    assert label.is_known.tolist() == [True, False, True]
    assert label.value.tolist() == [[1, 2, 3], [0, 0, 0], [4, 5, 6]]
    wrong = ({"tertiary": [[1.0, 2.0]] * 3}, {"tertiary": [[1.0, 2.0, float("nan")]] * 3}, {"valid_mask": [1]})
    for place, change in enumerate(wrong):
        folder = tmp_path / str(place)
        folder.mkdir()
        with pytest.raises(FileFormatError, match=r"is not one (finite position|number) per residue"):
            list(source_in(folder, "proteinnet", [{**record, **change}]).proteins())


def test_a_label_that_is_absent_is_refused_and_so_is_an_archive_that_was_not_fetched(tmp_path: Path) -> None:
    source = source_in(tmp_path, "stability", [{"id": "x", "primary": "MKV", "log_fluorescence": [1.0]}])
    with pytest.raises(FileFormatError, match="no 'stability_score'"):
        list(source.proteins())
    with pytest.raises(InputError, match="was not fetched"):
        TAPEConfig(folder=tmp_path / "empty", task="stability").parts()
