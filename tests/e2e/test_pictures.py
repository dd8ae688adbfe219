"""What a person sees: forms blank, filled and marked, printed by LibreOffice.

The pictures stay in pytest's temporary folder (``pictures…``), to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.printed import FONTS, Page, printed
from tests.office import Office
from xlbudget import jobs
from xlbudget.packs import load_pack
from xlbudget.rules.model import Finding, Severity
from xlbudget.workbook.findings import _WIDTHS
from xlbudget.workbook.palette import PALETTE

SAMPLES = Path(__file__).parents[2] / "workbooks" / "samples"
PACKS = ("S3-HN", "S3-SC")
PROJECTS = 3
PLAIN = {
    "S3-HN": 4,
    "S3-SC": 2,
}  # sheets of the faultless sample; Sichuan wants more explanations than it has
WHITE = (255, 255, 255)
STROKES = {"solid": 0, "gray125": 1, "lightUp": 2}  # eighths of a cell that the strokes of a pattern cover


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pages of one pack's workbooks, and what the audit of the sample found."""

    pack: str
    blank: list[Page]
    faultless: list[Page]
    marked: list[Page]
    clean_findings: list[Finding]
    findings: list[Finding]

    def on_page(self, number: int, findings: list[Finding]) -> list[Finding]:
        """The findings that stand on the sheet printed as that page (0-based)."""
        sheets = [*(f"附件2-{n + 1}" for n in range(PROJECTS)), "汇总"]
        return [f for f in findings if f.place is not None and f.place.sheet == sheets[number]]


@pytest.fixture(scope="module")
def printer(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A LibreOffice with stand-ins for official fonts; ``office`` is asked only whether there is one."""
    fonts = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    fonts.write_text(FONTS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", str(fonts))
        with Office() as running:
            yield running


@pytest.fixture(scope="module", params=PACKS)
def pictures(
    request: pytest.FixtureRequest, printer: Office, tmp_path_factory: pytest.TempPathFactory
) -> Pictures:
    pack: str = request.param
    folder = tmp_path_factory.mktemp(f"pictures-{pack}")
    blank = folder / "blank.xlsx"
    blank.write_bytes(jobs.new_form(pack))
    (faultless,) = jobs.regenerate(str(SAMPLES / "clean"), pack, folder / "clean")
    (faulty,) = jobs.regenerate(str(SAMPLES / "seed-b"), pack, folder / "seed-b")
    assert faultless.clean_path
    assert faulty.marked_path
    assert faulty.result
    assert faultless.result
    return Pictures(
        pack,
        printed(printer, blank, folder),
        printed(printer, faultless.clean_path, folder),
        printed(printer, faulty.marked_path, folder),
        faultless.result.findings,
        faulty.result.findings,
    )


def colour(severity: Severity) -> tuple[int, int, int]:
    """The fill of a mark as LibreOffice prints it: ground and stroke of a pattern mixed into one colour."""
    tone = PALETTE[severity]
    share = STROKES[tone.pattern]
    ground, stroke = (bytes.fromhex(argb[-6:]) for argb in (tone.fill, tone.stroke))
    red, green, blue = ((g * (8 - share) + s * share + 4) // 8 for g, s in zip(ground, stroke, strict=True))
    return red, green, blue


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_sheet_takes_one_page(pictures: Pictures) -> None:
    assert len(pictures.blank) == 2  # a form and the summary
    assert len(pictures.faultless) == PROJECTS + 1
    assert len(pictures.marked) > PROJECTS + 1 + 2  # and both sheets of ours


def test_all_captions_are_printed(pictures: Pictures) -> None:
    form, summary = load_pack(pictures.pack).forms
    for pages in (pictures.blank, pictures.faultless, pictures.marked):
        projects = [page.text for page in pages[: 1 if pages is pictures.blank else PROJECTS]]
        totals = pages[len(projects)].text
        for layout, texts in ((form, projects), (summary, [totals])):
            captions = {squeezed(static.text) for static in layout.statics} - {
                "绩效指标"
            }  # that one stands upright
            assert [(c, n) for n, text in enumerate(texts) for c in captions if c not in text] == []


def test_nothing_is_too_narrow_or_wrong(pictures: Pictures) -> None:
    for page in (*pictures.blank, *pictures.faultless, *pictures.marked):
        assert not re.search(r"###|#VALUE!|#DIV/0!|#REF!|#NAME\?|#N/A|Err:\d", page.text)


def test_blank_and_faultless_forms_have_no_colours(pictures: Pictures) -> None:
    marks = {colour(severity) for severity in Severity}
    plain = [p for n, p in enumerate(pictures.faultless) if not pictures.on_page(n, pictures.clean_findings)]
    assert len(plain) >= PLAIN[pictures.pack]
    assert [p.image.name for p in (*pictures.blank, *plain) if marks & set(p.colours())] == []


def test_marks_are_seen_in_colour_and_in_words(pictures: Pictures) -> None:
    """On the third project: a target far exceeded, a total never filled in, no budget at first."""
    page = pictures.marked[PROJECTS - 1]
    assert page.behind(page.find("535")) == colour(Severity.QUERY)
    assert page.behind(page.find("98.63")) == colour(Severity.ERROR)
    assert page.behind(page.find("60.00")) == colour(Severity.NOTICE)
    assert page.behind(page.find("信访接待人数")) == WHITE
    seen = page.colours()
    assert all(seen[colour(severity)] > 500 for severity in Severity)
    for number, sheet in enumerate(pictures.marked[: PROJECTS + 1]):
        found = pictures.on_page(number, pictures.findings)
        assert [f.rule for f in found if not re.search(f"◀..[^◀]*{f.rule}", sheet.text)] == []


def test_findings_are_printed_in_full(pictures: Pictures) -> None:
    """No row of 审核结果 is cut by the end of a page, and every page has the captions."""
    pages = [p for p in pictures.marked[PROJECTS + 1 :] if p.text.startswith("审核结果")]
    rules = [p for p in pictures.marked[PROJECTS + 1 :] if p.text.startswith("审核规则")]
    assert len(pages) > 1
    assert len(pages) + len(rules) == len(pictures.marked) - PROJECTS - 1
    assert {p.line("序号") for p in pages} == {"序号级别位置栏目问题应为实为差额怎么办依据规则出错说明标识"}
    assert {p.line("编号") for p in rules} == {"编号级别状态适用名称审核公式口径提示语依据本次结果"}
    problems = [p.column(_WIDTHS, 4) for p in pages]
    assert [
        f.message for f in pictures.findings if not any(squeezed(f.message) in text for text in problems)
    ] == []
