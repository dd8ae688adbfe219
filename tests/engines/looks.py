"""What hangs on ranges and sheets in the object model: fonts, fills, borders, conditional formats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .com import ComObject
from .store import Condition
from .windows import refused

_PATTERNS = {1: "solid", 14: "lightUp", 17: "gray125", -4142: ""}


def rgb(number: int) -> str:
    """Excel's BGR number as RRGGBB."""
    number = int(number)
    return f"{number & 255:02X}{number >> 8 & 255:02X}{number >> 16 & 255:02X}"


class Font(ComObject):
    def __init__(self, cells: Any) -> None:
        super().__init__(cells._border)
        self.cells = cells

    @property
    def Name(self) -> str:
        return ""

    @Name.setter
    def Name(self, value: str) -> None:
        self.cells.style("font", value)

    @property
    def Size(self) -> float:
        return 11.0

    @Size.setter
    def Size(self, value: float) -> None:
        self.cells.style("size", float(value))

    @property
    def Bold(self) -> bool:
        return False

    @Bold.setter
    def Bold(self, value: bool) -> None:
        self.cells.style("bold", bool(value))

    @property
    def Underline(self) -> int:
        return -4142

    @Underline.setter
    def Underline(self, value: int) -> None:
        self.cells.style("line", value == 2)

    @property
    def Color(self) -> int:
        return 0

    @Color.setter
    def Color(self, value: int) -> None:
        self.cells.style("color", rgb(value))


class Interior(ComObject):
    """Fill of cells."""

    def __init__(self, cells: Any) -> None:
        super().__init__(cells._border)
        self.cells = cells

    @property
    def Color(self) -> int:
        return 0xFFFFFF

    @Color.setter
    def Color(self, value: int) -> None:
        self.cells.style("fill", rgb(value))

    @property
    def ColorIndex(self) -> int:
        return -4142

    @ColorIndex.setter
    def ColorIndex(self, value: int) -> None:
        assert value == -4142
        self.cells.style("fill", "")


class Borders(ComObject):
    """The four sides of every cell of a range."""

    def __init__(self, cells: Any) -> None:
        super().__init__(cells._border)
        self.cells = cells

    @property
    def LineStyle(self) -> int:
        return -4142

    @LineStyle.setter
    def LineStyle(self, value: int) -> None:
        self.cells.style("border", "000000" if value == 1 else "")

    @property
    def Weight(self) -> int:
        return 2

    @Weight.setter
    def Weight(self, value: int) -> None:
        self.cells.style("heavy", value in (-4138, 4))

    @property
    def Color(self) -> int:
        return 0

    @Color.setter
    def Color(self, value: int) -> None:
        self.cells.style("border", rgb(value))


class FormatConditions(ComObject):
    """Conditional formats that touch a range: all of the sheet's for its cells, else those added here."""

    def __init__(self, cells: Any) -> None:
        super().__init__(cells._border)
        self.cells = cells
        self.store = cells.sheet.store

    def listed(self) -> list[Condition]:
        return [
            c for c in self.store.conditions() if any(_touch(a, b) for a in c.areas for b in self.cells.boxes)
        ]

    @property
    def Count(self) -> int:
        return len(self.listed())

    def __call__(self, index: int) -> FormatCondition:
        found = self.listed()
        if not 1 <= index <= len(found):
            raise refused("下标越界")
        return FormatCondition(self.cells, found[int(index) - 1])

    Item = __call__

    def __iter__(self) -> Iterator[FormatCondition]:
        self._border.crossed("FormatConditions.__iter__")
        return iter([FormatCondition(self.cells, c) for c in self.listed()])

    def Add(
        self, Type: int, Operator: Any = None, Formula1: str = "", Formula2: Any = None
    ) -> FormatCondition:
        self.cells.sheet.open()
        assert Type == 2, "only formulas are in the model"
        new = Condition(list(self.cells.boxes), Formula1.removeprefix("="), 2, stop=True)
        self.store.add_condition(new)
        return FormatCondition(self.cells, new)


def _touch(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


class FormatCondition(ComObject):
    def __init__(self, cells: Any, condition: Condition) -> None:
        super().__init__(cells._border)
        self.cells = cells
        self.condition = condition

    @property
    def Type(self) -> int:
        return self.condition.kind

    @property
    def Formula1(self) -> str:
        if self.condition.kind not in (1, 2):
            raise refused("应用程序定义或对象定义错误")
        return "=" + self.condition.formula

    @property
    def StopIfTrue(self) -> bool:
        return self.condition.stop

    @StopIfTrue.setter
    def StopIfTrue(self, value: bool) -> None:
        self.change("stop", bool(value))

    def SetFirstPriority(self) -> None:
        self.cells.sheet.store.to_front(self.condition)

    def Delete(self) -> None:
        self.cells.sheet.open()
        self.cells.sheet.store.drop_condition(self.condition)

    @property
    def Interior(self) -> ConditionInterior:
        return ConditionInterior(self)

    def change(self, what: str, value: Any) -> None:
        self.cells.sheet.open()
        setattr(self.condition, what, value)
        self.cells.sheet.store.change_condition(self.condition)


class ConditionInterior(ComObject):
    """Fill of a conditional format."""

    def __init__(self, of: FormatCondition) -> None:
        super().__init__(of._border)
        self.of = of

    @property
    def Pattern(self) -> int:
        return 1

    @Pattern.setter
    def Pattern(self, value: int) -> None:
        self.of.change("pattern", _PATTERNS[value])

    @property
    def Color(self) -> int:
        return 0

    @Color.setter
    def Color(self, value: int) -> None:
        self.of.change("fill", rgb(value))

    @property
    def PatternColor(self) -> int:
        return 0

    @PatternColor.setter
    def PatternColor(self, value: int) -> None:
        self.of.change("stroke", rgb(value))
