"""What trained encoders are good for, one package per use; none of them knows another.

Objects: a folder of embeddings, an explanation of one prediction, a map of proteins, the score of a variant. Axes:
protein, residue, channel, variant.

- embedding/: embeddings on disk, maps of proteins
- explanations/: what each residue adds to a prediction, and whether to believe it
- interactions/: which proteins interact, and how; all pairs of a proteome
- function/: terms of an ontology, predicted consistently and judged
- language/: what language models say of sequences: perplexity, hidden residues, contacts
- prompts/: knowledge injected into a language model by prompts, and what each prompt does
- properties/: measured properties, many predicted at once, each beside its controls
- variants/: what mutations do, without and with measurements
"""
