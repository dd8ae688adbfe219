"""Every check made before an add-in is written, on an add-in that breaks it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from pyvbaanalysis import analyze_office_file

from tests.addin import small
from xlbudget.addin import AddinError, build
from xlbudget.addin.build import all_texts, assemble, sources_of
from xlbudget.addin.lint import problems
from xlbudget.addin.ribbon import for_2007, read


def complaints(
    change: dict[str, tuple[str, str]] | None = None, ribbon: tuple[str, str] = ("", "")
) -> list[str]:
    """What is said about the small add-in after texts in its modules or its ribbon have been replaced."""
    texts = dict(small.MODULES)
    for name, (old, new) in (change or {}).items():
        assert old in texts[name]
        texts[name] = texts[name].replace(old, new)
    xml = small.RIBBON_XML.decode()
    assert ribbon[0] in xml
    return problems(sources_of(texts), read(xml.replace(*ribbon).encode() if ribbon[0] else small.RIBBON_XML))


def test_nothing_to_say() -> None:
    assert complaints() == []
    assert assemble("xlam", small.MODULES, small.RIBBON_XML)[:2] == b"PK"


CALL = 'onAction="XbRibbon.XbFill"'


@pytest.mark.parametrize(
    ("module", "old", "new", "said"),
    [
        ("XbTalk", "Option Explicit\n", "", "模块 XbTalk 没有 Option Explicit"),
        ("XbTalk", "Option Explicit\n", "' Option Explicit\n", "模块 XbTalk 没有 Option Explicit"),
        ("XbTalk", "Sub Say", "Sub Auto_Open", "模块 XbTalk 第 12 行：Auto_Open 会自动运行，加载项里不能有"),
        (
            "ZzRow",
            "Value()",
            "Workbook_Open()",
            "模块 ZzRow 第 13 行：Workbook_Open 会自动运行，加载项里不能有",
        ),
        ("XbRibbon", "Sub XbFill", "Sub XbOther", "功能区 xbFill 调用的 XbRibbon.XbFill 不存在"),
        ("XbRibbon", "Public Sub XbFill", "Private Sub XbFill", "应为 Public Sub，功能区 xbFill 要调用它"),
        ("XbRibbon", "(control As IRibbonControl)", "()", "XbFill 应有 1 个参数，功能区 xbFill 要调用它"),
        (
            "XbRibbon",
            "IRibbonControl)",
            "Object, Optional b = 1)",
            "XbFill 应有 1 个参数，功能区 xbFill 要调用它",
        ),
        ("XbRibbon", "On Error GoTo failed", "On Error Resume Next", "XbFill 没有错误处理"),
        ("XbRibbon", "On Error GoTo failed", "On Error GoTo 0", "XbFill 没有错误处理"),
        ("XbRibbon", "On Error GoTo failed", "' On Error GoTo failed", "XbFill 没有错误处理"),
        ("XbRibbon", "failed:", "other:", "XbFill 没有错误处理"),
        ("XbFunctions", "On Error GoTo failed", "Beep", "模块 XbFunctions 第 4 行：XB_TWICE 没有错误处理"),
        (
            "XbRibbon",
            "XbTalk.Say Err",
            "XbTalk.Sya Err",
            "模块 XbRibbon 第 10 行：模块 XbTalk 里没有公开的 Sya",
        ),
        ("XbTalk", "Public Sub Say", "Private Sub Say", "模块 XbTalk 里没有公开的 Say"),
        ("XbTalk", "Public lastSaid", "Private lastSaid", ""),
        ("XbRibbon", "XbTalk.Say Err", "Debug.Print XbTalk.lastSaid, XbTalk.moodBad, Err", ""),
        ("XbRibbon", 'XbTalk.Say "', 'XbTalk.Say "XbTalk.Nothing', ""),
        ("XbRibbon", "XbTalk.Say Err", "Debug.Print XbTalk.moodWorse", "模块 XbTalk 里没有公开的 moodWorse"),
        ("XbRibbon", "Sub XbFill", "Sub XbTalk", "本模块有同名的过程 XbTalk"),
        ("XbTalk", "Public lastSaid As String", "Public Sub say()\nEnd Sub", "Say 重复"),
        ("ZzRow", "Property Let", "Property Get", ""),
    ],
)
def test_modules(module: str, old: str, new: str, said: str) -> None:
    found = complaints({module: (old, new)})
    assert any(said in sentence for sentence in found) if said else found == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (CALL, 'onAction="XbFill"', "功能区 xbFill 调用的 XbFill 不存在"),
        (CALL, CALL + ' getLabel="XbRibbon.XbFill"', "XbFill 应有 2 个参数"),
        ('id="xbGroup"', 'id="xbTab"', "功能区的 id 重复：xbTab"),
        ('id="xbGroup"', 'id="填报"', "功能区的 id 不合规定：填报"),
        ('id="xbGroup" ', "", "功能区的 group 没有 id"),
        ('screentip="填充"', 'screentip=""', "screentip 应为 1 到 1024 个字符"),
        ('screentip="填充"', f'screentip="{"填" * 1025}"', "screentip 应为 1 到 1024 个字符"),
        ('screentip="填充"', 'keytip="FILL"', "keytip 应为 1 到 3 个字符"),
    ],
)
def test_ribbon(old: str, new: str, said: str) -> None:
    assert any(said in sentence for sentence in complaints(ribbon=(old, new)))


def test_buttons_with_a_state_are_called_with_it() -> None:
    toggle = small.RIBBON_XML.decode().replace("<button", "<toggleButton").encode()
    found = problems(sources_of(small.MODULES), read(toggle))
    assert found == ["模块 XbRibbon 第 5 行：XbFill 应有 2 个参数，功能区 xbFill 要调用它"]


@pytest.mark.parametrize(
    "xml",
    [b"<customUI", b'<customUI xmlns="http://schemas.microsoft.com/office/2006/01/customui"/>', b"<a/>"],
)
def test_no_ribbon_at_all(xml: bytes) -> None:
    with pytest.raises(AddinError, match="功能区定义"):
        read(xml)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<ribbon>", "<backstage/><ribbon>", "没有 backstage"),
        ('size="large"', 'autoScale="true"', "button 没有属性 autoScale"),
        ("<ribbon>", '<x xmlns="urn:other"/><ribbon>', "不认识的元素"),
    ],
)
def test_what_excel_2007_cannot_say(old: str, new: str, said: str) -> None:
    with pytest.raises(AddinError, match=said):
        for_2007(read(small.RIBBON_XML.decode().replace(old, new).encode()))


def test_all_complaints_come_at_once() -> None:
    texts = small.MODULES | {"XbTalk": "Public Sub Auto_Open()\nEnd Sub\n"}
    with pytest.raises(AddinError) as told:
        assemble("xlam", texts, small.RIBBON_XML)
    said = str(told.value)
    assert "Auto_Open 会自动运行" in said
    assert "没有 Option Explicit" in said
    assert "没有公开的 Say" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"XbRibbon": small.RIBBON_BAS.replace("XB_VERSION", "OTHER")}, "XB_VERSION As String，现在：没有"),
        ({"XbMore": small.RIBBON_BAS.replace('"XbRibbon"', '"XbMore"')}, "现在：XbMore、XbRibbon"),
        ({"XbMore": small.RIBBON_BAS}, "模块 XbMore 里写的名称是 XbRibbon"),
        ({"XbMore": "Option Explicit\nPublic Sub Never()\n"}, "第 2 行的过程 Never 没有结束"),
    ],
)
def test_texts_that_do_not_fit_together(change: dict[str, str], said: str) -> None:
    with pytest.raises(AddinError, match=said):
        assemble("xlam", small.MODULES | change, small.RIBBON_XML)


def test_without_the_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlbudget_udfs", None)
    monkeypatch.delitem(sys.modules, "xlbudget_udfs.vba", raising=False)
    with pytest.raises(AddinError, match="没有装 xlbudget_udfs"):
        all_texts({})
    assert all_texts({"XbFunctions": small.FUNCTIONS_BAS})["XbFunctions"] == small.FUNCTIONS_BAS


@pytest.mark.parametrize(("name", "text"), [("A.cls", "Option Explicit\n"), ("A.bas", small.ROW_CLS)])
def test_files_named_wrongly(name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(build, "_own_folder", lambda *_: tmp_path)
    with pytest.raises(AddinError, match=name):
        build.own_texts()


def test_not_installed_completely() -> None:
    with pytest.raises(AddinError, match="缺少 addin/ribbon/other"):
        build._own_folder("ribbon", "other.xml")


# ---- the real add-in, read by an analyser that knows the language and Excel's objects ----


def analysed(texts: dict[str, str], folder: Path) -> list[str]:
    """Errors and warnings of pyvbaanalysis, without one that is wrong.

    It takes a label ``failed`` for the procedures Failed of other modules; labels have names of their own.
    """
    file = folder / "analysed.xlsm"
    file.write_bytes(small.unchecked(texts))
    labels = {m[1].lower() for text in texts.values() for m in re.finditer(r"^(\w+):$", text, re.M)}
    out = []
    for name, found in analyze_office_file(file).items():
        for problem in found:
            quoted = re.search(r"'(\w+)'", problem.message)
            said = quoted[1].lower() if quoted else ""
            wrong = problem.code == "ambiguous-project-procedure" and said in labels
            if problem.severity.value != "information" and not wrong:
                out.append(f"{name} {problem.code}: {problem.message}")
    return out


def test_analysis_of_the_real_modules(tmp_path: Path) -> None:
    assert analysed(all_texts({}), tmp_path) == []


WRONG = {
    "undeclared = 3": "undeclared-variable",
    "NoSuchSub 3": "unknown-call",
    "XbTalk.NoSuchSub 3": "member-not-found",
    "XbTalk.Say 1, 2, 3": "argument-count",
    "ThisWorkbook.NoSuchMember": "member-not-found",
    "Dim x As NoSuchType": "invalid-as-type-name",
    "GoTo nowhere": "undefined-label",
}


def test_the_analyser_sees_what_it_should(tmp_path: Path) -> None:
    subs = "".join(f"Public Sub Zz{i}()\n    {line}\nEnd Sub\n" for i, line in enumerate(WRONG))
    found = analysed(small.MODULES | {"ZzWrong": "Option Explicit\n" + subs}, tmp_path)
    codes = [sentence.partition(":")[0] for sentence in found]
    assert sorted(codes) == sorted(f"ZzWrong {code}" for code in WRONG.values())
