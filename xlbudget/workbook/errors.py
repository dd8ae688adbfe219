"""The two ways in which a workbook can stop us, each with a sentence for the person who handed it in."""

from __future__ import annotations

from .refusals import REFUSALS


class WorkbookRefused(Exception):
    """The file is not a workbook that we can read safely.

    ``message`` is Chinese: what is wrong, and what to do about it. ``code`` is stable, see
    :data:`~.refusals.REFUSALS`; wording is not.
    """

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class OutputError(Exception):
    """The result could not be written; ``message`` says why, in Chinese. The target is unharmed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def refusal(code: str, **values: object) -> WorkbookRefused:
    """The refusal of that code, with ``values`` put into its sentence (texts are cut and cleaned)."""
    clean = {key: shown(value) if isinstance(value, str) else value for key, value in values.items()}
    return WorkbookRefused(REFUSALS[code].format(**clean), code)


def shown(text: str) -> str:
    """A text from a stranger's file as it may stand in a message: short, no control characters."""
    clean = "".join(ch if ch.isprintable() else "?" for ch in text[:61])
    return clean if len(clean) <= 60 else clean[:57] + "…"
