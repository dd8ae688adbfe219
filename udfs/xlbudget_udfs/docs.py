"""The documentation page of the worksheet functions, for accountants."""

from __future__ import annotations

from .functions import FUNCTIONS
from .registry import Function

_INTRO = """# 工作表函数

装了 xlbudget 加载项以后，可以在单元格里直接用下面的函数。数按十进制精确计算，只在最后显示时四舍五入；
参数空白时结果为空；参数里有出错值时原样返回；算不出来时给出一句说明，不会出现 #VALUE! 一类的错误。
标明“可以整列”的函数，参数给一列就得到一列结果。没有装加载项的电脑上显示 #NAME?。
"""


def docs_page() -> str:
    """Markdown (Chinese), made from the table of functions alone."""
    out = [_INTRO]
    categories = dict.fromkeys(f.category for f in FUNCTIONS.values())
    out += ["| 函数 | 用途 |", "|---|---|"]
    out += [f"| [{f.name}](#{f.name.lower()}) | {f.title} |" for f in FUNCTIONS.values()]
    for category in categories:
        out += ["", f"## {category}"]
        for function in FUNCTIONS.values():
            if function.category == category:
                out += _section(function)
    return "\n".join(out).rstrip() + "\n"


def _section(function: Function) -> list[str]:
    head = f"**{function.title}**：`{function.signature}`"
    out = ["", f"### {function.name}", "", head, "", function.doc, ""]
    for argument in function.arguments:
        out.append(f"- {argument.title}{'（可不填）' if argument.optional else ''}：{argument.doc}")
    if function.pairs:
        out.append(
            "- 名称、值：成对给出，名称是表上的栏目名；整列写成 `指标[得分]`，值给一列。"
            "没有给的栏目当作没有填。"
        )
    out += ["", "例子：", ""]
    for formula, result in function.examples:
        out.append(f"- `{formula}` → {result.replace(chr(10), '<br>')}")
    return out
