"""install.ps1, as far as it can be judged without PowerShell: its grammar, and what it calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from xlbudget.setup import cli

SCRIPT = Path(__file__).resolve().parents[2] / "install.ps1"


@pytest.fixture(scope="module")
def raw() -> bytes:
    return SCRIPT.read_bytes()


@pytest.fixture(scope="module")
def tree(raw: bytes) -> Node:
    return (
        Parser(Language(tree_sitter_powershell.language())).parse(raw.removeprefix(b"\xef\xbb\xbf")).root_node
    )


def nodes(node: Node, kind: str) -> Iterator[str]:
    if node.type == kind:
        yield (node.text or b"").decode()
    for child in node.children:
        yield from nodes(child, kind)


def test_it_parses(tree: Node) -> None:
    assert not tree.has_error


def test_powershell_5_reads_it_as_utf8(raw: bytes) -> None:
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\xef\xbb\xbf") == 1
    raw.decode("utf-8")


def test_its_parameters(tree: Node) -> None:
    block = next(nodes(tree, "param_block"))
    names = re.findall(r"\[(?:string|switch)\]\$(\w+)", block)
    words = "Source Mode Service TokenFile Pack WhatIf Preflight Rollback Uninstall All"
    assert names == words.split()
    assert "[ValidateSet('T1', 'T2', 'T3')]" in block


def test_what_it_calls(tree: Node) -> None:
    own = "Exit-Setup Assert-Whole Find-Python Read-Settings Install-AddinOnly"
    reads = "Resolve-Path Test-Path Get-Content ConvertFrom-Json Get-FileHash Join-Path Get-Item Get-Command"
    other = "Get-ChildItem ForEach-Object Out-Null Write-Host Read-Host Set-StrictMode"
    changes = "New-Item Copy-Item Move-Item Remove-Item Unblock-File"
    allowed = set(f"{own} {reads} {other} {changes}".split())
    called = {name for name in nodes(tree, "command_name") if "-" in name}
    assert called <= allowed
    for line in nodes(tree, "command"):
        if line.startswith(("New-Item", "Remove-Item", "Copy-Item", "Move-Item")):
            assert "Registry" not in line


def test_what_it_never_does(raw: bytes) -> None:
    text = raw.decode("utf-8-sig")
    never = "Stop-Process taskkill HKLM Set-ExecutionPolicy Invoke-Expression RunAs Add-Type reg.exe regsvr32"
    for word in [*never.split(), "iex ", "Invoke-WebRequest", "DownloadString"]:
        assert word.lower() not in text.lower()


def test_it_starts_python_sealed_off(tree: Node) -> None:
    """No variables of the environment, no packages of the user, no modules of the current folder."""
    starts = [c for c in nodes(tree, "command") if c.startswith("& $python")]
    assert len(starts) == 2
    assert "$python -I -c" in starts[0]
    assert starts[1].startswith("& $python @arguments")
    text = SCRIPT.read_text(encoding="utf-8-sig")
    assert "$arguments = @('-I', '-B'" in text
    check, start = text.index("Assert-Whole '^(setup"), text.index("& $python @arguments")
    assert check < start  # nothing of the bundle runs unchecked


def test_it_says_what_set_up_understands() -> None:
    text = SCRIPT.read_text(encoding="utf-8-sig")
    options = set(re.findall(r"'(--[a-z-]+)'", text))
    known = set(re.findall(r"--[a-z-]+", cli._parser().format_help()))
    assert options <= known
    assert {"--source", "--mode", "--service", "--token-file", "--pack", "--all", "--what-if"} == options
    for command in ("install", "rollback", "uninstall", "preflight"):
        assert f"'{command}'" in text
        cli._parser().parse_args([command])
