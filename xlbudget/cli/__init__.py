"""The command line: ``xlbudget new | regenerate | validate | clear | rules``."""

from __future__ import annotations

from .commands import clear, new, regenerate, validate
from .root import cli
from .rules import rules

for _command in (new, regenerate, validate, clear, rules):
    cli.add_command(_command)


def main() -> None:
    """The entry point of the installed command."""
    cli(prog_name="xlbudget")


__all__ = ["cli", "main"]
