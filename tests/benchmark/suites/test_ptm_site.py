"""Modifications: thirteen columns on models whose sequence is the listed one, judged by macro AUROC."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.suites.catalogue import parse_suite
from protea.datasets.sources.published.ptm import PTM_KINDS
from protea.datasets.sources.published.structures import structure_file
from protea.protein.writers.mmcif import format_mmcif
from tests.benchmark.suites.published_files import labels_of, parts_of, placed, uninformed_losses
from tests.datasets.sources.published.made_site import zipped
from tests.protein.readers.foldcomp.made_chain import full_chain

PARTS = {"PTM_train.json": ("P00001", "P00002"), "PTM_val.json": ("P00003",), "PTM_test.json": ("P00004",)}


def test_columns_parts_and_task(tmp_path: Path) -> None:
    chain_of = {name: full_chain(place, length=30) for place, name in enumerate(sum(PARTS.values(), ()))}
    sites = {name: chain.sequence.index("K") for name, chain in chain_of.items()}
    trees = {
        part: {name: {"seq": chain_of[name].sequence, "label": [{"site": sites[name], "ptm_type": "Ubi_K"}]}
               for name in names}
        for part, names in PARTS.items()
    }  # fmt: skip
    trees["PTM_train.json"]["P00002"]["seq"] = "A"  # the model is another sequence
    trees["PTM_train.json"]["P00002"]["label"] = []
    folder = tmp_path / "data"
    placed(folder, {"13PTM.zip": zipped({name: json.dumps(tree) for name, tree in trees.items()})})
    for name, chain in chain_of.items():
        path = structure_file("alphafold", name).path_in(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(format_mmcif(chain))
    suite = parse_suite({"kind": "ptm_site", "source": {"kind": "ptm", "folder": str(folder)}})
    data = suite.prepare(tmp_path / "cache")
    assert parts_of(data) == (("P00001",), ("P00003",), ("P00004",))
    for id, value in labels_of(data, "ptm").items():
        assert np.argwhere(value).tolist() == [[sites[id], PTM_KINDS.index("Ubi_K")]]
    ((name, task),) = suite.tasks(data).items()
    assert (name, task.metric, task.also) == ("ptm", "auroc_macro", ("auprc_macro",))
    assert task.objective.num_labels == 13  # type: ignore[union-attr]
    assert uninformed_losses(suite, data) == pytest.approx({"ptm": math.log(2)})
