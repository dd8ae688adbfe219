"""How a workbook was read, for the person who handed it in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class How(StrEnum):
    """By what a field was found."""

    NAME = "名称"
    CAPTION = "标题"
    SIMILAR = "相近标题"
    MISSING = "未找到"


@dataclass(frozen=True, slots=True)
class Found:
    """How one field was found: the caption (as on the sheet where it differs), and what was odd."""

    how: How
    caption: str
    note: str = ""


@dataclass(slots=True)
class FormReport:
    """One sheet that was recognised as a form. ``percent``: share of its captions that were found.

    ``found`` has the fields by name, columns of row sets as ``指标[得分]``.
    """

    form: str
    title: str
    sheet: str
    key: str
    percent: int
    found: dict[str, Found] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def count(self, how: How) -> int:
        return sum(f.how is how for f in self.found.values())

    @property
    def missing(self) -> list[str]:
        return [n for n, f in self.found.items() if f.how is How.MISSING]

    @property
    def sentence(self) -> str:
        """One line: what the sheet is and how its fields were found."""
        counts = Counter(f.how for f in self.found.values())
        parts = [f"按{h.value}找到 {counts[h]} 项" for h in How if h is not How.MISSING and counts[h]]
        if self.missing:
            parts.append(f"未找到 {len(self.missing)} 项（{'、'.join(self.missing)}）")
        rows = "".join(f"，{name} {n} 行" for name, n in self.rows.items())
        return f"工作表“{self.sheet}”：{self.title}{rows}；{'，'.join(parts)}"


@dataclass(slots=True)
class ReadReport:
    """The forms read, the sheets left aside, and what the user should know."""

    pack: str
    forms: list[FormReport] = field(default_factory=list)
    own: list[str] = field(default_factory=list)  # sheets that an earlier validation added
    unknown: list[str] = field(default_factory=list)  # sheets that are no form of the pack
    notes: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """Everything in reading order, in Chinese."""
        out: list[str] = []
        for form in self.forms:
            out.append(form.sentence)
            out.extend(f"　{note}" for note in form.notes)
        if self.unknown:
            out.append(f"未识别、未审核的工作表：{'、'.join(self.unknown)}")
        return out + self.notes
