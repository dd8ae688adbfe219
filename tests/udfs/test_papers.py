"""评分底稿: its scores are the audit's, its formulas give them again, nothing breaks without the add-in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from tests.office import ErrorCell, Office
from tests.rules_pack.records_made import project
from xlbudget.excel.wire import Value
from xlbudget.figures import Figure
from xlbudget.jobs import regenerate
from xlbudget.packs import Pack, load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import Derived, derive
from xlbudget.rules.record import Entry, FormRecord, Record
from xlbudget.rules.scope import Evaluation
from xlbudget.workbook.book import read_book
from xlbudget.workbook.fill import fill, placed
from xlbudget.workbook.mark import apply_patch
from xlbudget.workbook.package import Package
from xlbudget.workbook.papers import PAPERS_SHEET, papers_sheet
from xlbudget.workbook.patch import OwnSheet, Patch, SheetCell
from xlbudget.workbook.read import read_record
from xlbudget_udfs import call

SAMPLES = Path(__file__).resolve().parents[2] / "workbooks" / "samples"
HINT = "需加载项"
LETTERS = "ABCDEFGH"
OPEN = "有的项没有应得分，不能合计"


@dataclass(frozen=True)
class Paper:
    """The sheet of a workbook, with what was read from it."""

    pack: Pack
    record: Record
    data: bytes
    sheet: OwnSheet

    @classmethod
    def of(cls, pack: Pack, data: bytes) -> Paper:
        record, _ = read_record(read_book(Package.open(data)), pack)
        return cls(pack, record, data, papers_sheet(pack, record, derived_of(pack, record)))


@pytest.fixture(scope="module")
def seed_b(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    (result,) = regenerate(str(SAMPLES / "seed-b"), None, tmp_path_factory.mktemp("papers"))
    assert result.pack is not None
    assert result.clean_path is not None
    return Paper.of(result.pack, result.clean_path.read_bytes())


def derived_of(pack: Pack, record: Record) -> Derived:
    return derive(pack_program(pack), record)


def made(pack: Pack, *forms: FormRecord) -> Paper:
    """The sheet for projects made by hand, filled into the pack's form."""
    record = placed(pack, Record(pack.signature, year=2023, forms=list(forms)))
    return Paper.of(pack, fill(pack, record, derived_of(pack, record)))


def lines(paper: Paper) -> Iterator[dict[str, SheetCell]]:
    """The lines of all projects by the captions of their columns."""
    captions: list[str] = []
    for row in paper.sheet.rows:
        cells = [c for c in row if c is not None]
        if cells[0].style == "head":
            captions = [str(c.text) for c in cells]
        elif captions and cells[0].style != "group":
            yield dict(zip(captions, cells, strict=True))


def totals(paper: Paper, label: str = "合计") -> list[tuple[object, object]]:
    """What the lines 合计 (or 等级) say: reported and computed."""
    rows = [[c for c in row if c is not None] for row in paper.sheet.rows]
    return [(row[4].text, row[5].text) for row in rows if row[0].text == label]


def line(paper: Paper, label: str) -> dict[str, SheetCell]:
    return next(one for one in lines(paper) if label in str(one["指标"].text))


# ---- seed B ----


def test_the_scores_are_those_of_the_audit(seed_b: Paper) -> None:
    evaluation = Evaluation(pack_program(seed_b.pack), seed_b.record)
    wanted: list[object] = []
    for form in seed_b.record.of("自评表"):
        scope = evaluation.form(form)
        wanted.append(scope.name("资金得分"))
        for row in scope.rows("指标"):
            if row.name("定量") is True:
                wanted.append(row.name("应得分"))
            elif row.name("三级指标") == "无" or row.name("实际完成值") is None:
                wanted.append("")
            else:
                wanted.append("" if row.name("得分") is None else row.name("得分"))
    assert [one["应得分"].text for one in lines(seed_b)] == wanted
    assert len([w for w in wanted if isinstance(w, Fraction)]) == 26


def test_totals_and_grades(seed_b: Paper) -> None:
    """The total of the first project is a formula over its scores, of which one is missing."""
    assert totals(seed_b) == [(90, OPEN), (98, 98), (Fraction("98.63"), Fraction("98.63"))]
    assert totals(seed_b, "等级") == [("优", ""), ("优", "优"), ("优", "优")]


def test_the_totals_are_the_packs_own(seed_b: Paper) -> None:
    derived = derived_of(seed_b.pack, seed_b.record)
    own = [derived.field(form, "总得分") for form in seed_b.record.of("自评表")]
    assert own[1:] == [total for _, total in totals(seed_b)][1:]


