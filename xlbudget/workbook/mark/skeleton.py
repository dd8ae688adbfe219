"""The skeleton of a workbook as marking needs it: its main part, its sheets, its defined names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from .outline import Element, escape, set_attribute
from .splice import Draft

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_STRICT_REL = "http://purl.oclc.org/ooxml/officeDocument/relationships"

# Every defined name of ours begins so; they are hidden and lead a later clearing to what is ours.
OWN_NAME = "_xlbudget_mark_"

# Children of a workbook element in schema order, as far as something of ours goes between them.
_AFTER_NAMES = (
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
)


# Parts that belong to one sheet alone and go with it.
_SHEETS_OWN = ("comments", "vmlDrawing", "printerSettings", "drawing", "table")


class NotAWorkbook(ValueError):
    """The package has no main part with sheets; the guard should have refused it before."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The namespaces that a file speaks: transitional (all but every file) or strict."""

    main: str
    rel: str

    def relation(self, kind: str) -> str:
        """The full type of a relationship."""
        return f"{self.rel}/{kind}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, part, and entry in the main part (``index`` counts all kinds of sheets)."""

    name: str
    part: str
    index: int
    rid: str
    element: Element


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name: local to the sheet with index ``scope`` unless that is None."""

    name: str
    scope: int | None
    target: str
    element: Element


def quoted(sheet: str) -> str:
    """A sheet's name as it stands before ``!`` in a reference; always quoted, which is always right."""
    return "'" + sheet.replace("'", "''") + "'"


def unquoted(reference: str) -> tuple[str, str]:
    """A reference such as ``'附件 1'!$A$1`` as (sheet, rest); the sheet is "" when it has none."""
    m = re.match(r"(?:'((?:[^']|'')+)'|\$?([^'!]+))!", reference)
    if not m:
        return "", reference
    return (m[1] or "").replace("''", "'") or m[2], reference[m.end() :]


