"""Reports: what a person reads, and what programs and spreadsheets get."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.console import Console

from xlbudget.packs import Pack, load_pack
from xlbudget.report import (
    csv_bytes,
    json_bytes,
    plain_report,
    print_report,
    summarise,
    summary_line,
    total_line,
)
from xlbudget.rules.model import AuditResult, Finding, Operand, Outcome, OutcomeKind, Severity
from xlbudget.rules.record import Place, Record


@dataclass
class Job:
    """What the reports ask of a job."""

    name: str
    result: AuditResult | None = None
    record: Record | None = None
    clean_path: Path | None = None
    marked_path: Path | None = None
    pack: Pack | None = None
    explained: int = 0
    read_notes: list[str] = field(default_factory=list)
    error: str | None = None


def finding(rule: str, severity: Severity, ref: tuple[int, int], **more: Any) -> Finding:
    place = Place("附件2-1", *ref, caption="总分·得分")
    return Finding(rule, more.pop("title", "标题"), severity, more.pop("trial", False), (place,), **more)


TOTAL = finding(
    "S3-05", Severity.ERROR, (22, 8), title="总分不等", message="总分应为 90，\n实为 98。",
    expected="90", actual="98", difference="8", cause="S3-05 总分不等", subject="专项经费",
    operands=(Operand("资金得分", Place("附件2-1", 6, 10), "10"),),
)  # fmt: skip
REASON = finding("S3-06", Severity.QUERY, (13, 9), message="请说明原因。", cause="S3-06 失分原因")
REASON2 = finding("S3-06", Severity.QUERY, (14, 9), message="请说明原因。", cause="S3-06 失分原因")
HINT = finding("S3-17", Severity.NOTICE, (15, 4), message="多为定性指标。", cause="S3-17 质量", trial=True)


def audited(*findings: Finding, more: tuple[Outcome, ...] = ()) -> AuditResult:
    outcomes = [Outcome(f.rule, OutcomeKind.FINDING, f.subject, findings=(f,)) for f in findings]
    return AuditResult("S3-HN@2020.1", [*outcomes, *more])


SKIPS = (
    Outcome("S3-11", OutcomeKind.SKIPPED, "a", "缺少：报告_年初预算数"),
    Outcome("S3-09", OutcomeKind.SKIPPED, "a", "不适用"),
    Outcome("S3-09", OutcomeKind.SKIPPED, "b", "分母为零，无法计算"),
    Outcome("S3-02", OutcomeKind.SKIPPED, "a", "不适用"),
    Outcome("S3-02", OutcomeKind.PASSED, "b"),
)
BROKEN = Outcome("S3-99", OutcomeKind.BROKEN, "a", "不认识“某名称”")


def job(**more: Any) -> Job:
    result = audited(REASON, TOTAL, REASON2, HINT, more=(*SKIPS, BROKEN))
    record = Record("S3-HN@2020.1", "某单位", 2023)
    return Job("某单位.xlsx", result, record, marked_path=Path("out/某单位_审核.xlsx"), **more)


def test_summary_lines() -> None:
    counts = {Severity.ERROR: 3, Severity.QUERY: 5, Severity.NOTICE: 2}
    assert summary_line(counts) == "3 错误 · 5 核实 · 2 提示"
    assert summary_line({Severity.QUERY: 1}) == "1 核实"
    assert summary_line({}) == "通过"
    assert summary_line({}, broken=1) == "1 规则故障"
    assert total_line([job(), Job("b", error="坏了")]) == (
        "共 2 个：1 错误 · 2 核实 · 1 提示 · 1 规则故障 · 1 个无法处理"
    )


def test_groups_come_by_cause_with_the_worst_first() -> None:
    groups = summarise(job().result).groups
    assert [(g.cause, len(g.findings), g.worst) for g in groups] == [
        ("S3-05 总分不等", 1, Severity.ERROR),
        ("S3-06 失分原因", 2, Severity.QUERY),
        ("S3-17 质量", 1, Severity.NOTICE),
    ]


def test_skipped_are_rules_that_ran_nowhere() -> None:
    assert summarise(job().result).skipped == (
        ("缺少：报告_年初预算数", ("S3-11",)),
        ("分母为零，无法计算", ("S3-09",)),
    )


def test_plain_text() -> None:
    assert plain_report([job(read_notes=["按标题认出 3 个栏目"], explained=2)]).splitlines() == [
        "某单位.xlsx",
        "  级别          位置         规则   应为  实为  差额  说明",
        "  ◆ S3-05 总分不等",
        "  错误          附件2-1!H22  S3-05  90    98    8     总分应为 90， 实为 98。",
        "  ◆ S3-06 失分原因（2 处）",
        "  核实          附件2-1!I13  S3-06                    请说明原因。",
        "  核实          附件2-1!I14  S3-06                    请说明原因。",
        "  ◆ S3-17 质量",
        "  提示（试行）  附件2-1!D15  S3-17                    多为定性指标。",
        "  读表：按标题认出 3 个栏目",
        "  其中 2 处已有出错说明",
        "  跳过 2 条规则：缺少：报告_年初预算数（S3-11）；分母为零，无法计算（S3-09）",
        "  规则故障 1 条（规则包的问题，不是数据的问题）：S3-99：不认识“某名称”",
        "  标注：out/某单位_审核.xlsx",
        "  1 错误 · 2 核实 · 1 提示 · 1 规则故障",
    ]


def test_columns_stand_below_each_other_in_the_width_of_chinese_characters() -> None:
    lines = plain_report([job()]).splitlines()
    head = next(line for line in lines if "级别" in line)
    column = cell_len(head[: head.index("规则")])
    for line in lines:
        if "附件2-1!" in line:
            assert cell_len(line[: line.index("S3-")]) == column


def test_several_files_and_one_that_failed() -> None:
    text = plain_report([Job("a.xlsx", audited()), Job("b.xlsx", error="文件有密码。")])
    assert text == "a.xlsx\n  通过\n\nb.xlsx\n  无法处理：文件有密码。\n\n共 2 个：通过 · 1 个无法处理\n"


def printed(terminal: bool, quiet: bool = False, width: int = 120) -> str:
    out = io.StringIO()
    print_report([job()], Console(file=out, force_terminal=terminal, width=width), quiet=quiet)
    return out.getvalue()


def test_a_pipe_gets_plain_text_and_a_terminal_colours() -> None:
    assert printed(False) == plain_report([job()])
    assert "\x1b[" in printed(True)
    assert "总分应为 90" in printed(True)
    assert "差额" in printed(True)
    assert "差额" not in printed(True, width=80)
    assert printed(False, quiet=True) == "某单位.xlsx：1 错误 · 2 核实 · 1 提示 · 1 规则故障\n"


def test_unconfirmed_bases_count_what_the_rules_that_ran_rest_on() -> None:
    pack = load_pack("S3-HN")
    assert summarise(audited(), pack).unconfirmed.count == 0
    ran = [Outcome(r.id, OutcomeKind.PASSED, "") for r in pack.rules]
    found = summarise(AuditResult(pack.signature, ran), pack).unconfirmed
    assert set(found.rules) == {r.id for r in pack.rules if "待核" in r.basis}
    assert set(found.params) <= {p.name for p in pack.params.values() if "待核" in p.basis}


def test_csv_opens_in_excel_and_carries_no_formula() -> None:
    evil = finding("S3-17", Severity.NOTICE, (9, 4), message='=HYPERLINK("x")', actual="-5.00")
    data = csv_bytes([Job("a.xlsx", audited(TOTAL, evil), Record("p", "+单位"))])
    assert data.startswith(b"\xef\xbb\xbf")
    head, first, second = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert dict(zip(head, first, strict=True)) == {
        "文件": "a.xlsx", "单位": "'+单位", "级别": "错误", "试行": "", "规则": "S3-05", "名称": "总分不等",
        "工作表": "附件2-1", "单元格": "H22", "栏目": "总分·得分", "对象": "专项经费", "应为": "90",
        "实为": "98", "差额": "8", "说明": "总分应为 90，\n实为 98。", "建议": "", "依据": "",
        "原因分组": "S3-05 总分不等", "指纹": TOTAL.fingerprint,
    }  # fmt: skip
    row = dict(zip(head, second, strict=True))
    assert (row["说明"], row["实为"]) == ("'=HYPERLINK(\"x\")", "-5.00")


def test_json() -> None:
    (file,) = json.loads(json_bytes([job()]))["files"]
    assert (file["name"], file["unit"], file["year"]) == ("某单位.xlsx", "某单位", 2023)
    assert (file["pack"], file["marked"], file["clean"]) == ("S3-HN@2020.1", "某单位_审核.xlsx", None)
    assert file["counts"] == {"错误": 1, "核实": 2, "提示": 1}
    assert [f["rule"] for f in file["findings"]] == ["S3-06", "S3-05", "S3-06", "S3-17"]
    assert file["findings"][1]["places"] == [{"sheet": "附件2-1", "cell": "H22", "caption": "总分·得分"}]
    assert file["findings"][1]["operands"] == [
        {"name": "资金得分", "place": {"sheet": "附件2-1", "cell": "J6", "caption": ""}, "shown": "10"}
    ]
    assert len(file["skipped"]) == 4
    assert file["broken"] == [{"rule": "S3-99", "subject": "a", "reason": "不认识“某名称”"}]


def test_equal_audits_give_equal_bytes() -> None:
    assert json_bytes([job()]) == json_bytes([job()])
    assert csv_bytes([job()]) == csv_bytes([job()])
