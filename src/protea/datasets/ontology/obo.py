"""An ontology as OBO 1.2 or 1.4 states it: terms, relations between them, and what the relations themselves obey.

A strict reader of our own: what a tag means here is read, what it means elsewhere is counted by name (`unread`), and
what contradicts the format (a term without id, an id used twice, a link to nothing, an unclosed quote) is refused with
its line. A line is `tag: value {modifiers} ! comment`; backslash escapes are undone, quoted text is left alone.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from protea.datasets.ontology.packed_text import read_text
from protea.errors import FileFormatError, describe

__all__ = ["Ontology", "Relation", "Term", "parse_obo", "read_obo"]

_ESCAPED = {"n": "\n", "W": " ", "t": "\t"}
_ONCE = frozenset({"id", "name", "namespace", "def", "comment", "is_obsolete", "is_transitive", "is_anonymous"})
_STANZAS = frozenset({"Term", "Typedef", "Instance"})
_FREE_TEXT = frozenset({"name", "comment", "remark", "saved-by", "auto-generated-by"})
"""Tags in whose value a quotation mark is a letter like any other."""


@dataclass(frozen=True)
class Term:
    """One class of an ontology. Links are ids; a relationship is (relation, target).

    `intersection_of` is the definition by genus and differentia: pairs of a relation (empty for the genus) and a class.
    """

    id: str
    name: str = ""
    namespace: str = ""
    definition: str = ""
    is_a: tuple[str, ...] = ()
    relationships: tuple[tuple[str, str], ...] = ()
    intersection_of: tuple[tuple[str, str], ...] = ()
    alt_ids: tuple[str, ...] = ()
    disjoint_from: tuple[str, ...] = ()
    is_obsolete: bool = False
    replaced_by: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class Relation:
    """One relation between classes and what is known of it; `over` are the relations it passes through to its right."""

    id: str
    name: str = ""
    is_transitive: bool = False
    is_a: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    chains: tuple[tuple[str, ...], ...] = ()
    """`holds_over_chain`: a path of these relations is one of this relation."""
    inverse_of: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, eq=False)
class Ontology:
    """The terms and relations of one file, by id in the order of the file; obsolete terms are among them."""

    terms: Mapping[str, Term]
    relations: Mapping[str, Relation]
    header: Mapping[str, tuple[str, ...]]
    unread: Mapping[str, int] = field(default_factory=dict)
    """How often each tag stood there that has no meaning here (synonym, xref, ...), and links of obsolete terms, which
    the format forbids, some files have, and no hierarchy follows."""
    dangling: tuple[tuple[str, str, str], ...] = ()
    """(term, tag, target) of the links that lead out of the file, where these are allowed; they are on no term."""

    def __post_init__(self) -> None:
        for name in ("terms", "relations", "header", "unread"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        main_of: dict[str, str] = {}
        for term in self.terms.values():
            main_of.update({other: term.id for other in term.alt_ids if other not in self.terms})
        object.__setattr__(self, "_main_of", MappingProxyType(main_of))

    _main_of: Mapping[str, str] = field(init=False, repr=False, default_factory=dict)

    def current_id(self, id: str) -> str | None:
        """Return the id under which a class stands today, through `alt_id` and one single `replaced_by`.

        None for an obsolete class without exactly one replacement, and for an id that the ontology does not know.
        """
        seen: set[str] = set()
        while id not in seen:
            seen.add(id)
            id = self._main_of.get(id, id)
            term = self.terms.get(id)
            if term is None:
                return None
            if not term.is_obsolete:
                return id
            if len(term.replaced_by) != 1:
                return None
            id = term.replaced_by[0]
        return None

    def current_terms(self, namespace: str | None = None) -> tuple[Term, ...]:
        """Return the terms that are not obsolete, of one namespace if it is given."""
        kept = (term for term in self.terms.values() if not term.is_obsolete)
        return tuple(term for term in kept if namespace is None or term.namespace == namespace)


def read_obo(path: Path, *, dangling: Literal["refuse", "drop"] = "refuse") -> Ontology:
    """Return the ontology in a file: plain, gzip or zstd.

    Args:
        path: the file.
        dangling: what becomes of a link to a class that the file does not hold, as in an extract of a larger ontology.

    Raises:
        FileFormatError: the file contradicts the format; the message names the line.
    """
    return parse_obo(read_text(path), where=str(path), dangling=dangling)


def parse_obo(text: str, *, where: str = "OBO text", dangling: Literal["refuse", "drop"] = "refuse") -> Ontology:
    """Return the ontology that a text states; see `read_obo`."""
    header: dict[str, list[str]] = {}
    terms: dict[str, Term] = {}
    relations: dict[str, Relation] = {}
    unread: Counter[str] = Counter()
    for kind, line, tags in _stanzas(text, where):
        if kind == "header":
            for tag, value, _ in tags:
                header.setdefault(tag, []).append(value)
            continue
        if kind == "Instance":
            unread["[Instance]"] += 1
            continue
        stanza = _Stanza(kind, line, tags, where)
        known: dict[str, Term] | dict[str, Relation] = terms if kind == "Term" else relations
        if stanza.id in known:
            raise _wrong(f"the id {stanza.id} is used twice", where, line, do="Keep one stanza.")
        if kind == "Term":
            term = stanza.term(header.get("default-namespace", [""])[0])
            terms[term.id] = term
            unread["links of obsolete terms"] += len(term.is_a) + len(term.relationships) if term.is_obsolete else 0
        else:
            relations[stanza.id] = stanza.relation()
        unread.update(stanza.unread())
    if not terms:
        raise FileFormatError(describe("no [Term]", where=where, expected="an ontology in OBO format"))
    dropped = _checked_links(terms, where, dangling)
    frozen = {tag: tuple(values) for tag, values in header.items()}
    return Ontology(terms, relations, frozen, {tag: count for tag, count in unread.items() if count}, dropped)


class _Stanza:
    """The tags of one stanza, and the record that they make."""

    def __init__(self, kind: str, line: int, tags: list[tuple[str, str, int]], where: str) -> None:
        self.kind, self.line, self.where = kind, line, where
        self.of: dict[str, list[tuple[str, int]]] = {}
        for tag, value, number in tags:
            if tag in _ONCE and tag in self.of:
                raise _wrong(f"{tag} stands twice in one stanza", where, number, do="Keep one.")
            self.of.setdefault(tag, []).append((value, number))
        if "id" not in self.of:
            raise _wrong(f"a [{kind}] without id", where, line, expected="id: ...")
        self.read: set[str] = {"id", "comment", "is_anonymous"}
        self.id = self._one("id")

    def unread(self) -> Counter[str]:
        """Return how often each tag stands here that nobody asked for."""
        return Counter({tag: len(values) for tag, values in self.of.items() if tag not in self.read})

    def _one(self, tag: str) -> str:
        self.read.add(tag)
        return self.of[tag][0][0] if tag in self.of else ""

    def _many(self, tag: str) -> tuple[str, ...]:
        self.read.add(tag)
        return tuple(value for value, _ in self.of.get(tag, ()))

    def _is(self, tag: str) -> bool:
        self.read.add(tag)
        if tag not in self.of:
            return False
        value, line = self.of[tag][0]
        if value not in ("true", "false"):
            raise _wrong(f"{tag} is neither true nor false", self.where, line, found=repr(value))
        return value == "true"

    def _pairs(self, tag: str, *, is_genus_allowed: bool) -> tuple[tuple[str, str], ...]:
        self.read.add(tag)
        found = []
        for value, line in self.of.get(tag, ()):
            words = value.split()
            if len(words) == 1 and is_genus_allowed:
                words = ["", *words]
            if len(words) != 2:
                raise _wrong(f"not a link of {tag}", self.where, line, expected="relation and class", found=repr(value))
            found.append((words[0], words[1]))
        return tuple(found)

    def _quoted(self, tag: str) -> str:
        text = self._one(tag)
        if not text:
            return ""
        match = re.match(r'"((?:[^"\\]|\\.)*)"', text)
        if match is None:
            raise _wrong(f"{tag} holds no quoted text", self.where, self.of[tag][0][1], found=text[:40])
        return _unescaped(match[1])

    def term(self, default_namespace: str) -> Term:
        """Return the class of a [Term]."""
        found = Term(
            self.id, self._one("name"), self._one("namespace") or default_namespace, self._quoted("def"),
            self._many("is_a"), self._pairs("relationship", is_genus_allowed=False),
            self._pairs("intersection_of", is_genus_allowed=True), self._many("alt_id"), self._many("disjoint_from"),
            self._is("is_obsolete"), self._many("replaced_by"), self._many("consider"), self.line,
        )  # fmt: skip
        if len(found.intersection_of) == 1:
            raise _wrong(f"{self.id} has one intersection_of", self.where, self.line, expected="two or more")
        return found

    def relation(self) -> Relation:
        """Return the relation of a [Typedef]."""
        return Relation(
            self.id, self._one("name"), self._is("is_transitive"), self._many("is_a"), self._many("transitive_over"),
            tuple(tuple(chain.split()) for chain in self._many("holds_over_chain")), self._many("inverse_of"),
            tuple(text.split()[0] for text in self._many("xref") if text.split()), self.line,
        )  # fmt: skip


def _stanzas(text: str, where: str) -> Iterator[tuple[str, int, list[tuple[str, str, int]]]]:
    """Yield the header and each stanza: its kind, its line, and its tags with value and line."""
    kind, line, tags = "header", 1, list[tuple[str, str, int]]()
    for number, whole in _whole_lines(text):
        content = whole.strip()
        if not content or content.startswith("!"):
            continue
        if content.startswith("["):
            name = _plain(content, where, number)[1:-1]
            if name not in _STANZAS:
                raise _wrong("unknown stanza", where, number, expected=", ".join(sorted(_STANZAS)), found=content)
            yield kind, line, tags
            kind, line, tags = name, number, []
            continue
        tag, colon, value = content.partition(":")
        if not colon or not re.fullmatch(r"[A-Za-z0-9_.-]+", tag):
            raise _wrong("not a line of OBO", where, number, expected="tag: value", found=repr(content[:60]))
        plain = _plain(value.strip(), where, number, has_quotes=tag not in _FREE_TEXT)
        if not plain and tag in ("id", "name", "is_a", "relationship", "alt_id", "replaced_by"):
            raise _wrong(f"{tag} has no value", where, number)
        # Quoted text is unescaped where it is read, so that an escaped quote does not end it.
        is_quoting = tag not in _FREE_TEXT and '"' in plain
        tags.append((tag, plain if is_quoting else _unescaped(plain), number))
    yield kind, line, tags


def _whole_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines with the number of their beginning; a line that ends in one backslash goes on in the next."""
    begin, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        begin = begin if parts else number
        num_backslashes = len(line) - len(line.rstrip("\\"))
        if num_backslashes % 2:
            parts.append(line[:-1])
            continue
        yield begin, "".join([*parts, line])
        parts = []
    if parts:
        yield begin, "".join(parts)


