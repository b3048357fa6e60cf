"""A budget says itself in words; a row has a folder."""

from protea.benchmark.search.budget import Budget, Row


def test_words() -> None:
    assert Budget(trials=4, epochs=2).words == "4 trials of at most 2 epochs, proposed by tpe, seed 0"
    assert Row("egnn", "ca_bb").name == "egnn-ca_bb"
