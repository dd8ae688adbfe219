"""Which pack a workbook belongs to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xlbudget.packs import load_pack
from xlbudget.workbook.book import RawName
from xlbudget.workbook.errors import WorkbookRefused
from xlbudget.workbook.read import detect_pack
from xlbudget.workbook.read.detect import signature

from .forms_made import project
from .handmade import Draft, book, draft


def hidden(text: str) -> tuple[RawName, ...]:
    return (RawName("_xlbudget_pack", None, text, True),)


def test_by_document_property() -> None:
    version = load_pack("S3-SC").version
    found = detect_pack(book(project(), properties={"_xlbudget_pack": f"S3-SC@{version}"}))
    assert (found.pack.id, found.confidence, found.other_version) == ("S3-SC", 100, False)
    assert found.why == (f"工作簿注明 S3-SC {version} 版",)


def test_by_hidden_name_of_another_version() -> None:
    found = detect_pack(book(project(), extra=hidden('"S3-HN@2019.7"')))
    assert (found.pack.id, found.made_with, found.other_version) == ("S3-HN", "2019.7", True)
    assert "按 2019.7 版制作" in found.sentence


@pytest.mark.parametrize("text", ["#REF!", '"S3-HN"', "=Sheet1!$A$1", '"@"'])
def test_a_spoilt_signature_is_none(text: str) -> None:
    assert signature(book(project(), extra=hidden(text))) is None


def test_an_unknown_pack_is_said_and_captions_decide() -> None:
    found = detect_pack(book(project(), extra=hidden('"S3-XX@1"')))
    assert found.pack.id == "S3-CN"
    assert "“S3-XX”不在可用之列" in found.sentence


def test_the_national_form_where_nothing_else_tells() -> None:
    found = detect_pack(book(project().unnamed()))
    assert found.pack.id == "S3-CN"
    assert "与 S3-HN 的表样相同" in found.sentence
    assert found.confidence == 50


def test_the_region_in_a_cell_tells() -> None:
    found = detect_pack(book(project(实施单位="湖南省某市公路中心").unnamed()))
    assert found.pack.id == "S3-HN"
    assert "表中出现“湖南”" in found.why


def test_the_weights_tell() -> None:
    sheet = project(资金分值=20).unnamed()
    found = detect_pack(book(sheet), [load_pack("S3-CN"), load_pack("S3-HB")])
    assert found.pack.id == "S3-HB"
    assert "1 处分值有 1 处与规定相同" in found.why


def test_the_columns_tell() -> None:
    pack = load_pack("S3-SC")
    row = {"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "甲", "指标性质": "≥", "分值": 90}
    sheet = draft(pack, "自评表", "甲", {"项目名称": "甲", "资金分值": 10}, [row]).unnamed()
    assert detect_pack(book(sheet)).pack.id == "S3-SC"


def test_nothing_known_is_refused() -> None:
    with pytest.raises(WorkbookRefused):
        detect_pack(book(Draft("Sheet1").put("A1", "你好")))


def test_packs_of_ones_own() -> None:
    own = replace(load_pack("S3-CN"), id="S3-OWN", version="7")
    assert detect_pack(book(project()), [own]).pack is own
