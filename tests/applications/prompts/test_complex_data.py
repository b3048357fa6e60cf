"""Complexes as data of a task: whole families in one part, maps of the partners, and an injection that reads them."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.prompts.ablation import ablate
from protea.applications.prompts.complex_data import ComplexesConfig
from protea.applications.prompts.injection import inject
from protea.applications.prompts.task_data import TaskData
from protea.errors import ConfigError, InputError
from protea.objectives.interface import EncoderWidth
from protea.objectives.pair_interaction import PairInteractionConfig
from protea.objectives.residue_contacts import ResidueContactsConfig
from tests.applications.prompts.made_injections import injection
from tests.benchmark.suites.docking_files import random_sequence, write_complexes

PARTS = ("train", "validation", "test")
CONTACTS = ResidueContactsConfig()
_LETTERS = {
    f"1{letter * 3}": (random_sequence(2 * n), random_sequence(2 * n + 1)) for n, letter in enumerate("ABCDEFGH")
}
# The first four touch; without CB, glycine alone has a place.
SEQUENCES = {name: (f"GGGG{pair[0][4:]}", f"GGGG{pair[1][4:]}") for name, pair in _LETTERS.items()}
# The receptors of the first and the last complex are one protein.
SEQUENCES["1HHH"] = (SEQUENCES["1AAA"][0], SEQUENCES["1HHH"][1])


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    path = write_complexes(tmp_path_factory.mktemp("docking") / "complexes", SEQUENCES)
    return {
        "kind": "complexes", "source": {"kind": "docking", "path": str(path), "state": "bound"},
        "fractions": (0.5, 0.25, 0.25),
    }  # fmt: skip


@pytest.fixture
def data(tree: dict[str, object], tmp_path: Path) -> TaskData:
    return ComplexesConfig.model_validate(tree).open(tmp_path / "cache")


def test_each_complex_is_in_one_part_with_its_relatives(data: TaskData) -> None:
    found = {part: data.sequences(part) for part in PARTS}
    expected = {f"{name}_{role}": pair["rl".index(role)] for name, pair in SEQUENCES.items() for role in "rl"}
    assert {id: letters for part in found.values() for id, letters in part.items()} == expected
    assert sum(len(part) for part in found.values()) == len(expected)
    assert all(found.values())
    of = {id: part for part, own in found.items() for id in own}
    assert of["1AAA_r"] == of["1AAA_l"] == of["1HHH_r"] == of["1HHH_l"]
    assert data.facts["complexes"] == {part: len(own) // 2 for part, own in found.items()}


def test_rows_are_pairs_with_the_places_of_their_residues(data: TaskData) -> None:
    rows = data.rows("train", CONTACTS)
    batch = rows.load(rows.rows.tolist())
    assert [batch.ids[a][:4] for a, _ in batch.pair_member.tolist()] == [batch.ids[b][:4] for _, b in batch.pair_member]
    value, is_known = CONTACTS.build(EncoderWidth(4)).targets(batch)
    assert is_known.any()
    assert value[is_known].any()
    assert not value[is_known].all()
    assert int(np.max(rows.lengths)) == max(len(a) + len(b) for a, b in SEQUENCES.values())


def test_complexes_of_what_is_left_out_are_left_out(data: TaskData) -> None:
    every = data.rows("train", CONTACTS)
    first = next(iter(data.sequences("train")))
    left = data.rows("train", CONTACTS, frozenset({first}))
    assert len(left) == len(every) - 1
    assert first not in left.load(left.rows.tolist()).ids
    with pytest.raises(InputError, match="no complex is left in the part 'test'"):
        data.rows("test", CONTACTS, frozenset(data.sequences("test")))


def test_complexes_that_are_too_long_are_counted(tree: dict[str, object], tmp_path: Path) -> None:
    data = ComplexesConfig.model_validate(tree | {"max_length": 10}).open(tmp_path / "cache")
    assert data.facts["too_long"] == len(SEQUENCES)
    with pytest.raises(InputError, match="no complex is left"):
        data.rows("train", CONTACTS)


def test_another_question_is_refused(data: TaskData) -> None:
    for objective in (PairInteractionConfig(), ResidueContactsConfig(label="residue_position", where="within")):
        with pytest.raises(ConfigError, match="complexes do not answer this objective"):
            data.rows("train", objective)


def test_prompts_learn_of_complexes_and_are_ablated(tree: dict[str, object], tmp_path: Path) -> None:
    pairs = {
        "objective": {"kind": "residue_contacts"}, "prompts": ["ic"], "data": tree,
        "metrics": ["auprc", "precision_at_l5"], "batch": {"max_proteins": 2, "max_residues": 1000},
    }  # fmt: skip
    base = injection(tmp_path / "data")
    config = injection(
        tmp_path / "data", tasks={"letters": base.tasks["letters"].model_dump(mode="json"), "contacts": pairs},
        training={"epochs": 1, "batch": {"max_proteins": 16}},
    )  # fmt: skip
    content = inject(config, tmp_path / "run", tmp_path / "cache")
    rows = ablate([tmp_path / "run"], tmp_path / "cache", ["contacts"], num_resamples=5)
    own = {row.metric: row.value for row in rows if row.role == "own"}
    assert own == pytest.approx(content["metrics"]["test"]["contacts"])
    assert [row.condition for row in rows if row.metric == "precision_at_l5"] == ["none", "seq", "ic", "all"]
