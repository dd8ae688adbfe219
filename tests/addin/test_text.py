"""VBA in UTF-8 becomes ASCII that says the same, or is refused with its place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.addin import AddinError
from xlbudget.addin.scan import continues, logical_lines, pieces, procedures
from xlbudget.addin.vbatext import CONTINUATIONS, LONGEST, ascii_vba

# ---- literals ----


def spoken(expression: str) -> str:
    """What a VBA expression of quoted texts, ChrW(…) and & says, over lines continued by an underscore."""
    out = []
    for part in re.split(r" & ", expression.replace("_\n        ", "")):
        number = re.fullmatch(r"ChrW\(&H([0-9A-F]{4})\)", part)
        if number:
            out.append(bytes.fromhex(number[1]))
        else:
            assert re.fullmatch(r'"(?:[^"]|"")*"', part), part
            out.append(part[1:-1].replace('""', '"').encode("utf-16-be"))
    return b"".join(out).decode("utf-16-be", "surrogatepass")


@given(
    st.text(st.characters(codec="utf-16", exclude_categories=("Zl", "Zp", "Cc")), min_size=1, max_size=300)
)
def test_literals_keep_their_text(text: str) -> None:
    source = 'x = "' + text.replace('"', '""') + '"'
    made = ascii_vba(source, "模块 A")
    assert made.isascii()
    assert made.startswith("x = ")
    assert spoken(made[4:]) == text
    assert max(map(len, made.split("\n"))) <= LONGEST


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ('Say "填充"', "Say ChrW(&H586B) & ChrW(&H5145)"),
        ('Say "共 3 处", 1', 'Say ChrW(&H5171) & " 3 " & ChrW(&H5904), 1'),
        ('Say "“""”"', 'Say ChrW(&H201C) & """" & ChrW(&H201D)'),
        ('Say "😀"', "Say ChrW(&HD83D) & ChrW(&HDE00)"),
        ('Say "a\tb"', 'Say "a\tb"'),
        ('Say "é\tb"', 'Say ChrW(&H00E9) & ChrW(&H0009) & "b"'),
        ("x = 1 ' 说明", "x = 1"),
        ("' 说明", ""),
        ("    Rem 说明", ""),
        ("x = 1: Rem 说明", "x = 1:"),
        ("x = 1 ' note", "x = 1 ' note"),
        ('x = "\'" & "年" \' 说明', 'x = "\'" & ChrW(&H5E74)'),
        ('Const A As String = "b"', 'Const A As String = "b"'),
        ("x = 1 ' \"不成对", "x = 1"),
    ],
)
def test_lines(source: str, made: str) -> None:
    assert ascii_vba(source, "模块 A") == made


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Dim x\nDim 金额 As Long", "模块 A 第 2 行：文字以外的地方不能有中文或全角字符“金”"),
        ("x = 1，2", "模块 A 第 1 行：文字以外的地方不能有中文或全角字符“，”"),
        ('Const A = "中"', "模块 A 第 1 行：常量、参数默认值和声明里不能有中文"),
        ('  Public Const A As String = "中"', "第 1 行：常量"),
        ('Const A = "a" & _\n    "中"', "第 2 行：常量"),
        ('Sub A(Optional b = "中")', "第 1 行：常量"),
        ('Private Function A( _\n    Optional b = "中")', "第 2 行：常量"),
        ('Attribute VB_Description = "中"', "第 1 行：常量"),
        ('#Const A = "中"', "第 1 行：常量"),
        ('Dim x\nx = "中', "第 2 行：引号没有成对"),
        ("x = 1 ' 说明 _\n的第二行", "第 1 行：注释不能用续行符"),
        ("x = " + " + ".join(["variable"] * 120), "第 1 行：一行超过 1000 个字符"),
        ("x = 1 + _\n" * 25 + "1", "第 25 行：续行超过 24 个"),
        ('x = "' + "字" * 2000 + '"', "第 1 行：续行超过 24 个"),
    ],
)
def test_what_vba_would_not_take(source: str, said: str) -> None:
    with pytest.raises(AddinError) as told:
        ascii_vba(source, "模块 A")
    assert said in str(told.value)


def test_long_literals_are_broken() -> None:
    text = "预算绩效目标申报表" * 30 + "a" * 700
    made = ascii_vba(f'    Say "{text}", 1', "模块 A").split("\n")
    assert 4 < len(made) < CONTINUATIONS
    assert max(map(len, made)) <= LONGEST
    assert all(continues(line) for line in made[:-1])
    assert [line.first for line in logical_lines("\n".join(made))] == [1]
    assert spoken("\n".join(made).removeprefix("    Say ").removesuffix(", 1")) == text


def test_line_numbers_stay() -> None:
    source = "Option Explicit\n' 说明\n\nSub A() ' 说明\n    Say \"中\"\nEnd Sub\n"
    assert [p.first for p in procedures(ascii_vba(source, "模块 A"))] == [4]
    assert ascii_vba("\ufeff" + source.replace("\n", "\r\n"), "模块 A") == ascii_vba(source, "模块 A")


# ---- looking through modules ----


def test_pieces() -> None:
    found = pieces('If a = "it\'s ""b""" Then b = Remark \' it\'s "c')
    assert [p.kind for p in found] == ["code", "literal", "code", "comment"]
    assert found[1].text == '"it\'s ""b"""'
    assert [p.kind for p in pieces("Rem it's")] == ["comment"]
    assert [p.kind for p in pieces("a = b: Rem it's")] == ["code", "code", "comment"]


MODULE = """\
Attribute VB_Name = "XbA"
Public Sub One(control As IRibbonControl) ' End Sub
    Say "End Sub"
End Sub

Private Static Function Two(ByVal a As Long, Optional ByRef b() As String = "x, y", _
        ParamArray rest() As Variant) As Long
    Two = a _
        + 1
End Function
Public Property Get Value() As Variant
End Property
Friend Property Let Value(given)
End Property
Sub Four
    Exit Sub
End Sub
"""


def test_procedures() -> None:
    found = [(p.name, p.kind, p.public, p.parameters, p.first, p.last) for p in procedures(MODULE)]
    assert found == [
        ("One", "sub", True, ("control",), 2, 4),
        ("Two", "function", False, ("a", "b", "rest"), 6, 10),
        ("Value", "property", True, (), 11, 12),
        ("Value", "property", False, ("given",), 13, 14),
        ("Four", "sub", True, (), 15, 17),
    ]


@pytest.mark.parametrize("text", ["Sub A()\n", "Sub A()\nSub B()\nEnd Sub\n"])
def test_procedures_without_an_end(text: str) -> None:
    with pytest.raises(AddinError, match="第 1 行的过程 A 没有结束"):
        procedures(text)
