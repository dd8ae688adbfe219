"""The three ways from a button or a cell to Python, and what is said when one of them is closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import books
from tests.service.running import TOKEN, Service, running
from xlbudget.excel.jobfile import MB
from xlbudget.service.app import Config
from xlbudget_udfs.functions import FUNCTIONS

from .host import ROOT, Host
from .seen import sheet_rows, state
from .test_ribbon import DIAGNOSE, SETTINGS, VALIDATE

pytestmark = pytest.mark.office

WAYS = ("T1", "T2", "T3")
NOWHERE = "http://127.0.0.1:9"
TRANSPORT_ROW, SERVICE_ROW = 2, 3  # of the settings sheet


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running(Config(TOKEN, max_bytes=MB)) as found:
        yield found


def choose(host: Host, way: str, service: Service) -> None:
    host.settings(transport=way, service=service.url + "/", token=TOKEN)
    host.run("XbSettings.Forget")
    host.run("XbCall.Forget")


# ---- buttons ----


def test_all_ways_give_the_same(host: Host, service: Service, seed_b: Path) -> None:
    done = {}
    for way in WAYS:
        choose(host, way, service)
        book = host.open(seed_b)
        told = host.press(VALIDATE)
        done[way] = told, books.result_rows(host.saved(book)), state(book)
        host.close_books()
    assert done["T1"] == done["T2"] == done["T3"]
    told, rows, _ = done["T1"]
    assert told == ["5 错误 · 18 核实 · 8 提示"]
    assert len(rows) == 31


def test_other_open_workbooks_go_along(host: Host, service: Service, seed_b: Path, tmp_path: Path) -> None:
    """As copies; the service sees them all, the add-in itself is none of them."""
    other = tmp_path / "另一 本.xlsx"
    other.write_bytes((ROOT / "workbooks/templates/S3-HN.xlsx").read_bytes())
    host.open(other)
    host.open(seed_b)
    host.python_is('cp "$XB_TEST_DIR"/temp/xlbudget/*/job.txt "$XB_TEST_DIR"; exit 1')
    host.settings(transport="T1", pack="S3-HN", source="D:\\数据")
    host.press(VALIDATE)
    text = (host.folder / "job.txt").read_bytes().decode("ascii")
    place = str(tmp_path)
    assert text == (
        "xlbudget 1\r\nverb\tvalidate\r\npack\tS3-HN\r\nsource\tD:\\u005c\\u6570\\u636e\r\n"
        f"book\t\\u9a7b\\u4eac\\u529e 2023 (\\u81ea\\u8bc4).xlsx\t{place}\tbook1.xlsx\r\n"
        f"book\t\\u53e6\\u4e00 \\u672c.xlsx\t{place}\tbook2.xlsx\r\nend\r\n"
    )


CLOSED = {
    "service down": (
        {"transport": "T3", "service": NOWHERE, "token": TOKEN},
        "T3（服务 http://127.0.0.1:9）连不上：无法与服务器建立连接。\n"
        "请检查网络和“设置”里的 service；服务在本机时，看它是否已启动（xlbudget serve）。\n请按“诊断”查看。",
    ),
    "wrong token": (
        {"transport": "T3", "service": "{url}", "token": "wrong"},
        "T3（服务 {url}）不接受口令。请在“设置”的 token 一行填写服务启动时给出的口令。",
    ),
    "wrong address": (
        {"transport": "T3", "service": "{url}/nowhere", "token": TOKEN},
        "T3（服务 {url}/nowhere）没有完成（404）：没有这个地址。",
    ),
    "no agent": (
        {"transport": "T2"},
        "T2（本机助手）不通：ActiveX component can't create object。\n"
        "常见原因：助手没有安装，或登录后没有启动。请注销后重新登录，或请管理员运行 install.ps1 -Mode T2。\n"
        "请按“诊断”查看；也可以在“设置”里把 transport 改为 T3（由服务计算）。",
    ),
}


@pytest.fixture
def no_agent(host: Host) -> Iterator[None]:
    mark = host.folder / "no-agent"
    mark.touch()
    yield
    mark.unlink()


@pytest.mark.usefixtures("no_agent")
@pytest.mark.parametrize("what", CLOSED)
def test_closed_way_is_told(host: Host, service: Service, seed_b: Path, what: str) -> None:
    settings, said = CLOSED[what]
    host.settings(**{key: text.replace("{url}", service.url) for key, text in settings.items()})
    book = host.open(seed_b)
    before = state(book)
    assert host.press(VALIDATE) == [said.replace("{url}", service.url)]
    assert state(book) == before
    host.run("XbSettings.Forget")
    cell = host.function("=XB_GRADE(98.63)")
    host.forget_function()
    assert cell.startswith("计算不了：" + said.partition("：")[0].replace("{url}", service.url)[:6])
    assert cell.endswith("解决后按 Ctrl+Alt+F9 重新计算。")


def test_what_the_service_refuses_is_told(host: Host, seed_b: Path) -> None:
    with running(Config(TOKEN, max_bytes=1000)) as small:
        choose(host, "T3", small)
        book = host.open(seed_b)
        before = state(book)
        told = host.press(VALIDATE)
    assert len(told) == 1
    assert "没有完成（413）" in told[0]
    assert state(book) == before


def test_settings_sheet_comes_before_the_file(host: Host, service: Service, seed_b: Path) -> None:
    host.settings(transport="T3", service=NOWHERE, token=TOKEN)
    host.open(seed_b)
    try:
        host.setting_cell(SERVICE_ROW, service.url)
        assert host.press(VALIDATE) == ["5 错误 · 18 核实 · 8 提示"]
        host.setting_cell(TRANSPORT_ROW, " t1 ")
        host.python_is('echo 7 > "$XB_TEST_DIR/status.txt"\n')
        assert "Python exit code 7" in host.press(VALIDATE)[0]
    finally:
        for row in (TRANSPORT_ROW, SERVICE_ROW):
            host.setting_cell(row, "")
    host.press(SETTINGS)
    assert host.press(SETTINGS) == ["hidden", "设置已保存。"]


@pytest.mark.parametrize(("up", "verdict"), [(True, "正常"), (False, "不正常")])
def test_doctor_tries_the_way_in_use(host: Host, service: Service, up: bool, verdict: str) -> None:
    host.settings(transport="T3", service=service.url if up else NOWHERE, token=TOKEN)
    host.press(DIAGNOSE)
    found = next(sheet_rows(b, "诊断") for b in host.others() if b.Sheets.hasByName("诊断"))
    rows = {row[0]: row[1:] for row in found}
    assert rows["T3 服务"][0] == verdict
    assert rows["T3 服务"][1].startswith("xlbudget " if up else "T3（服务")
    assert rows["T1 启动"] == ["", "没有试：设置里的 transport 是 T3。"]
    assert rows["临时文件夹"][0] == "正常"
    assert rows["设置 token"] == ["", "已填写"]
    assert TOKEN not in str(rows)


# ---- functions ----


def shown(value: Any) -> str:
    """A result as the examples write it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_in_a_cell(host: Host, service: Service, name: str) -> None:
    for way in WAYS:
        choose(host, way, service)
        for formula, wanted in FUNCTIONS[name].examples if way == "T3" else FUNCTIONS[name].examples[:1]:
            got = host.function(formula)
            host.forget_function()
            truth = {"TRUE": 1.0, "FALSE": 0.0}.get(wanted)  # LibreOffice shows what VBA calls True as 1
            assert got == truth if truth is not None else shown(got) == wanted, (way, formula)


@pytest.mark.parametrize("way", WAYS)
def test_areas_and_blanks_reach_a_function(host: Host, service: Service, way: str) -> None:
    choose(host, way, service)
    cells = {"E1": 1.0, "E2": 0.1, "E4": "=1/0", "F1": 4.0, "F2": 0.3, "F3": 5.0, "F4": 1.0}
    got = host.function("=XB_RATE(E1:E4,F1:F4)", cells, "H1:H4")
    host.forget_function("H1:H4")
    assert [row[0] for row in got[:3]] == [0.25, 0.3333, ""]


@pytest.mark.parametrize(
    ("text", "value"), [("n\t-1.5e-05", -0.000015), ("t\t\\u6821\\u005c", "校\\"), ("b\t1", True), ("z", "")]
)
def test_value_is_read_back(host: Host, text: str, value: object) -> None:
    assert host.run("XbCall.Decoded", f"{text}\r\n") == value
