"""All properties of sequences by the shipped predictor, against their encoding alone: what answers cost beyond it."""

import statistics

import numpy as np

from protea.predict.predictor import Predictor
from protea.predict.shipped import predictor_folder
from protea.predict.tables import answer_rows
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.record import Protein, protein_from_sequence
from speed.harness import Row, now

_NUM = 1000


def _proteins(number: int) -> list[Protein]:
    """Sequences of log-normal length, mean about 320, as in a corpus of real ones."""
    draw = np.random.default_rng(0)
    lengths = np.exp(draw.normal(5.6, 0.55, number)).clip(30, 1024).astype(int)
    letters = np.array(list(STANDARD_LETTERS))
    return [protein_from_sequence(f"p{row}", "".join(draw.choice(letters, size))) for row, size in enumerate(lengths)]


def _seconds(predictor: Predictor, proteins: list[Protein]) -> tuple[float, float]:
    """Return the seconds of rows of the table with tracks made, and of the encoding alone."""
    start = now()
    answer_rows(predictor(proteins))
    middle = now()
    predictor.properties.read([protein.sequence for protein in proteins], ())
    return middle - start, now() - middle


def measure(repeats: int) -> list[Row]:
    predictor, proteins = Predictor.load(predictor_folder(None)), _proteins(_NUM)
    _seconds(predictor, proteins[:50])
    pairs = [_seconds(predictor, proteins) for _ in range(repeats)]
    ours, peer = (statistics.median(column) for column in zip(*pairs, strict=True))
    return [{"name": f"predict, {_NUM} proteins, beside encoding alone", "ours": ours, "peer": peer,
             "ratio": peer / ours, "goal": 1 / 1.3}]  # fmt: skip


def test_the_encoding_is_a_part_of_the_answer() -> None:
    predictor, proteins = Predictor.load(predictor_folder(None)), _proteins(3)
    ours, peer = _seconds(predictor, proteins)
    assert ours > 0
    assert peer > 0
    assert len(predictor(proteins)) == 3
