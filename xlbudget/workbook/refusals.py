"""Every sentence with which a workbook is refused: what is wrong, and what to do. Codes are stable.

Readable without programming: ``{part}`` is the part of the file, ``{sheet}`` the sheet, ``{ref}`` the cell.
"""

from __future__ import annotations

from typing import Final

_SAVE_AGAIN = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再试。"
_GET_AGAIN = "请用 Excel 或 WPS 打开并另存为 .xlsx 后再试；如打不开，请重新获取完整的文件。"
_HOSTILE = "正常的工作簿不会如此，疑似恶意文件，已拒绝读取。"
_TRIM = "请删除数据区以外的多余内容（整行、整列删除），保存后再试。"

REFUSALS: Final[dict[str, str]] = {
    # the file itself
    "not-found": "找不到文件“{path}”。请检查文件名和路径。",
    "is-folder": "“{path}”是文件夹，不是工作簿。请指定其中的 .xlsx 文件。",
    "unreadable": "无法打开文件“{path}”：{reason}。请检查文件是否被占用、是否有读取权限。",
    "empty": "文件是空的（0 字节）。请重新获取完整的文件。",
    "too-large": "文件有 {size} MB，超过 {limit} MB 的上限。请删除图片和无关的工作表后另存再试。",
    # other formats, recognised by their first bytes
    "password": "工作簿设有打开密码，无法读取。请在 Excel 或 WPS 中打开，取消打开密码后另存再试。",
    "xls": f"这是旧版表格文件（.xls 或 .et），不是 .xlsx 工作簿。{_SAVE_AGAIN}",
    "old-document": "这是旧版的文字或演示文件（.doc、.wps、.ppt），不是工作簿。请提交 .xlsx 工作簿。",
    "ole": f"这是旧版办公文件，不是 .xlsx 工作簿。{_SAVE_AGAIN}",
    "html": f"这是网页文件（HTML），只是改成了表格的扩展名。{_SAVE_AGAIN}",
    "xml-table": f"这是 XML 文本文件，不是 .xlsx 工作簿。{_SAVE_AGAIN}",
    "csv": f"这是纯文本文件（如 CSV），不是 .xlsx 工作簿。{_SAVE_AGAIN}",
    "pdf": "这是 PDF 文件，不是工作簿。请提交 .xlsx 工作簿。",
    "archive": "这是压缩包（RAR、7z 等），不是工作簿。请先解压，再提交其中的 .xlsx 文件。",
    "picture": "这是图片文件，不是工作簿。请提交 .xlsx 工作簿。",
    "unknown-format": f"无法识别的文件格式，不是 .xlsx 工作簿。{_SAVE_AGAIN}",
    "plain-zip": "这是普通压缩包，里面没有工作簿的内容。请先解压，再提交其中的 .xlsx 文件。",
    "docx": "这是文字或演示文件（.docx、.pptx），不是工作簿。请提交 .xlsx 工作簿。",
    "xlsb": f"这是二进制工作簿（.xlsb），无法读取。{_SAVE_AGAIN}",
    "ods": f"这是 OpenDocument 表格（.ods），无法读取。{_SAVE_AGAIN}",
    "ofd": "这是 OFD 版式文件，不是工作簿。请提交 .xlsx 工作簿。",
    # the zip container
    "truncated": "文件不完整：缺少结尾，多半是下载、拷贝或上传中断。请重新获取完整的文件后再试。",
    "zip-damaged": f"文件已损坏：{{what}}。{_GET_AGAIN}",
    "member-damaged": f"文件已损坏：部件“{{part}}”{{what}}。{_GET_AGAIN}",
    "zip-password": "文件内容被压缩软件加了密码，无法读取。请先去掉密码，再提交 .xlsx 文件。",
    "zip-method": f"部件“{{part}}”采用了工作簿不允许的压缩方式。{_SAVE_AGAIN}",
    "zip-link": f"文件内含指向别处的符号链接“{{part}}”。{_HOSTILE}",
    "zip-name": f"文件内含不合规的部件名“{{part}}”。{_HOSTILE}如确为本单位的表，请用 Excel 或 WPS 另存再试。",
    "zip-twice": f"文件内有两个同名部件“{{part}}”，无法确定以哪个为准。{_SAVE_AGAIN}",
    "zip-overlap": f"文件内的部件“{{part}}”与别的部件重叠。{_HOSTILE}",
    "zip-members": f"文件内含 {{count}} 个部件，超过 {{limit}} 个的上限，已拒绝读取。{_SAVE_AGAIN}",
    "zip-size": f"文件解压后有 {{size}} MB，超过 {{limit}} MB 的上限，已拒绝读取。{_TRIM}",
    "zip-ratio": f"部件“{{part}}”压缩率异常（解压后 {{size}} MB），疑似恶意文件，已拒绝读取。{_TRIM}",
    # XML parts
    "doctype": f"部件“{{part}}”含有文档类型声明（DOCTYPE）。{_HOSTILE}",
    "encoding": f"部件“{{part}}”采用了不支持的文字编码 {{encoding}}。{_SAVE_AGAIN}",
    "part-malformed": f"文件已损坏：部件“{{part}}”的内容不完整或不合规。{_GET_AGAIN}",
    "part-too-large": f"部件“{{part}}”有 {{size}} MB，超过 {{limit}} MB 的上限，已拒绝读取。{_TRIM}",
    "part-too-many-tags": f"部件“{{part}}”的内容超过 {{limit}} 项的上限，已拒绝读取。{_TRIM}",
    "too-deep": f"部件“{{part}}”的内容嵌套超过 {{limit}} 层。{_HOSTILE}",
    # the workbook
    "no-workbook": f"文件中找不到工作簿的主体。{_GET_AGAIN}",
    "no-sheets": f"工作簿中没有可读的工作表。{_GET_AGAIN}",
    "too-many-sheets": "工作簿有 {count} 个工作表，超过 {limit} 个的上限。请只保留需要审核的工作表。",
    "too-many-names": "工作簿有 {count} 个定义名称，超过 {limit} 个的上限。请在名称管理器中删除无用的。",
    "too-many-strings": f"工作簿的文字超过 {{limit}} 条的上限，已拒绝读取。{_TRIM}",
    "sheet-twice": f"工作簿有两个名为“{{sheet}}”的工作表，无法确定以哪个为准。{_GET_AGAIN}",
    "sheet-missing": f"文件已损坏：工作表“{{sheet}}”的内容缺失。{_GET_AGAIN}",
    "not-a-sheet": f"文件已损坏：部件“{{part}}”不是工作表。{_GET_AGAIN}",
    "too-many-rows": (
        "工作表“{sheet}”有 {limit} 行以上的行记录（多为只有格式的空行）。"
        "请选中数据下方的空行整行删除，保存后再试。"
    ),
    "too-many-cells": f"工作簿有内容的单元格超过 {{limit}} 个的上限，已拒绝读取。{_TRIM}",
    "too-many-formulas": f"工作簿的公式展开后超过 {{limit}} 字，已拒绝读取。{_TRIM}",
    "too-far": "工作表“{sheet}”的单元格 {ref} 离表格太远，多半是误填。请删除该单元格的内容，保存后再试。",
    "too-long": "工作表“{sheet}”的单元格 {ref} 的文字超过 {limit} 字。请缩短后再试。",
    "text-too-long": "工作簿中有一个单元格的文字超过 {limit} 字。请缩短后再试。",
    "too-many-merges": "工作表“{sheet}”有 {count} 处合并单元格，超过 {limit} 处的上限。请取消多余的合并。",
    "merge-too-large": "工作表“{sheet}”的合并区域 {ref} 过大（如整列合并）。请取消该合并，保存后再试。",
    "bad-reference": f"文件已损坏：“{{ref}}”不是单元格地址。{_GET_AGAIN}",
    "cell-twice": f"文件已损坏：工作表“{{sheet}}”的单元格 {{ref}} 重复或次序颠倒。{_GET_AGAIN}",
    "bad-string": f"文件已损坏：工作表“{{sheet}}”的单元格 {{ref}} 引用的文字不存在。{_GET_AGAIN}",
    "inconsistent": f"文件已损坏：内部数据前后矛盾。{_GET_AGAIN}",
}
