"""A small pack of forms that belong together: a table whose rows are a tree, and a sheet with its totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from xlbudget.figures import parse_figure
from xlbudget.packs import Pack, load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.model import AuditResult
from xlbudget.rules.record import Entry, FormRecord, Record
from xlbudget.rules.tree import code_text
from xlbudget.workbook.fill import placed

HEAD = """
id = "T1"
title = "试验决算表"
version = "1"
region = ""
disclosure = "S1"
basis = "试验"
"""

TABLE = """
[[form]]
id = "支出表"
title = "支出决算表"
sheet = "支出"
subject = "支出表_部门"
widths = [12, 30, 14, 14, 14]
[[form.block]]
name = "head"
rows = 4
[[form.block]]
name = "sum"
rows = 1
[[form.block]]
name = "支出明细"
rows = 0
[[form.static]]
block = "head"
at = "A1:E1"
text = "支出决算表"
style = "title"
[[form.static]]
block = "head"
at = "A3"
text = "部门："
style = "plain"
[[form.static]]
block = "head"
at = "E3"
text = "金额单位：万元"
style = "plain_right"
[[form.static]]
block = "head"
at = "A4"
text = "科目编码"
[[form.static]]
block = "head"
at = "B4"
text = "科目名称"
[[form.static]]
block = "head"
at = "C4"
text = "本年支出合计"
[[form.static]]
block = "head"
at = "D4"
text = "基本支出"
[[form.static]]
block = "head"
at = "E4"
text = "项目支出"
[[form.static]]
block = "sum"
at = "A1:B1"
text = "合计"
[[form.field]]
name = "支出表_部门"
block = "head"
at = "B3"
kind = "text"
captions = ["部门：|单位：", ""]
[[form.field]]
name = "支出表_本年支出合计"
block = "sum"
at = "C1"
kind = "money"
unit = "万元"
captions = ["合计", "本年支出合计"]
formula = "合计(支出明细[本年支出合计])"
[[form.field]]
name = "支出表_基本支出"
block = "sum"
at = "D1"
kind = "money"
unit = "万元"
captions = ["合计", "基本支出"]
formula = "合计(支出明细[基本支出])"
[[form.field]]
name = "支出表_项目支出"
block = "sum"
at = "E1"
kind = "money"
unit = "万元"
captions = ["合计", "项目支出"]
formula = "合计(支出明细[项目支出])"
[[form.rowset]]
name = "支出明细"
tree = "科目编码"
subject = "科目名称|科目编码"
[[form.rowset.column]]
name = "科目编码"
at = "A"
kind = "code"
[[form.rowset.column]]
name = "科目名称"
at = "B"
kind = "text"
[[form.rowset.column]]
name = "本年支出合计"
at = "C"
kind = "money"
unit = "万元"
formula = 'IF(COUNT(基本支出,项目支出)=0,"",SUM(基本支出,项目支出))'
[[form.rowset.column]]
name = "基本支出"
at = "D"
kind = "money"
unit = "万元"
[[form.rowset.column]]
name = "项目支出"
at = "E"
kind = "money"
unit = "万元"

