import numpy as np
import torch

from protea.benchmark.controls.chain_columns import place_columns, shifted, trace_columns, window_columns
from protea.benchmark.controls.surroundings import Surroundings
from protea.protein.batch import pack
from protea.protein.record import Protein
from tests.benchmark.controls.suites import ca_protein, globule


def _two_chains() -> Protein:
    """Chains of three and two residues on a line, 3.8 angstrom apart; the second lies 10 angstrom beside the first."""
    points = np.array([[0, 0, 0], [3.8, 0, 0], [7.6, 0, 0], [0, 10, 0], [3.8, 10, 0]], float)
    return ca_protein("a", "AKDIW", points).replace(
        chain_ids=("A", "B"), chain_of=np.array([0, 0, 0, 1, 1], np.int16), seqres=()
    )


def test_shifted_stops_at_chains_and_proteins() -> None:
    around = Surroundings(pack([_two_chains(), globule("b", 2, 0)]))
    value = torch.arange(7.0)[:, None]
    nan = torch.nan
    for offset, expected in {1: [1, 2, nan, 4, nan, 6, nan], -2: [nan, nan, 0, nan, nan, nan, nan]}.items():
        found = shifted(value, around, offset)[:, 0]
        torch.testing.assert_close(found, torch.tensor(expected, dtype=torch.float32), equal_nan=True)


def test_trace_distances_on_a_line() -> None:
    line = np.array([[3.8 * index, 0, 0] for index in range(6)])
    found = trace_columns(Surroundings(pack([ca_protein("a", "A" * 6, line)])))
    torch.testing.assert_close(found[0, 1::2], torch.tensor([7.6, 11.4, 15.2]))
    assert found[0, ::2].isnan().all()
    torch.testing.assert_close(found[5, ::2], torch.tensor([7.6, 11.4, 15.2]))


def test_window_holds_the_neighbours_along_the_chain() -> None:
    found = window_columns(Surroundings(pack([_two_chains()])), reach=1)
    hydropathy_before, charge_after = found[:, 0], found[:, 5]
    torch.testing.assert_close(hydropathy_before, torch.tensor([torch.nan, 1.8, -3.9, torch.nan, 4.5]), equal_nan=True)
    torch.testing.assert_close(charge_after, torch.tensor([1.0, -1.0, torch.nan, 0.0, torch.nan]), equal_nan=True)


def test_place_columns_by_hand() -> None:
    found = place_columns(Surroundings(pack([_two_chains(), globule("b", 4, 0)])))
    to_end, chain_length, length, num_chains, nearest = found.unbind(1)
    assert to_end.tolist() == [0, 1, 0, 0, 0, 0, 1, 1, 0]
    assert chain_length.tolist() == [3, 3, 3, 2, 2, 4, 4, 4, 4]
    assert length.tolist() == [5] * 5 + [4] * 4
    assert num_chains.tolist() == [2] * 5 + [1] * 4
    torch.testing.assert_close(nearest[:2], torch.tensor([10.0, 10.0]))
    assert (nearest[5:] == 25).all()
