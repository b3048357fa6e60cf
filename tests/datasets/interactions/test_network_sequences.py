import pickle

from protea.datasets.interactions.network_sequences import LoadSequences


def test_rows_come_in_the_order_asked_for() -> None:
    load = LoadSequences(("a", "b", "c"), ("ACD", "EF", "GHIK"))
    batch = load([2, 0])
    assert batch.ids == ("c", "a")
    assert batch.lengths().tolist() == [4, 3]
    assert len(batch.atom_code) == 0


def test_loader_processes_can_receive_it() -> None:
    load = pickle.loads(pickle.dumps(LoadSequences(("a",), ("ACD",))))
    assert load([0]).ids == ("a",)
