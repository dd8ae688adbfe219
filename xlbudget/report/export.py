"""Findings for programs (JSON) and for spreadsheets (CSV). Equal audits give equal bytes."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Sequence
from typing import Any

from xlbudget import __version__
from xlbudget.rules.model import Finding, Operand, OutcomeKind, Severity
from xlbudget.rules.record import Place

from .summary import Reported, summarise

_HEAD = (
    "文件", "单位", "级别", "试行", "规则", "名称", "工作表", "单元格", "栏目", "对象", "应为", "实为",
    "差额", "说明", "建议", "依据", "原因分组", "指纹",
)  # fmt: skip
_NUMBER = re.compile(r"-[0-9][0-9.,]*%?")
_COMMAND = tuple("=+-@\t\r")


def csv_bytes(jobs: Sequence[Reported]) -> bytes:
    """One row per finding, in UTF-8 with BOM so that Excel reads it; no text can become a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEAD)
    for job in jobs:
        for finding in job.result.findings if job.result else ():
            writer.writerow([_harmless(c) for c in _csv_row(job, finding)])
    return out.getvalue().encode("utf-8-sig")


def _csv_row(job: Reported, f: Finding) -> tuple[str, ...]:
    unit = job.record.unit if job.record else ""
    sheet, ref, caption = (f.place.sheet, f.place.ref, f.place.caption) if f.place else ("", "", "")
    return (
        job.name, unit, f.severity.value, "是" if f.trial else "", f.rule, f.title, sheet, ref, caption,
        f.subject, f.expected, f.actual, f.difference, f.message, f.advice, f.basis, f.cause, f.fingerprint,
    )  # fmt: skip


def _harmless(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe; negative numbers stay."""
    return f"'{text}" if text.startswith(_COMMAND) and not _NUMBER.fullmatch(text) else text


def json_bytes(jobs: Sequence[Reported]) -> bytes:
    """Everything that was found, skipped or broken, with the places; UTF-8, two blanks of indent."""
    data = {"xlbudget": __version__, "files": [_job(job) for job in jobs]}
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _job(job: Reported) -> dict[str, Any]:
    out: dict[str, Any] = {
        "name": job.name,
        "unit": job.record.unit if job.record else "",
        "year": job.record.year if job.record else None,
        "clean": _file(job.clean_path),
        "marked": _file(job.marked_path),
        "error": job.error,
        "notes": list(job.read_notes),
    }
    if job.result is None:
        return out
    summary = summarise(job.result, job.pack)
    out["pack"] = job.result.pack
    out["explained"] = job.explained
    out["counts"] = {s.value: summary.counts[s] for s in Severity}
    out["findings"] = [_finding(f) for f in job.result.findings]
    out["skipped"] = [
        {"rule": o.rule, "subject": o.subject, "reason": o.reason}
        for o in job.result.outcomes
        if o.kind is OutcomeKind.SKIPPED
    ]
    out["broken"] = [{"rule": o.rule, "subject": o.subject, "reason": o.reason} for o in summary.broken]
    found = summary.unconfirmed
    out["unconfirmed"] = {"rules": list(found.rules), "params": list(found.params)}
    return out


def _file(path: str | os.PathLike[str] | None) -> str | None:
    """The name of a file without its folder, which differs from machine to machine."""
    return os.path.basename(path) if path else None


def _finding(f: Finding) -> dict[str, Any]:
    return {
        "rule": f.rule,
        "title": f.title,
        "severity": f.severity.value,
        "trial": f.trial,
        "tail": f.tail,
        "subject": f.subject,
        "places": [_place(p) for p in f.places],
        "message": f.message,
        "expected": f.expected,
        "actual": f.actual,
        "difference": f.difference,
        "operands": [_operand(o) for o in f.operands],
        "advice": f.advice,
        "basis": f.basis,
        "cause": f.cause,
        "fingerprint": f.fingerprint,
    }


def _place(place: Place) -> dict[str, str]:
    return {"sheet": place.sheet, "cell": place.ref, "caption": place.caption}


def _operand(operand: Operand) -> dict[str, Any]:
    place = _place(operand.place) if operand.place else None
    return {"name": operand.name, "place": place, "shown": operand.shown}