[[form]]
id = "总表"
title = "收入支出决算总表"
sheet = "总表"
subject = "总表_部门"
widths = [20, 14, 14]
[[form.block]]
name = "head"
rows = 3
[[form.block]]
name = "body"
rows = 4
[[form.static]]
block = "head"
at = "A1:C1"
text = "收入支出决算总表"
style = "title"
[[form.static]]
block = "head"
at = "A2"
text = "部门："
style = "plain"
[[form.static]]
block = "head"
at = "A3"
text = "项目"
[[form.static]]
block = "head"
at = "B3"
text = "决算数"
[[form.static]]
block = "body"
at = "A1"
text = "本年收入"
[[form.static]]
block = "body"
at = "A2"
text = "本年支出"
[[form.static]]
block = "body"
at = "A3"
text = "年末结转和结余"
[[form.static]]
block = "body"
at = "A4"
text = "社会保障和就业支出"
[[form.field]]
name = "总表_部门"
block = "head"
at = "B2"
kind = "text"
captions = ["部门：|单位：", ""]
[[form.field]]
name = "总表_本年收入"
block = "body"
at = "B1"
kind = "money"
unit = "万元"
captions = ["本年收入", "决算数"]
[[form.field]]
name = "总表_本年支出"
block = "body"
at = "B2"
kind = "money"
unit = "万元"
captions = ["本年支出", "决算数"]
[[form.field]]
name = "总表_年末结转"
block = "body"
at = "B3"
kind = "money"
unit = "万元"
captions = ["年末结转和结余", "决算数"]
formula = 'IF(COUNT(总表_本年收入)=0,"",总表_本年收入-N(支出表_本年支出合计))'
[[form.field]]
name = "总表_社保"
block = "body"
at = "B4"
kind = "money"
unit = "万元"
captions = ["社会保障和就业支出", "决算数"]
formula = 'IF(COUNT(支出明细[基本支出])=0,"",SUMIFS(支出明细[本年支出合计],支出明细[科目编码],"208"))'
[form.define]
"总表_收支差" = "N(总表_本年收入)-N(总表_本年支出)"
"""

RULES = """
[[rule]]
id = "T-TREE"
title = "上级科目等于下级之和"
severity = "错误"
form = "支出表"
each = "支出明细"
left = "填报数(基本支出)"
relation = "="
right = "计算数(基本支出)"
precision = "显示精度"
marks = ["基本支出"]
message = "{科目名称}的基本支出{应为}，表上是{实为}，{多少}。"
advice = "核对。"
basis = "试验"
why = "试验用。"
pass = ["支出明细[科目编码]=208|20805|2080505；支出明细[基本支出]=3|3|3"]
fail = [{ text = "支出明细[科目编码]=208|20805；支出明细[基本支出]=4|3", expect = "3.00｜4.00｜1.00" }]

[[rule]]
id = "T-NUM"
title = "上级科目等于下级之和，空白算零"
severity = "错误"
form = "支出表"
each = "支出明细"
when = "OR(N(填报数(项目支出))<>0,N(计算数(项目支出))<>0)"
left = "填报数(项目支出)"
relation = "="
right = "N(计算数(项目支出))"
precision = "显示精度"
marks = ["项目支出"]
message = "{科目名称}的项目支出应为{应为}，表上是{实为}。"
advice = "核对。"
basis = "试验"
why = "试验用。"
pass = ["支出明细[科目编码]=208|20805；支出明细[项目支出]=3|3"]
fail = ["支出明细[科目编码]=208|20805；支出明细[项目支出]=4|3"]

[[rule]]
id = "T-TOTAL"
title = "合计等于各类之和"
severity = "错误"
form = "支出表"
left = "填报数(支出表_基本支出)"
relation = "="
right = "计算数(支出表_基本支出)"
precision = "显示精度"
marks = ["支出表_基本支出"]
message = "合计应为{应为}，表上是{实为}。"
advice = "核对。"
basis = "试验"
why = "试验用。"
pass = ["支出表_基本支出=5；支出明细[科目编码]=208|20805|221；支出明细[基本支出]=3|3|2"]
fail = ["支出表_基本支出=8；支出明细[科目编码]=208|20805|221；支出明细[基本支出]=3|3|2"]

[[rule]]
id = "X-OUT"
title = "总表的本年支出等于支出表的合计"
severity = "错误"
form = "总表"
left = "总表_本年支出"
relation = "="
right = "支出表_本年支出合计"
precision = "显示精度"
marks = ["总表_本年支出", "支出表_本年支出合计"]
message = "总表的本年支出是{实为}，支出表的合计是{支出表_本年支出合计}。"
advice = "核对。"
basis = "试验"
why = "试验用。"
pass = ["总表_本年支出=5；支出表_本年支出合计=5"]
fail = [{ text = "总表_本年支出=5；支出表_本年支出合计=6", expect = "6.00｜5.00｜-1.00" }]

