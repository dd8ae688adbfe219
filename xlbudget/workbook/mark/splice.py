"""A set of edits to a package, collected first and carried out at once.

Offsets always refer to the part as it was when the draft began, so that several authors (conditional
formats, notes, labels) can edit the same part without knowing of each other. Parts in another encoding
than UTF-8 are edited in UTF-8; that is a change of the whole part.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from xlbudget.workbook.package import CONTENT_TYPES, Package
from xlbudget.workbook.package import rels_name as rels_part
from xlbudget.workbook.xmltext import utf8

from .outline import Element, escape, outline

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Edit:
    """``data[start:end]`` is replaced by ``new``; an insertion has ``start == end``."""

    start: int
    end: int
    new: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """One part that a draft changed: how it was, how it is, and the edits between (None: all of it)."""

    before: bytes
    after: bytes
    edits: tuple[Edit, ...] | None


@dataclass(slots=True)
class Outcome:
    """What a draft did to the package, part by part."""

    changed: dict[str, Change] = field(default_factory=dict)
    added: dict[str, bytes] = field(default_factory=dict)


def spliced(data: bytes, edits: list[Edit]) -> tuple[bytes, tuple[Edit, ...]]:
    """``data`` with all edits carried out, and the edits in the order of their places.

    Insertions at one place keep the order in which they were given; overlapping edits are a mistake
    of the caller and raise ValueError.
    """
    ordered = sorted(edits, key=lambda e: (e.start, e.end))
    out: list[bytes] = []
    at = 0
    for e in ordered:
        if e.start < at:
            raise ValueError(f"overlapping edits at byte {e.start}")
        out += (data[at : e.start], e.new)
        at = e.end
    out.append(data[at:])
    return b"".join(out), tuple(ordered)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship as found: its id, the last word of its type, its target part ("" when external)."""

    id: str
    kind: str
    part: str
    element: Element


