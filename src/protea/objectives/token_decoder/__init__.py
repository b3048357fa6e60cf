"""One decoder for labels of every type: each label is a string of a small grammar, written token by token.

Prot2Token's way, under grammars: whatever is decoded can be read. Objects: a `Vocabulary` of all tasks; a `Grammar` per
task that says which token may follow and turns labels into strings and back; a `Memory` of packed proteins; a
`TokenDecoder` that says how likely each next token is. Axes: token (labels end to end), step (of one label), column (of
logits: the texts of the vocabulary, then the residues of the protein), residue, row (of strings that grow together).
Law (eval mode): what is said of a label depends on its own protein and the tokens before, and on nothing else.

- vocabulary.py: the tokens of all tasks
- grammar.py: what a grammar is
- catalogue.py: every grammar by name
- one_class.py: one class of several
- yes_or_no.py: yes or no
- class_set.py: any number of classes
- number.py: a number in a range, with a fixed number of decimals
- residue_labels.py: a class per residue
- residue_positions.py: the residues that have something
- nothing.py: the label that says nothing
- packs.py: labels packed end to end, and the memory of proteins
- attention.py: where a token looks
- transformer.py: the network
- likelihood.py: how likely labels are
- decoding.py: greedy and beam decoding
"""
