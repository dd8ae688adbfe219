"""What an add-in file says of itself: its version, and the settings that were saved in it.

The button 设置 saves the add-in, and Excel then writes it anew: so the file in XLSTART need not be, byte for
byte, the one that was installed.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from xlbudget.workbook.book import read_book
from xlbudget.workbook.errors import WorkbookRefused
from xlbudget.workbook.package import CONTENT_TYPES, Package
from xlbudget.workbook.xmltext import local, tree

CORE: Final = "docProps/core.xml"


class Addin(NamedTuple):
    version: str  # "" when it does not say
    settings: dict[str, str]


def read_addin(data: bytes) -> Addin | None:
    """None when the file is no add-in that can be read."""
    try:
        package = Package.open(data)
        version = ""
        for element in tree(package.get(CORE) or b"<none/>", CORE):
            if local(element.tag) == "version":
                version = (element.text or "").strip()
        kinds = package.get(CONTENT_TYPES) or b""
        package.put(CONTENT_TYPES, kinds.replace(b"addin.macroEnabled", b"sheet.macroEnabled"))
        sheet = read_book(package).sheets[0]
    except (WorkbookRefused, IndexError):
        return None
    settings: dict[str, str] = {}
    for row in range(2, 41):  # as far as the add-in looks
        key, content = (sheet.cells.get((row, column)) for column in (1, 2))
        if key is not None and content is not None and str(content.value or "").strip():
            settings[str(key.value).strip().lower()] = str(content.value).strip()
    return Addin(version, settings)
