"""Readers: from a file to `Protein`. The only package that knows gemmi and biotite (with `converters`).

Every structure format is first read into one flat `AtomTable` (axis: atom, file order, angstrom), which `flat.py` turns
into records; so all formats share one set of decisions. Axes of the groups inside: group (a residue, ligand or water
as written), atom.

- read.py: `read_protein`, `read_proteins`, `read_structure_bytes`: the way in
- sniff.py: which format it is, by content; gzip and zstd unpacked
- unpacked_stream.py: the content of a plain, gzip or zstd file, with an error where the file was cut
- pdb.py: PDB: atoms from plain columns or through gemmi, header facts
- pdb_columns.py: the atoms of a PDB file that is written plainly, by whole columns
- pdb_lines.py: the line table of a PDB file: checks that name the line
- pdb_copies.py: residues that a chain of a PDB file holds more than once, kept apart
- pdb_numbers.py: the numbers of PDB fields: whether they are usual, and their values
- mmcif.py: mmCIF through gemmi
- cif_copies.py: chains of an mmCIF file that share their author's name and numbers, kept apart
- cif_facts.py: what both CIF formats say beside the atoms
- binarycif.py: BinaryCIF through biotite
- fasta.py: FASTA, streaming
- foldcomp/: FoldComp entries, decoded in batches
- name_table.py: look-up of atom and residue names
- table.py: `AtomTable` and `StructureFile`
- flat.py: from `AtomTable` to `Protein`
- groups.py: runs of atoms that form one residue or ligand
- polymer.py: which groups are residues of a protein chain
- altloc.py: which alternative location is kept
- plddt.py: when the B-factor column is pLDDT
- residue_kinds.py: what a residue name stands for
- inspect.py: `inspect_file`: what a structure file holds, chain by chain
"""
