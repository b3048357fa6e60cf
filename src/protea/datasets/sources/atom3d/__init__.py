"""Sets of ATOM3D (Townshend et al. 2021): structures as tables of atoms in LMDB files, with labels and published parts.

Objects: an item (a record of a file: tables and labels by name), a table of atoms (columns by name), the records made
of an item. An item has one prefix; the ids of its records are that prefix, alone or with `:` and more. Axes: row of a
table (atom), residue. Positions in angstrom. Nothing here reads a pickle.

- interface.py: the base of the sets: archive, parts, items, ids
- unpacked.py: the LMDB files of an archive, unpacked once
- lmdb_records.py: the items of one LMDB file
- frames.py: a table of atoms as a protein
- psr.py: models of CASP targets with their GDT-TS
- res.py: surroundings of a residue whose type is hidden
- msp.py: complexes before and after a mutation
- ppi.py: two chains that touch
"""
