"""Protein language models: one packed transformer, and every published model as a short file on it.

Objects. A `Vocabulary` turns letters into tokens; a `TokenBatch` packs sequences end to end; a `LanguageModel` makes a
`Reading` of it: states, scores of letters, attention, contacts. A `LanguageModelConfig` (picked by its `kind`) builds
the model and knows its published key names. Axes: token (packed, special tokens included), residue, head, channel,
letter, layer. Law (eval mode): the reading of a sequence does not depend on the others in the pack.

What a model is:
- interface.py: `LanguageModelConfig`, and strict loading of published weights
- model.py: `LanguageModel` and `Reading`
- vocabulary.py: from letters to tokens
- tokens.py: packed tokens
- names.py: published key names and how they become ours
- sizes.py: published sizes by name
- head_dim.py: the channels of a head

- catalogue.py: every model by name
- encoder.py: a language model as an encoder of the benchmark

Models:
- amplify.py: AMPLIFY
- esm1.py: ESM-1b and ESM-1v
- esm1_blocks.py: what ESM-1b, ESM-1v and PromptProtein have in common
- esm2.py: ESM-2
- esm_aa.py: ESM All-Atom: residues and atoms
- esmc.py: ESM C
- prompt_protein.py: PromptProtein: ESM-1b with gated prompts
- prott5.py: the encoder of ProtT5
- saprot.py: SaProt: residues with structure letters
- saprot_structures.py: what it reads of a structure
- esm_names.py: the key names that these share
- protea_mini.py: Protea's own small model

The transformer:
- transformer.py: blocks over packed tokens
- attention.py: attention inside each sequence
- atom_pairs.py: the pair term of ESM-AA
- relative_bias.py: the relative positions of T5
- variable_length.py: the same in one call on a GPU
- rotary.py: rotary positions
- linear_maps.py: linear maps with what follows them, in one pass
- feed_forward.py: the two maps of a block
- norms.py: normalisations by name
- embedding.py: the first state, token dropout, learned places
- head.py: scores of letters
- contacts.py: contacts from attention

What a model says of sequences:
- asking.py: log-probabilities at some places of many sequences, packed into few passes
- letters.py: how a vocabulary spells residues, and what hides one
- windows.py: how sequences are read that are too long for one reading
- letter_tables.py: tables [residue, letter], the sequence shown or each residue hidden in turn
- joint_marginals.py: substitutions scored with all of their positions hidden together
- pseudo_likelihood.py: how likely a sequence is, residue by residue
"""
