"""One folder, many machines: the same command on each, work shared in parts, the parts joined by one of them.

Objects: `Claims` (who works on what), `Parts` (numbered work, each part written whole or not at all), `Workers` (where
parts are done: here, or on a Ray cluster).

- claims.py: which machine works on what
- purpose.py: what a shared folder is for, settled once
- forward.py: a stream that is read from any place on
- whole_file.py: files that a crash leaves as they were or whole
- usual_rights.py: files that others of a team may read
- made_once.py: files that one process makes and the others wait for
- parts.py: parts that are worked through and joined
- ray_workers.py: parts on a Ray cluster
- shares.py: how much of the whole work is done
"""
