"""A workbook file as named parts: look at any, change a few, keep every other byte.

Untouched members are written back as they came: local header, compressed bytes, order and time. Only
changed and new members are compressed again, with a fixed date, so that equal input gives equal output.
"""

from __future__ import annotations

import posixpath
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeVar
from urllib.parse import unquote

from .atomic import write_atomic
from .deflate import crc32, deflate, inflate
from .errors import OutputError, WorkbookRefused, refusal
from .limits import DEFAULT, Limits
from .markup import Markup, inspect
from .xmltext import local, refuse_doctype, tree, utf8
from .zipdir import CENTRAL, DEFLATED, END, LOCAL, STORED, Directory, Member, read_directory

__all__ = ["OutputError", "Package", "Relationship", "WorkbookRefused", "write_atomic"]

CONTENT_TYPES: Final = "[Content_Types].xml"
T = TypeVar("T")
_DATE: Final = 0x21  # 1980-01-01 00:00:00, the first day that a zip file can tell
_UTF8: Final = 0x800
_SMALL: Final = 1 << 14  # bytes of content types that are remembered across workbooks


@dataclass(frozen=True, slots=True)
class Relationship:
    """One link from a part. ``type`` is the last step of its type's address (worksheet, styles, …).

    ``part`` is the name of the target inside the package, "" when the target is outside.
    """

    id: str
    type: str
    target: str
    part: str
    full_type: str

    @property
    def external(self) -> bool:
        return not self.part


class Package:
    """The parts of one workbook file. Part names are found whatever their letter case."""

    def __init__(self, data: bytes, directory: Directory, limits: Limits) -> None:
        self.data: Final = data  # the file as it came
        self.limits: Final = limits
        self._end = directory.end
        self._order = directory.members  # of the central directory, folders included
        self._members: dict[str, Member] = {m.name: m for m in directory.members if not m.folder}
        self._lower = {name.lower(): name for name in self._members}
        self._inflated: dict[str, bytes] = {}
        self._changed: dict[str, bytes] = {}
        self._removed: set[str] = set()
        self._seen: dict[tuple[str, str], tuple[bytes, Any]] = {}
        self._types: tuple[bytes, dict[str, str], dict[str, str]] | None = None

    @classmethod
    def open(cls, data: bytes, limits: Limits = DEFAULT) -> Package:
        """Read the directory of a zip file; nothing is inflated yet.

        Raises :class:`WorkbookRefused` when the file is broken, hostile or too large.
        """
        if not data.startswith(b"PK\3\4"):
            raise refusal("unknown-format")
        return cls(data, read_directory(data, limits), limits)

    # -- parts -------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Names of all present parts: the original ones in their order, then the new ones."""
        kept = [n for n in self._members if n not in self._removed]
        return kept + [n for n in self._changed if n not in self._members]

    def name(self, part: str) -> str:
        """The name under which the part is stored (letter case may differ), or ``part`` itself."""
        return self._lower.get(part.lower(), part)

    def __contains__(self, part: str) -> bool:
        name = self.name(part)
        return name in self._changed or (name in self._members and name not in self._removed)

    def get(self, part: str) -> bytes | None:
        """Content of a part, None when there is none. Raises :class:`WorkbookRefused` when it is broken."""
        name = self.name(part)
        if name in self._changed:
            return self._changed[name]
        if name not in self._members or name in self._removed:
            return None
        return self.original(name)

    def original(self, part: str, keep: bool = True) -> bytes | None:
        """Content that a part had when the file was opened, None when it is new.

        It is kept in memory for the next time unless ``keep`` is false.
        """
        name = self.name(part)
        member = self._members.get(name)
        if member is None:
            return None
        content = self._inflated.get(name)
        if content is None:
            packed = self.data[member.data : member.data + member.packed]
            content = packed if member.method == STORED else inflate(packed, member.size, name)
            if len(content) != member.size or crc32(content) != member.crc:
                raise refusal("member-damaged", part=name, what="的校验码不符")
            if keep:
                self._inflated[name] = content
        return content

    def put(self, part: str, content: bytes) -> None:
        """Set the content of a part. Putting back the original content makes it untouched again."""
        name = self.name(part)
        self._removed.discard(name)
        if name in self._members and self.original(name) == content:
            self._changed.pop(name, None)
            return
        self._changed[name] = content
        self._lower.setdefault(name.lower(), name)

    def remove(self, part: str) -> None:
        """Take a part out; its relationships and content type are the caller's."""
        name = self.name(part)
        self._changed.pop(name, None)
        if name in self._members:
            self._removed.add(name)
        else:
            self._lower.pop(name.lower(), None)

    def changed(self) -> list[str]:
        """Names of parts that are new, changed or removed, sorted."""
        return sorted({*self._changed, *self._removed})

    def declared(self, part: str) -> int:
        """Inflated size of an original part as the directory declares it; 0 for others."""
        member = self._members.get(self.name(part))
        return member.size if member else 0

    def once(self, part: str, content: bytes, see: Callable[[bytes, str], T]) -> T:
        """``see(content, part)``, remembered for as long as the part keeps this content.

        Reading, clearing and marking look at the same parts one after the other. What comes back is shared
        and must not be changed.
        """
        key = (see.__qualname__, part)
        known = self._seen.get(key)
        if known is None or known[0] is not content:
            known = self._seen[key] = (content, see(content, part))
        found: T = known[1]
        return found

    def markup(self, part: str, xml: bytes) -> Markup:
        """How the part is written, given its content in UTF-8."""
        return self.once(part, xml, self._inspect)

    def _inspect(self, xml: bytes, part: str) -> Markup:
        return inspect(xml, part, self.limits)

    # -- links between parts -----------------------------------------------------------------------

    def rels(self, part: str = "") -> list[Relationship]:
        """Relationships of a part, or of the package itself for ""; empty when it has none."""
        where = rels_name(part)
        content = self.get(where)
        if content is None:
            return []
        out = []
        for rid, full, target, external in self.once(where, content, _links):
            inside = "" if external else self.resolve(part, target)  # parts come and go: resolved each time
            out.append(Relationship(rid, full.rpartition("/")[2], target, inside, full))
        return out

    def resolve(self, base: str, target: str) -> str:
        """Name of the part that ``target``, written in the relationships of ``base``, stands for."""
        target = target.partition("#")[0]
        path = target if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
        path = posixpath.normpath(path.replace("\\", "/")).lstrip("/")
        for candidate in (path, unquote(path)):
            if candidate in self:
                return self.name(candidate)
        return path

    def content_type(self, part: str) -> str:
        """Content type of a part as [Content_Types].xml declares it, "" when it does not."""
        overrides, defaults = self._content_types()
        name = "/" + self.name(part).lower()
        return overrides.get(name) or defaults.get(name.rpartition(".")[2], "")

    def _content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        content = self.get(CONTENT_TYPES) or b"<Types/>"
        if self._types is None or self._types[0] != content:
            known = _content_types if len(content) > _SMALL else _same_content_types
            self._types = (content, *known(content))
        return self._types[1], self._types[2]

    # -- writing -----------------------------------------------------------------------------------

    def save(self) -> bytes:
        """The file with all changes. Members that nobody changed keep every byte of theirs."""
        bodies: list[bytes] = []
        central: dict[str, bytes] = {}
        at = 0
        for member in sorted(self._order, key=lambda m: m.start):
            if member.name in self._removed:
                continue
            if member.name in self._changed:
                body, record = _pack(member.name, self._changed[member.name], at)
            else:
                body = self.data[member.start : member.end]
                old = member.central
                record = old[: CENTRAL.size - 4] + struct.pack("<L", at) + old[CENTRAL.size :]
            bodies.append(body)
            central[member.name] = record
            at += len(body)
        new = [name for name in self._changed if name not in self._members]
        for name in new:
            body, record = _pack(name, self._changed[name], at)
            bodies.append(body)
            central[name] = record
            at += len(body)
        order = [m.name for m in self._order if m.name in central] + new
        directory = b"".join(central[name] for name in order)
        return b"".join([*bodies, directory, _end(self._end, len(order), len(directory), at)])


