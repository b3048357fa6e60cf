"""A program: trains the small model on several CPU processes, to be compared with one process."""

import sys
from pathlib import Path

from tests.training.small import SURE_HEAD, small_model, trained, training

if __name__ == "__main__":
    config = training(
        batch={"max_proteins": 1}, precision="64-true", devices=int(sys.argv[2]), strategy="ddp", epochs=2
    )
    # Seven proteins in batches of one on two processes: the last step has a batch for the first of them only.
    trained(small_model(head=SURE_HEAD, auxiliary=0.1), config, Path(sys.argv[1]), num=11)
