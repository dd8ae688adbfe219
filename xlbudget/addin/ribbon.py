"""The ribbon: written once for Excel 2010 and later, told again in the words of Excel 2007 and WPS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from .errors import AddinError

NEW = "http://schemas.microsoft.com/office/2009/07/customui"
OLD = "http://schemas.microsoft.com/office/2006/01/customui"

# [MS-CUSTOMUI]: characters that the values may have at most, and what they look like
LIMITS = {"id": 1024, "label": 1024, "screentip": 1024, "supertip": 1024, "description": 4096, "keytip": 3}

_PLACE = "insertAfterMso insertBeforeMso insertAfterQ insertBeforeQ"
_SHOWN = "visible getVisible label getLabel keytip getKeytip tag"
_PICTURE = "image imageMso getImage showImage getShowImage showLabel getShowLabel"
_TIPS = "screentip getScreentip supertip getSupertip description getDescription"
_CONTROL = f"id idMso idQ enabled getEnabled {_PLACE} {_SHOWN} {_PICTURE} {_TIPS} size getSize"
_KNOWN_2006 = {
    "customUI": "onLoad loadImage",
    "ribbon": "startFromScratch",
    "tabs": "",
    "tab": f"id idMso idQ {_PLACE} {_SHOWN}",
    "group": f"id idMso idQ {_PLACE} {_SHOWN} {_TIPS} image imageMso getImage",
    "box": f"id idQ boxStyle visible getVisible {_PLACE}",
    "buttonGroup": f"id idQ visible getVisible {_PLACE}",
    "button": f"{_CONTROL} onAction",
    "toggleButton": f"{_CONTROL} onAction getPressed",
    "checkBox": f"{_CONTROL} onAction getPressed",
    "menu": f"{_CONTROL} itemSize",
    "menuSeparator": f"id idQ title getTitle {_PLACE}",
    "splitButton": f"{_CONTROL}",
    "separator": f"id idQ visible getVisible {_PLACE}",
    "labelControl": f"{_CONTROL}",
    "dialogBoxLauncher": "",
}

_ARGUMENTS = {"onLoad": 1, "loadImage": 2, "onAction": 1, "onChange": 2}  # get…: control and result
_ACTION_WITH_STATE = {"toggleButton": 2, "checkBox": 2, "dropDown": 3, "gallery": 3}


class Callback(NamedTuple):
    """A macro that the ribbon calls: ``Module.Sub``, and how many arguments it is given."""

    name: str
    arguments: int
    where: str


def read(xml: bytes) -> ElementTree.Element:
    """The ribbon's root. Raises :class:`AddinError` when it is not one for Excel 2010 and later."""
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError as e:
        raise AddinError(f"功能区定义不是完整的 XML：{e}") from e
    if root.tag != f"{{{NEW}}}customUI":
        raise AddinError(f"功能区定义的根元素应为 {NEW} 的 customUI")
    return root


def callbacks(root: ElementTree.Element) -> Iterator[Callback]:
    for element, tag in _elements(root):
        for key, value in element.attrib.items():
            if key.startswith("get"):
                arguments = 2
            elif key == "onAction":
                arguments = _ACTION_WITH_STATE.get(tag, 1)
            elif key in _ARGUMENTS:
                arguments = _ARGUMENTS[key]
            else:
                continue
            yield Callback(value, arguments, _where(element, tag))


def problems(root: ElementTree.Element) -> Iterator[str]:
    """What Excel would refuse, silently or with a message at start: ids that are no ids, long texts."""
    seen: set[str] = set()
    for element, tag in _elements(root):
        where = _where(element, tag)
        own = element.get("id")
        if own is not None:
            if own.lower() in seen:
                yield f"功能区的 id 重复：{own}"
            seen.add(own.lower())
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", own):
                yield f"功能区的 id 不合规定：{own}"
        elif tag in ("tab", "group", "button") and not {"idMso", "idQ"} & set(element.attrib):
            yield f"功能区的 {tag} 没有 id"
        for key, limit in LIMITS.items():
            if not 0 < len(element.get(key, "x")) <= limit:
                yield f"功能区 {where} 的 {key} 应为 1 到 {limit} 个字符"


def for_2007(root: ElementTree.Element) -> bytes:
    """The same ribbon in the namespace of Excel 2007, which WPS reads too.

    Raises :class:`AddinError` for what that older language cannot say.
    """
    for element, tag in _elements(root):
        if tag not in _KNOWN_2006:
            raise AddinError(f"Excel 2007 和 WPS 的功能区里没有 {tag}")
        unknown = sorted(set(element.attrib) - set(_KNOWN_2006[tag].split()))
        if unknown:
            raise AddinError(f"Excel 2007 和 WPS 的功能区里，{tag} 没有属性 {'、'.join(unknown)}")
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + _tag(root).encode() + b"\n"


def _tag(element: ElementTree.Element) -> str:
    """Written by hand: the standard library would put a prefix before every name, which WPS does not read."""
    name = element.tag.rpartition("}")[2]
    attributes = [("xmlns", OLD)] if name == "customUI" else []
    attributes += list(element.attrib.items())
    head = "".join(f' {key}="{_quoted(value)}"' for key, value in attributes)
    inside = "".join(map(_tag, element))
    return f"<{name}{head}>{inside}</{name}>" if inside else f"<{name}{head}/>"


def _quoted(text: str) -> str:
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\n", "&#10;")):
        text = text.replace(char, entity)
    return text


def _elements(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, str]]:
    for element in root.iter():
        namespace, _, tag = element.tag.removeprefix("{").rpartition("}")
        if namespace != NEW:
            raise AddinError(f"功能区里有不认识的元素 {element.tag}")
        yield element, tag


def _where(element: ElementTree.Element, tag: str) -> str:
    return element.get("id") or tag
