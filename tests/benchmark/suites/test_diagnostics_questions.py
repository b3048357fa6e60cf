import numpy as np

from protea.benchmark.suites.diagnostics_questions import DIAGNOSTICS, chance_level
from protea.metrics.catalogue import METRICS


def test_metrics_fit_the_kind_and_exist() -> None:
    metric_of = {"binary": "auroc", "multiclass": "accuracy", "regression": "spearman"}
    for name, item in DIAGNOSTICS.items():
        assert item.name == name
        assert item.metric == metric_of[item.kind]
        assert item.metric in METRICS
        assert (item.num_classes is not None) == (item.kind == "multiclass")


def test_chance_is_as_stated_or_the_commonest_class() -> None:
    assert chance_level(DIAGNOSTICS["handedness"], np.array([1, 1, 1, 0])) == 0.5
    assert chance_level(DIAGNOSTICS["backbone_basin"], np.array([3, 0, 0, 1])) == 0.5
    assert chance_level(DIAGNOSTICS["residue_type_plus_4"], np.arange(20)) == 0.05
