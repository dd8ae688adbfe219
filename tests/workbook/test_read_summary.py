"""Rows that stand for other forms: present, in another order, incomplete, absent."""

from __future__ import annotations

from xlbudget.rules.record import FormRecord, Record
from xlbudget.workbook.read import ReadReport, read_record

from .forms_made import CN, column, project, texts
from .handmade import Content, Draft, book, draft


def row(name: str | None, budget: Content) -> dict[str, Content]:
    return {"序号": 1, "项目": name, "年初预算数": budget, "自评得分": 98}


def summary(rows: list[dict[str, Content]]) -> Draft:
    fields = {"年度": "2023年度", "填报单位": "某市公路局", "报告_年初预算数": 30, "报告_等级": "优"}
    return draft(CN, "汇总", "汇总", fields, list(rows), {"合计_年初预算数": 33})


def read(*sheets: Draft) -> tuple[Record, FormRecord, ReadReport]:
    record, report = read_record(book(*sheets), CN)
    return record, next(record.of("汇总")), report


def two() -> tuple[Draft, Draft]:
    return project("附件2-1", 项目名称="公路养护"), project("附件2-2", 项目名称="桥梁检测")


def test_in_order() -> None:
    record, form, report = read(*two(), summary([row("公路养护", 11.5), row("桥梁检测", 21.5)]))
    assert [f.key for f in record.forms] == ["公路养护", "桥梁检测", "某市公路局"]
    assert column(form, "项目", "项目") == ["公路养护", "桥梁检测"]
    assert column(form, "年初预算数", "项目") == ["11.50", "21.50"]
    assert texts(form) == {
        "年度": "2023",
        "填报单位": "某市公路局",
        "合计_年初预算数": "33.00",
        "报告_年初预算数": "30.00",
        "报告_等级": "优",
    }
    place = form.rows["项目"][1]["年初预算数"].place
    assert place is not None
    assert (place.address, place.caption) == ("汇总!C6", "桥梁检测·年初预算数")
    assert (record.unit, record.year, report.notes) == ("某市公路局", 2023, [])


def test_found_by_captions_too() -> None:
    sheets = [
        s.unnamed().move(1, 1) for s in (*two(), summary([row("公路养护", 11.5), row("桥梁检测", 21.5)]))
    ]
    _, form, report = read(*sheets)
    assert column(form, "年初预算数", "项目") == ["11.50", "21.50"]
    assert texts(form)["报告_年初预算数"] == "30.00"
    assert report.forms[2].missing == []


def test_rows_follow_the_order_of_the_forms() -> None:
    _, form, report = read(*two(), summary([row("桥梁检测", 21.5), row("公路 养护", 11.5)]))
    assert column(form, "年初预算数", "项目") == ["11.50", "21.50"]
    places = [r["年初预算数"].place for r in form.rows["项目"]]
    assert [p.ref for p in places if p] == ["C6", "C5"]
    assert report.notes == []


def test_similar_names_are_paired_and_said() -> None:
    _, form, report = read(*two(), summary([row("桥梁检测费", 21.5), row("公路养护", 11.5)]))
    assert column(form, "项目", "项目") == ["公路养护", "桥梁检测费"]
    assert report.notes == ["“汇总”的“桥梁检测费”按“桥梁检测”核对，两处名称不一致"]


def test_rows_without_names_go_by_order() -> None:
    _, form, _ = read(*two(), summary([row(None, 21.5), row("公路养护", 11.5)]))
    assert column(form, "年初预算数", "项目") == ["11.50", "21.50"]


def test_a_project_without_row_and_a_row_without_project() -> None:
    _, form, report = read(*two(), summary([row("桥梁检测", 21.5), row("绿化", 5), row("照明", 6)]))
    assert column(form, "项目", "项目") == ["", "桥梁检测", "绿化", "照明"]
    assert [r["项目"].given for r in form.rows["项目"]] == [False, True, True, True]
    assert report.notes == [
        "“汇总”没有列出项目“公路养护”（工作表“附件2-1”）",
        "“汇总”列出的“绿化”没有对应的“项目支出绩效自评表”",
        "“汇总”列出的“照明”没有对应的“项目支出绩效自评表”",
    ]


def test_the_same_project_name_twice() -> None:
    first, second = project("附件2-1"), project("附件2-2")
    name = "维修（养护）经费"
    _, form, _ = read(first, second, summary([row(name, 1), row(name, 2)]))
    assert column(form, "年初预算数", "项目") == ["1.00", "2.00"]


def test_absent_summary_is_added_without_places() -> None:
    record, form, report = read(*two())
    assert len(form.rows["项目"]) == 2
    assert (form.sheet, record.unit) == ("", "某市公路中心")
    entries = [*form.fields.values(), *(e for r in form.rows["项目"] for e in r.values())]
    assert {(e.place, e.value, e.issue, e.given) for e in entries} == {(None, None, None, False)}
    assert report.notes == ["工作簿中没有“项目支出绩效自评汇总表”，涉及各表合计的审核按各表的数进行"]


def test_of_two_summaries_one_is_taken() -> None:
    full = summary([row("公路养护", 11.5), row("桥梁检测", 21.5)])
    record, _, report = read(*two(), full, full.copy("汇总旧"))
    assert [f.sheet for f in record.of("汇总")] == ["汇总"]
    assert report.unknown == ["汇总旧"]
    assert report.notes == ["工作簿有几张“项目支出绩效自评汇总表”，工作表“汇总旧”没有采用"]
