"""Features of one residue. Axes: residue (packed), feature column. Angstrom, radian; angles stand as cos, sin.

- bonded.py: which residues are bonded to the next one
- angle_columns.py: angles as cos and sin, and what stands for an undefined one
- one_hot.py: residue type
- positional_encoding.py: index in the protein
- alpha.py: dihedral of four CA
- kappa.py: bend of the CA trace
- backbone_dihedrals.py: phi, psi, omega
- side_chain_torsions.py: chi 1-4
- constant.py: a column of ones
- orientation.py: unit vectors to the next and previous CA
- virtual_cb.py: unit vector to an ideal CB
- ca_frame.py: a right-handed frame from three CA
- stored_embedding.py: a stored embedding, as a language model gives it
"""
