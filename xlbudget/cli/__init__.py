"""The command line: the forms (new, regenerate, validate, …) and what Excel needs (serve, addin, …)."""

from __future__ import annotations

from . import bundle, live
from .commands import clear, export, fill, new, regenerate, validate
from .root import cli
from .rules import rules

for _command in (new, regenerate, validate, fill, clear, export, rules, *live.COMMANDS, *bundle.COMMANDS):
    cli.add_command(_command)


def main() -> None:
    """The entry point of the installed command."""
    cli(prog_name="xlbudget")


__all__ = ["cli", "main"]
