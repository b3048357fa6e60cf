"""Partners join the answers: the best of a list or of the others, those of the run, and told in the tables."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import protea
from protea.applications.interactions.pair_predictor import PairPredictor, save_predictor
from protea.applications.interactions.partner_search import PartnerSearch
from protea.applications.interactions.protein_inputs import ProteinInputs
from protea.datasets.sequence_digest import sequence_digest
from protea.errors import ConfigError, InputError
from protea.predict import many
from protea.predict.answer import Interactions, ProteinAnswers
from protea.predict.calling import answers_about
from protea.predict.many import Asked, predict_many
from protea.predict.partners import NUM_PARTNERS, asked_partners, listed_proteins, run_note
from protea.predict.predictor import Predictor
from protea.predict.tables import answer_rows
from protea.protein.record import Protein, protein_from_sequence
from tests.applications.interactions.made_predictor import made_predictor
from tests.applications.properties.made_properties import made_sequences
from tests.predict.made_predictor import saved

SEQUENCES = made_sequences(9, seed=4)
LISTED = made_sequences(12, seed=8)
TYPES = ("binding", "reaction")


def made_run(folder: Path, *, types: bool = False, trained_on: tuple[str, ...] | None = None) -> Path:
    plain = made_predictor(outputs=TYPES if types else ("interaction",))
    config = plain.config.model_copy(update={"asks": "types" if types else "interaction"})
    known = None if trained_on is None else frozenset(map(sequence_digest, trained_on))
    save_predictor(replace(plain, config=config, trained_on=known), folder)
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("predict")
    return saved(folder / "properties"), made_run(folder / "interactions")


def proteins() -> list[Protein]:
    return [protein_from_sequence(f"p{row}", sequence) for row, sequence in enumerate(SEQUENCES)]


def listed() -> list[Protein]:
    return [protein_from_sequence(f"q{row}", sequence) for row, sequence in enumerate(LISTED)]


def found_of(one: ProteinAnswers) -> Interactions:
    assert one.interactions is not None
    return one.interactions


def scores(predictor: PairPredictor, first: list[str], second: list[str]) -> np.ndarray:
    search = PartnerSearch(predictor, tuple(second))
    table = np.zeros((len(first), len(second)))
    for row, own in enumerate(search.best(first, len(second), [None] * len(first))):
        for one in own:
            table[row, one.row] = one.score
    return table


def test_without_a_list_partners_are_the_others(folders: tuple[Path, Path]) -> None:
    answers = answers_about(proteins(), predictor=folders[0], interactions=folders[1], num_partners=3)
    assert isinstance(answers, list)
    table = scores(made_predictor(), SEQUENCES, SEQUENCES)
    np.fill_diagonal(table, -1)
    for row, one in enumerate(answers):
        best = np.argsort(-table[row], kind="stable")[:3]
        found = found_of(one)
        assert [(partner.id, partner.score) for partner in found.partners] == [
            (f"p{at}", table[row, at]) for at in best
        ]
        assert (found.num_asked, found.remarks) == (8, ())
        assert not any(partner.is_itself or partner.type for partner in found.partners)
    everyone = answers_about(proteins(), predictor=folders[0], interactions=folders[1], num_partners=100)
    assert isinstance(everyone, list)
    assert {len(found_of(one).partners) for one in everyone} == {8}


def test_of_a_list_every_protein_is_asked_also_the_protein_itself(folders: tuple[Path, Path]) -> None:
    own = proteins()[0]
    # The same letters under another name are another protein, other letters under its name are not it.
    many_of_it = [own.replace(id="twin"), *listed(), protein_from_sequence("p1", LISTED[0])]
    known = [*many_of_it, own]
    answers = answers_about(
        proteins()[:2], predictor=folders[0], interactions=folders[1], partners=known, num_partners=99
    )
    assert isinstance(answers, list)
    first, second = (found_of(one) for one in answers)
    assert (first.num_asked, len(first.partners)) == (15, 15)
    assert [partner.id for partner in first.partners if partner.is_itself] == ["p0"]
    assert not any(partner.is_itself for partner in second.partners)
    assert "the protein itself" in " ".join(first.remarks)
    assert second.remarks == ()


def test_they_are_rows_of_the_table(folders: tuple[Path, Path]) -> None:
    plain = answers_about(proteins(), predictor=folders[0])
    joined = answers_about(proteins(), predictor=folders[0], interactions=folders[1])
    assert isinstance(plain, list)
    assert isinstance(joined, list)
    assert all(one.interactions is None for one in plain)
    rows = answer_rows(joined)
    own = [row for row in rows if row["property"] == "interaction"]
    assert [(row["id"], row["predicted"], row["value"], row["type"]) for row in own] == [
        (one.id, partner.id, partner.score, None) for one in joined for partner in found_of(one).partners
    ]
    assert len(own) == 9 * NUM_PARTNERS
    assert {row["low"] for row in own} == {None}
    assert [row for row in rows if row["property"] != "interaction"] == answer_rows(plain)


def test_of_several_types_the_likeliest_is_told(folders: tuple[Path, Path], tmp_path: Path) -> None:
    run = made_run(tmp_path, types=True)
    one = answers_about(SEQUENCES[0], predictor=folders[0], interactions=run, partners=LISTED)
    assert isinstance(one, ProteinAnswers)
    predictor = made_predictor(outputs=TYPES)
    inputs = ProteinInputs(predictor.config.inputs, (SEQUENCES[0], *LISTED), None, False)
    state = predictor.states(inputs, np.arange(13))
    told = {}
    for row, probability in enumerate(predictor.probability(state[:1], state[1:]).numpy()):
        told[f"partner_{row + 1}"] = (pytest.approx(probability.max(), abs=1e-6), TYPES[int(probability.argmax())])
    found = found_of(one)
    assert all((partner.score, partner.type) == told[partner.id] for partner in found.partners)
    rows = [row for row in answer_rows([one]) if row["property"] == "interaction"]
    assert [row["type"] for row in rows] == [partner.type for partner in found.partners]
    assert "not whether they do" in found.note


def test_what_a_run_was_trained_on_is_said(folders: tuple[Path, Path], tmp_path: Path) -> None:
    run = made_run(tmp_path, trained_on=(SEQUENCES[0], LISTED[3], LISTED[5]))
    answers = answers_about(SEQUENCES[:2], predictor=folders[0], interactions=run, partners=LISTED, num_partners=12)
    assert isinstance(answers, list)
    known = {partner.id: partner.is_trained_on for partner in found_of(answers[1]).partners}
    assert known == {f"partner_{row + 1}": row in (3, 5) for row in range(12)}
    assert "trained on pairs of this protein, and on 2 of the 12 partners" in found_of(answers[0]).remarks[0]
    assert found_of(answers[1]).remarks == ()
    silent = answers_about(SEQUENCES[0], predictor=folders[0], interactions=folders[1], partners=LISTED)
    assert isinstance(silent, ProteinAnswers)
    assert {partner.is_trained_on for partner in found_of(silent).partners} == {None}


def test_the_note_tells_what_a_score_is_and_what_the_run_reached() -> None:
    plain = made_predictor()
    assert "no calibrated probability" in run_note(plain)
    assert "test pairs" not in run_note(plain)
    told = replace(plain, facts={"test": {"auroc": 0.513, "micro_f1": 0.3}})
    assert "share no protein with its training pairs, it reached an AUROC of 0.51; 0.50 is chance." in run_note(told)
    asks = told.config.model_copy(update={"asks": "types", "way": "bfs"})
    assert run_note(replace(told, config=asks)).endswith("On its own test pairs it reached a micro-F1 of 0.30.")


@pytest.mark.parametrize("size", [2, 4, 50])
def test_the_size_and_the_order_of_parts_change_no_bit(
    folders: tuple[Path, Path], size: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(many, "PART_PROTEINS", size)
    (tmp_path / "some.fasta").write_text("".join(f">{one.id}\n{one.sequence}\n" for one in proteins()))
    plain = Predictor.load(folders[0])

    def stream() -> Iterator[Protein]:
        return iter(proteins())

    for is_listed in (False, True):
        known = listed() + proteins() if is_listed else proteins()
        predictor = plain.looking_for(asked_partners(folders[1], known, is_listed=is_listed))
        predict_many(predictor, stream, Asked([tmp_path / "some.fasta"], tmp_path / "all.parquet"))
        rows = pq.read_table(tmp_path / "all.parquet").to_pylist()
        own = [(row["id"], row["predicted"], row["value"]) for row in rows if row["property"] == "interaction"]
        backwards = predictor(proteins()[::-1])[::-1]
        assert own == [(one.id, partner.id, partner.score) for one in backwards for partner in found_of(one).partners]


def test_another_run_list_or_number_is_another_purpose(folders: tuple[Path, Path], tmp_path: Path) -> None:
    other = made_run(tmp_path, types=True)
    plain, asked = Predictor.load(folders[0]), Asked((), tmp_path / "a.csv")
    purposes = [
        asked.purpose(plain.looking_for(asked_partners(run, known, num, is_listed=is_listed)))
        for run, known, num, is_listed in (
            (folders[1], listed(), 5, True), (folders[1], listed(), 5, True), (folders[1], listed(), 5, False),
            (folders[1], listed(), 4, True), (folders[1], listed()[::-1], 5, True), (other, listed(), 5, True),
            (folders[1], [one.replace(id=f"{one.id}x") for one in listed()], 5, True),
        )
    ]  # fmt: skip
    assert "partners" not in asked.purpose(plain)
    assert purposes[0] == purposes[1]
    assert len({str(one) for one in purposes}) == 6


def test_what_cannot_be_asked_is_refused(folders: tuple[Path, Path], tmp_path: Path) -> None:
    properties, run = folders
    for error, match, given in (
        (InputError, "no model of pairs", {"interactions": properties, "partners": LISTED}),
        (InputError, "only the asked protein itself.*--partners", {"interactions": run}),
        (InputError, "no partner to look for", {"interactions": run, "partners": []}),
        (InputError, "no partner to look for", {"interactions": run, "partners": LISTED, "num_partners": 0}),
        (InputError, "q0: two partners have one name", {"interactions": run, "partners": [*listed(), listed()[0]]}),
        (InputError, "partner_2, position 1", {"interactions": run, "partners": ["MKV", "1"]}),
        (InputError, "no such file", {"interactions": run, "partners": "MKV"}),
        (ConfigError, "partners without a run", {"partners": LISTED}),
    ):
        with pytest.raises(error, match=match):
            answers_about(SEQUENCES[0], predictor=properties, **given)
    (tmp_path / "twice.fasta").write_text(">a\nMKV\n>a\nMKL\n>b\nM1\n")
    with pytest.raises(InputError, match=r"2 partners cannot be read; found a \(in twice\.fasta: a protein"):
        listed_proteins(tmp_path / "twice.fasta")


def test_a_file_of_partners_is_read_once_until_it_changes(folders: tuple[Path, Path], tmp_path: Path) -> None:
    file = tmp_path / "partners.fasta"
    file.write_text(f">a\n{LISTED[0]}\n>b\n{LISTED[1]}\n")
    told = []
    for _ in range(2):
        one = protea.predict(SEQUENCES[0], predictor=folders[0], interactions=folders[1], partners=file)  # type: ignore[operator]
        told.append(sorted(partner.id for partner in found_of(one).partners))
        file.write_text(f">c\n{LISTED[2]}\n")
    assert told == [["a", "b"], ["c"]]