class Book:
    """The main part of a workbook within a draft."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        main = next((r.part for r in draft.relations("") if r.kind == "officeDocument"), "")
        if not main or not draft.has(main):
            raise NotAWorkbook("no main part")
        self.main = main
        self.root = draft.outline(main)
        strict = self.root.ns == _STRICT_MAIN
        self.dialect = Dialect(_STRICT_MAIN, _STRICT_REL) if strict else Dialect(_MAIN, _REL)
        self.folder = main.rpartition("/")[0] + "/" if "/" in main else ""
        self._names: list[bytes] = []

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The worksheets in order; chart and dialog sheets are counted in ``index`` but left out."""
        by_id = {r.id: r for r in self.draft.relations(self.main)}
        out = []
        for index, e in enumerate(self.sheet_elements()):
            rid = e.attrs.get(f"{{{_REL}}}id") or e.attrs.get(f"{{{_STRICT_REL}}}id") or ""
            relation = by_id.get(rid)
            if relation and relation.kind == "worksheet" and self.draft.has(relation.part):
                out.append(Sheet(e.attrs.get("name", ""), relation.part, index, rid, e))
        return out

    def sheet(self, name: str) -> Sheet | None:
        return next((s for s in self.sheets if s.name == name), None)

    @property
    def count(self) -> int:
        """How many sheets of any kind there are: the index of the next one."""
        return len(self.sheet_elements())

    def sheet_elements(self) -> list[Element]:
        """The entries of all sheets, chart sheets included."""
        holder = self.root.child("sheets")
        return holder.all("sheet") if holder else []

    @cached_property
    def names(self) -> list[Name]:
        holder = self.root.child("definedNames")
        out = []
        for e in holder.all("definedName") if holder else []:
            scope = e.attrs.get("localSheetId", "")
            out.append(Name(e.attrs.get("name", ""), int(scope) if scope.isdigit() else None, e.text, e))
        return out

    def related(self, kind: str) -> str:
        """The part of the main part's relationship of this kind, "" when there is none."""
        found = (r.part for r in self.draft.relations(self.main) if r.kind == kind)
        return next((p for p in found if p and self.draft.has(p)), "")

    # -- editing -----------------------------------------------------------------------------------

    def define(self, name: str, target: str, scope: int | None = None, hidden: bool = True) -> None:
        """Add a defined name; :meth:`write_names` puts all of them down."""
        local = b' localSheetId="%d"' % scope if scope is not None else b""
        prefix = self.root.prefix
        self._names.append(
            b'<%sdefinedName name="%s"%s%s>%s</%sdefinedName>'
            % (prefix, escape(name), local, b' hidden="1"' if hidden else b"", escape(target), prefix)
        )

    def write_names(self) -> None:
        if not self._names:
            return
        new = b"".join(self._names)
        holder = self.root.child("definedNames")
        if holder:
            self.draft.append(self.main, holder, new)
            return
        after = next((c for c in self.root.children if c.name in _AFTER_NAMES), None)
        prefix = self.root.prefix
        whole = b"<%sdefinedNames>%s</%sdefinedNames>" % (prefix, new, prefix)
        self.draft.insert(self.main, after.start if after else self.root.close, whole)

    def retarget(self, name: Name, target: str) -> None:
        """Give a defined name another target."""
        self.draft.replace(self.main, name.element.inner, name.element.close, escape(target))

    def add_sheets(self, entries: list[tuple[str, str]]) -> None:
        """Add (sheet name, part) at the end; the parts themselves are created elsewhere."""
        holder = self.root.child("sheets")
        if holder is None:
            raise NotAWorkbook("no sheets")
        ids = [e.attrs.get("sheetId", "") for e in holder.all("sheet")]
        last = max((int(i) for i in ids if i.isdigit()), default=0)
        new = b""
        for k, (name, part) in enumerate(entries, 1):
            rid = self.draft.relate(self.main, self.dialect.relation("worksheet"), part)
            new += b'<%ssheet name="%s" sheetId="%d" xmlns:r="%s" r:id="%s"/>' % (
                holder.prefix,
                escape(name),
                last + k,
                self.dialect.rel.encode(),
                rid.encode(),
            )
        self.draft.append(self.main, holder, new)

    def drop(self, sheets: list[Sheet], names: list[Name]) -> None:
        """Take sheets and defined names out.

        What is local to a dropped sheet goes with it; scopes and views behind it move up.
        """
        gone = {s.index for s in sheets}
        for s in sheets:
            self.draft.cut(self.main, s.element)
            self.draft.unrelate(self.main, s.rid)
            for r in self.draft.relations(s.part):
                if r.part and r.kind in _SHEETS_OWN:
                    self.draft.remove(r.part)
            self.draft.remove(s.part)
        dropped = {id(n.element) for n in names} | {id(n.element) for n in self.names if n.scope in gone}
        kept = [n for n in self.names if id(n.element) not in dropped]
        self._cut_names(dropped)
        for n in kept:
            if n.scope is not None and any(i < n.scope for i in gone):
                self._set(n.element, {"localSheetId": n.scope - sum(i < n.scope for i in gone)})
        if gone:
            self._settle_views(gone)

    def recalculate(self) -> None:
        """Have formulas calculated anew when the workbook is opened."""
        found = self.root.child("calcPr")
        if found:
            tag = self.draft.source(self.main)[found.start : found.inner]
            changed = set_attribute(tag, b"fullCalcOnLoad", b"1")
            self.draft.replace(self.main, found.start, found.inner, changed)
            return
        after = next((c for c in self.root.children if c.name in _AFTER_NAMES), None)
        new = b'<%scalcPr fullCalcOnLoad="1"/>' % self.root.prefix
        self.draft.insert(self.main, after.start if after else self.root.close, new)

    def drop_calculation_chain(self) -> None:
        """The order of calculation must not name cells without a formula; programs make it anew."""
        part = self.related("calcChain")
        if part:
            self.draft.remove(part)
            for r in self.draft.relations(self.main):
                if r.part == part:
                    self.draft.unrelate(self.main, r.id)

    def _cut_names(self, dropped: set[int]) -> None:
        holder = self.root.child("definedNames")
        if holder is None or not dropped:
            return
        elements = holder.all("definedName")
        if len(dropped) == len(elements):
            self.draft.cut(self.main, holder)
            return
        for e in elements:
            if id(e) in dropped:
                self.draft.cut(self.main, e)

    def _settle_views(self, gone: set[int]) -> None:
        """The active tab must not point behind the last sheet once some are gone."""
        views = self.root.child("bookViews")
        for v in views.all("workbookView") if views else []:
            moved = {}
            for attribute in ("activeTab", "firstSheet"):
                value = v.attrs.get(attribute, "")
                if value.isdigit():
                    at = int(value)
                    moved[attribute] = 0 if at in gone else at - sum(i < at for i in gone)
            if any(str(n) != v.attrs[k] for k, n in moved.items()):
                self._set(v, moved)

    def _set(self, element: Element, values: dict[str, int]) -> None:
        """Change attributes of an opening tag of the main part."""
        tag = self.draft.source(self.main)[element.start : element.inner]
        for name, value in values.items():
            tag = set_attribute(tag, name.encode(), b"%d" % value)
        self.draft.replace(self.main, element.start, element.inner, tag)