def test_what_the_lines_say(seed_b: Paper) -> None:
    money = [one for one in lines(seed_b) if one["指标"].text == "预算执行率"][2]
    assert money["代入数"].text == "10×51.79÷60＝8.63"
    assert money["扣分"].text == Fraction("1.37")
    assert money["说明"].text == "扣了分，没有说明偏差原因"
    ecology = line(seed_b, "生态效益情况")
    assert ecology["评分规则"].text == "定性指标，按完成情况评分"
    assert "XB_" not in ecology["应得分"].formula
    assert ecology["说明"].text == "属于达成，应在4—5分之间；填报3分，不在其中；扣了分，没有说明偏差原因"
    blank = line(seed_b, "推动怀化经济发展")
    assert blank["说明"].text == "属于达成，应在8—10分之间；没有填得分"
    cost = line(seed_b, "成本指标")
    assert cost["代入数"].text == "目标：≤62.34；完成：46.78；没有超过，得满分10"
    assert str(cost["评分规则"].text).startswith("完成值不超过目标值的，得满分")
    missing = line(seed_b, "服务对象满意度")
    assert (missing["应得分"].text, missing["说明"].text) == ("", "没有填实际完成值，不能计算")
    absent = line(seed_b, "生态效益指标·无")
    assert (absent["应得分"].text, absent["应得分"].formula) == ("", "")
    assert absent["说明"].text == "填“无”：分值由同一一级指标的其他指标承担"


def test_formulas_refer_to_the_forms_cells(seed_b: Paper) -> None:
    formulas = [one["应得分"].formula for one in lines(seed_b)]
    money = "\"S3-HN\",\"预算执行率\",'附件2-1'!$H$6,'附件2-1'!$F$6,'附件2-1'!$G$6"
    assert formulas[0] == f'IFERROR(XB_SCORE({money}),"{HINT}")'
    first = "\"S3-HN\",\"定量指标\",'附件2-1'!$G$13,'附件2-1'!$E$13,'附件2-1'!$F$13"
    assert formulas[1] == f'IFERROR(XB_SCORE({first}),"{HINT}")'


# ---- the formulas give what stands there ----


class Cells:
    """The cells of a workbook with its sheet 评分底稿: arguments of functions are looked up in them."""

    def __init__(self, paper: Paper) -> None:
        book = openpyxl.load_workbook(io.BytesIO(paper.data), data_only=True)
        self.forms = {s.title: {c.coordinate: c.value for row in s.iter_rows() for c in row} for s in book}
        self.own = {
            f"{letter}{number}": cell
            for number, row in enumerate(paper.sheet.rows, 1)
            for letter, cell in zip(LETTERS, row, strict=True)
            if cell is not None
        }

    def functions(self) -> Iterator[tuple[Value, Value]]:
        """For every XB_… formula: what the function gives for the cells, and what stands there."""
        for cell in self.own.values():
            found = re.search(rf'IFERROR\((XB_\w+)\((.*)\),"{HINT}"\)', cell.formula)
            if found:
                arguments = [self.value(arg) for arg in re.findall(r'"[^"]*"|SUM\([^)]*\)|[^,]+', found[2])]
                asked = found[1] != "XB_GRADE" or isinstance(arguments[0], float)
                yield call(found[1], arguments) if asked else "", _value(cell.text)

    def value(self, argument: str) -> Value:
        if argument.startswith('"'):
            return argument[1:-1]
        if argument.startswith("SUM("):
            parts = [self.value(part) for part in argument[4:-1].split(",")]
            return sum(part for part in parts if isinstance(part, float))
        if "!" not in argument:
            return _value(self.own[argument].text)
        sheet, ref = argument.replace("$", "").split("!")
        return _value(self.forms[sheet.strip("'")].get(ref))


def _value(content: object) -> Value:
    if isinstance(content, int | float | Fraction):
        return float(content)
    return content if isinstance(content, str) else None


def assert_functions_agree(paper: Paper) -> int:
    pairs = list(Cells(paper).functions())
    assert [given for given, _ in pairs] == [stands for _, stands in pairs]
    return len(pairs)


def test_the_functions_give_what_stands_there(seed_b: Paper) -> None:
    assert assert_functions_agree(seed_b) == (1 + 4 + 2) + (1 + 4 + 2) + (1 + 4 + 2)