def _plain(value: str, where: str, number: int, *, has_quotes: bool = True) -> str:
    """Return a value without its trailing modifiers and comment; neither is looked for inside quotes."""
    is_quoted, place, end, brace = False, 0, len(value), -1
    while place < len(value):
        letter = value[place]
        if letter == "\\":
            place += 2
            continue
        if letter == '"' and has_quotes:
            is_quoted = not is_quoted
        elif not is_quoted and letter == "!":
            end = place
            break
        elif not is_quoted and letter == "{":
            brace = place
        place += 1
    if is_quoted:
        raise _wrong("a quote is not closed", where, number, found=repr(value[:60]))
    text = value[:end].rstrip()
    # Braces are modifiers at the end of a value only.
    return text[:brace].rstrip() if brace >= 0 and text.endswith("}") else text


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPED.get(match[1], match[1]), text)


def _checked_links(
    terms: dict[str, Term], where: str, dangling: Literal["refuse", "drop"]
) -> tuple[tuple[str, str, str], ...]:
    """Return the links that lead out of the file and take them off their terms; refuse them where that is asked."""
    dropped: list[tuple[str, str, str]] = []
    for id, term in list(terms.items()):
        if term.is_obsolete:
            continue
        links = [("is_a", target) for target in term.is_a]
        links += [("relationship", target) for _, target in term.relationships]
        links += [("intersection_of", target) for _, target in term.intersection_of]
        absent = [link for link in links if link[1] not in terms or terms[link[1]].is_obsolete]
        if not absent:
            continue
        if dangling == "refuse":
            raise _wrong(
                f"{id} has {absent[0][0]} {absent[0][1]}, which is no current term here", where, term.line,
                do="Use the whole ontology, or call read_obo with dangling='drop', which counts such links.",
            )  # fmt: skip
        dropped += [(id, tag, target) for tag, target in absent]
        gone = {target for _, target in absent}
        # A definition that misses a part defines something else, so it goes as a whole.
        is_defined = not gone & {target for _, target in term.intersection_of}
        terms[id] = Term(
            term.id, term.name, term.namespace, term.definition, tuple(x for x in term.is_a if x not in gone),
            tuple(x for x in term.relationships if x[1] not in gone), term.intersection_of if is_defined else (),
            term.alt_ids, term.disjoint_from, term.is_obsolete, term.replaced_by, term.consider, term.line,
        )  # fmt: skip
    return tuple(dropped)


def _wrong(
    what: str, where: str, line: int, *, expected: str | None = None, found: str | None = None, do: str | None = None
) -> FileFormatError:
    return FileFormatError(describe(what, where=f"{where}, line {line}", expected=expected, found=found, do=do))