class Draft:
    """Edits to one package that have not been carried out yet."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._sources: dict[str, bytes] = {}
        self._outlines: dict[str, Element] = {}
        self._found: dict[str, list[Relation]] = {}
        self._edits: dict[str, list[Edit]] = {}
        self._created: dict[str, bytes] = {}
        self._removed: set[str] = set()
        self._relations: dict[str, list[tuple[str, str, str]]] = {}  # source → (id, type, target part)
        self._types: list[tuple[str, str]] = []  # (part, content type)
        self._defaults: dict[str, str] = {}
        self.blocks: set[int] = set()  # of shape numbers that new drawings claim

    # -- reading -----------------------------------------------------------------------------------

    def has(self, part: str) -> bool:
        return part in self._created or (part not in self._removed and part in self.package)

    def source(self, part: str) -> bytes:
        """A part in UTF-8 as it was when the draft began. Raises KeyError when there is no such part."""
        if part not in self._sources:
            data = self.package.get(part)
            if data is None:
                raise KeyError(part)
            self._sources[part] = utf8(data, part)
        return self._sources[part]

    def outline(self, part: str) -> Element:
        if part not in self._outlines:
            self._outlines[part] = self.package.once(part, self.source(part), outline)
        return self._outlines[part]

    def relations(self, part: str) -> list[Relation]:
        """The relationships of a part as they were when the draft began."""
        if part not in self._found:
            self._found[part] = self._read_relations(part)
        return self._found[part]

    def _read_relations(self, part: str) -> list[Relation]:
        name = rels_part(part)
        if name not in self.package:
            return []
        out = []
        for e in self.outline(name).all("Relationship"):
            external = e.attrs.get("TargetMode") == "External"
            target = "" if external else self.package.resolve(part, e.attrs.get("Target", ""))
            out.append(Relation(e.attrs.get("Id", ""), e.attrs.get("Type", "").rpartition("/")[2], target, e))
        return out

    def fresh(self, pattern: str) -> str:
        """The first free part name of a pattern with ``{}`` for a number, whatever its letter case."""
        taken = {n.lower() for n in self.package.names()} | {n.lower() for n in self._created}
        k = 1
        while pattern.format(k).lower() in taken:
            k += 1
        return pattern.format(k)

    @property
    def pristine(self) -> bool:
        """Whether nothing has been asked of it yet."""
        return not (self._edits or self._created or self._removed or self._relations)

    # -- editing -----------------------------------------------------------------------------------

    def insert(self, part: str, at: int, new: bytes) -> None:
        self._edits.setdefault(part, []).append(Edit(at, at, new))

    def replace(self, part: str, start: int, end: int, new: bytes) -> None:
        self._edits.setdefault(part, []).append(Edit(start, end, new))

    def cut(self, part: str, element: Element) -> None:
        self.replace(part, element.start, element.end, b"")

    def append(self, part: str, parent: Element, new: bytes) -> None:
        """Put content at the end of an element, opening it when it is written as empty."""
        if parent.empty:
            tag = self.source(part)[parent.start : parent.end]
            name = parent.prefix + parent.name.encode()
            opened = tag[:-2].rstrip() + b">" + new + b"</" + name + b">"
            self.replace(part, parent.start, parent.end, opened)
        else:
            self.insert(part, parent.close, new)

    def create(self, part: str, data: bytes, content_type: str) -> None:
        self._created[part] = data
        if content_type:
            self._types.append((part, content_type))

    def remove(self, part: str) -> None:
        """Take a part out, with its relationships part and its content type."""
        self._removed.add(part)
        rels = rels_part(part)
        if rels in self.package:
            self._removed.add(rels)

    def relate(self, source: str, kind: str, target: str) -> str:
        """Add a relationship (``kind`` is the full type) and give its id back."""
        pending = self._relations.setdefault(source, [])
        taken = {r.id for r in self.relations(source)} | {p[0] for p in pending}
        k = 1
        while f"rIdXb{k}" in taken:
            k += 1
        pending.append((f"rIdXb{k}", kind, target))
        return f"rIdXb{k}"

    def unrelate(self, source: str, rid: str) -> None:
        for r in self.relations(source):
            if r.id == rid:
                self.cut(rels_part(source), r.element)

    def default_type(self, extension: str, content_type: str) -> None:
        """See to it that files with this extension have this content type."""
        self._defaults[extension] = content_type

    # -- carrying out ------------------------------------------------------------------------------

    def carry_out(self) -> Outcome:
        """Change the package; the draft must not be used afterwards."""
        for source, added in self._relations.items():
            self._write_relations(source, added)
        self._write_types()
        outcome = Outcome()
        for part in sorted(self._edits.keys() - self._removed):
            before = self.package.get(part)
            assert before is not None
            after, edits = spliced(self.source(part), self._edits[part])
            outcome.changed[part] = Change(before, after, edits if before == self.source(part) else None)
            self.package.put(part, after)
        for part in sorted(self._removed):
            self.package.remove(part)
        for part, data in self._created.items():
            outcome.added[part] = data
            self.package.put(part, data)
        return outcome

    def _write_relations(self, source: str, added: list[tuple[str, str, str]]) -> None:
        name = rels_part(source)
        folder = posixpath.dirname(source) or "."
        found = name in self.package
        prefix = self.outline(name).prefix if found else b""
        new = b"".join(
            b'<%sRelationship Id="%s" Type="%s" Target="%s"/>'
            % (prefix, rid.encode(), kind.encode(), escape(posixpath.relpath(target, folder)))
            for rid, kind, target in added
        )
        if found:
            self.append(name, self.outline(name), new)
        else:
            whole = b'%s<Relationships xmlns="%s">%s</Relationships>' % (_HEAD, RELATIONSHIPS.encode(), new)
            self.create(name, whole, "")

    def _write_types(self) -> None:
        root = self.outline(CONTENT_TYPES)
        removed = {"/" + p.lower() for p in self._removed}
        for e in root.all("Override"):
            if e.attrs.get("PartName", "").lower() in removed:
                self.cut(CONTENT_TYPES, e)
        defaults = {
            e.attrs.get("Extension", "").lower(): e.attrs.get("ContentType") for e in root.all("Default")
        }
        head = b""
        for extension, kind in self._defaults.items():
            if extension not in defaults:
                head += b'<%sDefault Extension="%s" ContentType="%s"/>' % (
                    root.prefix,
                    extension.encode(),
                    kind.encode(),
                )
                defaults[extension] = kind
        if head:
            self.insert(CONTENT_TYPES, root.inner, head)
        tail = b"".join(
            b'<%sOverride PartName="/%s" ContentType="%s"/>' % (root.prefix, escape(part), kind.encode())
            for part, kind in self._types
            if defaults.get(part.rpartition(".")[2].lower()) != kind
        )
        if tail:
            self.append(CONTENT_TYPES, root, tail)
