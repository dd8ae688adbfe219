"""Finding the form on a sheet: by names, by captions, moved, retyped, converted, copied."""

from __future__ import annotations

import pytest

from xlbudget.packs import load_pack
from xlbudget.packs.layout import Box
from xlbudget.rules.record import CellIssue, FormRecord
from xlbudget.workbook.errors import WorkbookRefused
from xlbudget.workbook.read import How, ReadReport, read_record

from .forms_made import CN, EXPECTED, ROWS, column, indicator, project, refs, texts
from .handmade import Draft, book, draft

NAMED_ROWS = ["养护里程", "巡查次数", "养护成本", "出行条件", "群众满意度"]
STUTTERS = {
    "年度资金总额": "年年度资金总额",
    "      上年结转资金": "上上年结转资金",
    "      其他资金": "其其他资金",
    "实施单位": "实实施单位",
    "年初预算数": "年初预\n预算数",
    "全年预算数": "全年预\n预算数",
    "全年执行数": "全年执行数/数",
    "三级指标": "三级指指标",
}
TYPOGRAPHY = {
    "项目（支出）名称": "项目(支出) 名称：",
    "主管部门": "主 管 部 门",
    "年初预算数": "年初预算数\n(万元)",
    "全年预算数": "全年\u3000预算数（A）",
    "全年执行数": "全年执行数（B）",
    "执行率": "执行率（B/A）",
    "分值": "分 值",
    "得分": "得\n分",
    "总分": "总  分（100分）",
    "偏差原因分析及改进措施": "偏差原因分析\n及改进措施",
}


def only(sheet: Draft) -> tuple[FormRecord, ReadReport]:
    record, report = read_record(book(sheet), CN)
    return next(record.of("自评表")), report


def assert_whole(form: FormRecord) -> None:
    assert texts(form) == EXPECTED
    assert column(form, "三级指标") == NAMED_ROWS
    assert column(form, "得分") == ["20.00", "8.00", "20.00", "30.00", "10.00"]
    assert column(form, "二级指标")[:2] == ["数量指标", "数量指标"]


def test_by_names() -> None:
    form, report = only(project())
    assert_whole(form)
    assert {f.how for f in report.forms[0].found.values()} == {How.NAME}
    assert form.key == "维修（养护）经费"
    assert report.forms[0].notes == []


def test_places_bear_captions() -> None:
    form, _ = only(project())
    place = form.fields["年初预算数"].place
    assert place is not None
    assert (place.address, place.caption) == ("附件2-1!E6", "年度资金总额·年初预算数")
    row = form.rows["指标"][1]
    score, group = row["得分"].place, row["一级指标"].place
    assert score is not None
    assert group is not None
    assert (score.ref, score.caption) == ("H14", "巡查次数·得分")
    assert group.ref == "B13"


@pytest.mark.parametrize(("down", "right"), [(0, 0), (3, 0), (0, 2), (7, 4)])
def test_by_captions_wherever_the_form_stands(down: int, right: int) -> None:
    form, report = only(project().unnamed().move(down, right))
    assert_whole(form)
    assert {f.how for f in report.forms[0].found.values()} == {How.CAPTION}
    assert form.fields["总得分"].place is not None
    assert (form.fields["总得分"].place.row, form.fields["总得分"].place.col) == (18 + down, 8 + right)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("row", [4, 7, 9, 13, 15, 18])
def test_inserted_rows(row: int, named: bool) -> None:
    sheet = project().move(2, 0, from_row=row)
    form, _ = only(sheet if named else sheet.unnamed())
    assert texts(form) == EXPECTED
    assert column(form, "三级指标") == NAMED_ROWS
    rows = [r["得分"].place.row for r in form.rows["指标"] if r["得分"].place]
    assert rows == [r + (2 if r >= row else 0) for r in range(13, 18)]


