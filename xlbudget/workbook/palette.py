"""The colours of the severities: one palette for live highlighting, marks and our own sheets.

Fills are light enough for black text in print; each severity has a pattern of its own (hatched, dotted,
plain), so that a black-and-white print still tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from xlbudget.rules.model import Severity


@dataclass(frozen=True, slots=True)
class Tone:
    """Colours of one severity as ARGB hex, and the OOXML pattern: its ground, its stroke, words on white."""

    fill: str
    stroke: str
    pattern: str
    text: str


PALETTE: dict[Severity, Tone] = {
    Severity.ERROR: Tone("FFFFDCDC", "FFF2A3A3", "lightUp", "FFC00000"),
    Severity.QUERY: Tone("FFFFF0C4", "FFDDB04A", "gray125", "FF9C5700"),
    Severity.NOTICE: Tone("FFDDEBF7", "FFDDEBF7", "solid", "FF1F4E79"),
}
