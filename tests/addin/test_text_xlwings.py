"""What is kept of xlwings.bas, and that a changed xlwings is noticed."""

from __future__ import annotations

from importlib import resources

import pytest

from xlbudget.addin import AddinError, xlwingsbas
from xlbudget.addin.scan import logical_lines, pieces, procedures, words
from xlbudget.addin.xlwingsbas import installed_text, module_text, stripped

OURS = resources.files("xlbudget.addin").joinpath("xlwings_ours.bas").read_text(encoding="utf-8")


def code() -> str:
    """The finished module without its comments."""
    lines = (pieces(line) for line in module_text().splitlines())
    return "\n".join("".join(p.text for p in line if p.kind != "comment") for line in lines)


def test_what_is_kept() -> None:
    found = {p.name: p.parameters for p in procedures(module_text())}
    assert found == {
        "RunPython": ("PythonCommand",),
        "XLPyCommand": (),
        "XLPyLoadDLL": (),
        "XLPy": (),
        "KillPy": (),
        "GetConfig": ("configKey", "default"),
    }
    assert module_text().count("Option Explicit") == 1


def test_the_activation_is_xlwings_own() -> None:
    """XLPy and KillPy word by word, and the declarations of the DLL."""
    original = xlwingsbas._folded(installed_text())
    for procedure in procedures(original):
        if procedure.name in ("XLPy", "KillPy"):
            lines = original.splitlines()[procedure.first - 1 : procedure.last]
            assert "\n".join(lines) in module_text()
    for dll in ("xlwings64-0.37.8.dll", "xlwings32-0.37.8.dll"):
        assert f'Declare PtrSafe Function XLPyDLLActivateAuto Lib "{dll}"' in module_text()


def test_the_licence_is_kept() -> None:
    original = [line.strip() for line in installed_text().splitlines()]
    first = next(i for i, line in enumerate(original) if "BSD 3-clause" in line)
    last = next(i for i, line in enumerate(original) if line.endswith("POSSIBILITY OF SUCH DAMAGE."))
    assert "\n".join(original[first : last + 1]) in module_text()


def test_nothing_else_is_kept() -> None:
    everything = code().lower()
    for word in (
        "mac",
        "licen",
        "conda",
        "frozen",
        "import_udfs",
        "sql",
        "xlwings.conf",
        "error.log",
        "pro.",
    ):
        assert word not in everything.replace("xlpyloaddll", ""), word
    for word in (
        "Dictionary",
        "WScript",
        "Shell",
        "ThisWorkbook",
        "ActiveWorkbook",
        "Environ",
        "Open",
        "MsgBox",
    ):
        assert word.lower() not in words(everything), word


def test_every_name_is_known() -> None:
    """Nothing refers to a procedure or a constant of xlwings.bas that was left out."""
    original = installed_text()
    declared = {p.name.lower() for p in procedures(xlwingsbas._folded(original))}
    kept = {p.name.lower() for p in procedures(module_text())}
    used = {word for line in logical_lines(module_text()) for word in words(line.code)}
    assert not (declared - kept) & used


def test_python_is_started_without_folders_of_others() -> None:
    assert '" -I -B -c ""import xlwings; xlwings.serve(\'$(CLSID)\')""" & Chr(34)' in code()
    assert "prepare_sys_path" not in code()


def test_conditions_stay_whole() -> None:
    directives = [line.split()[0] for line in code().splitlines() if line.lstrip().startswith("#")]
    assert directives == ["#If", "#If", "#Else", "#End", "#Else", "#End"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("'Version: 0.37.8", "'Version: 0.38.0", "版本说明不是 0.37.8：0.38.0"),
        ('XLWINGS_VERSION As String = "0.37.8"', 'XLWINGS_VERSION As String = "0.38.0"', "XLWINGS_VERSION"),
        ('XLPyDLLName As String = "xlwings64-0.37.8', 'XLPyDLLName As String = "xlwings64-0.1', "64 位 DLL"),
        ("Sub KillPy()", "Sub StopPy()", "没有 killpy"),
        ("Private Sub XLPyLoadDLL()", "Private Sub LoadIt()", "没有过程 XLPyLoadDLL"),
        ("Public Const PROJECT_NAME", "Public Type PROJECT_NAME", "声明不认识"),
        ("BSD 3-clause", "new", "没有许可证"),
        ("#If VBA7 Then", "#If Mac Then\n#ElseIf VBA7 Then", "条件编译看不懂"),
    ],
)
def test_another_xlwings(old: str, new: str, said: str) -> None:
    text = installed_text()
    assert old in text
    with pytest.raises(AddinError, match=said):
        stripped(text.replace(old, new, 1), OURS)


def test_xlwings_of_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlwingsbas, "VERSION", "0.99.0")
    with pytest.raises(AddinError, match=r"需要 xlwings 0\.99\.0 的 VBA 文本，现在装的是 0\.37\.8"):
        installed_text()


def test_no_xlwings(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise xlwingsbas.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(xlwingsbas.metadata, "distribution", missing)
    with pytest.raises(AddinError, match="现在没有装"):
        installed_text()
