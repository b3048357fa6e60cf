"""Writers: from `Protein` to a structure file, with any value per residue in the B-factor column.

What a round trip keeps (`read(write(p))`), for a record whose residues all have atoms: sequence, residue names, chain
ids, author numbers, insertion codes, atoms (codes, names, order), SEQRES, B factor or pLDDT, ligands (names, chains,
numbers, atoms), method, resolution. mmCIF also keeps the id, label numbers, names of up to eight letters, and positions
bit for bit; PDB keeps positions within 0.0005 angstrom and B factors within 0.005. Not kept: labels, notes, counts of
waters and hydrogens, assembly, and in PDB a free amino acid that is alone in its chain (it comes back as a residue).

- pdb.py: `write_pdb`
- mmcif.py: `write_mmcif`
- foldcomp.py: `format_foldcomp`: one chain as a FoldComp entry (torsions in steps: about 0.1 angstrom off)
- columns.py: what both writers put in an atom line: names, elements, the B-factor column
"""
