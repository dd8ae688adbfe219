"""The self-test of a real Excel, here on the model of one; it has to find what an add-in does wrong."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.engines import memory
from tests.engines.addin import applied
from xlbudget.cli.live import doctor
from xlbudget.excel import doctor_stage, entry
from xlbudget.excel.doctor_selftest import Trial, result, selftest, shown
from xlbudget.excel.doctor_stage import NAME, Stage, StageError, running_excel, sample
from xlbudget.excel.jobfile import REPLY, write_job
from xlbudget.excel.port import ADDIN, ExcelError, caller_book, snapshot
from xlbudget.excel.wire import read_reply
from xlbudget_udfs.functions import call

TABLE = re.compile(r'"[^"]*"|[^,()]+')


class ModelStage(Stage):
    """The stage on the model, whose workbooks are open beforehand and which calculates nothing."""

    def __init__(self, app: Any, folder: Path) -> None:
        super().__init__(app)
        self.folder = folder

    @contextmanager
    def opened(self, path: Path) -> Iterator[Any]:
        self.folder = path.parent
        yield caller_book()

    def results(self, formulas: Sequence[str]) -> list[Any]:
        return [self.one(f) for f in formulas]

    def one(self, formula: str) -> Any:
        name, *args = TABLE.findall(formula.removeprefix("="))
        return call(name, [a[1:-1] if a.startswith('"') else float(a) for a in args])

    def place(self) -> str:
        return self.at

    at = "自评表!A1"


@pytest.fixture
def excel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, ModelStage]]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "xlbudget").mkdir()
    with memory.excel((NAME, sample()), folder="") as app:
        stage = ModelStage(caller_book().app, tmp_path)
        app.addins[ADDIN] = addin(app, stage, tmp_path / "xlbudget")
        yield app, stage


def addin(app: Any, stage: ModelStage, folder: Path) -> dict[str, Callable[..., Any]]:
    """The add-in's procedures that the self-test calls."""
    places: list[str] = []

    def make(verb: str) -> str:
        job = folder / f"job-{verb}"
        job.mkdir()
        write_job(job, snapshot(caller_book(), verb))
        return str(job)

    def send(job: str) -> str:
        entry.run(job)
        return str(Path(job) / REPLY)

    def apply(path: str) -> str:
        reply = read_reply(Path(path).read_bytes().decode())
        for file in reply.files:
            (stage.folder / file.name).write_bytes(file.data)
        if reply.goto is not None:
            places[:] = ["!".join(reply.goto), "自评表!J6"]
            stage.at = places[0]
        return applied(app, path)

    def walk(direction: int) -> None:
        stage.at = places[1 if direction > 0 else 0]

    names: dict[str, Callable[..., Any]] = {
        doctor_stage.MAKE: make,
        doctor_stage.SEND: send,
        doctor_stage.APPLY: apply,
        doctor_stage.WALK: walk,
        doctor_stage.TRANSPORT: lambda: "T1",
    }
    return names


def failed(trials: list[Trial]) -> dict[str, str]:
    return {t.name: t.text for t in trials if not t.ok}


def test_all_is_well(excel: tuple[Any, ModelStage], tmp_path: Path) -> None:
    app, stage = excel
    before = app.front.store.data()
    trials = selftest(stage)
    assert failed(trials) == {}
    names = [t.name for t in trials]
    assert names[:3] == ["打开表样", "填充：删掉的公式补回来", "校验"]
    assert "导出报送版" in names
    assert sum(name.startswith("函数 XB_") for name in names) >= 9
    buttons = {t.name: t for t in trials if "python" in t.ms}
    assert len(buttons) == 4
    for trial in buttons.values():
        assert set(trial.ms) == {"copies", "python", "apply", "total"}
    assert not list(tmp_path.glob("xlbudget/*"))
    assert not stage.folder.exists()
    assert before != app.front.store.data()  # 评分底稿 stays: what the user gets from 填充 is not a mark


def test_no_xlwings_pro(excel: tuple[Any, ModelStage]) -> None:
    selftest(excel[1])
    assert not [m for m in sys.modules if m.startswith("xlwings.pro") and sys.modules[m] is not None]


def break_apply(change: Callable[[bytes], bytes]) -> Callable[[Any, ModelStage], None]:
    def broken(app: Any, stage: ModelStage) -> None:
        whole = app.addins[ADDIN][doctor_stage.APPLY]

        def apply(path: str) -> str:
            file = Path(path)
            file.write_bytes(change(file.read_bytes()))
            return str(whole(path))

        app.addins[ADDIN][doctor_stage.APPLY] = apply

    return broken


def without(kind: bytes) -> Callable[[bytes], bytes]:
    return lambda text: b"".join(x for x in text.splitlines(True) if not x.startswith(b"do\t%b\t" % kind))


def test_an_addin_that_forgets_notes(excel: tuple[Any, ModelStage]) -> None:
    break_apply(without(b"note"))(*excel)
    told = failed(selftest(excel[1]))["校验"]
    assert re.search(r"个格子中有 \d+ 个不对：自评表!\w+ 是“None”，应为“【审核】", told)
    assert re.search(r"与应有的不同：.*note 自评表 \d+ 处", told)


def test_an_addin_that_forgets_formats(excel: tuple[Any, ModelStage]) -> None:
    break_apply(without(b"format"))(*excel)
    assert re.search(r"与应有的不同：.*format 自评表 \d+ 处", failed(selftest(excel[1]))["校验"])


