"""Every button of the ribbon, pressed on forms in LibreOffice: VBA → Python → cells, and what is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import books
from tests.e2e.native_cases import case
from xlbudget import jobs
from xlbudget.addin import ribbon
from xlbudget.packs import load_pack

from .host import ROOT, Host
from .seen import place, selected, sheet_rows, state

pytestmark = pytest.mark.office

RIBBON = ribbon.read((ROOT / "xlbudget/addin/ribbon/customUI14.xml").read_bytes())
PACKS = ("S3-CN", "S3-HN", "S3-HB", "S3-SC")
SEED = 3  # of a workbook with four projects, in which some formulas are typed over
SUMMARY = re.compile(r"\d+ 错误 · \d+ 核实 · \d+ 提示")
VALIDATE, CLEAR, FILL, EXPORT = (f"XbRibbon.Xb{verb}" for verb in ("Validate", "Clear", "Fill", "Export"))
NEXT, PREVIOUS, DIAGNOSE, SETTINGS = (
    f"XbRibbon.Xb{verb}" for verb in ("Next", "Previous", "Diagnose", "SetUp")
)


# ---- each button leaves a sign ----


def filled(host: Host, book: Any, told: list[str]) -> bool:
    return "评分底稿" in told[-1] and "评分底稿" in book.Sheets.ElementNames


def validated(host: Host, book: Any, told: list[str]) -> bool:
    return bool(SUMMARY.fullmatch(told[0])) and book.Sheets.ElementNames[-2:] == ("审核结果", "审核规则")


def cleared(host: Host, book: Any, told: list[str]) -> bool:
    return told == ["已清除标注"] and "审核结果" not in book.Sheets.ElementNames


def exported(host: Host, book: Any, told: list[str]) -> bool:
    path = Path(told[0].rpartition("文件：")[2])
    return path.name == "驻京办 2023 (自评)-报送版.xlsx" and path.read_bytes()[:2] == b"PK"


def walked(host: Host, book: Any, told: list[str]) -> bool:
    places = [row[2] for row in sheet_rows(book, "审核结果") if "!" in row[2]]
    return told == [] and selected(book) in places


def diagnosed(host: Host, book: Any, told: list[str]) -> bool:
    rows = [row for b in host.others() if b.Sheets.hasByName("诊断") for row in sheet_rows(b, "诊断")]
    return told[0].startswith("诊断完成") and rows[0] == ["项目", "结论", "情况和办法"] and len(rows) > 15


def set_up(host: Host, book: Any, told: list[str]) -> bool:
    return told == ["shown", "请在“内容”一列填写，空着的用默认值。填好后再按一次“设置”保存。"]


SIGNS: dict[str, tuple[list[str], Callable[[Host, Any, list[str]], bool]]] = {
    FILL: ([], filled),
    VALIDATE: ([], validated),
    PREVIOUS: ([VALIDATE], walked),
    NEXT: ([VALIDATE], walked),
    CLEAR: ([VALIDATE], cleared),
    EXPORT: ([], exported),
    DIAGNOSE: ([], diagnosed),
    SETTINGS: ([], set_up),
}


@pytest.mark.parametrize("callback", [c.name for c in ribbon.callbacks(RIBBON)])
def test_button(host: Host, seed_b: Path, callback: str) -> None:
    book = host.open(seed_b)
    before, sign = SIGNS[callback]
    for earlier in before:
        host.press(earlier)
    told = host.press(callback)
    assert sign(host, book, told), (told, host.log())
    if callback == SETTINGS:
        assert host.press(callback) == ["hidden", "设置已保存。"]
    assert list((host.folder / "temp/xlbudget").glob("*")) == []


# ---- the same cells as the command line ----


@pytest.mark.parametrize("pack", PACKS)
def test_validate_marks_what_the_command_line_marks(host: Host, pack: str, tmp_path: Path) -> None:
    path = tmp_path / f"{pack}.xlsx"
    path.write_bytes(case(load_pack(pack), SEED).data)
    book = host.open(path)
    path.write_bytes(host.saved(book))  # with results that are calculated, as Excel has them
    done = jobs.validate([path])[0]
    assert done.marked_path is not None
    assert done.result is not None
    wanted = done.marked_path.read_bytes()
    before = state(book)
    told = host.press(VALIDATE)
    assert SUMMARY.fullmatch(told[0].splitlines()[0]), host.log()
    data = host.saved(book)
    forms = [sheet.Name for sheet in map(book.Sheets.getByIndex, range(book.Sheets.Count))][:-2]
    for form in forms:
        assert books.coloured(data, form) == books.coloured(wanted, form)
        assert books.notes(data, form) == books.notes(wanted, form)
        assert labels(data, form) == labels(wanted, form)
    assert books.result_rows(data) == books.result_rows(wanted)
    assert len(books.result_rows(data)) == len(done.result.findings) > 10
    once = state(book)
    host.press(VALIDATE)
    assert state(book) == once
    assert host.press(CLEAR) == ["已清除标注"]
    assert state(book) == before


def labels(data: bytes, form: str) -> dict[str, object]:
    return {ref: v for ref, v in books.values(data, form).items() if str(v).startswith("◀")}


def test_clear_asks_before_explanations_go(host: Host, seed_b: Path) -> None:
    book = host.open(seed_b)
    host.press(VALIDATE)
    sheet = book.Sheets.getByName("审核结果")
    rows = sheet_rows(book, "审核结果")
    at = next(i for i, row in enumerate(rows) if "!" in row[2])
    sheet.getCellByPosition(11, at).setString("已与财政核对")
    host.press(VALIDATE)
    assert "已与财政核对" in [row[11] for row in sheet_rows(book, "审核结果")]
    host.answers("ny")
    question = "“审核结果”里填了 1 条出错说明，清除标注会把它们一起删掉。要清除吗？"
    assert host.press(CLEAR) == [question, "有 1 条出错说明\n没有清除"]
    assert "审核结果" in book.Sheets.ElementNames
    assert host.press(CLEAR) == [question, "有 1 条出错说明\n已清除标注"]
    assert "审核结果" not in book.Sheets.ElementNames


@pytest.mark.parametrize("pack", PACKS)
def test_fill_writes_formulas_and_asks(host: Host, pack: str, tmp_path: Path) -> None:
    """A form whose sum was deleted and whose rate was typed over."""
    path = tmp_path / "表.xlsx"
    path.write_bytes(case(load_pack(pack), 0).data)
    book = host.open(path)
    sheets = [s for s in map(book.Sheets.getByIndex, range(3)) if place(s, "执行率").getValue() > 0]
    total, rate = (place(sheets[0], name) for name in ("全年执行数", "执行率"))
    formulas = total.getFormula(), rate.getFormula()
    assert all(f.startswith("=") for f in formulas)
    total.setString("")
    rate.setValue(0.5)
    host.answers("n")
    question, said = host.press(FILL)
    assert "处公式被数字覆盖" in question
    assert "没有恢复公式" in said
    assert total.getFormula() == formulas[0]
    assert rate.getValue() == 0.5
    host.answers("y")
    assert "已恢复公式" in host.press(FILL)[-1]
    assert rate.getFormula() == formulas[1]


def test_export_overwrites_nothing(host: Host, seed_b: Path) -> None:
    book = host.open(seed_b)
    host.press(VALIDATE)
    once = state(book)
    for name in ("驻京办 2023 (自评)-报送版.xlsx", "驻京办 2023 (自评)-报送版(2).xlsx"):
        assert host.press(EXPORT)[0].endswith(f"文件：{seed_b.parent / name}")
        assert books.result_rows((seed_b.parent / name).read_bytes()) == {}
    assert state(book) == once


# ---- walking ----


def test_walk_goes_round(host: Host, seed_b: Path) -> None:
    book = host.open(seed_b)
    assert host.press(NEXT) == ["还没有审核结果。请先按“校验”。"]
    host.press(VALIDATE)
    places = [row[2] for row in sheet_rows(book, "审核结果") if "!" in row[2]]
    for sheet in map(book.Sheets.getByIndex, range(book.Sheets.Count)):
        sheet.Columns.OptimalWidth = False
    start = places.index(selected(book))
    walk = []
    for _ in places:
        assert host.press(NEXT) == []
        walk.append(selected(book))
    assert set(walk) == set(places)
    assert walk == distinct(places[start + 1 :] + places[: start + 1])[: len(walk)]
    back = []
    for _ in range(5):
        host.press(PREVIOUS)
        back.append(selected(book))
    assert len(set(back)) > 1
    assert set(back) <= set(places)


def distinct(places: list[str]) -> list[str]:
    """Where a walk over these places leads: neighbours that are the same are one stop, over and over."""
    out: list[str] = []
    for stop in places * 3:
        if not out or out[-1] != stop:
            out.append(stop)
    return out
