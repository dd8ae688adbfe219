"""A job and its reply: the values between an open workbook and the buttons' functions."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlbudget.workbook.ops import Op


@dataclass(frozen=True, slots=True)
class OpenBook:
    """An open workbook: its name as Excel shows it, a saved copy, its folder ("" where there is none)."""

    name: str
    data: bytes
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the add-in's settings sheet says. ``source`` is a data source of :mod:`xlbudget.sources`.

    ``source`` may be a path or a database only where the reader of the job is the user's own PC; the
    service accepts none.
    """

    pack: str = ""  # "" finds the pack by the workbook
    source: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One press of a button: the workbook in front, the other open ones, and the settings."""

    verb: str
    book: OpenBook
    others: tuple[OpenBook, ...] = ()
    settings: Settings = Settings()


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask before more is done; ``steps`` are carried out on a yes, ``yes``/``no`` said then."""

    text: str
    steps: dict[str, list[Op]] = field(default_factory=dict)
    yes: str = ""
    no: str = ""


@dataclass(frozen=True, slots=True)
class OutFile:
    """A file to be put beside the workbook; never over another one (the carrier numbers the name)."""

    name: str
    data: bytes


@dataclass(slots=True)
class Reply:
    """What a button did. ``line`` is the one line shown; ``ok`` is False when it could not be done.

    ``steps`` maps names of open workbooks to what is to be done in them, in this order, before ``question``
    is asked. ``goto`` is a place (sheet, cell) of the workbook in front to show at the end.
    """

    line: str
    ok: bool = True
    details: list[str] = field(default_factory=list)
    steps: dict[str, list[Op]] = field(default_factory=dict)
    question: Question | None = None
    files: list[OutFile] = field(default_factory=list)
    goto: tuple[str, str] | None = None
