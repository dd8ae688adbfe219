"""The way back: what marking replaced, kept inside the workbook itself.

A custom XML part holds, for every part that was changed, the edits and the digest of the result, and
the names of the parts that were added. As long as nobody has saved the workbook with another program,
the digests agree and clearing gives back the very bytes that were there before. Otherwise nothing is
taken from here and the marks are found by their signatures (:mod:`.strip`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

from xlbudget.workbook.errors import WorkbookRefused
from xlbudget.workbook.package import Package

from .outline import escape
from .skeleton import Book
from .splice import Draft, Edit, Outcome, spliced

NAMESPACE = "urn:xlbudget:marks:1"
_CUSTOM_XML = "customXml"


class ManifestUnreadable(ValueError):
    """Our own part is there but does not say what it should (edited, or of another version)."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where our own part stands in the package, and what it says."""

    part: str
    body: dict


def reserve(draft: Draft, book: Book) -> str:
    """Announce the manifest in the workbook's relationships; its content follows by :func:`write`."""
    part = draft.fresh("customXml/xlbudget{}.xml")
    draft.relate(book.main, book.dialect.relation(_CUSTOM_XML), part)
    draft.create(part, b"", "application/xml")
    return part


def write(package: Package, part: str, outcome: Outcome) -> None:
    """Put down how to undo ``outcome``."""
    parts: dict[str, dict] = {}
    for name, change in outcome.changed.items():
        entry: dict = {"sha256": hashlib.sha256(change.after).hexdigest()}
        if change.edits is None:
            entry["whole"] = base64.b64encode(change.before).decode()
        else:
            entry["edits"] = _reversed(change.before, change.edits)
        parts[name] = entry
    added = sorted(outcome.added.keys() - {part})
    text = json.dumps({"parts": parts, "added": added}, sort_keys=True)
    package.put(
        part,
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<marks xmlns="%s">%s</marks>'
        % (NAMESPACE.encode(), escape(text)),
    )


def _reversed(before: bytes, edits: tuple[Edit, ...]) -> list[list[int | str]]:
    """Edits that lead back: offset in the result, length to take out, bytes to put in (base64)."""
    out: list[list[int | str]] = []
    shift = 0
    for e in edits:
        out.append([e.start + shift, len(e.new), base64.b64encode(before[e.start : e.end]).decode()])
        shift += len(e.new) - (e.end - e.start)
    return out


def find(draft: Draft, book: Book) -> Manifest | None:
    """Our own part, if the workbook has one (a body that cannot be read counts as empty)."""
    for relation in draft.relations(book.main):
        if relation.kind != _CUSTOM_XML or not relation.part:
            continue
        if not draft.has(relation.part) or NAMESPACE.encode() not in draft.source(relation.part)[:400]:
            continue
        try:
            body = json.loads(draft.outline(relation.part).text)
        except (json.JSONDecodeError, WorkbookRefused):
            body = {}
        return Manifest(relation.part, body if isinstance(body, dict) else {})
    return None


def restore(package: Package, manifest: Manifest) -> bool:
    """Give back every changed part and take the added ones out, if nobody has touched them since.

    Returns False, with the package as it was, when any of the changed parts is no longer ours.
    """
    try:
        restored = {name: _back(package, name, entry) for name, entry in manifest.body["parts"].items()}
        added = [str(n) for n in manifest.body["added"]]
    except (ManifestUnreadable, KeyError, TypeError, AttributeError, ValueError):
        return False
    for name, data in restored.items():
        package.put(name, data)
    for name in [*added, manifest.part]:
        if name in package:
            package.remove(name)
    return True


def _back(package: Package, name: str, entry: dict) -> bytes:
    data = package.get(name)
    if data is None or hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise ManifestUnreadable(name)
    try:
        if "whole" in entry:
            return base64.b64decode(entry["whole"], validate=True)
        edits = [Edit(at, at + n, base64.b64decode(old, validate=True)) for at, n, old in entry["edits"]]
    except binascii.Error as exc:
        raise ManifestUnreadable(name) from exc
    return spliced(data, edits)[0]
