"""MaSIF-site: contacts with the other chain, validation drawn by the source's seed, lone chains left out."""

import math
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.suites.catalogue import parse_suite
from protea.datasets.sources.contact_labels import interface_residues
from tests.benchmark.suites.published_files import labels_of, parts_of, placed, uninformed_losses
from tests.datasets.sources.published.made_site import entry

LISTS = {"training.txt": "1AAA_A\n1BBB_A\n1BBB_B\n1DDD_AB\n", "testing.txt": "1CCC_A\n1CCC_B\n"}


def test_residues_that_touch_the_other_chain(tmp_path: Path) -> None:
    path = placed(tmp_path / "data", LISTS, "1aaa 1bbb 1ccc 1ddd")
    source = {"kind": "masif_site", "folder": path, "validation_share": 0.5}
    suite = parse_suite({"kind": "masif_site", "source": source})
    data = suite.prepare(tmp_path / "cache")
    train, validation, test = parts_of(data)
    assert test == ("1ccc_A", "1ccc_B")
    # 1ddd_AB is the whole entry: nothing is left that it could touch.
    assert set(train) | set(validation) | {"1ddd_AB"} == {"1aaa_A", "1bbb_A", "1bbb_B", "1ddd_AB"}
    labels = labels_of(data, "interface")
    for id, chain, other in (("1ccc_A", "A", "B"), ("1ccc_B", "B", "A")):
        whole = entry("1ccc")
        wanted = interface_residues(whole.select_chains((chain,)), whole.select_chains((other,)), 3.5)
        assert np.array_equal(labels[id], wanted)
        assert wanted.any()
    ((name, task),) = suite.tasks(data).items()
    assert (name, task.metric, task.also) == ("interface", "auprc", ("auroc",))
    assert uninformed_losses(suite, data) == pytest.approx({"interface": math.log(2)})
    assert len(set(data.unit_of[-2:].tolist())) == 1  # the two test chains have one sequence
