"""Ways of stating doubt, calibrated on one part and judged on another. Axes: item, class."""

import numpy as np
from jaxtyping import Float

from protea.benchmark.calibration.calibrator import Calibrator
from protea.benchmark.calibration.class_sets import SetMethod, class_scores, fit_class_sets
from protea.benchmark.calibration.held import Held
from protea.benchmark.calibration.isotonic import fit_isotonic
from protea.benchmark.calibration.judge_values import judge_values
from protea.benchmark.calibration.judgement import JudgedWay, Judgement, Measure
from protea.benchmark.calibration.measuring import chance_of, measured
from protea.benchmark.calibration.order_statistic import least_units, require_level
from protea.benchmark.calibration.platt import fit_platt
from protea.benchmark.calibration.resplit_band import unit_coverage
from protea.benchmark.calibration.temperature import as_two_logits, fit_temperature
from protea.errors import InputError, describe

__all__ = ["judge"]

_YES_NO = ("ece", "ece_equal_mass", "brier", "auroc")
_CLASSES = ("ece_top_label", "ece_top_label_equal_mass", "brier_classes", "perplexity")


def judge(calibration: Held, test: Held, level: float = 0.9, num_resamples: int = 200, seed: int = 0) -> Judgement:
    """Return what each way is worth on the test items, after fitting it to the calibration items alone.

    Values get intervals (as predicted, sigma scaled, split conformal, normalised, moved quantiles, by group); yes/no
    labels and classes get probabilities (as predicted, temperature, Platt, isotonic) and conformal sets.

    Args:
        calibration: held-out items, such as the validation part; none of them may have been trained on.
        test: items to judge on.
        level: nominal coverage.
        num_resamples: bootstrap resamples of units.
        seed: of resamples and deals.

    Raises:
        InputError: parts of unlike kind, or what a calibrator refuses.
    """
    require_level(level)
    if calibration.kind != test.kind:
        raise InputError(describe(f"parts of kind {calibration.kind} and {test.kind}", expected="two of one kind"))
    notes = []
    if calibration.num_units < least_units(level):
        notes.append(
            f"{calibration.num_units} calibration units are fewer than {least_units(level)} for {level:.0%}, so "
            "conformal intervals are infinite."
        )
    if test.kind == "value":
        ways, more = judge_values(calibration, test, level, num_resamples, seed)
    else:
        answers, more = _probabilities(calibration, test)
        names = _YES_NO if test.kind == "yes_no" else _CLASSES
        probable = [
            JudgedWay(name, measured(names, test, answer, num_resamples, seed), calibrator=fitted)
            for name, answer, fitted in answers
        ]
        methods: tuple[SetMethod, ...] = ("lac", "aps")
        ways = (*probable, *(_judge_sets(calibration, test, level, method, seed) for method in methods))
    notes += more
    return Judgement(
        test.kind, level, calibration.target.size, calibration.num_units, test.target.size, test.num_units, ways,
        tuple(notes),
    )  # fmt: skip


_Answer = tuple[str, np.ndarray, Calibrator | None]


def _probabilities(calibration: Held, test: Held) -> tuple[list[_Answer], list[str]]:
    """Return the probabilities of each way, and why a way is missing."""
    target, weight, notes = calibration.target, calibration.item_weight, []
    given = test.value if test.kind == "yes_no" else test.logits
    assert given is not None
    answers: list[_Answer] = [("as predicted", given, None)]
    try:
        heated = fit_temperature(target, _logits_of(calibration), weight)
        scaled = heated.probability(given) if test.kind == "yes_no" else heated.log_probability(given)
        answers.append(("temperature", scaled, heated))
    except InputError as error:
        notes.append(f"No temperature: {error}")
    if calibration.value is None:
        return answers, notes
    try:
        platt = fit_platt(target, calibration.value, weight)
        answers.append(("Platt", platt.probability(given), platt))
    except InputError as error:
        notes.append(f"No Platt scaling: {error}")
    curve = fit_isotonic(target, calibration.value, weight)
    return [*answers, ("isotonic", curve.probability(given), curve)], notes


def _judge_sets(calibration: Held, test: Held, level: float, method: SetMethod, seed: int) -> JudgedWay:
    known, new = _logits_of(calibration), _logits_of(test)
    fitted = fit_class_sets(calibration.target, known, level, method=method, unit=calibration.unit)
    sets = fitted.sets(new)
    is_covered = sets[np.arange(test.target.size), test.target]
    first, second = (
        class_scores(method, logits)[np.arange(part.target.size), part.target]
        for logits, part in ((known, calibration), (new, test))
    )
    return JudgedWay(
        f"{method} sets", {"classes per set": Measure(float(sets.sum(axis=1).mean()))},
        unit_coverage(is_covered, test.unit), float(is_covered.mean()),
        chance_of(calibration, test, first, second, level, seed), calibrator=fitted,
    )  # fmt: skip


def _logits_of(part: Held) -> Float[np.ndarray, "item class"]:
    if part.logits is not None:
        return part.logits
    assert part.value is not None
    return as_two_logits(part.value)
