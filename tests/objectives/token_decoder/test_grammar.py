"""What all grammars promise: strings and labels are one to one, walks and tables agree, the worst is the worst."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from protea.errors import InputError
from protea.metrics.catalogue import metric_named
from protea.objectives.token_decoder.grammar import Frame, hazards
from protea.objectives.token_decoder.vocabulary import END, UNKNOWN
from protea.training.evaluation import metric_inputs
from tests.objectives.token_decoder.made import NUM_LABELS, TASKS, all_labels, all_strings, grammars_of

GRAMMARS = grammars_of(TASKS)
FRAME = Frame(3)


@pytest.mark.parametrize("task", TASKS)
def test_strings_are_the_labels_one_to_one(task: str) -> None:
    grammar = GRAMMARS[task]
    labels = all_labels(task, FRAME.length)
    written = [grammar.write(label, FRAME).tokens for label in labels]
    strings = list(all_strings(grammar, FRAME))
    assert len(strings) == len(set(strings)) == NUM_LABELS[task]
    assert set(strings) == set(written)
    for tokens, label in zip(written, labels, strict=True):
        assert grammar.parse(tokens, FRAME).tolist() == label.tolist()
        assert len(tokens) <= grammar.longest(FRAME)
    assert max(len(tokens) for tokens in strings) == grammar.longest(FRAME)


@pytest.mark.parametrize("task", TASKS)
def test_what_may_be_written_along_a_string_is_what_a_walk_allows(task: str) -> None:
    grammar = GRAMMARS[task]
    for frame in (FRAME, Frame(3, torch.tensor([True, False, True]))):
        for tokens in all_strings(grammar, frame):
            table = grammar.allowed_along(tokens, frame)
            walked = super(type(grammar), grammar).allowed_along(tokens, frame)
            assert torch.equal(table, walked)
            assert table[range(len(tokens)), [grammar.vocabulary.column(token) for token in tokens]].all()


@pytest.mark.parametrize("task", TASKS)
def test_what_is_no_string_is_refused(task: str) -> None:
    grammar = GRAMMARS[task]
    string = max(all_strings(grammar, FRAME), key=len)
    wrong = [string[:-1], (*string, END), (UNKNOWN, *string[1:]), (grammar.vocabulary.task_token[task], END), ()]
    for tokens in wrong:
        with pytest.raises(InputError, match=f"task {task}: no label"):
            grammar.parse(tokens, FRAME)


@settings(max_examples=20)
@given(st.data())
def test_labels_of_any_size_come_back(data: st.DataObject) -> None:
    length = data.draw(st.integers(1, 40))
    classes = data.draw(st.integers(2, 9))
    lower = data.draw(st.floats(-50, 50, allow_nan=False))
    upper = lower + data.draw(st.floats(1, 300))
    decimals = data.draw(st.integers(0, 4))
    grammars = grammars_of({
        "number": {"kind": "number", "lower": lower, "upper": upper, "decimals": decimals},
        "state": {"kind": "residue_labels", "num_classes": classes},
        "site": {"kind": "residue_positions"},
        "terms": {"kind": "class_set", "num_classes": classes},
    })  # fmt: skip
    frame = Frame(length)
    number = grammars["number"]
    amount = data.draw(st.integers(number.low, number.high))  # type: ignore[attr-defined]
    bits = st.integers(0, 1)
    labels: dict[str, Tensor] = {
        "number": torch.tensor(amount / 10**decimals, dtype=torch.float64),
        "state": torch.tensor(data.draw(st.lists(st.integers(0, classes - 1), min_size=length, max_size=length))),
        "site": torch.tensor(data.draw(st.lists(bits, min_size=length, max_size=length))),
        "terms": torch.tensor(data.draw(st.lists(bits, min_size=classes, max_size=classes))),
    }
    for task, label in labels.items():
        assert grammars[task].parse(grammars[task].write(label, frame).tokens, frame).tolist() == label.tolist()


@pytest.mark.parametrize(
    ("task", "metric", "worst"),
    [
        ("fold", "accuracy", 0.0), ("soluble", "accuracy", 0.0), ("state", "accuracy", 0.0),
    ],
)  # fmt: skip
def test_no_answer_is_worse_than_the_worst(task: str, metric: str, worst: float) -> None:
    labels = [label for label in all_labels(task, 3) if label.sum() or not label.ndim]
    score = torch.stack([GRAMMARS[task].worst(label) for label in labels])
    target = torch.stack(labels)
    if task == "state":
        score, target = score.flatten(0, 1), target.flatten()
    needed = metric_inputs(metric, score.double().numpy())
    assert metric_named(metric).function(target.numpy(), needed, None) == worst


@pytest.mark.parametrize("task", ["terms", "site"])
def test_the_worst_set_has_nothing_in_common_with_the_true_one(task: str) -> None:
    label = torch.tensor([0, 1, 1])
    assert (GRAMMARS[task].worst(label) > 0.5).tolist() == [True, False, False]  # F = 0


def test_hazards_are_conditional_probabilities() -> None:
    # Sets of {0, 1, 2} with made probabilities; the prefix that was decoded is {0}, then {0, 2}.
    draw = torch.Generator().manual_seed(0)
    mass = torch.rand(8, generator=draw, dtype=torch.float64)
    mass /= mass.sum()
    sets = [[code >> place & 1 for place in range(3)] for code in range(8)]

    def share(first: list[int], then: int | None) -> float:
        """The probability of named ones beginning with `first`, and then `then` (None: the end)."""
        named = [[place for place in range(3) if one[place]] for one in sets]
        inside = [one[: len(first)] == first for one in named]
        wanted = [
            fits and (one[len(first) : len(first) + 1] == ([] if then is None else [then]))
            for fits, one in zip(inside, named, strict=True)
        ]
        return float(mass[torch.tensor(wanted)].sum() / mass[torch.tensor(inside)].sum())

    steps = [[], [0], [0, 2]]
    log_prob = torch.tensor([[share(first, place) for place in range(3)] for first in steps]).log()
    log_end = torch.tensor([share(first, None) for first in steps]).log()
    found = hazards([0, 2], log_prob, log_end)
    assert found[0] == pytest.approx(float(mass[torch.tensor([one[0] == 1 for one in sets])].sum()), rel=1e-6)
    given_first = [one[0] == 1 for one in sets]
    both = [one[0] == 1 and one[1] == 1 for one in sets]
    assert found[1] == pytest.approx(float(mass[torch.tensor(both)].sum() / mass[torch.tensor(given_first)].sum()))
    without = [one[0] == 1 and one[1] == 0 for one in sets]
    last = [one == [1, 0, 1] for one in sets]
    assert found[2] == pytest.approx(float(mass[torch.tensor(last)].sum() / mass[torch.tensor(without)].sum()))
