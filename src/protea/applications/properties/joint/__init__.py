"""One encoder for many properties, and one for each: trained, compared, left as a predictor.

- label_decoder.py: properties written by one decoder
- column_answers.py: properties of a predictor that such a map answers
- multi_task.py: one encoder for many properties, and one for each
- task_results.py: what one property gains or loses, and the answers that tell it
- over_seeds.py: the same over trainings of several seeds
- over_seeds_report.py: that as Markdown
- planned.py: what a training would be trained and tested on
- multi_task_report.py: the same as Markdown
"""