def test_an_addin_that_forgets_formulas(excel: tuple[Any, ModelStage]) -> None:
    break_apply(without(b"formula"))(*excel)
    assert "formula 自评表 1 处" in failed(selftest(excel[1]))["填充：删掉的公式补回来"]


def test_an_addin_that_writes_other_texts(excel: tuple[Any, ModelStage]) -> None:
    break_apply(lambda text: text.replace(b"\\u9519\\u8bef", b"\\u95ee\\u9898"))(*excel)
    assert re.search("是“[^”]*问题.*应为“[^”]*错误", failed(selftest(excel[1]))["校验"], re.S)


def test_an_addin_that_complains(excel: tuple[Any, ModelStage]) -> None:
    app, stage = excel
    app.addins[ADDIN][doctor_stage.APPLY] = lambda path: "“自评表”有保护密码，没有改动。"
    assert "加载项说：“自评表”有保护密码" in failed(selftest(stage))["校验"]


def test_python_of_another_version(excel: tuple[Any, ModelStage], monkeypatch: pytest.MonkeyPatch) -> None:
    app, stage = excel
    send = app.addins[ADDIN][doctor_stage.SEND]

    def other(job: str) -> str:
        path = Path(send(job))
        path.write_bytes(path.read_bytes().replace(b"line\t", b"line\told "))
        return str(path)

    app.addins[ADDIN][doctor_stage.SEND] = other
    assert "与本机 Python 的不同" in failed(selftest(stage))["校验"]


@pytest.mark.parametrize("folder", ["", ".", "/", "outside"])
def test_an_addin_that_names_no_folder_of_jobs(
    excel: tuple[Any, ModelStage], tmp_path: Path, folder: str
) -> None:
    """Nothing there is touched."""
    app, stage = excel
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kept.txt").touch()
    app.addins[ADDIN][doctor_stage.MAKE] = lambda verb: folder and str(tmp_path / folder)
    assert failed(selftest(stage))["校验"] == "加载项没有给出任务文件夹。"
    assert (tmp_path / "outside" / "kept.txt").exists()


def test_no_way_to_python(excel: tuple[Any, ModelStage]) -> None:
    app, stage = excel

    def refuse(job: str) -> str:
        raise ExcelError("T1（由 Excel 启动 Python）不通：拒绝访问。")

    app.addins[ADDIN][doctor_stage.SEND] = refuse
    told = failed(selftest(stage))
    assert told["校验"] == told["导出报送版"] == "T1（由 Excel 启动 Python）不通：拒绝访问。"
    assert not any(name.startswith("函数") for name in told)
    assert "打开表样" not in told


def test_a_function_that_gives_something_else(
    excel: tuple[Any, ModelStage], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, stage = excel
    right = stage.one
    monkeypatch.setattr(stage, "one", lambda f: -2146826259 if "XB_RMB" in f else right(f))
    told = failed(selftest(stage))
    assert list(told) == ["函数 XB_RMB"]
    assert "=XB_RMB(1409.5) 得“-2146826259”，应为“壹仟肆佰零玖元伍角”" in told["函数 XB_RMB"]


def test_export_that_saves_nothing(excel: tuple[Any, ModelStage]) -> None:
    app, stage = excel
    app.addins[ADDIN][doctor_stage.APPLY] = lambda path: applied(app, path)
    assert "表格旁边没有“xlbudget自检-报送版.xlsx”" in failed(selftest(stage))["导出报送版"]


@pytest.mark.parametrize(
    ("value", "text"), [(True, "TRUE"), (0.8632, "0.8632"), (8.0, "8"), (None, ""), ("a\r\nb", "a\nb")]
)
def test_values_as_the_examples_write_them(value: Any, text: str) -> None:
    assert shown(value) == text


# ---- beginning and end ----


def test_which_excel(tmp_path: Path) -> None:
    with memory.excel(("工作簿1", sample())) as app:
        with pytest.raises(StageError, match=r"没有加载 xlbudget\.xlam"):
            running_excel()
        app.addins[ADDIN] = {doctor_stage.TRANSPORT: lambda: "T2"}
        assert running_excel().macro(doctor_stage.TRANSPORT) == "T2"
    with (
        memory.excel(("工作簿1", sample()), ("别的.xlsx", sample())),
        pytest.raises(StageError, match="关闭所有"),
    ):
        running_excel()
    with memory.excel(("表.xlsx", sample()), folder="C:\\表"), pytest.raises(StageError, match="关闭所有"):
        running_excel()


def test_without_excel(tmp_path: Path) -> None:
    done = CliRunner().invoke(doctor, ["--selftest", "-o", str(tmp_path / "F.json")], standalone_mode=False)
    assert isinstance(done.exception, Exception)
    assert "Excel" in str(done.exception)
    assert not (tmp_path / "F.json").exists()


def test_result_has_no_personal_data() -> None:
    trials = [
        Trial("校验", False, "文件“C:\\Users\\王丽\\AppData\\Local\\Temp\\x”没有", {"total": 5}),
        Trial("函数"),
    ]
    facts = {"excel": "16.0.1", "excel_bits": 64, "system": "Windows-11", "transport": "T1"}
    raw = result(trials, facts, lambda text: text.replace("C:\\Users\\王丽", "%USERPROFILE%"))
    told = json.loads(raw)
    assert "王丽" not in raw.decode()
    assert (told["passed"], told["failed"]) == (1, 1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", told["date"])
    assert told["checks"][0] == {
        "name": "校验",
        "ok": False,
        "text": "文件“%USERPROFILE%\\AppData\\Local\\Temp\\x”没有",
        "ms": {"total": 5},
    }
