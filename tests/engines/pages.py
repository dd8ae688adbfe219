"""Notes, and what a whole sheet has in the object model: its page, its tab, its protection."""

from __future__ import annotations

from typing import Any

from .com import ComObject
from .looks import rgb
from .windows import refused


class Comment(ComObject):
    """The note of one cell."""

    def __init__(self, sheet: Any, row: int, col: int) -> None:
        super().__init__(sheet._border)
        self.sheet, self.row, self.col = sheet, row, col

    def Text(self, Text: str | None = None, Start: int = 1, Overwrite: bool = True) -> str:
        if Text is not None:
            self.sheet.open()
            if len(Text) > 255:
                raise refused("应用程序定义或对象定义错误")
            before = (self.sheet.store.note(self.row, self.col) or "") if Start > 1 else ""
            assert Overwrite is (Start == 1)
            assert Start == 1 or Start == len(before.encode("utf-16-le")) // 2 + 1
            self.sheet.store.set_note(self.row, self.col, before + Text)
        return self.sheet.store.note(self.row, self.col) or ""

    def Delete(self) -> None:
        self.sheet.open()
        self.sheet.store.set_note(self.row, self.col, None)

    @property
    def Shape(self) -> Shape:
        return Shape(self)


class Shape(ComObject):
    """The box of a note."""

    def __init__(self, of: Comment) -> None:
        super().__init__(of._border)

    @property
    def Width(self) -> float:
        return 108.0

    @Width.setter
    def Width(self, value: float) -> None:
        assert value > 0

    @property
    def Height(self) -> float:
        return 59.25

    @Height.setter
    def Height(self, value: float) -> None:
        assert value > 0


class PageSetup(ComObject):
    """How a sheet prints."""

    def __init__(self, sheet: Any) -> None:
        super().__init__(sheet._border)
        self.sheet = sheet

    @property
    def PrintArea(self) -> str:
        return ""

    @PrintArea.setter
    def PrintArea(self, value: str) -> None:
        assert isinstance(value, str)
        self.sheet.store.print_area(value)

    @property
    def PrintTitleRows(self) -> str:
        return ""

    @PrintTitleRows.setter
    def PrintTitleRows(self, value: str) -> None:
        self.sheet.store.page("titles", value)

    @property
    def Orientation(self) -> int:
        return 1

    @Orientation.setter
    def Orientation(self, value: int) -> None:
        self.sheet.store.page("landscape", value == 2)

    @property
    def PaperSize(self) -> int:
        return 1

    @PaperSize.setter
    def PaperSize(self, value: int) -> None:
        self.sheet.store.page("paper", value)

    @property
    def CenterHorizontally(self) -> bool:
        return False

    @CenterHorizontally.setter
    def CenterHorizontally(self, value: bool) -> None:
        self.sheet.store.page("centred", value)

    @property
    def CenterFooter(self) -> str:
        return ""

    @CenterFooter.setter
    def CenterFooter(self, value: str) -> None:
        self.sheet.store.page("footer", value)

    @property
    def Zoom(self) -> Any:
        return 100

    @Zoom.setter
    def Zoom(self, value: Any) -> None:
        self.sheet.store.page("zoom", value)

    @property
    def FitToPagesWide(self) -> Any:
        return False

    @FitToPagesWide.setter
    def FitToPagesWide(self, value: Any) -> None:
        self.sheet.store.page("wide", value)

    @property
    def FitToPagesTall(self) -> Any:
        return False

    @FitToPagesTall.setter
    def FitToPagesTall(self, value: Any) -> None:
        self.sheet.store.page("tall", value)


class Tab(ComObject):
    """The tab of a sheet."""

    def __init__(self, sheet: Any) -> None:
        super().__init__(sheet._border)
        self.sheet = sheet

    @property
    def Color(self) -> int:
        return 0

    @Color.setter
    def Color(self, value: int) -> None:
        self.sheet.store.page("tab", rgb(value))


class Protection(ComObject):
    """What a protected sheet allows."""

    def __init__(self, sheet: Any) -> None:
        super().__init__(sheet._border)
        self.sheet = sheet

    def __getattr__(self, name: str) -> Any:
        if name.startswith("Allow"):
            self._border.crossed(f"Protection.{name}")
            return bool(self.sheet.store.guard.allowed.get(name, False))
        return super().__getattr__(name)
