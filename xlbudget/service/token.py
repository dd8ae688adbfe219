"""The token of the service: a word that the add-in must know. It lies in a file that only its owner reads."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from xlbudget.excel.state import home
from xlbudget.oserrors import reason

VARIABLE: Final = "XLBUDGET_TOKEN"
_TOKEN: Final = re.compile(r"[!-~]{16,200}")


class TokenError(Exception):
    """There is no token that can be used; the text says why, in Chinese."""


class Token(NamedTuple):
    word: str
    made: Path | None  # the file, when the token was made just now


def token_file() -> Path:
    return home() / "service-token"


def find_token(file: Path | None, make: bool, environ: Mapping[str, str] = os.environ) -> Token:
    """The token: of the environment, else of the file, else (``make``) a new one in that file.

    Raises TokenError when there is none, or one that is easily guessed.
    """
    if VARIABLE in environ:
        return Token(_checked(environ[VARIABLE], f"环境变量 {VARIABLE}"), None)
    path = file or token_file()
    try:
        return Token(_checked(path.read_text("ascii"), f"文件“{path}”"), None)
    except FileNotFoundError:
        if not make:
            raise TokenError(
                f"没有口令，服务不向其他电脑开放。请先设好环境变量 {VARIABLE}，"
                f"或把口令写进文件“{path}”，或先不带 --host 启动一次，让服务生成口令"
            ) from None
    except UnicodeDecodeError:
        raise TokenError(f"文件“{path}”里的口令含有英文、数字、符号以外的字符") from None
    except OSError as e:
        raise TokenError(f"口令文件“{path}”读不了：{reason(e)}") from e
    return Token(_make(path), path)


def _make(path: Path) -> str:
    word = secrets.token_urlsafe(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(word + "\n")
    except OSError as e:
        raise TokenError(f"口令文件“{path}”写不了：{reason(e)}") from e
    return word


def _checked(text: str, place: str) -> str:
    word = text.strip()
    if not _TOKEN.fullmatch(word):
        raise TokenError(f"{place}里的口令不能用：应是 16 至 200 个英文字母、数字或符号，中间没有空格")
    return word
