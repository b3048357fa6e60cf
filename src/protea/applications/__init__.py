"""What trained encoders are good for, one package per use; none of them knows another.

Objects: a folder of embeddings, an explanation of one prediction, a map of proteins. Axes: protein, residue, channel.

- embedding/: embeddings on disk, attributions per residue, maps of proteins
"""
