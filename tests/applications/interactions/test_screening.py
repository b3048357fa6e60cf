"""A screen is the sorted matrix of all pairs; cut short, it goes on and ends with the same bytes."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from protea.applications.interactions import screening, tiles
from protea.applications.interactions.protein_inputs import ProteinInputs
from protea.applications.interactions.screening import Screen, screen
from protea.applications.interactions.tiles import Best
from protea.errors import InputError
from tests.applications.interactions.made_predictor import made_predictor
from tests.applications.interactions.made_problem import telling_network

NETWORK = telling_network()
PREDICTOR = made_predictor()
assert NETWORK.sequences is not None
INPUTS = ProteinInputs(PREDICTOR.config.inputs, NETWORK.sequences, None, False)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "_BLOCK", 16)
    monkeypatch.setattr(tiles, "_TILE_BYTES", 4 * 6 * 16 * 20)  # tiles of 20 columns


def run(folder: Path, top: int = 3, top_pairs: int = 50) -> Screen:
    return screen(
        PREDICTOR, INPUTS, NETWORK.ids, "interaction", folder, top=top, top_pairs=top_pairs, say=lambda _: None
    )


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))[1:]


def scores() -> np.ndarray:
    state = PREDICTOR.states(INPUTS, np.arange(60))
    return PREDICTOR.probability(state[:, None], state)[..., 0].numpy()


def test_names_with_commas_and_quotes_are_read_back(tmp_path: Path) -> None:
    names = [f'sp|{id}, "a"' for id in NETWORK.ids]
    screen(PREDICTOR, INPUTS, names, "interaction", tmp_path, top=2, top_pairs=9, say=lambda _: None)
    for file in ("partners.csv", "pairs.csv"):
        assert all(len(row) == (4 if file == "partners.csv" else 3) for row in rows_of(tmp_path / file))
    assert {name for row in rows_of(tmp_path / "pairs.csv") for name in row[:2]} <= set(names)


def test_the_best_partners_and_pairs_of_all(tmp_path: Path) -> None:
    found = run(tmp_path)
    assert (found.num_proteins, found.num_pairs) == (60, 1770)
    matrix = scores()
    np.fill_diagonal(matrix, -1)
    partners = rows_of(tmp_path / "partners.csv")
    assert len(partners) == 180
    for row in range(60):
        own = partners[3 * row : 3 * row + 3]
        assert [line[0] for line in own] == [NETWORK.ids[row]] * 3
        assert [float(line[3]) for line in own] == pytest.approx(np.sort(matrix[row])[::-1][:3].tolist(), abs=2e-6)
    pairs = rows_of(tmp_path / "pairs.csv")
    best = np.sort(matrix[np.triu_indices(60, 1)])[::-1][:50]
    assert [float(line[2]) for line in pairs] == pytest.approx(best.tolist(), abs=2e-6)
    assert len({frozenset(line[:2]) for line in pairs}) == 50


def test_a_screen_that_was_cut_short_ends_with_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path / "whole")
    written = screening._write_block
    done: list[Path] = []

    def twice_only(path: Path, partners: Best, pairs: Best) -> None:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(path)
        written(path, partners, pairs)

    monkeypatch.setattr(screening, "_write_block", twice_only)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "killed")
    monkeypatch.setattr(screening, "_write_block", written)
    assert run(tmp_path / "killed").num_blocks_before == 2
    names = sorted(path.name for path in (tmp_path / "whole").iterdir())
    assert names == ["pairs.csv", "partners.csv", "screen.json"]
    for name in names:
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "killed" / name).read_bytes()


def test_a_finished_screen_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path)
    monkeypatch.setattr(screening, "_block", None)
    assert run(tmp_path).files == (tmp_path / "partners.csv", tmp_path / "pairs.csv")


def test_a_folder_of_another_screen_is_refused(tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(InputError, match="found top"):
        run(tmp_path, top=4)


def test_tables_and_blocks_of_nobody_knows_what_are_no_screen(tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / "screen.json").unlink()
    with pytest.raises(InputError, match=r"screen\.json beside them; found partners\.csv, pairs\.csv"):
        run(tmp_path, top=4)
    assert max(int(row[1]) for row in rows_of(tmp_path / "partners.csv")) == 3  # left alone
    begun = tmp_path / "begun"
    (begun / "blocks").mkdir(parents=True)
    with pytest.raises(InputError, match="blocks"):
        run(begun)


def test_a_model_of_another_scale_and_other_sequences_are_another_screen(tmp_path: Path) -> None:
    run(tmp_path)
    scaled = replace(PREDICTOR, mean=PREDICTOR.mean + 1)
    with pytest.raises(InputError, match="found model_sha256"):
        screen(scaled, INPUTS, NETWORK.ids, "interaction", tmp_path, top=3, top_pairs=50, say=lambda _: None)
    assert NETWORK.sequences is not None
    others = ProteinInputs(PREDICTOR.config.inputs, (*NETWORK.sequences[:-1], "MKV"), None, False)
    with pytest.raises(InputError, match="found inputs_sha256"):
        screen(PREDICTOR, others, NETWORK.ids, "interaction", tmp_path, top=3, top_pairs=50, say=lambda _: None)


def test_an_output_that_the_model_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to screen"):
        screen(PREDICTOR, INPUTS, NETWORK.ids, "binding", tmp_path, say=lambda line: None)
