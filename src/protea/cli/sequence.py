"""The sub-commands of `protea sequence`, one file each."""

import typer

from protea.cli.sequence_contacts import contacts
from protea.cli.sequence_fill import fill
from protea.cli.sequence_fit_contacts import fit_contacts
from protea.cli.sequence_perplexity import perplexity
from protea.cli.sequence_store_contacts import store_contacts

__all__ = ["sequence"]

sequence = typer.Typer(no_args_is_help=True, help="Ask language models about sequences.")
for _command in (perplexity, fill, contacts, fit_contacts):
    sequence.command()(_command)
sequence.command("store-contacts")(store_contacts)