[[rule]]
id = "X-208"
title = "总表的社保支出等于支出表的208类"
severity = "错误"
form = "总表"
left = "填报数(总表_社保)"
relation = "="
right = 'SUMIFS(支出明细[本年支出合计],支出明细[科目编码],"208")'
marks = ["总表_社保", "支出明细[本年支出合计]"]
message = "应为{应为}，表上是{实为}。"
advice = "核对。"
basis = "试验"
why = "试验用。"
pass = ["总表_社保=3；支出明细[科目编码]=208|20805；支出明细[基本支出]=3|3"]
fail = ["总表_社保=4；支出明细[科目编码]=208|20805；支出明细[基本支出]=3|3"]

[[rule]]
id = "X-GAP"
title = "收支差不小于零"
severity = "核实"
form = "支出表"
left = "总表_收支差"
relation = ">="
right = "0"
marks = ["总表_本年收入"]
message = "收支差为{实为}。"
advice = "核对。"
basis = "试验"
why = "试验用。"
pass = ["总表_本年收入=5；总表_本年支出=5"]
fail = ["总表_本年收入=4；总表_本年支出=5"]

[[rule]]
id = "GEN-OVER"
title = "公式被覆盖"
severity = "核实"
form = "*"
issue = "公式被覆盖"
message = "{栏目}应由公式计算，现为{原值}，公式得{应为}。"
advice = "核对。"
basis = "试验"
why = "试验用。"
"""

ROWS = (
    "208|社会保障和就业支出||",
    "20805|行政事业单位养老支出||",
    "2080501|行政单位离退休|1.50|",
    "2080505|机关事业单位基本养老保险缴费支出|10.25|",
    "20899|其他社会保障和就业支出||",
    "2089999|其他社会保障和就业支出||0.60",
    "221|住房保障支出||",
    "22102|住房改革支出||",
    "2210201|住房公积金|8.00|",
    "229|其他支出||3.00",
)
"""A table without error: sums are left to the forms. Its rows stand at 6 to 15, the total at 5."""

TEXTS = {"支出表_部门", "总表_部门", "科目名称"}


def tree_pack(folder: Path, text: str = "") -> Pack:
    """The pack, with more TOML of forms or rules."""
    made = folder / "T1"
    made.mkdir(parents=True, exist_ok=True)
    (made / "pack.toml").write_text(HEAD + TABLE + RULES + text, encoding="utf-8")
    return load_pack(made)


def entry(text: str, name: str) -> Entry:
    if text == "":
        return Entry(None)
    if name in TEXTS:
        return Entry(text)
    if name == "科目编码":
        return Entry(code_text(text))
    return Entry(parse_figure(text))


def table(rows: Iterable[str] = ROWS, fields: Mapping[str, str] | None = None) -> FormRecord:
    form = FormRecord("支出表")
    for name, text in {"支出表_部门": "示例局", **(fields or {})}.items():
        form.fields[name] = entry(text, name)
    names = ("科目编码", "科目名称", "基本支出", "项目支出")
    form.rows["支出明细"] = [
        {n: entry(t, n) for n, t in zip(names, row.split("|"), strict=True)} for row in rows
    ]
    return form


def totals(**fields: str) -> FormRecord:
    form = FormRecord("总表")
    stated = {"总表_部门": "示例局", "总表_本年收入": "25.00", "总表_本年支出": "23.35", **fields}
    for name, text in stated.items():
        form.fields[name] = entry(text, name)
    return form


def record(pack: Pack, *forms: FormRecord) -> Record:
    return placed(pack, Record(pack.id, "示例局", 2023, list(forms)))


def audited(pack: Pack, *forms: FormRecord) -> AuditResult:
    return audit(pack_program(pack), record(pack, *forms))
