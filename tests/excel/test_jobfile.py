"""Jobs in folders and in one body: what is written comes back, and nothing else is taken in."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlbudget.excel import jobfile
from xlbudget.excel.jobfile import JOB, read_job, read_packed, write_job, write_packed
from xlbudget.excel.messages import Job, OpenBook, Settings
from xlbudget.excel.wire import WireError

FRONT = OpenBook("自评表 2024（终稿）.xlsx", b"PK\3\4 front", "C:\\用户\\王丽")
JOB_OF_TWO = Job("validate", FRONT, (OpenBook("汇总.xlsx", b""),), Settings("S3-HN", "D:\\数据\\预算.xlsx"))

HEAD = b"xlbudget 1\r\nverb\tvalidate\r\npack\t\r\nsource\t\r\n"


def body(*books: bytes, head: bytes = HEAD, rest: bytes = b"") -> bytes:
    return head + b"".join(b"book\t" + b + b"\r\n" for b in books) + b"end\r\n" + rest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "book1.xlsx").write_bytes(b"one")
    return tmp_path


def written(folder: Path, text: bytes) -> Path:
    (folder / JOB).write_bytes(text)
    return folder


# ---- what is written comes back ----


def test_folder_round_trip(tmp_path: Path) -> None:
    write_job(tmp_path, JOB_OF_TWO)
    assert read_job(tmp_path) == JOB_OF_TWO
    assert (tmp_path / JOB).read_bytes().isascii()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["book1.xlsx", "book2.xlsx", JOB]


def test_text_of_a_job(tmp_path: Path) -> None:
    write_job(tmp_path, JOB_OF_TWO)
    assert (tmp_path / JOB).read_bytes() == (
        b"xlbudget 1\r\nverb\tvalidate\r\npack\tS3-HN\r\n"
        b"source\tD:\\u005c\\u6570\\u636e\\u005c\\u9884\\u7b97.xlsx\r\n"
        b"book\t\\u81ea\\u8bc4\\u8868 2024\\uff08\\u7ec8\\u7a3f\\uff09.xlsx"
        b"\tC:\\u005c\\u7528\\u6237\\u005c\\u738b\\u4e3d\tbook1.xlsx\r\n"
        b"book\t\\u6c47\\u603b.xlsx\t\tbook2.xlsx\r\nend\r\n"
    )


UNFIT = '\\/:*?"<>|'
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters=UNFIT),
    min_size=1,
    max_size=40,
)


@given(
    st.lists(
        st.tuples(NAMES, st.binary(max_size=300)), min_size=1, max_size=5, unique_by=lambda b: b[0].casefold()
    )
)
@settings(deadline=None, max_examples=60)
def test_packed_round_trip(books: list[tuple[str, bytes]]) -> None:
    front, *others = (OpenBook(name, data) for name, data in books)
    job = Job("fill", front, tuple(others))
    assert read_packed(write_packed(job), 10_000) == job


def test_packed_bytes() -> None:
    job = Job("clear", OpenBook("a.xlsx", b"12\r\nend\r\n"), (OpenBook("b.xlsx", b"345"),))
    assert write_packed(job) == (
        b"xlbudget 1\r\nverb\tclear\r\npack\t\r\nsource\t\r\n"
        b"book\ta.xlsx\t\t9\r\nbook\tb.xlsx\t\t3\r\nend\r\n"
        b"12\r\nend\r\n345"
    )
    assert read_packed(write_packed(job), 1000) == job


# ---- nothing else is taken in ----


@pytest.mark.parametrize(
    "name",
    [
        b"..\\u005cbook1.xlsx", b"../book1.xlsx", b"sub/book1.xlsx", b"C:book1.xlsx", b"/etc/passwd", b".",
        b"..", b"", b"job.txt", b"reply.txt", b"JOB.TXT", b"con.xlsx", b"NUL.xlsx", b"COM1.xlsx", b"book1",
        b"\\u4e66.xlsx",
        b"book1.xlsx:stream.a", b"book1.xlsx\\u0000", b"book1.xlsx.", b" book1.xlsx", b"*.xlsx",
        b"a" * 60 + b".xlsx",
    ],
)  # fmt: skip
def test_file_names_with_tricks(folder: Path, name: bytes) -> None:
    (folder.parent / "book1.xlsx").write_bytes(b"outside")
    with pytest.raises(WireError, match="文件名不对"):
        read_job(written(folder, body(b"a.xlsx\t\t" + name)))


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_not_followed(folder: Path) -> None:
    (folder.parent / "secret.xlsx").write_bytes(b"outside")
    (folder / "book2.xlsx").symlink_to(folder.parent / "secret.xlsx")
    with pytest.raises(WireError, match="不在任务文件夹里"):
        read_job(written(folder, body(b"a.xlsx\t\tbook2.xlsx")))


def test_missing_copy(folder: Path) -> None:
    with pytest.raises(WireError, match=r"“a\.xlsx”的副本不在任务文件夹里"):
        read_job(written(folder, body(b"a.xlsx\t\tbook7.xlsx")))


def test_no_job(tmp_path: Path) -> None:
    with pytest.raises(WireError, match="任务不在任务文件夹里"):
        read_job(tmp_path)
    with pytest.raises(WireError):
        read_job(tmp_path / "nowhere")
    with pytest.raises(WireError):
        read_job("a\0b")


def test_large_copy_is_refused_by_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobfile, "MAX_BOOK", 2)
    with pytest.raises(WireError, match=r"“大表\.xlsx”的副本超过"):
        read_job(written(folder, body("大表.xlsx".encode("unicode_escape") + b"\t\tbook1.xlsx")))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "不是 xlbudget 的任务"),
        (b"PK\3\4", "不是 xlbudget 的任务"),
        (b"xlbudget 2\r\nend\r\n", "另一版本的加载项"),
        (HEAD + b"book\ta.xlsx\t\tbook1.xlsx\r\n", "不完整"),
        (body(b"a.xlsx\t\tbook1.xlsx").replace(b"\r\n", b"\n"), "不是 xlbudget"),
        (body(b"a.xlsx\t\tbook1.xlsx") + b"\r\n", "不完整"),
        (body(b"a.xlsx\t\tbook1.xlsx").replace(b"pack\t\r\n", b"pack\t\nx\r\n"), "不完整"),
        (body(b"\xe8\xa1\xa8.xlsx\t\tbook1.xlsx"), "不是 xlbudget 的任务"),
        (body(), "应有 1 至 32 个工作簿，实有 0 个"),
        (body(*(b"%d.xlsx\t\tbook1.xlsx" % i for i in range(33))), "实有 33 个"),
        (body(b"a.xlsx\t\tbook1.xlsx", b"A.XLSX\t\tbook1.xlsx"), "有两个"),
        (body(b"a.xlsx\tbook1.xlsx"), "看不懂"),
        (body(b"a.xlsx\t\tbook1.xlsx\tmore"), "看不懂"),
        (body(b"\t\tbook1.xlsx"), "名称不对"),
        (body(b"..\\u005ca.xlsx\t\tbook1.xlsx"), "名称不对"),
        (body(b"a/b.xlsx\t\tbook1.xlsx"), "名称不对"),
        (body(b"a\\u0009b.xlsx\t\tbook1.xlsx"), "名称不对"),
        (body(b"a.xlsx\tC:\\u000a\tbook1.xlsx"), "名称不对"),
        (body(b"a.xlsx\t\tbook1.xlsx").replace(b"validate", b""), "没有写明要做什么"),
        (body(b"a.xlsx\t\tbook1.xlsx").replace(b"validate", b"../x"), "没有写明要做什么"),
        (body(b"a.xlsx\t\tbook1.xlsx").replace(b"pack\t", b"pack"), "缺少“pack”"),
        (body(b"a.xlsx\t\tbook1.xlsx").replace(b"source\t", b"source\t" + b"x" * 1001), "“source”不对"),
        (body(b"a.xlsx\t\tbook1.xlsx").replace(b"verb", b"verv"), "缺少“verb”"),
    ],
)
def test_not_a_job(folder: Path, text: bytes, sentence: str) -> None:
    with pytest.raises(WireError, match=sentence):
        read_job(written(folder, text))


def test_endless_text(folder: Path) -> None:
    with pytest.raises(WireError, match="超过"):
        read_job(written(folder, HEAD + b"x" * jobfile.MAX_TEXT))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "不是 xlbudget 的任务"),
        (b"\xff" * 500_000, "不是 xlbudget 的任务"),
        (body(b"a.xlsx\t\t3", rest=b"ab"), "没有传完"),
        (body(b"a.xlsx\t\t3", rest=b"abcd"), "多出了内容"),
        (body(b"a.xlsx\t\t-3", rest=b"abc"), "长度不对"),
        (body(b"a.xlsx\t\t+3", rest=b"abc"), "长度不对"),
        (body(b"a.xlsx\t\t03", rest=b"abc"), "长度不对"),
        (body(b"a.xlsx\t\t\\uff13", rest=b"abc"), "长度不对"),
        (body(b"a.xlsx\t\t99999999999", rest=b"abc"), "长度不对"),
        (body(b"a.xlsx\t\tbook1.xlsx", rest=b"abc"), "长度不对"),
    ],
)
def test_bad_bodies(data: bytes, sentence: str) -> None:
    with pytest.raises(WireError, match=sentence):
        read_packed(data, 1 << 20)


def test_body_over_the_limit() -> None:
    with pytest.raises(WireError, match="超过 1 MB"):
        read_packed(b"x" * (1 << 20) + b"x", 1 << 20)


def test_as_many_books_as_allowed_with_long_names_fit() -> None:
    books = [OpenBook(f"{i:02}" + "表" * 250, b"x", "C:\\" + "长" * 900) for i in range(jobfile.MAX_BOOKS)]
    job = Job("validate", books[0], tuple(books[1:]))
    assert read_packed(write_packed(job), 1 << 20) == job


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_anything_else_is_refused(tail: bytes) -> None:
    for data in (tail, HEAD + tail, HEAD + b"book\t" + tail + b"\r\nend\r\n"):
        with suppress(WireError):  # no other error
            read_packed(data, 1000)