ROWS = (
    "产出指标（50分）|数量指标|招商项目数|≥8项|6项|15|15|",
    "产出指标（50分）|质量指标|化解率|≥90%|81%|10|9|来访增多，明年加强",
    "产出指标（50分）|时效指标|完成时间|2023年12月31日前完成|2023年12月20日|15|15|",
    "产出指标（50分）|成本指标|单位成本|≤50元|62.5元|10||",
    "效益指标（30分）|经济效益指标|签约额|≥1亿元|8000万元|15|15|",
    "效益指标（30分）|社会效益指标|社会效益|效果明显|部分达成|15|13|",
    "满意度指标（10分）|服务对象满意度指标|满意度|≥90%|满意|10|10|",
)


def test_other_cases_of_a_project() -> None:
    paper = made(load_pack("S3-CN"), project(rows=ROWS))
    got = {str(one["指标"].text).rpartition("·")[2]: one for one in lines(paper)}
    assert [one["应得分"].text for one in got.values()] == [
        *(10, Fraction("11.25"), 9, 15, 8),
        *("指标值与完成值单位不同，不能计算", 13, "完成值“满意”不是数，不能计算"),
    ]
    assert got["招商项目数"]["代入数"].text == "目标：≥8项；完成：6项；15×6÷8＝11.25"
    assert got["招商项目数"]["说明"].text == "填报15分，应得11.25分；扣了分，没有说明偏差原因"
    assert got["化解率"]["代入数"].text == "目标：≥90%；完成：81%；10×81%÷90%＝9"
    assert got["化解率"]["说明"].text == "偏差原因：来访增多，明年加强"
    assert got["单位成本"]["代入数"].text == "目标：≤50元；完成：62.5元；10×50÷62.5＝8"
    assert got["单位成本"]["说明"].text == "没有填得分，应为8分；扣了分，没有说明偏差原因"
    assert got["社会效益"]["说明"].text == (
        "属于部分达成，应在9分（含）至12分（不含）之间；填报13分，不在其中；扣了分，没有说明偏差原因"
    )
    assert totals(paper)[0][1] == OPEN
    assert assert_functions_agree(paper) == 1 + 5 + 2


def test_a_project_of_sichuan_says_the_direction_in_a_column_of_its_own() -> None:
    rows = ("产出指标|成本指标|单位成本|50|62.5|90|72|用工涨价",)
    form = project(rows=rows)
    form.rows["指标"][0]["指标性质"] = Entry("≤")
    paper = made(load_pack("S3-SC"), form)
    cost = line(paper, "单位成本")
    assert cost["应得分"].text == 72
    assert cost["应得分"].formula.endswith(f"'附件2-1'!$E$13),\"{HINT}\")")
    assert totals(paper) == [(82, 82)]
    assert_functions_agree(paper)


def test_a_project_without_a_budget() -> None:
    paper = made(load_pack("S3-CN"), project({"全年_财政拨款": "0", "执行_财政拨款": "0"}))
    money = line(paper, "预算执行率")
    assert money["应得分"].text == "预算数为零，不计算得分"
    assert money["说明"].text == "分值、预算数或执行数没有填，或预算数为零，不能计算"
    assert totals(paper)[0][1] == OPEN
    assert_functions_agree(paper)


def test_blank_forms_and_workbooks_without_projects() -> None:
    pack = load_pack("S3-CN")
    paper = made(pack, FormRecord("自评表"))
    assert [one["指标"].text for one in lines(paper)] == ["预算执行率"]
    assert_functions_agree(paper)
    empty = Record(pack.signature)
    last = papers_sheet(pack, empty, derived_of(pack, empty)).rows[-1]
    assert last[0] == SheetCell("没有需要评分的项目。", "small")


def test_entries_without_a_cell_give_numbers_alone() -> None:
    pack = load_pack("S3-CN")
    form = project()
    form.fields["资金分值"] = Entry(Figure.of(10))
    record = Record(pack.signature, forms=[form])
    paper = Paper(pack, record, b"", papers_sheet(pack, record, derived_of(pack, record)))
    assert totals(paper) == [("", 100)]
    assert all(one["应得分"].formula == "" for one in lines(paper))


def test_a_pack_of_ones_own_gets_no_functions() -> None:
    paper = made(replace(load_pack("S3-CN"), id="S3-自有"), project())
    assert not any(c is not None and "XB_" in c.formula for row in paper.sheet.rows for c in row)
    assert totals(paper, "等级") == [("优", "优")]


ABSENT = {"三级指标": "无", "年度指标值": "", "实际完成值": "", "得分": ""}
MODES = {"同级分摊": {"分值": ""}, "折算": {}, "计满分": {"得分": "15"}}