def test_rows_typed_outside_the_named_ranges_are_read() -> None:
    sheet = project().move(1, 0, from_row=18)  # a row inserted before the total: the ranges do not grow
    sheet.put("D18", "新增指标").put("G18", 5).put("H18", 5)
    form, _ = only(sheet)
    assert column(form, "三级指标") == [*NAMED_ROWS, "新增指标"]
    assert column(form, "一级指标")[-1] == "满意度指标\n（10分）"


@pytest.mark.parametrize("words", [STUTTERS, TYPOGRAPHY], ids=["stutters", "typography"])
def test_other_spellings(words: dict[str, str]) -> None:
    form, report = only(project().unnamed().reword(words))
    assert_whole(form)
    assert report.forms[0].missing == []


def test_similar_captions_are_used_and_said() -> None:
    form, report = only(project().unnamed().reword({"偏差原因分析及改进措施": "偏差原因分析与改进措施"}))
    assert column(form, "偏差原因")[1] == "汛期停巡"
    assert report.forms[0].found["指标[偏差原因]"].how is How.SIMILAR
    assert "“偏差原因分析与改进措施”（指标[偏差原因]）" in "".join(report.forms[0].notes)


def test_opening_and_whole_year_are_never_swapped() -> None:
    sheet = project().unnamed().reword({"年初预算数": "预算数", "全年预算数": "全年预算"})
    form, _ = only(sheet)
    assert str(form.fields["全年预算数"].value) == "10.00"
    assert form.fields["年初预算数"].issue is CellIssue.MISSING
    assert form.fields["年初预算数"].place is None
    swapped, _ = only(project().unnamed().reword({"年初预算数": "全年预算数", "全年预算数": "年初预算数"}))
    assert str(swapped.fields["全年预算数"].value) == "11.50"


def test_official_alternatives() -> None:
    sheet = (
        project().unnamed().reword({"全年预算数": "调整后预算数", "全年执行数": "预算执行数", "总分": "合计"})
    )
    assert texts(only(sheet)[0]) == EXPECTED


def test_a_lost_name_falls_back_to_the_caption() -> None:
    sheet = project()
    sheet.names["总得分"] = None
    form, report = only(sheet)
    assert refs(form)["总得分"] == "H18"
    assert report.forms[0].found["总得分"].how is How.CAPTION
    assert "名称“总得分”已失效（#REF!），按标题读取" in report.forms[0].notes


@pytest.mark.parametrize(
    ("ref", "reason"), [("I18", "该格为空"), ("H12", "该格是标题"), ("D13", "该格不是数字")]
)
def test_an_odd_name_falls_back_to_the_caption(ref: str, reason: str) -> None:
    sheet = project()
    sheet.names["总得分"] = Box.parse(ref)
    form, report = only(sheet)
    assert refs(form)["总得分"] == "H18"
    assert f"名称“总得分”指向 {ref}，{reason}，按标题读取 H18" in report.forms[0].notes


def test_a_blank_named_cell_is_blank() -> None:
    form, _ = only(project(项目名称=None))
    assert form.fields["项目名称"].blank
    assert refs(form)["项目名称"] == "C3"
    assert form.key == "附件2-1"


def test_retyped_without_merged_cells() -> None:
    sheet = project().unnamed()
    sheet.merges = []
    form, _ = only(sheet)
    assert_whole(form)


def test_blank_rows_are_skipped_and_numbers_stay() -> None:
    rows = [*ROWS[:2], indicator("产出指标\n（50分）", "质量指标", "", None, None, None, None), *ROWS[2:]]
    sheet = draft(CN, "自评表", "甲", {"项目名称": "甲"}, rows)
    form, _ = only(sheet)
    assert column(form, "三级指标") == NAMED_ROWS
    assert [r["分值"].place.row for r in form.rows["指标"] if r["分值"].place] == [13, 14, 16, 17, 18]


def test_a_row_with_only_a_weight_counts() -> None:
    rows = [indicator("产出指标", "质量指标", "", None, None, 10, None)]
    form, _ = only(draft(CN, "自评表", "甲", {}, list(rows)))
    assert column(form, "分值") == ["10.00"]
    place = form.rows["指标"][0]["分值"].place
    assert place is not None
    assert place.caption == "质量指标·分值"


