"""Metal3D: residues at the ion of whole entries, judged by AUPRC."""

import math
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.interface import Suite
from tests.benchmark.suites.published_files import labels_of, parts_of, placed, uninformed_losses
from tests.datasets.sources.published.made_site import entry

LISTS = {"train.txt": "1AAA\n", "val.txt": "1bbb\n", "test.txt": "1ccc\n"}


def suite_in(folder: Path, **settings: object) -> Suite:
    source = {"kind": "metal_sites", "folder": placed(folder, LISTS, "1aaa 1bbb 1ccc"), **settings}
    return parse_suite({"kind": "metal_3d", "source": source})


def test_residues_at_the_ion(tmp_path: Path) -> None:
    suite = suite_in(tmp_path / "data")
    data = suite.prepare(tmp_path / "cache")
    assert parts_of(data) == (("1aaa",), ("1bbb",), ("1ccc",))
    for id, value in labels_of(data, "metal_site").items():
        whole = entry(id)
        distance = np.linalg.norm(whole.atom_position - whole.ligands.atom_position[0], axis=1)
        assert value.tolist() == [int((distance[start:stop] <= 3.5).any()) for start, stop in zip(
            whole.atom_ptr[:-1], whole.atom_ptr[1:], strict=True)]  # fmt: skip
        assert value[0] == 1
    ((name, task),) = suite.tasks(data).items()
    assert (name, task.metric, task.also) == ("metal_site", "auprc", ("auroc", "mcc"))
    assert task.objective.level == "residue"  # type: ignore[union-attr]
    assert uninformed_losses(suite, data) == pytest.approx({"metal_site": math.log(2)})


def test_another_ion_or_distance_is_another_label_on_the_same_store(tmp_path: Path) -> None:
    near = suite_in(tmp_path / "data").prepare(tmp_path / "cache")
    far = suite_in(tmp_path / "data", cutoff=12.0).prepare(tmp_path / "cache")
    none = suite_in(tmp_path / "data", ions=["MG"]).prepare(tmp_path / "cache")
    count = {name: labels_of(data, "metal_site")["1aaa"].sum() for name, data in
             (("near", near), ("far", far), ("none", none))}  # fmt: skip
    assert count["none"] == 0 < count["near"] < count["far"]
    assert len(list((tmp_path / "cache").glob("metal_sites-*"))) == 1
    assert len({near.fingerprint, far.fingerprint, none.fingerprint}) == 3
