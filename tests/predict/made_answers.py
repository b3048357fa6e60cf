"""Answers about two made proteins, as a predictor gives them."""

import math

import numpy as np

from protea.predict.answer import Answer, Familiarity, Interval, ProteinAnswers, Track

NEAR, FAR = Familiarity(41.0, True), Familiarity(99.6, False)


def value(familiarity: Familiarity | None = NEAR) -> Answer:
    return Answer(
        "melting_temperature", "Melting temperature", "°C", 54.1875, interval=Interval(48.0625, 60.5, 0.9),
        percentile=72.4, familiarity=familiarity, physical_range=(0.0, 100.0), sources=("a set <of> proteins",),
        limits="Of the protein in its cell.",
    )  # fmt: skip


def classes() -> Answer:
    return Answer(
        "localisation", "Localisation", "", 0.7, predicted="nucleus", possible=("nucleus", "cytoplasm"),
        probability={"nucleus": 0.7, "cytoplasm": 0.2, "membrane": 0.1},
    )  # fmt: skip


def probability() -> Answer:
    return Answer(
        "solubility", "Solubility", "", 0.8125, interval=Interval(0.7, 0.9, 0.9), familiarity=FAR, yes="soluble"
    )


def tracks(length: int) -> tuple[Track, ...]:
    place = np.arange(length)
    letters = "".join("HEC"[(number // 7) % 3] for number in range(length))
    states = {"H": "helix", "E": "strand", "C": "coil"}
    pka = np.where(place % 9 == 0, 4.0 + place / length, math.nan)
    return (
        Track(
            "secondary_structure", "Secondary structure", "", 0.5 + 0.5 * np.cos(place) ** 2, 0.0, 1.0, letters, states
        ),
        Track("disorder", "Disorder", "", np.abs(np.sin(place / 9)), 0.0, 1.0),
        Track("pka", "pKa", "", pka, 0.0, 14.0, limits="Asp, Glu, His and Lys only."),
        Track("attribution", "What raises solubility", "", np.sin(place / 5), -1.0, 1.0, is_attribution=True),
    )


def proteins() -> tuple[ProteinAnswers, ...]:
    first, second = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAV", "GSHMASMTGGQQMGRGSEF"
    return (
        ProteinAnswers("one", first, (value(), probability(), classes()), tracks(len(first))),
        ProteinAnswers("two & <b>", second, (value(FAR), classes())),
    )
