"""The buttons driven from Python: every one ends in a Chinese sentence, whatever happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.books import ONE, seed_b
from tests.engines.carried import NAME, held
from tests.engines.compare import contents
from tests.engines.memory import excel
from tests.engines.windows import DESK
from tests.workbook.refilling import changed, edit, sample
from xlbudget.excel import macros, port, port_quiet
from xlbudget.excel.messages import Job, Reply, Settings

BUTTONS = ["validate", "fill", "clear", "export"]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port_quiet, "_PAUSES", (0.0,))
    monkeypatch.setattr(port, "_ATTEMPTS", 3)


def test_what_is_told() -> None:
    with excel((NAME, seed_b())) as app:
        told = macros.validate()
        assert told.splitlines()[0] == "5 错误 · 18 核实 · 8 提示"
        assert DESK.said == [told]
        assert app.shown is not None
        assert app.shown[0] == ONE, "the first finding is shown"


def test_settings_reach_the_button() -> None:
    data = changed(seed_b(), edit(ONE, "E7", None))
    source = str(Path(__file__).resolve().parents[2] / "workbooks" / "samples" / "seed-b")
    with excel((NAME, data)) as app:
        assert "填入数据 1 处" in macros.fill(Settings(source=source))
        assert app.front.store.sheets()[0].value(7, 5) == 62.34


@pytest.mark.parametrize("verb", BUTTONS)
def test_a_workbook_that_is_none_of_ours(verb: str) -> None:
    from tests.workbook.marking import bare

    with excel((NAME, bare())) as app:
        before = contents(held(app))
        told = getattr(macros, verb)()
        assert told
        assert told[0] > "\u4e00"
        assert DESK.said == [told]
        assert contents(held(app)) == before


@pytest.mark.parametrize("verb", BUTTONS)
def test_a_cell_is_being_edited(verb: str, caplog: pytest.LogCaptureFixture) -> None:
    with excel((NAME, seed_b())) as app:
        app.border.busy = 10**6
        assert getattr(macros, verb)() == "请先结束单元格编辑（按回车或 Esc），再点一次。"
    assert "请先结束单元格编辑" in caplog.text


@pytest.mark.parametrize("verb", BUTTONS)
def test_without_excel(verb: str) -> None:
    assert getattr(macros, verb)() == "这台电脑上连接不到 Excel。"


@pytest.mark.parametrize("verb", BUTTONS)
def test_a_fault_of_ours(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def press(job: Job) -> Reply:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(macros, "press", press)
    with excel((NAME, seed_b())):
        told = getattr(macros, verb)()
        assert told == "程序出错，没有完成：ZeroDivisionError division by zero。请把这句话告诉维护人员。"
        assert DESK.said == [told]


def test_what_could_not_be_done_is_told_once() -> None:
    with excel((NAME, seed_b())) as app:
        guard = app.front.store.sheets()[0].guard
        guard.on, guard.password = True, "机密"
        told = macros.validate().splitlines()
        assert told.count("“附件2-1”有保护密码，没有改动；请撤销工作表保护后再点一次。") == 1


# -- files ---------------------------------------------------------------------------------------------


def test_a_file_beside_the_workbook(tmp_path: Path) -> None:
    with excel((NAME, sample()), folder=str(tmp_path)) as app:
        before = contents(held(app))
        for n in (1, 2, 3):
            told = macros.export()
            path = tmp_path / ("表-报送版.xlsx" if n == 1 else f"表-报送版({n}).xlsx")
            assert told.splitlines()[-1] == f"已保存：{path}"
            assert path.read_bytes().startswith(b"PK")
        assert contents(held(app)) == before


@pytest.mark.parametrize("folder", ["", "https://contoso.sharepoint.com/报表"])
def test_a_file_among_the_documents(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Documents").mkdir()
    with excel((NAME, sample()), folder=folder):
        told = macros.export()
    path = tmp_path / "Documents" / "表-报送版.xlsx"
    assert told.splitlines()[-1] == f"工作簿不在本机文件夹里，已保存到：{path}"
    assert path.is_file()


def test_a_file_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(macros, "write_atomic", full)
    with excel((NAME, sample()), folder=str(tmp_path)):
        told = macros.export()
    assert told.startswith("文件读写不了：")
    assert DESK.said[-1] == told
