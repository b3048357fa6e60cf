"""Pure tensor maths of proteins, in torch: float32 and float64, batched, differentiable.

Objects: points [..., 3] in angstrom, rotations [..., 3, 3] acting on column vectors, angles in radian, offsets `ptr`
of a packed axis (length segments + 1). Axes: protein, residue, atom, edge. Nothing here knows a residue type or a
file, and no operation crosses a protein border.

- segments.py: sums, means, maxima and softmax over ragged segments of a packed axis
- grouping.py: items in groups by a whole-number key
- pair_blocks.py: squared distances of all residue pairs of each protein, in blocks of bounded size
- neighbours.py: k-nearest tables, radius edges, and the transposed table
- torsions.py: bond angles and dihedral angles with finite gradients
- vectors.py: lengths and unit vectors with finite gradients at zero
- rotations.py: exponential and logarithm of rotations, quaternions, uniform draws, geodesic distance
- frames.py: rigid frames, their group, and frames from three points
- backbone.py: bond lengths, angles and torsions of packed N, CA, C chains
- pnerf.py: atoms and whole chains from internal coordinates, in parallel
- superposition.py: the rotation and translation that superpose structures best, and the RMSD
- tm_score.py: TM-score of matched structures
- lddt.py: local distance difference test
"""
