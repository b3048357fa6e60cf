"""Proteins: what a protein is, and its way in and out of files.

Objects: `Protein` (one record, immutable NumPy arrays), `ProteinBatch` (many records packed end to end, torch).
Axes: residue (observed polymer residues, chain by chain), atom (heavy atoms, ragged by `atom_ptr`), ligand.
Units: angstrom; B factors in square angstrom; pLDDT 0-100.

- record.py: `Protein`, `Ligands`, `Label`, `Provenance`
- alphabets.py: residue letters and the conversions between orders
- chemistry.py: atoms, chi angles and ideal geometry of the residues
- residue_places.py: where a residue is, as one point
- joined_residues.py: which residues follow each other in space
- seqres_placement.py: where the observed residues of a chain stand in its SEQRES
- accessible_surface.py: relative accessible surface of residues
- batch.py: `ProteinBatch`
- readers: from files to `Protein` (PDB, mmCIF, BinaryCIF, FASTA)
- writers: from `Protein` to PDB and mmCIF
- converters: to and from biotite and PyTorch Geometric
"""
