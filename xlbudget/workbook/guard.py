"""The gate for files that strangers hand in: nothing is parsed before it has passed.

In this order: the file's size, its format by its first bytes (never by its name), the directory of the
zip, the sizes and document types of all parts. What only a reader can see (cell and merge extents, numbers
of rows and strings) is checked while reading, against the same :class:`Limits`.
"""

from __future__ import annotations

import codecs
import os
import re
from pathlib import Path
from typing import Final

from .errors import WorkbookRefused, refusal
from .limits import DEFAULT, MB, Limits
from .package import CONTENT_TYPES, Package
from .xmltext import looks_like_xml, refuse_doctype, utf8

__all__ = ["Limits", "WorkbookRefused", "check_file"]

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FIRST_BYTES: Final = (
    (b"%PDF", "pdf"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"\x09\x08\x10\x00", "xls"),  # bare BIFF without a container
    (b"\x09\x08\x08\x00", "xls"),
    (b"\x09\x04\x06\x00", "xls"),
)
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style|div)\b", re.I)
_XML_SUFFIXES: Final = (".xml", ".rels", ".vml")
_PEEK: Final = 512
_WORKBOOK: Final = ("spreadsheetml", "ms-excel.sheet.macroEnabled", "ms-excel.template.macroEnabled")


def check_file(source: str | os.PathLike[str] | bytes, limits: Limits = DEFAULT) -> Package:
    """The package of a file that may be read on; :class:`WorkbookRefused` when it may not."""
    data = source if isinstance(source, bytes) else _load(Path(source), limits)
    if len(data) > limits.file_size:
        raise refusal("too-large", size=len(data) // MB, limit=limits.file_size // MB)
    if not data.startswith(b"PK"):
        raise refusal(foreign_format(data))
    package = Package.open(data, limits)
    check_parts(package)
    if not main_part(package):
        raise refusal(_other_package(package))
    return package


def main_part(package: Package) -> str:
    """Name of the workbook part, "" when the package is no workbook of XML parts."""
    for rel in package.rels():
        if rel.type == "officeDocument" and rel.part in package:
            kind = package.content_type(rel.part)
            return rel.part if any(word in kind for word in _WORKBOOK) else ""
    return ""


def _load(path: Path, limits: Limits) -> bytes:
    try:
        if path.is_dir():
            raise refusal("is-folder", path=path.name)
        size = path.stat().st_size
        if size > limits.file_size:
            raise refusal("too-large", size=size // MB, limit=limits.file_size // MB)
        with path.open("rb") as file:
            return file.read(limits.file_size + 1)
    except FileNotFoundError:
        raise refusal("not-found", path=path.name) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise refusal(
            "unreadable", path=path.name, reason=getattr(error, "strerror", "") or "路径无效"
        ) from error


def foreign_format(data: bytes) -> str:
    """The code of the refusal for a file that is no zip file, by its content."""
    if not data:
        return "empty"
    if data.startswith(_OLE):
        return _ole_format(data)
    for start, code in _FIRST_BYTES:
        if data.startswith(start):
            return code
    head = data[:4096]
    if looks_like_xml(head):
        text = head.replace(b"\0", b"")
        return "html" if _HTML.search(text) else "xml-table"
    if head.lstrip()[:13].lower() == b"mime-version:":
        return "html"
    return "csv" if _is_text(head) else "unknown-format"


def _ole_format(data: bytes) -> str:
    """Old binary files and encrypted new ones share a container; the names of its streams tell them apart."""

    def stream(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if stream("EncryptedPackage"):
        return "password"
    if stream("Workbook") or stream("Book"):
        return "xls"
    if stream("WordDocument") or stream("PowerPoint Document"):
        return "old-document"
    return "ole"


def _is_text(head: bytes) -> bool:
    if b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return False
    for encoding in ("utf-8", "gb18030", "utf-16"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)  # may be cut off in a character
        except UnicodeDecodeError:
            continue
        return sum(ch.isprintable() or ch in "\t\r\n\ufeff" for ch in text) >= 0.95 * len(text)
    return False


def _other_package(package: Package) -> str:
    names = {n.lower() for n in package.names()}
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        return "docx"
    if "mimetype" in names and "content.xml" in names:
        return "ods"
    if "ofd.xml" in names:
        return "ofd"
    if CONTENT_TYPES.lower() in names:
        return "no-workbook"
    return "plain-zip"


def check_parts(package: Package) -> None:
    """Inflate every part once, within its declared size; refuse what no part of a workbook may contain.

    Pictures are drawn, not parsed: an .svg may carry its usual document type.
    """
    limit = package.limits.part_size
    for name in package.names():
        lower = name.lower()
        if lower.endswith(".svg"):
            continue
        if not lower.endswith(_XML_SUFFIXES):
            content = package.original(name, keep=False)
            if content is None or not looks_like_xml(content[:_PEEK]):
                continue
        if package.declared(name) > limit:
            raise refusal("part-too-large", part=name, size=package.declared(name) // MB, limit=limit // MB)
        content = package.original(name)
        if content is not None:
            refuse_doctype(utf8(content, name), name)
