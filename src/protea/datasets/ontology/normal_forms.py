"""The axioms of an ontology in the four normal forms of the description logic EL, as index arrays.

    nf1  C [= D            nf2  C and D [= E            nf3  R some C [= D            nf4  C [= R some D

A file holds one axiom per line in Manchester syntax, as DeepGO-SE reads it (`go.norm`): `A SubClassOf B`,
`A and B SubClassOf C`, `R some A SubClassOf B`, `A SubClassOf R some B`, with `GO_0000001` for `GO:0000001`. Classes
are numbered: those given first (they have labels), then all others by first use; relations by first use.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Int

from protea.datasets.ontology.obo import Ontology
from protea.errors import FileFormatError, InputError, describe

__all__ = ["Axiom", "NormalForms", "normal_form_lines", "normal_forms", "normal_forms_of", "parse_axiom"]

Axiom = tuple[str, ...]
"""Names in the order of the line, the form told by the first entry: ("nf3", relation, C, D)."""

_COLUMNS = {"nf1": "CD", "nf2": "CDE", "nf3": "RCD", "nf4": "CRD"}


@dataclass(frozen=True, eq=False)
class NormalForms:
    """Axioms by form; columns are class indices, but for R, which is an index of `relations`."""

    classes: tuple[str, ...]
    num_given: int
    """Classes with labels: the first ones. The rest stand in axioms only."""
    relations: tuple[str, ...]
    nf1: Int[np.ndarray, "nf1_axiom 2"]
    nf2: Int[np.ndarray, "nf2_axiom 3"]
    nf3: Int[np.ndarray, "nf3_axiom 3"]
    nf4: Int[np.ndarray, "nf4_axiom 3"]

    def num_axioms(self) -> int:
        """Return the number of axioms of all forms."""
        return sum(len(form) for form in (self.nf1, self.nf2, self.nf3, self.nf4))

    def axioms(self) -> list[Axiom]:
        """Return the axioms by name, form after form."""
        found: list[Axiom] = []
        for form, columns in _COLUMNS.items():
            names = [self.relations if column == "R" else self.classes for column in columns]
            found += [
                (form, *(of[index] for of, index in zip(names, row, strict=True)))
                for row in getattr(self, form).tolist()
            ]
        return found


def parse_axiom(line: str, *, where: str = "axiom") -> Axiom:
    """Return the axiom of one Manchester line, with `GO_0000001` read as `GO:0000001`.

    Words are told apart, not parts of words: a class whose name holds `and` is a class.

    Raises:
        FileFormatError: the line has none of the four forms.
    """
    words = line.split()
    shape = " ".join(word if word in ("and", "some", "SubClassOf") else "x" for word in words)
    names = tuple(_read_name(word) for word in words if word not in ("and", "some", "SubClassOf"))
    forms = {
        "x SubClassOf x": "nf1",
        "x and x SubClassOf x": "nf2",
        "x some x SubClassOf x": "nf3",
        "x SubClassOf x some x": "nf4",
    }
    if shape not in forms:
        raise FileFormatError(
            describe("no axiom in normal form", where=where, found=repr(line.strip()[:80]),
                     expected="A SubClassOf B, A and B SubClassOf C, R some A SubClassOf B, or A SubClassOf R some B")
        )  # fmt: skip
    return (forms[shape], *names)


def normal_forms(
    axioms: Iterable[str | Axiom], terms: Sequence[str], *, where: str = "axioms", others: Sequence[str] = ()
) -> NormalForms:
    """Return the axioms as index arrays.

    Args:
        axioms: lines, or axioms by name; blank lines and lines that begin with # are no axioms.
        terms: the classes with labels, in the order of the labels.
        where: what an error names.
        others: classes that come right after these, used or not, such as all of an ontology.

    Raises:
        FileFormatError: a line has none of the four forms; the message names it.
        InputError: a term stands twice.
    """
    class_of = {name: index for index, name in enumerate(terms)}
    if len(class_of) != len(terms):
        twice = Counter(terms).most_common(1)[0][0]
        raise InputError(describe(f"the term {twice} stands twice", where=where, expected="different terms"))
    for name in others:
        class_of.setdefault(name, len(class_of))
    relation_of: dict[str, int] = {}
    rows: dict[str, list[list[int]]] = {form: [] for form in _COLUMNS}
    for number, line in enumerate(axioms, start=1):
        if isinstance(line, str):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            line = parse_axiom(line, where=f"{where}, line {number}")
        form, *names = line
        row = []
        for column, name in zip(_COLUMNS[form], names, strict=True):
            of = relation_of if column == "R" else class_of
            row.append(of.setdefault(name, len(of)))
        rows[form].append(row)
    arrays = {form: np.array(found, dtype=np.int64).reshape(-1, len(_COLUMNS[form])) for form, found in rows.items()}
    return NormalForms(tuple(class_of), len(terms), tuple(relation_of), **arrays)


def normal_forms_of(ontology: Ontology, *, namespace: str | None = None) -> tuple[tuple[Axiom, ...], Mapping[str, int]]:
    """Return the axioms of an ontology, and what could not be said in the four forms, counted by its tag.

    is_a gives nf1, a relationship nf4. A definition `A = G and R some D and ...` gives `A [= G` and `A [= R some D`,
    and for the other direction a new class per part, `R some D [= X` (nf3), and `G and X [= A` (nf2), further parts
    joined two by two. What relations obey (transitivity, chains, sub-relations) and which classes are disjoint has no
    form.
    """
    terms = ontology.current_terms(namespace)
    kept = {term.id for term in terms}
    left_out: Counter[str] = Counter()
    found: dict[Axiom, None] = {}
    for term in terms:
        links: list[Axiom] = [("nf1", term.id, parent) for parent in term.is_a]
        links += [("nf4", term.id, _relation_name(ontology, name), target) for name, target in term.relationships]
        if not all(target in kept for _, target in term.intersection_of):
            left_out["intersection_of another namespace"] += 1
        elif term.intersection_of:
            links += _definition(ontology, term.id, term.intersection_of)
        for link in links:
            if all(name in kept or name.startswith(_NEW) for name in _classes_of(link)):
                found[link] = None
            else:
                left_out["links to another namespace"] += 1
        left_out["disjoint_from"] += len(term.disjoint_from)
    for relation in ontology.relations.values():
        left_out["is_transitive"] += relation.is_transitive
        left_out["holds_over_chain and transitive_over"] += len(relation.chains) + len(relation.over)
        left_out["is_a of relations"] += len(relation.is_a)
    return tuple(found), MappingProxyType({tag: count for tag, count in left_out.items() if count})


def normal_form_lines(axioms: Iterable[Axiom]) -> list[str]:
    """Return the Manchester lines of axioms; `parse_axiom` reads each back as it was.

    Raises:
        InputError: a name with a blank, which no line can hold.
    """
    shapes = {
        "nf1": "{} SubClassOf {}", "nf2": "{} and {} SubClassOf {}", "nf3": "{} some {} SubClassOf {}",
        "nf4": "{} SubClassOf {} some {}",
    }  # fmt: skip
    return [shapes[form].format(*(_written_name(name) for name in names)) for form, *names in axioms]


_NEW = "new:"
"""What the classes begin with that stand for a part of a definition."""


def _definition(ontology: Ontology, id: str, parts: Sequence[tuple[str, str]]) -> list[Axiom]:
    found: list[Axiom] = []
    operands = []
    for relation, target in parts:
        if not relation:
            found.append(("nf1", id, target))
            operands.append(target)
            continue
        name = _relation_name(ontology, relation)
        part = f"{_NEW}{name}.{target}"
        found += [("nf4", id, name, target), ("nf3", name, target, part)]
        operands.append(part)
    joined = operands[0]
    for number, operand in enumerate(operands[1:], start=2):
        whole = id if number == len(operands) else f"{_NEW}{id}.{number}"
        found.append(("nf2", joined, operand, whole))
        joined = whole
    return found


def _relation_name(ontology: Ontology, relation: str) -> str:
    """Return the identifier that owl files use (`BFO:0000050` for part_of) where the ontology states one."""
    known = ontology.relations.get(relation)
    pattern = re.compile(r"[A-Za-z]+:\d+")
    return next((xref for xref in (known.xrefs if known else ()) if pattern.fullmatch(xref)), relation)


def _classes_of(axiom: Axiom) -> list[str]:
    form, *names = axiom
    return [name for column, name in zip(_COLUMNS[form], names, strict=True) if column != "R"]


def _read_name(word: str) -> str:
    match = re.fullmatch(r"<?(?:\S*/)?([A-Za-z]+)_(\d+)>?", word)
    return f"{match[1]}:{match[2]}" if match is not None else word


def _written_name(name: str) -> str:
    if not name or len(name.split()) != 1 or name in ("and", "some", "SubClassOf"):
        raise InputError(describe(f"the name {name!r} cannot stand in a line", expected="one word that is no keyword"))
    match = re.fullmatch(r"([A-Za-z]+):(\d+)", name)
    return f"{match[1]}_{match[2]}" if match is not None else name