def in_mode(mode: str, pack_id: str) -> Pack:
    """The national pack with another way to treat what does not apply."""
    national = load_pack("S3-CN")
    params = {**national.params, "不适用处理": replace(national.params["不适用处理"], value=mode)}
    return replace(national, id=pack_id, params=params)


@pytest.mark.parametrize(("mode", "total"), [("同级分摊", 85), ("折算", 100), ("计满分", 100)])
def test_every_way_to_treat_what_does_not_apply(mode: str, total: int) -> None:
    paper = made(in_mode(mode, "S3-CN"), project(rows={4: {**ABSENT, **MODES[mode]}}))
    (form,) = paper.record.of("自评表")
    assert totals(paper) == [(total, total)]
    assert derived_of(paper.pack, paper.record).field(form, "总得分") == total


# ---- in an office program ----


def with_sheet(paper: Paper, path: Path) -> Path:
    package = Package.open(paper.data)
    apply_patch(package, Patch(sheets=[paper.sheet]), cleared=True)
    path.write_bytes(package.save())
    return path


def test_without_the_add_in_a_hint_stands_there(seed_b: Paper, office: Office, tmp_path: Path) -> None:
    found = office.recalculated(with_sheet(seed_b, tmp_path / "底稿.xlsx"))[PAPERS_SHEET]
    assert not any(isinstance(v, ErrorCell) or "#" in str(v) for v in found.values())
    own = Cells(seed_b).own
    scored = [ref for ref, cell in own.items() if cell.formula.startswith("IFERROR(XB_SCORE")]
    assert [found[ref] for ref in scored] == [HINT] * 15
    graded = [found.get(ref, "") for ref, cell in own.items() if "XB_GRADE" in cell.formula]
    assert graded == [HINT, ""] * 3, "the reported total has a grade, the computed one is not there"
    assert [found[f"F{ref[1:]}"] for ref, c in own.items() if c.text == "合计"] == [OPEN] * 3
    repeated = {ref: cell for ref, cell in own.items() if cell.formula.startswith("IF('附件2-")}
    assert {ref: _value(found.get(ref, "")) for ref in repeated} == {
        ref: _value(cell.text) for ref, cell in repeated.items()
    }


@pytest.mark.parametrize("mode", MODES)
def test_native_formulas_give_the_same(mode: str, office: Office, tmp_path: Path) -> None:
    """With the scores as numbers, as if the functions were there: totals, deductions and weights follow."""
    rows = {0: {"实际完成值": "5项", "得分": "12.5"}, 4: {**ABSENT, **MODES[mode]}}
    paper = made(in_mode(mode, "S3-自有"), project({"执行_财政拨款": "51.79"}, rows))
    found = office.recalculated(with_sheet(paper, tmp_path / "底稿.xlsx"))[PAPERS_SHEET]
    native = {ref: cell for ref, cell in Cells(paper).own.items() if cell.formula}
    assert len(native) > 25
    shown = {ref: found.get(ref, "") for ref in native}
    assert shown == {
        ref: pytest.approx(float(c.text)) if isinstance(c.text, int | Fraction) else c.text
        for ref, c in native.items()
    }


def test_a_total_typed_over_is_summed_from_its_parts(office: Office, tmp_path: Path) -> None:
    """The audit computes from the parts, so the working paper does too."""
    before, after = tmp_path / "前.xlsx", tmp_path / "后.xlsx"
    before.write_bytes(made(load_pack("S3-CN"), project({"执行_财政拨款": "51.79"})).data)
    office.fill(before, after, {"附件2-1": {"F6": 66}})
    paper = Paper.of(load_pack("S3-CN"), after.read_bytes())
    money = line(paper, "预算执行率")
    assert money["得分（填报）"].text == Fraction("7.85")
    assert money["应得分"].text == Fraction("8.63")
    assert "SUM('附件2-1'!$F$7" in money["应得分"].formula
    assert_functions_agree(paper)


def test_formulas_that_were_saved_without_a_result() -> None:
    """Some programs leave formulas to Excel: what they will show is computed."""
    made_by_us = made(load_pack("S3-CN"), project({"执行_财政拨款": "51.79"}))
    out = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(made_by_us.data)).save(out)
    paper = Paper.of(load_pack("S3-CN"), out.getvalue())
    assert line(paper, "预算执行率")["得分（填报）"].text == Fraction("8.63")
    assert totals(paper) == totals(made_by_us) == [(Fraction("98.63"), Fraction("98.63"))]