def rels_name(part: str) -> str:
    """Where the relationships of a part are kept; ``_rels/.rels`` for the package itself."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _links(content: bytes, where: str) -> list[tuple[str, str, str, bool]]:
    """Id, full type, target of each relationship as written, and whether it leads outside."""
    content = utf8(content, where)
    refuse_doctype(content, where)
    return [
        (e.get("Id", ""), e.get("Type", ""), e.get("Target", ""), e.get("TargetMode") == "External")
        for e in tree(content, where)
        if local(e.tag) == "Relationship"
    ]


def _content_types(content: bytes) -> tuple[dict[str, str], dict[str, str]]:
    content = utf8(content, CONTENT_TYPES)
    refuse_doctype(content, CONTENT_TYPES)
    overrides: dict[str, str] = {}
    defaults: dict[str, str] = {}
    for element in tree(content, CONTENT_TYPES):
        if local(element.tag) == "Override":
            overrides[element.get("PartName", "").lower()] = element.get("ContentType", "")
        elif local(element.tag) == "Default":
            defaults[element.get("Extension", "").lower()] = element.get("ContentType", "")
    return overrides, defaults


# Workbooks made from one pack declare the same types, byte for byte; the tables are only read.
_same_content_types = lru_cache(maxsize=16)(_content_types)


def _pack(name: str, content: bytes, at: int) -> tuple[bytes, bytes]:
    """Local header with compressed data, and the central record, of a member that we write."""
    packed = deflate(content)
    raw = name.encode()
    flags = 0 if raw.isascii() else _UTF8
    sizes = (crc32(content), len(packed), len(content), len(raw))
    local_header = LOCAL.pack(b"PK\3\4", 20, flags, DEFLATED, 0, _DATE, *sizes, 0)
    record = CENTRAL.pack(b"PK\1\2", 20, 0, 20, 0, flags, DEFLATED, 0, _DATE, *sizes, 0, 0, 0, 0, 0, at)
    return local_header + raw + packed, record + raw


def _end(original: bytes, count: int, size: int, offset: int) -> bytes:
    """The end record with new numbers and the old comment."""
    comment = original[END.size :]
    return END.pack(b"PK\5\6", 0, 0, count, count, size, offset, len(comment)) + comment
