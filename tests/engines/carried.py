"""The same button by the package patcher, for comparison with what a carrier left."""

from __future__ import annotations

from typing import Any

from xlbudget.filling import fill_workbook, restored
from xlbudget.review import read_workbook, review
from xlbudget.workbook.mark import clear
from xlbudget.workbook.package import Package

from .compare import Contents, contents

NAME = "表.xlsx"


def patched(verb: str, data: bytes, yes: bool = True) -> Contents:
    """What the workbook holds after a button. ``yes`` answers its question."""
    return contents(patched_file(verb, data, yes))


def patched_file(verb: str, data: bytes, yes: bool = True) -> bytes:
    if verb == "validate":
        return review([read_workbook(NAME, data)]).books[0].reading.package.save()
    if verb == "fill":
        filled = fill_workbook(NAME, data)
        return (restored(filled) if yes and filled.plan.overwritten else filled).package.save()
    package = Package.open(data)
    clear(package)
    return package.save()


def held(app: Any) -> bytes:
    """The workbook in front as it would be saved now."""
    data: bytes = app.front.store.data()
    return data
