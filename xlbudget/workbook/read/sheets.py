"""Which form a sheet is: every sheet against every form of a pack, by names and by captions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from xlbudget.packs.layout import Form
from xlbudget.workbook.book import RawBook, RawSheet

from .captions import concept
from .grid import Grid
from .labels import spelling, unstuttered
from .locate import Located, Vocabulary, locate, vocabulary
from .names import SheetNames, names_by_sheet

ENOUGH = 45  # percent of the captions (or names) of a form that make a sheet that form
TITLE = 10  # percent that the form's printed title adds
HINTS = 3  # captions that must stand there letter by letter before a closer look is taken
_DATED = re.compile(r"(?:19|20)\d\d年度?(.+)")  # a title with the year before it
_OWN = re.compile(r"审核结果|审核规则|评分底稿")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A sheet, or a band of rows of it, that is a form. ``titled``: it bears the form's printed title."""

    grid: Grid
    words: Vocabulary
    located: Located
    names: SheetNames
    percent: int
    titled: bool = False

    @property
    def rank(self) -> int:
        """How well the form fits; of forms with the same captions the one with the title."""
        return self.percent + TITLE * self.titled

    @property
    def certain(self) -> bool:
        """Whether no other form can fit better."""
        return self.percent == 100 and (self.titled or self.names.share(self.form) == 100)

    @property
    def form(self) -> Form:
        return self.words.form


def is_own(sheet: RawSheet) -> bool:
    """Whether a sheet was added by an earlier validation."""
    return _OWN.fullmatch(sheet.name) is not None


def recognise_all(book: RawBook, forms: Iterable[Form]) -> dict[str, list[Recognised]]:
    """For each sheet that is not ours the forms on it, by the sheet's name; an empty list: none known."""
    names = names_by_sheet(book)
    words = [vocabulary(f) for f in forms]
    out: dict[str, list[Recognised]] = {}
    for sheet in book.sheets:
        if not is_own(sheet):
            out[sheet.name] = recognise(sheet, words, names.get(sheet.name.lower(), SheetNames()))
    return out


def recognise(sheet: RawSheet, words: Iterable[Vocabulary], names: SheetNames) -> list[Recognised]:
    """The form that fits a sheet best, once for each copy of it on the sheet."""
    grid = Grid(sheet)
    best: Recognised | None = None
    for w in sorted(words, key=lambda w: -names.share(w.form)):
        found = _fit(grid, w, names)
        if found and found.percent >= ENOUGH and (best is None or found.rank > best.rank):
            best = found
            if best.certain:
                break
    if best is None:
        return []
    bands = split(best.grid, best.words)
    if len(bands) == 1:
        return [best]
    again = [_fit(Grid(sheet, *band), best.words, names) for band in bands]
    return [r for r in again if r and r.percent >= ENOUGH]


def _fit(grid: Grid, words: Vocabulary, names: SheetNames) -> Recognised | None:
    named = names.share(words.form)
    texts = {label.collapsed for label in grid.labels}
    if not named and len(texts & words.collapsed) < HINTS:
        return None
    located = locate(grid, words)
    percent = located.percent
    title = unstuttered(spelling(words.form.title))
    dated = (m[1] for label in grid.labels if (m := _DATED.fullmatch(label.spelling)))
    titled = title in texts or any(unstuttered(text) == title for text in dated)
    if titled:
        percent += TITLE
    return Recognised(grid, words, located, names, min(100, max(percent, named)), titled)


def split(grid: Grid, words: Vocabulary) -> list[tuple[int, int | None]]:
    """The bands of rows that each hold one copy of a form: usually one, the whole sheet.

    A copy begins with the form's title, or with the caption of its subject, and has a header of its own.
    """
    subject = words.form.by_name.get(words.form.subject)
    if subject is None or not subject.captions[0]:
        return [(1, None)]
    spellings = concept(subject.captions[0]).spellings
    starts = sorted({x.row for x in grid.labels if x.spelling in spellings})
    if len(starts) < 2:
        return [(1, None)]
    headers = _header_rows(grid, words)
    bounds: list[int] = []
    previous = starts[0]
    for start in starts[1:]:
        between = [h for h in headers if previous < h < start]
        if between:
            bounds.append(_title_above(grid, words, between[-1], start))
            previous = start
    edges = [1, *bounds]
    return [(first, edges[i + 1] - 1 if i + 1 < len(edges) else None) for i, first in enumerate(edges)]


def _header_rows(grid: Grid, words: Vocabulary) -> list[int]:
    columns = next(iter(words.columns.values()), [])
    wanted = {unstuttered(s) for c in columns for s in c.spellings}
    return [
        row
        for row, labels in grid.labels_by_row.items()
        if 2 * sum(x.collapsed in wanted for x in labels) >= len(columns)
    ]


def _title_above(grid: Grid, words: Vocabulary, floor: int, start: int) -> int:
    title = unstuttered(spelling(words.form.title))
    rows = [x.row for x in grid.labels if floor < x.row < start and x.collapsed == title]
    return max(rows, default=start)
