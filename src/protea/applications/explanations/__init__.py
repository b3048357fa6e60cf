"""What each residue adds to a prediction, and whether such a map can be believed. Always in evaluation mode.

Objects: an `Explanation` (a map of a trained run with what it adds up to), `ReadInputs` (a protein as an encoder reads
it, row by row, and the same without its letters). Axes: copy or step, residue, feature. Positions in angstrom.

- path_integral.py: integrated gradients along a straight path, refined until they are complete
- explain.py: what each residue of a structure adds to a prediction of a trained run
- explanation_files.py: an explanation as table, structure and picture
- sequence_profile.py: signed values along a sequence, as SVG
- read_inputs.py: rows that an encoder of sequences reads, replaced at will
- redrawn_weights.py: a map beside that of the model with re-drawn weights, layer by layer from the top
- deletion_curve.py: a prediction while residues are taken away or put back in the order of a map
"""

__all__: list[str] = []
