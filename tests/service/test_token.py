"""The token of the service."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from xlbudget.service.server import is_loopback
from xlbudget.service.token import VARIABLE, TokenError, find_token, token_file


def test_made_once_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "token"
    token = find_token(file, True, {})
    assert token.made == file
    assert len(token.word) >= 40
    assert file.read_text().strip() == token.word
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = find_token(file, True, {})
    assert again == (token.word, None)


def test_every_token_is_another(tmp_path: Path) -> None:
    assert len({find_token(tmp_path / str(i), True, {}).word for i in range(5)}) == 5


def test_default_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert find_token(None, True, {}).made == tmp_path / "xlbudget" / "service-token" == token_file()
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert token_file() == tmp_path / "Local" / "xlbudget" / "service-token"


def test_environment_comes_first(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-the-file-0123456789")
    assert (
        find_token(tmp_path / "token", True, {VARIABLE: "from-the-environment"}).word
        == "from-the-environment"
    )


@pytest.mark.parametrize(
    "word", ["", "short", "口令口令口令口令口令口令口令口令", "two words 0123456789", "x" * 201]
)
def test_words_that_cannot_be_used(tmp_path: Path, word: str) -> None:
    with pytest.raises(TokenError, match=VARIABLE):
        find_token(tmp_path / "t", True, {VARIABLE: word})
    (tmp_path / "t").write_text(word, "utf-8")
    with pytest.raises(TokenError, match="口令"):
        find_token(tmp_path / "t", True, {})


def test_not_made_for_the_network(tmp_path: Path) -> None:
    with pytest.raises(TokenError, match="没有口令，服务不向其他电脑开放"):
        find_token(tmp_path / "t", False, {})
    assert not (tmp_path / "t").exists()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TokenError, match=r"写不了|读不了"):
        find_token(tmp_path / "file" / "t", True, {})
    with pytest.raises(TokenError, match="读不了"):
        find_token(tmp_path, True, {})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "LocalHost", "::1"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.com", "localhost.example.com", ""])
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)
