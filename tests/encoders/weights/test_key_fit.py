"""Every key that does not fit is told, and by its name."""

import torch

from protea.encoders.weights.key_fit import fit_of_keys

OWN = {"a": torch.zeros(2, 3), "b": torch.zeros(1), "c": torch.zeros(4)}


def test_an_exact_fit_says_so() -> None:
    fit = fit_of_keys(OWN, {key: value + 1 for key, value in OWN.items()})
    assert fit.is_exact
    assert str(fit) == "an exact fit"


def test_each_kind_of_misfit_is_named_once() -> None:
    fit = fit_of_keys(OWN, {"a": torch.zeros(3, 2), "b": torch.zeros(1), "z": torch.zeros(1), "y": torch.zeros(1)})
    assert fit.missing == ("c",)
    assert fit.unexpected == ("y", "z")
    assert fit.other_shapes == ("a: expected (2, 3), found (3, 2)",)
    assert not fit.is_exact
    assert str(fit) == ("missing ['c']; unexpected ['y', 'z']; of another shape ['a: expected (2, 3), found (3, 2)']")
