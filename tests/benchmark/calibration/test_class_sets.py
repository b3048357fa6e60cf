import numpy as np
import pytest

from protea.benchmark.calibration.class_sets import SetMethod, class_scores, fit_class_sets
from protea.errors import InputError
from tests.benchmark.calibration.test_temperature import labelled

LOGITS = np.log([[0.5, 0.2, 0.3]])


def test_scores_by_hand() -> None:
    np.testing.assert_allclose(class_scores("lac", LOGITS), [[0.5, 0.8, 0.7]], atol=1e-12)
    np.testing.assert_allclose(class_scores("aps", LOGITS), [[0.5, 1.0, 0.8]], atol=1e-12)


@pytest.mark.parametrize(("method", "most"), [("lac", 0.915), ("aps", 0.99)])
def test_sets_cover_their_level_even_where_logits_are_too_sure(method: SetMethod, most: float) -> None:
    target, logits = labelled(8000, 3.0, 0)
    fitted = fit_class_sets(target[:4000], logits[:4000], 0.9, method=method)
    sets = fitted.sets(logits[4000:])
    assert 0.885 <= sets[np.arange(4000), target[4000:]].mean() <= most
    assert 1.0 < sets.sum(axis=1).mean() < 4.0


def test_lac_sets_are_the_smaller_and_aps_sets_grow_with_doubt() -> None:
    target, logits = labelled(4000, 1.0, 1)
    sizes = {}
    for method in ("lac", "aps"):
        sets = fit_class_sets(target, logits, 0.9, method=method).sets(logits)
        sizes[method] = sets.sum(axis=1)
    assert sizes["lac"].mean() < sizes["aps"].mean()
    assert sizes["aps"].max() >= 3


def test_too_few_items_leave_every_class() -> None:
    fitted = fit_class_sets(np.array([0, 1, 2]), np.eye(3), 0.9)
    assert fitted.sets(LOGITS).all()


def test_units_count_not_items() -> None:
    target, logits = labelled(200, 1.0, 2)
    fitted = fit_class_sets(target, logits, 0.9, unit=np.arange(200) // 50)
    assert (fitted.num_items, fitted.num_units, fitted.bound) == (200, 4, np.inf)


def test_wrong_arrays_are_refused() -> None:
    with pytest.raises(InputError, match="item, class"):
        class_scores("lac", np.zeros(3))
    with pytest.raises(InputError, match="target"):
        fit_class_sets(np.array([3]), LOGITS)
