import numpy as np

from protea.datasets.sources.generation.contact_grid import ContactGrid


def test_one_atom_gives_contact_near_nothing_far_and_costs_a_clash() -> None:
    grid = ContactGrid()
    centre = np.array([[3.1, -7.4, 11.9]])
    grid.add(centre)
    direction = np.random.default_rng(0).normal(size=(200, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)

    def at(distance: float) -> np.ndarray:
        return grid.value(centre + direction * distance)

    # A cell is 1.5 wide, so a look-up is off by 1.3 angstrom at most.
    assert (at(2.0) < -1).all()
    np.testing.assert_array_equal(at(5.95), 1.0)
    assert ((at(8.6) > 0) & (at(8.6) < 1)).mean() > 0.9
    np.testing.assert_array_equal(at(11.5), 0.0)


def test_atoms_add_up_and_can_be_taken_away() -> None:
    rng = np.random.default_rng(1)
    first, second, probe = rng.uniform(-15, 15, (3, 30, 3))
    both, one, other = ContactGrid(), ContactGrid(), ContactGrid()
    both.add(first)
    both.add(second)
    one.add(first)
    other.add(second)
    np.testing.assert_allclose(both.value(probe), one.value(probe) + other.value(probe), atol=1e-4)
    both.add(second, sign=-1.0)
    np.testing.assert_allclose(both.value(probe), one.value(probe), atol=1e-4)


def test_far_outside_is_empty_and_does_not_wrap_round() -> None:
    grid = ContactGrid()
    grid.add(np.array([[0.0, 0.0, 0.0]]))
    assert (grid.value(np.array([[500.0, 0, 0], [0, -500.0, 0], [0, 0, 500.0], [55.0, 0, -55.0]])) == 0).all()
