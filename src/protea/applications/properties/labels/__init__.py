"""What a property is, and the labels that it is learned and judged by.

Tables of labels become `Examples` (each sequence or variant once, with what was left out and why), these a `Partition`
(whole families to one side), and several properties one set of proteins. Positions count from 0 inside.

- property.py: what a property is
- cells.py: how a label is written in a cell
- tables.py: the tables that examples are read from
- numbered_residues.py: residues named by entry, chain and number
- examples.py: examples, and what repeats among them becomes
- transforms.py: from labels to what a model learns, and back
- partition.py: training, validation and tests, and what leaks
- joint_data.py: several properties as one set of proteins
- judging.py: metrics of answers in the unit of the label
- published_table.py: what others reached, as Markdown
- catalogue.py: the built-in properties (`built_in/*.yaml`), and what is absent
"""
