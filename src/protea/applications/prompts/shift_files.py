"""A shift map as files: a table, a page, and the structure with the shifts in its B-factor column."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from protea.applications.prompts.moved_residues import TraitTest, residues_with
from protea.applications.prompts.shift import Shift
from protea.benchmark.predict_files import FileAnswer, StructureFormat, to_csv, write_structure
from protea.benchmark.report.markup import Markup, joined, tag
from protea.benchmark.report.page_frame import framed_page, section

__all__ = ["shift_page", "shift_rows", "write_shifts"]

_PER_LINE, _CELL, _LINE = 60, 15, 46
_STILL, _MOVED = (243, 240, 232), (11, 98, 164)


def shift_rows(shift: Shift) -> list[dict[str, Any]]:
    """Return one row per residue: where it is, how far it moved, and whether it is at the surface or an interface."""
    protein, rows = shift.protein, []
    has_atoms = len(protein.atom_position) > 0
    traits = {trait: residues_with(protein, trait) for trait in ("surface", "interface")} if has_atoms else {}
    for index in range(len(protein)):
        row: dict[str, Any] = {
            "protein": protein.id,
            "chain": protein.chain_ids[protein.chain_of[index]],
            "number": int(protein.author_number[index]),
            "insertion_code": str(protein.insertion_code[index]),
            "residue": protein.sequence[index],
            "shift": float(shift.distance[index]),
            "turn": float(shift.turn[index]),
            "size": float(shift.size[index]),
        }
        for trait, (has_trait, is_known) in traits.items():
            row[f"is_{trait}"] = bool(has_trait[index]) if is_known[index] else ""
        rows.append(row)
    return rows


def shift_page(shifts: Sequence[Shift], tests: Sequence[TraitTest], title: str, note: str) -> str:
    """Return the page: what was asked, the tests, and each protein as coloured letters (grey still, blue moved)."""
    largest = max(float(shift.distance.max(initial=0.0)) for shift in shifts)
    parts = [tag("h1", None, title), tag("p", {"class": "lead"}, note)]
    tested = section(
        "Which residues move",
        "AUROC of the shift inside each protein, averaged; p from shifts rotated along each chain.",
        _tests(tests) if tests else tag("p", None, "No structure with surface and buried residues was given."),
    )
    parts += [tested] if tested is not None else []
    for shift in shifts:
        lead = f"{len(shift.protein)} residues; mean shift {float(np.mean(shift.distance)):.4g}, largest "
        found = section(shift.protein.id, f"{lead}{float(shift.distance.max(initial=0.0)):.4g}.", _map(shift, largest))
        parts += [found] if found is not None else []
    return framed_page(title, *parts)


def _tests(tests: Sequence[TraitTest]) -> Markup:
    heads = ("residues", "AUROC", "95 % interval", "p", "proteins", "residues tested")
    rows = [tag("tr", None, *(tag("th", None, head) for head in heads))]
    for test in tests:
        bounds = "" if test.low is None or test.high is None else f"{test.low:.3f} to {test.high:.3f}"
        cells = (test.trait, f"{test.auroc:.3f}", bounds, f"{test.p_value:.3g}", f"{test.num_proteins}",
                 f"{test.num_residues}")  # fmt: skip
        rows.append(tag("tr", None, *(tag("td", None, cell) for cell in cells)))
    return tag("table", None, *rows)


def _map(shift: Shift, largest: float) -> Markup:
    """Return the letters of a protein on squares that are the darker the farther a residue moved."""
    protein = shift.protein
    num_lines = -(-len(protein) // _PER_LINE)
    parts = []
    for index in range(len(protein)):
        x, y = index % _PER_LINE * _CELL, index // _PER_LINE * _LINE
        share = float(shift.distance[index]) / largest if largest else 0.0
        place = f"{protein.chain_ids[protein.chain_of[index]]}:{protein.author_number[index]}"
        hint = f"{protein.sequence[index]} {place}{protein.insertion_code[index]}  {shift.distance[index]:.4g}"
        box: dict[str, str | float | int | None] = {
            "x": x, "y": y, "width": _CELL - 1, "height": _CELL + 3, "fill": _colour(share)
        }  # fmt: skip
        letter: dict[str, str | float | int | None] = {
            "x": x + _CELL / 2 - 0.5, "y": y + 13, "text-anchor": "middle", "font-size": 11,
            "fill": "#fcfbf8" if share > 0.5 else "#1d2126",
        }  # fmt: skip
        own = tag("text", letter, protein.sequence[index])
        parts.append(tag("g", None, tag("title", None, hint), tag("rect", box), own))
        if index % 10 == 0:
            number: dict[str, str | float | int | None] = {"x": x, "y": y + 31, "font-size": 10, "fill": "#5d646c"}
            parts.append(tag("text", number, place))
    width, height = _PER_LINE * _CELL, num_lines * _LINE
    frame: dict[str, str | float | int | None] = {
        "viewBox": f"0 0 {width} {height}", "width": width, "role": "img", "aria-label": f"shifts of {protein.id}"
    }  # fmt: skip
    return tag("svg", frame, joined(parts))


def _colour(share: float) -> str:
    return "#" + "".join(
        f"{round(still + (moved - still) * share):02x}" for still, moved in zip(_STILL, _MOVED, strict=True)
    )


def write_shifts(
    shifts: Sequence[Shift], tests: Sequence[TraitTest], files: Sequence[Path], folder: Path, title: str, note: str,
    structure_format: StructureFormat = "mmcif",
) -> tuple[Path, ...]:  # fmt: skip
    """Write `shift.csv`, `shift.html`, and a coloured structure per protein that has atoms; return the files.

    `files` are those that the proteins were read from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table, page = folder / "shift.csv", folder / "shift.html"
    table.write_text(to_csv([row for shift in shifts for row in shift_rows(shift)]), encoding="utf-8")
    page.write_text(shift_page(shifts, tests, title, note), encoding="utf-8")
    written = [table, page]
    for shift, file in zip(shifts, files, strict=True):
        if len(shift.protein.atom_position):
            has_ca = np.ones(len(shift.protein), dtype=bool)
            answer = FileAnswer(file, shift.protein, "shift", "residue", shift.distance, None, has_ca)
            written.append(write_structure(answer, folder, structure_format))
    return tuple(written)
