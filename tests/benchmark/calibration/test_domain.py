import io
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.calibration.domain import fit_domain, load_domain, save_domain
from protea.errors import FileFormatError, InputError


def embeddings(num: int, seed: int, dim: int = 8) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(num, dim)) * np.linspace(0.5, 2.0, dim) + 3.0


def test_held_out_proteins_are_inside_as_often_as_the_limit_says() -> None:
    domain = fit_domain(embeddings(500, 0), embeddings(400, 1))
    found = domain.read(embeddings(1000, 2))
    # Each percentile alone is uniform; both at most .95 is between .90 and .95.
    assert 0.88 <= found.in_domain.mean() <= 0.96
    assert found.neighbour_percentile.mean() == pytest.approx(0.5, abs=0.05)
    assert found.mahalanobis_percentile.mean() == pytest.approx(0.5, abs=0.05)


def test_far_proteins_are_outside() -> None:
    domain = fit_domain(embeddings(300, 0), embeddings(100, 1))
    found = domain.read(embeddings(50, 2) + 15.0)
    assert not found.in_domain.any()
    assert (found.neighbour_percentile == 1.0).all()
    assert (found.mahalanobis > domain.held_mahalanobis.max()).all()


def test_distances_by_hand() -> None:
    training = embeddings(60, 0)
    domain = fit_domain(training, embeddings(30, 1), num_neighbours=2)
    new = embeddings(4, 2)
    scale = training.std(axis=0).mean()
    pairs = np.linalg.norm(new[:, None] - training[None], axis=2) / scale
    found = domain.read(new)
    np.testing.assert_allclose(found.neighbour_distance, np.sort(pairs, axis=1)[:, :2].mean(axis=1), rtol=1e-9)
    covariance = np.linalg.inv(domain.precision_factor @ domain.precision_factor.T)
    offset = new / scale - domain.mean
    expected = np.sqrt(np.einsum("pi,ij,pj->p", offset, np.linalg.inv(covariance), offset))
    np.testing.assert_allclose(found.mahalanobis, expected, rtol=1e-8)


def test_fewer_proteins_than_channels_are_shrunk_not_refused() -> None:
    domain = fit_domain(embeddings(30, 0, dim=64), embeddings(25, 1, dim=64))
    assert np.isfinite(domain.read(embeddings(5, 2, dim=64)).mahalanobis).all()


def test_one_unit_of_measure_is_as_good_as_another() -> None:
    first, held, new = (embeddings(80, seed) for seed in range(3))
    one, two = fit_domain(first, held).read(new), fit_domain(1000 * first, 1000 * held).read(1000 * new)
    np.testing.assert_allclose(one.neighbour_distance, two.neighbour_distance, rtol=1e-8)
    np.testing.assert_allclose(one.mahalanobis, two.mahalanobis, rtol=1e-6)


def test_files_round_trip_exactly(tmp_path: Path) -> None:
    domain = fit_domain(embeddings(50, 0), embeddings(30, 1), limit=0.9)
    save_domain(domain, tmp_path / "domain.npz")
    again = load_domain(tmp_path / "domain.npz")
    one, two = domain.read(embeddings(9, 2)), again.read(embeddings(9, 2))
    for name in vars(one):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    np.savez(tmp_path / "other.npz", training=np.zeros(2))
    with pytest.raises(FileFormatError, match="not a domain"):
        load_domain(tmp_path / "other.npz")


def test_missing_cut_and_damaged_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "domain.npz"
    with pytest.raises(InputError, match=r"domain\.npz: no such file"):
        load_domain(path)
    save_domain(fit_domain(embeddings(50, 0), embeddings(30, 1)), path)
    whole = path.read_bytes()
    for size in (0, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(FileFormatError, match=r"domain\.npz: not an npz file, or cut"):
            load_domain(path)
    for place in (50, len(whole) // 2, len(whole) - 300):  # a header, a packed array, the list of names at the end
        path.write_bytes(whole[:place] + bytes(40) + whole[place + 40 :])
        with pytest.raises(FileFormatError, match=r"domain\.npz: a damaged npz file"):
            load_domain(path)
    arrays = dict(np.load(io.BytesIO(whole)))
    for settings in ("[", '{"limit": 1}'):
        np.savez(path, **(arrays | {"settings": np.array(settings)}))
        with pytest.raises(FileFormatError, match="not the settings of a domain"):
            load_domain(path)


def test_wrong_embeddings_are_refused() -> None:
    with pytest.raises(InputError, match="3 held-out proteins"):
        fit_domain(embeddings(50, 0), embeddings(3, 1))
    with pytest.raises(InputError, match="all training embeddings are equal"):
        fit_domain(np.ones((30, 2)), np.ones((30, 2)))
    with pytest.raises(InputError, match=r"\[protein, 8\]"):
        fit_domain(embeddings(50, 0), embeddings(30, 1)).read(np.zeros((2, 3)))
