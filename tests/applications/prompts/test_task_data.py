"""Proteins of a source as data of a task."""

from pathlib import Path

import pytest

from protea.applications.prompts.task_data import AffinityConfig, ProteinsConfig
from protea.datasets.sources.binding_records import BindingRecordsConfig
from protea.errors import ConfigError, InputError
from protea.objectives.binding_affinity import BindingAffinityConfig
from protea.objectives.masked_language import MaskedLanguageConfig
from tests.applications.prompts.made_injections import write_corpus
from tests.datasets.sources.made_binding import made_skempi

OBJECTIVE = MaskedLanguageConfig()


def test_parts_share_nothing_and_hold_everything(tmp_path: Path) -> None:
    data = ProteinsConfig.model_validate(write_corpus(tmp_path)).open(tmp_path / "cache")
    parts = [data.sequences(part) for part in ("train", "validation", "test")]
    assert [len(part) for part in parts] == [18, 6, 6]
    assert sorted(id for part in parts for id in part) == sorted(f"c{number}" for number in range(30))
    rows = data.rows("train", OBJECTIVE)
    assert set(rows.load(rows.rows.tolist()).ids) == set(parts[0])
    assert data.sequences("train") == {id: letters for id, letters in parts[0].items() if letters[::2] == "A" * 12}


def test_proteins_are_left_out(tmp_path: Path) -> None:
    data = ProteinsConfig.model_validate(write_corpus(tmp_path)).open(tmp_path / "cache")
    some = frozenset(list(data.sequences("train"))[:5])
    rows = data.rows("train", OBJECTIVE, some)
    assert not some & set(rows.load(rows.rows.tolist()).ids)
    assert len(rows) == 13
    with pytest.raises(InputError, match="no protein is left in the part 'test'"):
        data.rows("test", OBJECTIVE, frozenset(data.sequences("test")))


def test_longer_proteins_are_left_out_and_counted(tmp_path: Path) -> None:
    tree = write_corpus(tmp_path)
    path = tmp_path / "corpus.fasta"
    path.write_text(path.read_text() + f">long\n{'A' * 40}\n")
    data = ProteinsConfig.model_validate(tree | {"max_length": 30}).open(tmp_path / "cache")
    assert sum(data.facts["too_long"].values()) == 1
    assert not any("long" in data.sequences(part) for part in ("train", "validation", "test"))


def test_a_fold_that_is_not_there(tmp_path: Path) -> None:
    config = ProteinsConfig.model_validate(write_corpus(tmp_path) | {"fold": 1})
    with pytest.raises(ConfigError, match=r"no such fold.*0\.\.0"):
        config.open(tmp_path / "cache")


def test_affinities_are_data_whose_parts_share_no_relative(tmp_path: Path) -> None:
    source = BindingRecordsConfig(source=made_skempi(tmp_path / "skempi"), asks="change")
    tree = {"kind": "affinity", "source": source.model_dump(mode="json"), "split": {"fractions": [0.4, 0.3, 0.3]}}
    data = AffinityConfig.model_validate(tree).open(tmp_path / "cache")
    objective = BindingAffinityConfig(label="affinity", level="protein", quantity="free_energy")
    complexes = {}
    for part in ("train", "validation", "test"):
        rows = data.rows(part, objective)  # type: ignore[arg-type]
        batch = rows.load(rows.rows.tolist())
        assert batch.extra["affinity"].axis == "protein"
        assert set(batch.ids) == set(data.sequences(part))  # type: ignore[arg-type]
        complexes[part] = {id.partition(":")[0] for id in batch.ids}
    assert not complexes["train"] & complexes["test"]
    assert not complexes["train"] & complexes["validation"]
    assert len(set.union(*complexes.values())) == 6
