"""What must come out, stated beforehand: for each diagnostic and setting `chance`, `solvable` or `partial`, and why.

`floor` and `ceiling` bound the value that a setting may reach. A value above its ceiling is a leak or a wrong
expectation; one below its floor is a bug or a training run that was too short; both are to be looked into. Ceilings are
exact where inputs tie (see `diagnostics_oracles`) or where nothing is seen; the others are what a strong reader of
the same information reached on generated proteins (gradient-boosted trees), with room above. Floors of `solvable`
allow for a small training set.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from protea.benchmark.suites.diagnostics_questions import DIAGNOSTICS
from protea.benchmark.suites.diagnostics_sight import Setting, Sight, sight_of
from protea.errors import InputError, describe

__all__ = ["CellCheck", "Expectation", "Verdict", "check_cell", "expectation_of"]

Verdict = Literal["chance", "partial", "solvable"]

_SLACK = 0.03
"""How far an interval may miss a bound before a cell is called unexpected."""
_HALVES_SEEN = 0.54
"""Floor of both half-spheres for whoever sees the structure and is given angles: these alone reach .42 to .49 (boosted

trees, 80 generated proteins to learn from, 40 to judge), with the sum of 16 distances .57 to .65.
"""
_WALKS_SEEN = 0.78
"""Floor of the two-step walks for whoever sees the structure: beyond the slack above the .73 of the sequence window

(160 generated proteins to learn from, 100 to judge), and below the .81 of the poorest sum over neighbours.
"""


@dataclass(frozen=True)
class Expectation:
    """What a setting must reach: a value between `floor` and `ceiling`. None at chance means the chance level."""

    verdict: Verdict
    floor: float | None
    ceiling: float | None
    reason: str


@dataclass(frozen=True)
class CellCheck:
    """Whether a cell came out as stated."""

    outcome: Literal["agrees", "above ceiling", "below floor"]
    message: str

    @property
    def agrees(self) -> bool:
        """Whether nothing is unexpected."""
        return self.outcome == "agrees"


def _chance(reason: str) -> Expectation:
    return Expectation("chance", None, None, reason)


def _partial(floor: float | None, ceiling: float, reason: str) -> Expectation:
    return Expectation("partial", floor, ceiling, reason)


def _solvable(floor: float, reason: str) -> Expectation:
    return Expectation("solvable", floor, 1.0, reason)


def expectation_of(diagnostic: str, setting: Setting) -> Expectation:
    """Return what must come out; raise InputError for a diagnostic that is not one."""
    if diagnostic not in _RULES:
        raise InputError(describe("no such diagnostic", expected=f"one of {list(DIAGNOSTICS)}", found=repr(diagnostic)))
    return _RULES[diagnostic](sight_of(setting), setting)


def check_cell(expectation: Expectation, measured: float, interval: tuple[float, float], chance: float) -> CellCheck:
    """Return whether a measured value agrees; its interval may reach over a bound, and a slack of .03 is allowed."""
    low, high = interval
    if not low <= measured <= high:
        raise InputError(
            describe("the value lies outside its interval", expected=f"within {interval}", found=f"{measured:g}")
        )
    floor = chance if expectation.floor is None else expectation.floor
    ceiling = chance if expectation.ceiling is None else expectation.ceiling
    stated = (
        f"expected {floor:.2f} to {ceiling:.2f} ({expectation.verdict}), found {measured:.3f} [{low:.3f}, {high:.3f}]"
    )
    if low > ceiling + _SLACK:
        return CellCheck("above ceiling", f"{stated}: a leak, or the expectation is wrong. {expectation.reason}")
    if high < floor - _SLACK:
        return CellCheck("below floor", f"{stated}: a bug, or too little training. {expectation.reason}")
    return CellCheck("agrees", f"{stated}. {expectation.reason}")


def _handedness(sight: Sight, setting: Setting) -> Expectation:
    if sight.hand:
        return _solvable(0.95, "Angles with a sign, or frames, turn over in a mirror; helices alone give the hand.")
    return _chance("A protein and its mirror image are the same input, number by number: every pair is a tie.")


def _basin(sight: Sight, setting: Setting) -> Expectation:
    if sight.backbone_angles:
        return _solvable(0.97, "phi and psi of the residue are among its features; the basin is a function of them.")
    if not sight.geometry:
        if sight.odd_angles:
            return _partial(0.75, 0.95, "CA angles tell helix from strand and the hand of helices; extended CA angles "
                            "lie near 180 degrees, where the sign is lost.")  # fmt: skip
        return _chance("The residue's own type and place know nothing of the structure.")
    if not sight.hand:
        return _partial(0.40, 0.5, "A residue and its mirror image tie and lie in different basins: half at best.")
    return _partial(0.70, 1.0, "The CA trace in a frame or with signed angles gives the hand and nearly the basin; the "
                    "CA alone leave phi and psi a little loose.")  # fmt: skip


def _burial(sight: Sight, setting: Setting) -> Expectation:
    if sight.geometry:
        if sight.gated:
            return _solvable(0.95, "One layer: each of 16 neighbours counts if its distance is below 8 angstrom.")
        return _solvable(0.80, "GearNet adds up distances and degrees without gating; that orders burial well.")
    return _blind(sight, place=0.30, angles=0.65)


def _blind(sight: Sight, place: float, angles: float) -> Expectation:
    """Return what the residue's own features give for a question about its surroundings."""
    if sight.odd_angles:
        return _partial(None, angles, "Helix, strand and loop differ in their surroundings; that much the angles tell.")
    if sight.place_in_chain:
        return _partial(None, place, "Chain ends lie more often at the surface; that much the place tells.")
    return _chance("Residue types are independent of the structure.")


