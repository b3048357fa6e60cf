"""Named rows: what a configuration refuses, what rows start from, how prompts are added, and which are trained."""

import pytest
import torch
from pydantic import ValidationError
from torch import Tensor

from protea.encoders.language.esm2 import ESM2_VOCABULARY
from protea.encoders.prompts import Prompts, PromptsConfig
from protea.errors import ConfigError
from tests.encoders.language.tiny_models import tiny_esm2

ID_OF = ESM2_VOCABULARY.id_of


def table(width: int = 400) -> Tensor:
    return 0.3 * torch.randn(len(ESM2_VOCABULARY), width)


def built(config: PromptsConfig, tokens: Tensor) -> Prompts:
    return Prompts(config, tokens, ID_OF, num_layers=2)


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"names": ()}, "at least 1"),
        ({"names": ("seq", "seq")}, "named twice"),
        ({"names": ("<seq>",)}, "not names of prompts"),
        ({"names": ("seq",), "active": ("ic",)}, "active names prompts that are not there"),
        ({"names": ("seq",), "active": ("seq", "seq")}, "named twice"),
        ({"names": ("seq",), "trained": ("ic",)}, "trained names prompts that are not there"),
        ({"names": ("seq",), "initialisation": {"seq": "uniform"}}, "expected normal, token:<name> or prompt:<name>"),
        ({"names": ("ic", "seq"), "initialisation": {"ic": "prompt:seq"}}, "does not stand before it"),
        ({"names": ("seq",), "kind": "both"}, "one_way"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(tree: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        PromptsConfig.model_validate(tree)


def test_rows_start_as_their_initialisation_says() -> None:
    tokens = table()
    config = PromptsConfig(names=("a", "b", "c"), initialisation={"b": "token:<mask>", "c": "prompt:a"})
    prompts = built(config, tokens)
    first, second, third = prompts.rows(("a", "b", "c"))
    assert 0.26 < float(first.detach().std()) < 0.34  # the spread of the table; five deviations around it
    assert torch.equal(second, tokens[ESM2_VOCABULARY.mask_id])
    assert torch.equal(first, third)
    with pytest.raises(ConfigError, match=r"no such token.*<mask>.*token:<prompt>"):
        built(PromptsConfig(names=("a",), initialisation={"a": "token:<prompt>"}), tokens)


def test_a_row_is_no_view_of_the_table() -> None:
    tokens = table()
    prompts = built(PromptsConfig(names=("a",), initialisation={"a": "token:A"}), tokens)
    tokens.zero_()
    assert bool(prompts.rows(("a",)).any())


def test_rows_can_start_again_from_another_table() -> None:
    tokens = table()
    config = PromptsConfig(names=("a", "b", "c"), initialisation={"b": "token:A", "c": "prompt:b"})
    prompts = built(config, tokens)
    before = prompts.rows(("a",)).detach()
    prompts.initialise(("a", "b", "c"), 2 * tokens, ID_OF)
    torch.testing.assert_close(prompts.rows(("a",)), 2 * before)
    assert torch.equal(prompts.rows(("b", "c")), 2 * tokens[[ID_OF["A"]] * 2])


def test_names_are_sorted_and_wrong_ones_are_refused() -> None:
    prompts = built(PromptsConfig(names=("seq", "ic", "crd"), active=("crd", "seq")), table())
    assert prompts.chosen(None) == prompts.default == ("seq", "crd")
    assert prompts.chosen(["crd", "ic"]) == ("ic", "crd")
    assert prompts.chosen(()) == ()
    with pytest.raises(ConfigError, match="named twice"):
        prompts.chosen(("ic", "ic"))
    with pytest.raises(ConfigError, match=r"no such prompts.*seq, ic, crd"):
        prompts.chosen(("ppi",))


def test_adding_prompts_keeps_the_rows_that_are_there() -> None:
    tokens = table()
    prompts = built(PromptsConfig(names=("seq",)), tokens)
    row = prompts.row["<seq>"]
    before = row.detach().clone()
    wider = PromptsConfig(names=("seq", "ic"), initialisation={"ic": "prompt:seq"}, active=("ic",), trained=("ic",))
    assert prompts.extend(wider, tokens, ID_OF) == ("ic",)
    assert prompts.names == ("seq", "ic")
    assert prompts.default == ("ic",)
    assert prompts.row["<seq>"] is row
    assert torch.equal(row, before)
    assert torch.equal(prompts.row["<ic>"], before)
    assert [prompts.row[key].requires_grad for key in ("<seq>", "<ic>")] == [False, True]
    assert prompts.extend(wider, tokens, ID_OF) == ()
    with pytest.raises(ConfigError, match="not taken away"):
        prompts.extend(PromptsConfig(names=("ic",)), tokens, ID_OF)
    with pytest.raises(ConfigError, match="another kind"):
        prompts.extend(wider.model_copy(update={"kind": "gated"}), tokens, ID_OF)


@pytest.mark.parametrize("name", ["keys", "values", "pop", "train", "forward", "type"])
def test_a_prompt_may_have_any_name(name: str) -> None:
    prompts = built(PromptsConfig(names=(name,)), table(4))
    assert prompts.names == (name,)
    assert list(prompts.state_dict()) == [f"row.<{name}>"]


def test_training_one_new_prompt_moves_nothing_else() -> None:
    model = tiny_esm2()
    model.add_prompts(PromptsConfig(names=("seq",)))
    model.requires_grad_(False)
    model.add_prompts(PromptsConfig(names=("seq", "ic"), trained=("ic",)))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    optimiser = torch.optim.Adam(model.parameters(), lr=0.1, weight_decay=0.1)
    for _ in range(3):
        optimiser.zero_grad()
        model.train()(model.tokens(["MKVLA"]), prompts=("seq", "ic")).last.square().sum().backward()
        optimiser.step()
    moved = [name for name, value in model.state_dict().items() if not torch.equal(value, before[name])]
    assert moved == ["prompts.row.<ic>"]


def test_a_prompt_that_is_not_read_is_not_moved_by_an_optimiser_that_has_it() -> None:
    model = tiny_esm2()
    model.add_prompts(PromptsConfig(names=("seq", "ic")))
    optimiser = torch.optim.Adam(model.parameters(), lr=0.1, weight_decay=0.1)
    tokens = model.tokens(["MKVLA"])
    for names in (("seq", "ic"), ("ic",)):
        before = model.prompts.rows(("seq", "ic")).detach().clone()
        optimiser.zero_grad()
        model(tokens, prompts=names).last.square().sum().backward()
        optimiser.step()
    after = model.prompts.rows(("seq", "ic")).detach()
    assert torch.equal(after[0], before[0])
    assert not torch.equal(after[1], before[1])


def test_the_gate_starts_at_nothing_and_is_trained() -> None:
    prompts = built(PromptsConfig(names=("seq",), kind="gated"), table(8))
    assert [gate.shape for gate in prompts.gate] == [(8,), (8,)]
    assert not any(bool(gate.any()) for gate in prompts.gate)
    prompts.train_only(())
    assert not any(gate.requires_grad for gate in prompts.gate)
    assert prompts.keys_of(("seq",)) == ("row.<seq>", "gate.0", "gate.1")
    prompts.extend(PromptsConfig(names=("seq", "ic"), kind="gated"), table(8), ID_OF)
    assert prompts.keys_of(("ic",)) == ("row.<ic>",)
    assert all(gate.requires_grad for gate in prompts.gate)
