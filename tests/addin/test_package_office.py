"""The add-in in programs that are not ours: LibreOffice compiles it, two validators read it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator

from tests.addin import small
from tests.office import SYSTEM_PYTHON, available
from xlbudget.addin import build_addin, ribbon
from xlbudget.addin.build import PROJECT, all_texts
from xlbudget.addin.package import Ribbon, package

WORKER = Path(__file__).with_name("compile_worker.py")
SENTINEL = 'Option Explicit\nPublic Function Compiled() As String\n    Compiled = "yes"\nEnd Function\n'
SCRIPT = f"vnd.sun.star.script:{PROJECT}.ZzSentinel.Compiled?language=Basic&location=document"
WRONG = {
    "bracket": "Public Sub Bad()\n    If 1 = (2 Then Beep\nEnd Sub\n",
    "label": "Public Sub Bad()\n    On Error GoTo nowhere\nEnd Sub\n",
    "block": "Public Sub Bad()\n    If True Then\n        Beep\nEnd Sub\n",
}


def required() -> bool:
    return os.environ.get("XLBUDGET_REQUIRE_OFFICE") == "1"


def missing(what: str) -> None:
    if required():
        pytest.fail(f"{what} is required here and missing")
    pytest.skip(f"{what} is missing")


def run_sentinels(files: list[Path], folder: Path) -> list[str | None]:
    """What the sentinel in each file answers; the LibreOffice started for it is ended with it."""
    command = [SYSTEM_PYTHON, str(WORKER), str(folder / "profile"), SCRIPT, *map(str, files)]
    with (folder / "log").open("wb") as log:
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, start_new_session=True)
    assert worker.stdout is not None
    try:
        answers: list[str | None] = json.loads(worker.stdout.readline() or "null")
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    return answers


@pytest.mark.office
def test_compiles(tmp_path: Path) -> None:
    """Each module by itself, so that a wrong one is named, all together, and three that must not compile."""
    if not available():
        missing("LibreOffice")
    texts = all_texts({})
    tried = {name: {name: text} for name, text in texts.items()}
    tried |= {"all of them": texts}
    tried |= {name: {"Bad": "Option Explicit\n" + text} for name, text in WRONG.items()}
    documents = {name: small.unchecked({**given, "ZzSentinel": SENTINEL}) for name, given in tried.items()}
    files = [tmp_path / f"{i}.xlsm" for i in range(len(documents))]
    for file, data in zip(files, documents.values(), strict=True):
        file.write_bytes(data)
    answers = run_sentinels(files, tmp_path)
    compiled = {name for name, answer in zip(documents, answers, strict=True) if answer == "yes"}
    assert set(documents) - compiled == set(WRONG)


@pytest.fixture(scope="module")
def validator() -> list[str]:
    """Microsoft's Open XML validator: the command ``ooxml-validator`` of an npm package that wraps it."""
    command = os.environ.get("XLBUDGET_OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    if not command:
        missing("ooxml-validator")
    return [str(command)]


@pytest.mark.parametrize("kind", ["xlam", "xlsm"])
def test_microsofts_validator(validator: list[str], kind: str, tmp_path: Path) -> None:
    file = tmp_path / f"xlbudget.{kind}"
    file.write_bytes(build_addin(kind))
    done = subprocess.run([*validator, str(file)], capture_output=True, text=True, check=False)
    answer = json.loads(done.stdout)
    assert answer["errors"] == []
    assert answer["ok"] is True


def test_microsofts_validator_sees_the_ribbon(validator: list[str], tmp_path: Path) -> None:
    """Otherwise its silence would say nothing about it."""
    broken = small.RIBBON_XML.replace(b'size="large"', b'size="huge"')
    file = tmp_path / "broken.xlam"
    file.write_bytes(package("xlam", b"", Ribbon(broken, ribbon.for_2007(ribbon.read(broken))), "0"))
    done = subprocess.run([*validator, str(file)], capture_output=True, text=True, check=False)
    assert "huge" in done.stdout
    assert json.loads(done.stdout)["ok"] is False


@pytest.mark.parametrize("kind", ["xlam", "xlsm"])
def test_openxml_audit(kind: str, tmp_path: Path) -> None:
    file = tmp_path / f"xlbudget.{kind}"
    file.write_bytes(build_addin(kind))
    result = OpenXmlValidator().validate(file)
    assert [str(e) for e in result.errors] == []
    assert result.is_valid
