"""All that is made once per pack: styles, theme, the stamps of the shapes met so far, the frames."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from xlbudget.packs.model import Pack
from xlbudget.packs.program import pack_program

from .frame import SheetEntry, frame
from .shape import Plan, Shape
from .skeleton import register_differentials, written_parts
from .stamp import Stamp
from .styles import StyleBook
from .zipout import Member, constant_member

_PACKS, _STAMPS, _FRAMES = 8, 256, 256  # kept at most


class Template:
    """The forms of one pack, ready to be stamped."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._program = pack_program(pack)
        self._styles = StyleBook()
        _number_styles(self._styles, pack)
        self._style_xml, self._theme_xml = _shared_parts(self._styles)
        self._plans: OrderedDict[Shape, Plan] = OrderedDict()
        self._stamps: OrderedDict[Shape, Stamp] = OrderedDict()
        self._frames: OrderedDict[tuple[tuple[str, Shape], ...], list[Member]] = OrderedDict()

    def plan(self, shape: Shape) -> Plan:
        """Where everything of a shape is."""
        found = self._plans.get(shape)
        if found is None:
            found = self._plans[shape] = Plan(self.pack.form(shape.form), shape)
            _forget(self._plans, _STAMPS)
        return found

    def stamp(self, shape: Shape) -> Stamp:
        """The sheet of a shape; made when it is first asked for."""
        found = self._stamps.get(shape)
        if found is None:
            found = self._stamps[shape] = Stamp(self.pack, self._program, self.plan(shape), self._styles)
            _forget(self._stamps, _STAMPS)
        return found

    def frame(self, sheets: Sequence[tuple[str, Stamp]]) -> list[Member]:
        """The compressed parts around these sheets."""
        key = tuple((name, stamp.plan.shape) for name, stamp in sheets)
        found = self._frames.get(key)
        if found is None:
            entries = [SheetEntry(name, stamp.names, stamp.helpers) for name, stamp in sheets]
            parts = frame(self.pack, entries, self._style_xml, self._theme_xml)
            found = self._frames[key] = [constant_member(name, content) for name, content in parts]
            _forget(self._frames, _FRAMES)
        return found


_TEMPLATES: OrderedDict[int, Template] = OrderedDict()


def template_of(pack: Pack) -> Template:
    """The template of a pack, kept for the packs used last."""
    found = _TEMPLATES.get(id(pack))
    if found is None or found.pack is not pack:
        found = _TEMPLATES[id(pack)] = Template(pack)
        _forget(_TEMPLATES, _PACKS)
    return found


def _forget(kept: OrderedDict[Any, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)


def _number_styles(styles: StyleBook, pack: Pack) -> None:
    """Ask for all cell formats in the order of the pack, so that their numbers never depend on data."""
    styles.number("text")
    for form in pack.forms:
        for static in form.statics:
            styles.number(static.style)
        for field in form.fields:
            styles.number(field.style, field.kind, field.derived)
        for rowset in form.rowsets:
            for column in rowset.columns:
                styles.number(column.style, column.kind, column.derived)


def _shared_parts(styles: StyleBook) -> tuple[bytes, bytes]:
    register_differentials(styles.book)
    style_xml, theme_xml = written_parts(styles.book, "xl/styles.xml", "xl/theme/theme1.xml")
    return _FONT.sub(_ordered_font, style_xml), theme_xml


_FONT = re.compile(rb"<font>((?:<\w+[^>]*/>)*)</font>")
_FONT_CHILD = re.compile(rb"<(\w+)[^>]*/>")
_FONT_ORDER = (
    b"b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()
)


def _ordered_font(font: re.Match[bytes]) -> bytes:
    """The children of a font in the order of the schema, which openpyxl does not keep."""
    children = sorted(_FONT_CHILD.finditer(font[1]), key=lambda child: _FONT_ORDER.index(child[1]))
    return b"<font>%s</font>" % b"".join(child[0] for child in children)
