"""What the user is told when a button cannot do its work; the workbook is then as before."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from .host import PYTHON, Host
from .seen import sheet_rows, state
from .test_ribbon import CLEAR, DIAGNOSE, EXPORT, FILL, VALIDATE

pytestmark = pytest.mark.office


def test_nothing_is_done_without_a_form(host: Host, tmp_path: Path) -> None:
    path = tmp_path / "别的.xlsx"
    openpyxl.Workbook().save(path)
    book = host.open(path)
    before = state(book)
    for callback in (VALIDATE, FILL, EXPORT):
        told = host.press(callback)
        assert len(told) == 1
        assert "没有" in told[0]
    assert host.press(CLEAR) == ["没有标注可清除"]
    assert state(book) == before


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('echo 3 > "$XB_TEST_DIR/status.txt"\n', "T1（由 Excel 启动 Python）不通：Python exit code 3。"),
        ('echo 0 > "$XB_TEST_DIR/status.txt"\n', "程序没有给出应答，工作簿没有改动。"),
    ],
    ids=["Python fails", "no reply"],
)
def test_python_fails(host: Host, seed_b: Path, script: str, said: str) -> None:
    book = host.open(seed_b)
    before = state(book)
    host.python_is(script)
    told = host.press(VALIDATE)
    assert len(told) == 1
    assert told[0].startswith(said)
    assert "诊断" in told[0]
    assert state(book) == before
    assert list((host.folder / "temp/xlbudget").glob("*")) == []


def test_reply_is_cut_off(host: Host, seed_b: Path) -> None:
    book = host.open(seed_b)
    before = state(book)
    cut = 'for f in "$XB_TEST_DIR"/temp/xlbudget/*/reply.txt; do truncate -s -9 "$f"; done\n'
    host.python_is(PYTHON + cut)
    assert host.press(VALIDATE) == [
        "应答不完整（传输中断了），什么也没有改动。请再按一次；还不行就按“诊断”。"
    ]
    assert state(book) == before


def test_wrong_transport_is_told(host: Host, seed_b: Path) -> None:
    host.settings(transport="T9")
    host.open(seed_b)
    assert host.press(VALIDATE) == ["设置里的 transport 是“T9”，只能填 T1、T2 或 T3。请按“设置”改正。"]


def test_own_settings_sheet_is_no_form(host: Host) -> None:
    told = host.press(VALIDATE)
    assert len(told) == 1
    assert "没有打开工作簿" in told[0] or "设置表" in told[0]


def test_long_message_stands_whole_in_the_diagnosis(host: Host, seed_b: Path) -> None:
    """A message box shows some 1,000 characters."""
    long = "".join(f"第 {n} 条说明；" for n in range(200))
    said = f"from xlbudget.excel import entry, messages\nentry.press = lambda job: messages.Reply({long!r})\n"
    (host.folder / "first.py").write_text(said, "utf-8")
    joined = 'cat "$XB_TEST_DIR"/first.py "$XB_TEST_DIR"/command.py > "$XB_TEST_DIR"/both.py\n'
    host.python_is(joined + PYTHON.replace("command.py", "both.py"))
    host.open(seed_b)
    told = host.press(VALIDATE)
    assert told == [long[:900] + "……\n（其余见“诊断”。）"]
    host.press(DIAGNOSE)
    rows = next(sheet_rows(b, "诊断") for b in host.others() if b.Sheets.hasByName("诊断"))
    assert ["上次的提示", "", long] in rows
