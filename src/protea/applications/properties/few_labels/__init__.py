"""What few measurements are worth, and which to make next.

- drawn_labels.py: few labels drawn from the training part, many times, and the columns
- few_shot.py: what 10 to 100 labels of a number are worth, beside their mean
- few_shot_classes.py: the same of a class, beside the shares of the labels
- few_shot_report.py: the same as Markdown and CSV
- acquisition.py: which candidates to measure next
- active_learning.py: rounds of measuring, played on a measured set
- active_learning_report.py: the same as Markdown and CSV, with what was not shown in words
"""
