"""Proposals are those of the seed and of what is known, whoever asks; random ones do not look at results."""

from pathlib import Path

import pytest

from protea.benchmark.search.budget import Budget, SamplerKind
from protea.benchmark.search.proposals import Proposals
from protea.benchmark.search.space import SearchSpace

pytest.importorskip("optuna", reason="needs the extra `search`")

SPACE = SearchSpace.model_validate(
    {
        "parameters": {
            "training.learning_rate": {"kind": "float", "low": 1e-4, "high": 1.0, "log": True},
            "encoder.num_layers": {"kind": "int", "low": 2, "high": 6, "step": 2},
            "encoder.gate": {"kind": "choice", "values": ["none", "soft"]},
        }
    }
)


def proposals(path: Path, sampler: SamplerKind = "tpe", *, higher_is_better: bool = True) -> Proposals:
    budget = Budget(trials=16, epochs=1, sampler=sampler, seed=5)
    return Proposals(path, SPACE, budget, higher_is_better=higher_is_better)


def tried(path: Path, sampler: SamplerKind, num: int, sign: float = 1.0) -> list[dict[str, object]]:
    """Settings of trials whose value is their learning rate, asked by a new process each time, as it were."""
    found = []
    for number in range(num):
        study = proposals(path, sampler)
        assert study.ask() == number
        found.append(study.settings(number))
        study.tell(number, sign * found[-1]["training.learning_rate"])
    return found


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_proposals_do_not_depend_on_who_asks(tmp_path: Path, sampler: SamplerKind) -> None:
    one, other = (tried(tmp_path / name, sampler, 12) for name in ("one", "other"))
    assert one == other
    assert len({str(settings) for settings in one}) == 12
    for settings in one:
        assert 1e-4 <= settings["training.learning_rate"] <= 1  # type: ignore[operator]
        assert settings["encoder.num_layers"] in (2, 4, 6)
        assert settings["encoder.gate"] in ("none", "soft")


def test_one_sampler_learns_from_results_and_the_other_does_not(tmp_path: Path) -> None:
    up, down = (tried(tmp_path / f"tpe{sign}", "tpe", 13, sign) for sign in (1, -1))
    assert up[:10] == down[:10]
    assert up != down
    up, down = (tried(tmp_path / f"random{sign}", "random", 13, sign) for sign in (1, -1))
    assert up == down


def test_open_and_failed(tmp_path: Path) -> None:
    study = proposals(tmp_path / "log", higher_is_better=False)
    for number in range(3):
        study.ask()
        assert study.open() == [number]
        study.tell(number, None if number == 1 else 3.0 - number)
    assert study.num() == 3
    assert study.ask() == 3
    again = proposals(tmp_path / "log", higher_is_better=False)
    assert again.open() == [3]
    assert again.values() == {0: 3.0, 2: 1.0}
