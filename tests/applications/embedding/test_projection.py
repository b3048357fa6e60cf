"""PCA is the plane of the largest variance, UMAP keeps groups apart, and both repeat themselves."""

import sys

import numpy as np
import pytest

from protea.applications.embedding import projection
from protea.applications.embedding.projection import project
from protea.errors import InputError, MissingExtraError


def groups(num: int = 20, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Three groups of points that are far apart in ten channels, and which is which."""
    rng = np.random.default_rng(seed)
    centre = np.repeat(rng.normal(size=(3, 10)) * 20, num, axis=0)
    return (centre + rng.normal(size=centre.shape)).astype(np.float32), np.repeat(np.arange(3), num)


def test_pca_finds_the_plane_in_which_the_points_lie() -> None:
    rng = np.random.default_rng(1)
    flat = rng.normal(size=(50, 2)) * [5.0, 1.0]
    turned = flat @ np.linalg.qr(rng.normal(size=(6, 6)))[0][:2] + 3.0
    found = project(turned, "pca")
    # Distances in the plane are the distances in space, and the axes are ordered by variance.
    for one in (turned, found.position):
        np.testing.assert_allclose(np.linalg.norm(one[0] - one, axis=1), np.linalg.norm(flat[0] - flat, axis=1))
    assert found.position[:, 0].var() > found.position[:, 1].var()
    assert "100.0 %" in found.note
    shares = flat.var(0).max()
    covariance = np.linalg.eigvalsh(np.cov(flat.T, bias=True))
    assert found.axes[0] == f"component 1 ({100 * covariance[-1] / covariance.sum():.1f} %)"
    assert shares > 0


def test_pca_does_not_depend_on_the_sign_that_the_solver_chose() -> None:
    points, _ = groups()
    found = project(points, "pca").position
    np.testing.assert_allclose(project(points[::-1], "pca").position[::-1], found, atol=1e-8)


def test_umap_keeps_groups_and_repeats_itself() -> None:
    pytest.importorskip("umap", reason="umap-learn is not installed (the extra `visualise`)")
    points, group = groups(12)
    found = project(points, "umap", seed=3, num_neighbours=5)
    again = project(points, "umap", seed=3, num_neighbours=5)
    np.testing.assert_array_equal(found.position, again.position)
    distance = np.linalg.norm(found.position[:, None] - found.position, axis=-1)
    np.fill_diagonal(distance, np.inf)
    assert (group[distance.argmin(1)] == group).all()
    assert "seed 3" in found.note


def test_umap_without_its_library_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "umap", None)
    points, _ = groups()
    with pytest.raises(MissingExtraError, match=r"protea\[visualise\].*--method pca"):
        project(points, "umap")
    assert project(points, "pca").position.shape == (60, 2)


@pytest.mark.parametrize(("method", "num"), [("pca", 1), ("umap", 3)])
def test_too_few_points_and_broken_numbers_are_refused(method, num: int) -> None:  # type: ignore[no-untyped-def]
    points, _ = groups()
    with pytest.raises(InputError, match="too little"):
        project(points[:num], method)
    points[4, 2] = np.nan
    with pytest.raises(InputError, match="not finite"):
        project(points, "pca")
