"""An explanation as files: a table, a structure with the attributions in the B-factor column, and a picture."""

from pathlib import Path
from typing import Any, NamedTuple

from protea.applications.explanations.explain import Explanation
from protea.applications.explanations.sequence_profile import sequence_profile
from protea.benchmark.predict_files import FileAnswer, StructureFormat, structure_name, to_csv, write_structure
from protea.protein.readers.sniff import stem_of

__all__ = ["ExplanationFiles", "explanation_names", "explanation_rows", "write_explanation"]


class ExplanationFiles(NamedTuple):
    """Where an explanation was written."""

    table: Path
    structure: Path
    picture: Path


def explanation_rows(explanation: Explanation) -> list[dict[str, Any]]:
    """Return one row per residue: where it is, its attribution, and the part of each feature in it."""
    protein, total = explanation.protein, explanation.residue
    rows = []
    for index in range(len(protein)):
        row = {
            "chain": protein.chain_ids[protein.chain_of[index]],
            "number": int(protein.author_number[index]),
            "insertion_code": str(protein.insertion_code[index]),
            "residue": protein.sequence[index],
            "has_ca": bool(explanation.has_ca[index]),
            "attribution": float(total[index]),
        }
        rows.append(row | dict(zip(explanation.features, explanation.by_feature[index].tolist(), strict=True)))
    return rows


def explanation_names(file: Path, structure_format: StructureFormat = "mmcif") -> tuple[str, str, str]:
    """Return the names under which `write_explanation` writes table, structure and picture of a file."""
    stem = stem_of(file.name)
    return f"{stem}.csv", structure_name(file, structure_format), f"{stem}.svg"


def write_explanation(
    explanation: Explanation, folder: Path, structure_format: StructureFormat = "mmcif"
) -> ExplanationFiles:
    """Write `<name>.csv`, `<name>.svg` and the structure; residues without any atom cannot stand in the structure.

    Raises InputError where the structure would replace the file that was read.
    """
    answer = FileAnswer(
        explanation.file, explanation.protein, explanation.objective, "residue", explanation.residue, None,
        explanation.has_ca,
    )  # fmt: skip
    structure = write_structure(answer, folder, structure_format)
    names = explanation_names(explanation.file, structure_format)
    table, picture = folder / names[0], folder / names[2]
    table.write_text(to_csv(explanation_rows(explanation)), encoding="utf-8")
    change = explanation.value - explanation.baseline_value
    note = (
        f"prediction {explanation.value:.4g}, baseline ({explanation.baseline}) {explanation.baseline_value:.4g}; "
        f"the bars add up to {change:.4g} within {explanation.error:.1g}"
    )
    title = f"What each residue of {explanation.protein.id} adds to {explanation.asked}"
    profile = sequence_profile(explanation.protein, explanation.residue, explanation.has_ca, title, note)
    picture.write_text(profile, encoding="utf-8")
    return ExplanationFiles(table, structure, picture)
