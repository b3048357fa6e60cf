"""FoldComp entries (FCZ): predicted chains as quantised torsions between exact anchors, read in batches with NumPy.

Objects: an `FczEntry` (the fields of one entry, checked), a batch of entries decoded to `Protein`. Axes: entry,
residue, anchor, step (one backbone atom placed), slot (place of an atom in its residue: N, CA, C, O, CB ...). Positions
in angstrom, angles in radian except in the file (degrees). Nothing here runs foreign code on the bytes: a damaged entry
is refused with a reason, and cannot end the process.

Format after Kim, Mirdita and Steinegger, "Foldcomp", Bioinformatics 2023 (version 1 of the file).

- layout.py: bytes to a checked `FczEntry`
- backbone.py: N, CA, C from torsions and bond angles between anchors
- residue_geometry.py: bond lengths and angles of each residue type, as the format fixes them
- side_chains.py: O, CB and further atoms on a backbone
- decode.py: the way in: entries to `Protein`, with the checks that a sound entry passes
"""