def _half_sphere_bisector(sight: Sight, setting: Setting) -> Expectation:
    if not sight.geometry:
        return _blind(sight, place=0.10, angles=0.65)
    if setting.encoder == "local_frame":
        return _solvable(0.90, "In the residue's own frame the bisector is fixed: one layer counts each half.")
    if sight.angles and setting.depth >= 2:
        return _solvable(0.85, "Two layers: first where the chain neighbours are, then the others against them.")
    floor = _HALVES_SEEN if sight.odd_angles else 0.25
    return _partial(floor, 0.90, "Distances without angles: the density and the local shape correlate, up to about .8.")


def _half_sphere_cb(sight: Sight, setting: Setting) -> Expectation:
    if not sight.geometry:
        return _blind(sight, place=0.10, angles=0.60)
    if setting.encoder == "local_frame" and sight.odd_angles:
        return _solvable(0.85, "Frames give the direction, signed angles the hand: CB follows from the CA trace.")
    if setting.encoder == "local_frame":
        return _partial(0.55, 1.0, "Frames give the direction; the hand of the protein must be gathered from helices.")
    if sight.angles and sight.hand and sight.direction and setting.depth >= 2:
        return _partial(_HALVES_SEEN, 1.0, "Hand and direction are among the features, the angle takes two layers.")
    floor = _HALVES_SEEN if sight.odd_angles else 0.15
    return _partial(floor, 0.90, "Without hand, direction and angles only the bisector and the density correlate.")


def _contact_order(sight: Sight, setting: Setting) -> Expectation:
    if not sight.geometry:
        return _blind(sight, place=0.20, angles=0.40)
    if sight.separation and sight.gated:
        return _solvable(0.85, "A message knows both residue numbers and the distance: a mean over contacts.")
    if sight.separation:
        return _solvable(0.75, "|i - j| is an edge feature; it is added up over all edges, contacts or not.")
    if sight.place_in_chain:
        return _partial(
            0.35, 1.0, "Sums over neighbours hold their places, and the own place is known; they meet late."
        )
    return _partial(0.25, 0.85, "Without residue numbers: helices touch near, dense cores far; a correlation.")


def _residue_type_plus_4(sight: Sight, setting: Setting) -> Expectation:
    if not sight.geometry:
        return _chance("Residue types are independent along the chain.")
    if sight.offsets and setting.depth >= 2:
        return _solvable(0.90, "The relation `two places on`, taken twice, carries the type of i + 4 to i.")
    if sight.direction:
        return _partial(0.08, 1.0, "The direction is known and i + 4 within reach of two steps, but it must be singled "
                        "out among the other neighbours.")  # fmt: skip
    return _partial(None, 0.56, "i + 4 and i - 4 tie: half at best, and more only near the ends, where one is absent.")


def _two_step_walks(sight: Sight, setting: Setting) -> Expectation:
    if not sight.geometry:
        return _chance("Walks that return are left out, and the residue's own type says nothing of the others.")
    if setting.depth == 1:
        return _partial(_WALKS_SEEN, 0.90, "One layer sees the neighbours, not who their neighbours are: up to about "
                        ".87, and above the .73 that the sequence window tells without a structure.")  # fmt: skip
    if sight.gated:
        return _solvable(0.92, "Two layers that sum over neighbours within 8 angstrom count the walks exactly.")
    return _partial(_WALKS_SEEN, 1.0, "Sums over relations that are not the 8 angstrom graph count other walks: .87 "
                    "to .94 by two steps of them, and above the .73 of the sequence window.")  # fmt: skip


_RULES: dict[str, Callable[[Sight, Setting], Expectation]] = {
    "handedness": _handedness,
    "backbone_basin": _basin,
    "burial": _burial,
    "half_sphere_bisector": _half_sphere_bisector,
    "half_sphere_cb": _half_sphere_cb,
    "contact_order": _contact_order,
    "residue_type_plus_4": _residue_type_plus_4,
    "two_step_walks": _two_step_walks,
}