def test_without_a_foot_remarks_are_no_rows() -> None:
    sheet = project().unnamed()
    for at in [at for at in sheet.cells if at[0] == 18]:
        del sheet.cells[at]
    sheet.put("B19", "注：得分最高不能超过分值。").put("B20", "填表人：某某").put("G20", 1)
    form, _ = only(sheet)
    assert column(form, "三级指标") == NAMED_ROWS
    assert form.fields["总得分"].issue is CellIssue.MISSING


def test_subtotals_are_no_indicators() -> None:
    sheet = project().unnamed().move(1, 0, from_row=16)
    sheet.put("C16", "小计").put("G16", 50).put("H16", 48)
    assert column(only(sheet)[0], "三级指标") == NAMED_ROWS


def test_our_words_beside_the_table_are_not_read() -> None:
    sheet = project().put("K3", "◀错误 S3-05").put("I14", "◀核实 S3-06")
    form, _ = only(sheet)
    assert texts(form) == EXPECTED
    assert column(form, "偏差原因")[1] == ""


def test_caption_and_content_in_one_cell() -> None:
    sheet = project().unnamed().put("A3", "项目名称：桥梁维护").put("C3", None)
    form, _ = only(sheet)
    assert (form.key, refs(form)["项目名称"]) == ("桥梁维护", "A3")


def test_two_copies_on_one_sheet() -> None:
    first, second = project().unnamed(), project(项目名称="桥梁").unnamed().move(20, 0)
    first.cells |= second.cells
    first.merges += second.merges
    record, _ = read_record(book(first), CN)
    forms = list(record.of("自评表"))
    assert [f.key for f in forms] == ["维修（养护）经费", "桥梁"]
    assert [len(f.rows["指标"]) for f in forms] == [5, 5]
    assert refs(forms[1])["总得分"] == "H38"


def test_hidden_unknown_and_own_sheets() -> None:
    hidden = project("附件2-2")
    hidden.state = "hidden"
    other = Draft("通讯录").put("A1", "姓名").put("B1", "电话")
    record, report = read_record(book(project(), hidden, other, Draft("审核结果").put("A1", "规则")), CN)
    assert [f.sheet for f in record.of("自评表")] == ["附件2-1", "附件2-2"]
    assert (report.unknown, report.own) == (["通讯录"], ["审核结果"])
    assert "隐藏的工作表也一并审核：附件2-2" in report.notes


def test_nothing_to_read_is_refused() -> None:
    with pytest.raises(WorkbookRefused) as refused:
        read_record(book(Draft("Sheet1").put("A1", "你好")), CN)
    assert refused.value.code == "no-form"
    assert "“项目支出绩效自评表”" in refused.value.message
    assert "Sheet1" in refused.value.message


def test_sichuan_has_columns_of_its_own() -> None:
    pack = load_pack("S3-SC")
    row = {
        "一级指标": "产出指标",
        "二级指标": "数量指标",
        "三级指标": "养护里程",
        "指标性质": "≥",
        "年度指标值": 50,
        "度量单位": "公里",
        "实际完成值": 60,
        "分值": 90,
        "得分": 90,
    }
    fields = {"项目名称": "甲", "预算执行说明": "按进度支付", "执行_财政拨款": 5, "全年_财政拨款": 5}
    sheet = draft(pack, "自评表", "甲", fields, [row]).unnamed().move(1, 1)
    record, report = read_record(book(sheet), pack)
    form = next(record.of("自评表"))
    assert column(form, "指标性质") == ["≥"]
    assert column(form, "年度指标值") == ["50"]
    assert column(form, "度量单位") == ["公里"]
    assert texts(form)["预算执行说明"] == "按进度支付"
    assert refs(form)["预算执行说明"] == "L7"
    assert report.forms[0].missing == []
