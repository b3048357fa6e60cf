"""Function by ontology: the terms, their order, their axioms, who carries them, and how much each one tells.

Objects: an `Ontology` (terms and relations of an OBO file), a `Hierarchy` (who is a kind of whom, as index arrays),
`NormalForms` (axioms as index arrays), `Annotations` (terms by protein). Axes: class, link (child -> parent), axiom,
protein. Information in bits.

- packed_text.py: text of a file that is plain, gzip or zstd
- obo.py: a strict reader of OBO 1.2 and 1.4
- hierarchy.py: ancestors, descendants, closure of labels and scores
- enzyme_numbers.py: EC numbers as a hierarchy of four levels
- normal_forms.py: axioms in the four normal forms of EL, from OBO and from Manchester lines
- annotations.py: who carries which term: GAF, tables, evidence codes
- information_content.py: bits that a term tells beyond its parents, from training annotations
"""
