"""A headless LibreOffice for tests: it recalculates workbooks, tries formulas and prints to PDF.

One process serves a whole test session. It has a temporary profile of its own; when it crashes it is
started again once for the request at hand. Results of formulas come back as they would from a cell.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import xlsxwriter

SYSTEM_PYTHON = "/usr/bin/python3"
WORKER = Path(__file__).with_name("office_worker.py")
PATIENCE = 90.0  # seconds for one request

CellValue: TypeAlias = float | int | str | bool | None
Case: TypeAlias = tuple[Mapping[str, CellValue], str]


class OfficeError(RuntimeError):
    """LibreOffice could not do what was asked."""


class _Gone(Exception):
    """The worker died or fell silent."""


def available() -> bool:
    """Whether this machine has LibreOffice and a Python that can drive it."""
    if not shutil.which("soffice") or not Path(SYSTEM_PYTHON).exists():
        return False
    return subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True).returncode == 0


class ErrorCell(str):
    """The code of an error in a cell, e.g. ``#DIV/0!``; a type of its own, to tell it from a text."""


class Office:
    """A running LibreOffice. Start it with ``with Office() as office``."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="xlbudget-office-"))
        self._worker: subprocess.Popen[bytes] | None = None
        self._buffer = b""
        self._starts = 0

    def __enter__(self) -> Office:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def evaluate(self, cases: Sequence[Case]) -> list[Any]:
        """The result of each formula (Excel notation) over its own cells (``{"A1": 3}``), in order.

        All cases are put onto one sheet, each in rows of its own; the references in the formula and the
        cells are moved accordingly. Numbers come back as floats, errors as :class:`ErrorCell`.
        """
        path = self._folder / "cases.xlsx"
        where = _write_cases(path, cases)
        values = self.recalculated(path)["cases"]
        return [values.get(ref) for ref in where]

    def recalculated(self, path: Path | str) -> dict[str, dict[str, Any]]:
        """``{sheet: {ref: value}}`` of a workbook after a hard recalculation; blank cells are left out."""
        found = self._ask({"op": "values", "path": str(Path(path).resolve())})
        return {
            sheet: {ref: ErrorCell(v["error"]) if isinstance(v, dict) else v for ref, v in cells.items()}
            for sheet, cells in found.items()
        }

    def to_pdf(self, path: Path | str, out: Path | str) -> Path:
        """Print a workbook into the PDF file ``out``."""
        self._ask({"op": "pdf", "path": str(Path(path).resolve()), "out": str(Path(out).resolve())})
        return Path(out)

    def resave(self, path: Path | str, out: Path | str) -> Path:
        """Open a workbook and save it as ``out``, as a person would."""
        self._ask({"op": "resave", "path": str(Path(path).resolve()), "out": str(Path(out).resolve())})
        return Path(out)

    def fill(
        self, path: Path | str, out: Path | str, cells: Mapping[str, Mapping[str, float | str]]
    ) -> Path:
        """Open a workbook, type ``{sheet: {ref: value}}`` into it, recalculate and save it as ``out``."""
        where = {"path": str(Path(path).resolve()), "out": str(Path(out).resolve())}
        self._ask({"op": "fill", **where, "cells": cells})
        return Path(out)

    def close(self) -> None:
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(self, request: dict[str, Any]) -> Any:
        try:
            return self._try(request)
        except _Gone:
            self._stop()
        try:
            return self._try(request)
        except _Gone as gone:
            self._stop()
            raise OfficeError(f"LibreOffice crashed twice on {request}") from gone

    def _try(self, request: dict[str, Any]) -> Any:
        if self._worker is None:
            self._start()
        assert self._worker is not None
        assert self._worker.stdin is not None
        try:
            self._worker.stdin.write(json.dumps(request).encode() + b"\n")
            self._worker.stdin.flush()
        except BrokenPipeError as broken:
            raise _Gone from broken
        answer = self._answer()
        if "error" in answer:
            if self._disposed(answer["error"]):
                raise _Gone
            raise OfficeError(answer["error"])
        return answer["ok"]

    def _start(self) -> None:
        self._starts += 1
        profile = self._folder / f"profile{self._starts}"
        log = (self._folder / "log").open("ab")
        command = [SYSTEM_PYTHON, str(WORKER), str(profile)]
        self._worker = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True
        )
        log.close()
        self._buffer = b""
        self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._worker is not None
        assert self._worker.stdout is not None
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([self._worker.stdout], [], [], PATIENCE)
            chunk = os.read(self._worker.stdout.fileno(), 1 << 16) if ready else b""
            if not chunk:
                raise _Gone
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    @staticmethod
    def _disposed(error: str) -> bool:
        """Whether an error says that soffice is no longer there."""
        return any(word in error for word in ("Disposed", "disposed", "bridge", "NoConnect"))

    def _stop(self) -> None:
        """End the worker and the soffice that it started, and nothing else: they share one session."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        for stream in (worker.stdin, worker.stdout):
            if stream is not None:
                stream.close()


_REF = re.compile(r'("(?:[^"]|"")*")|(?<![A-Za-z0-9_.])(\$?[A-Z]{1,3}\$?)(\d+)(?![A-Za-z0-9_(])')


def moved(formula: str, rows: int) -> str:
    """``formula`` with all its references moved down."""
    return _REF.sub(lambda m: m[1] or f"{m[2]}{int(m[3]) + rows}", formula)


def _write_cases(path: Path, cases: Sequence[Case]) -> list[str]:
    """One sheet with all cases, each in its band of rows; gives the references of the formulas."""
    height = 1 + max((int(re.sub(r"\D", "", ref)) for cells, _ in cases for ref in cells), default=1)
    column = "AZ"  # right of everything a case uses
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("cases")
    where = []
    for i, (cells, formula) in enumerate(cases):
        above = i * height
        for ref, value in cells.items():
            place = moved(ref, above)
            if isinstance(value, str):
                sheet.write_string(place, value)
            elif value is not None:
                sheet.write(place, value)
        where.append(f"{column}{above + 1}")
        sheet.write_formula(where[-1], "=" + moved(formula.removeprefix("="), above), None, "")
    book.close()
    return where


def pdf_to_png(pdf: Path | str, prefix: Path | str, dpi: int = 80) -> list[Path]:
    """The pages of a PDF as PNG files ``prefix-1.png`` …, in order."""
    subprocess.run(["pdftoppm", "-png", "-r", str(dpi), str(pdf), str(prefix)], check=True)
    return sorted(Path(prefix).parent.glob(f"{Path(prefix).name}-*.png"))
