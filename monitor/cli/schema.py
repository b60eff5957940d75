"""``schema``: the JSON Schema of a user's file, for editors that complete and check while typing.

Layer 5.
"""

import click

from monitor.cli.output import say
from monitor.config.schema import SCHEMAS, as_text


@click.command("schema")
@click.argument("name", type=click.Choice(sorted(SCHEMAS)))
def command(name: str) -> int:
    """Print the JSON Schema of rule files ("rule") or of config.yaml ("config")."""
    say(as_text(SCHEMAS[name]()).rstrip())
    return 0
