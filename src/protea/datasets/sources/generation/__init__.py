"""How protein-like backbones are made: from a secondary-structure string to atoms.

Objects: `Segment` (a run of helix, strand or loop), `Frames` (rotation and CA position per residue), `Chain` (torsions,
frames, atoms N, CA, C, O, CB). Axes: candidate, residue, atom. Angles in radian, lengths in angstrom, float64 NumPy.
All randomness comes from the generator that is handed in.

- basins.py: where phi and psi are drawn from, and the turns of hairpins
- topology.py: which residues are helix, strand and loop
- chain_frames.py: residue frames from torsions with ideal geometry, and the atoms in them
- contact_grid.py: what a new CA would gain at each place, as a grid
- compaction.py: growing a compact chain free of clashes
"""
