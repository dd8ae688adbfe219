"""Packs made for a test: a folder that extends a pack of ours by a few lines of TOML."""

from __future__ import annotations

from pathlib import Path

from xlbudget.packs import Pack, load_pack

RULE = """
[[rule]]
id = "T-1"
title = "试验规则"
severity = "错误"
form = "自评表"
left = "N(全年执行数)"
relation = "<="
right = "1000"
marks = ["全年执行数"]
message = "全年执行数{全年执行数}太大。"
advice = "核对。"
basis = "试验"
why = "试验用。"
pass = ["执行_财政拨款=10"]
fail = ["执行_财政拨款=5000"]
"""


def write_pack(folder: Path, text: str = "", name: str = "T", extends: str = "S3-CN") -> Path:
    """The folder of a pack ``name`` that extends another by ``text``."""
    made = folder / name
    made.mkdir(parents=True, exist_ok=True)
    head = f'id = "{name}"\nextends = "{extends}"\ntitle = "试验"\nversion = "1"\n'
    (made / "pack.toml").write_text(head + text, encoding="utf-8")
    return made


def made_pack(folder: Path, text: str = "", name: str = "T", extends: str = "S3-CN") -> Pack:
    return load_pack(write_pack(folder, text, name, extends))


def param(name: str, value: str) -> str:
    """TOML that sets a parameter; ``value`` as TOML writes it."""
    return f'[[param]]\nname = "{name}"\nvalue = {value}\nbasis = "试验"\n'


def rule(**changes: str) -> str:
    """The rule T-1 with lines replaced (value as TOML writes it) or, for an empty value, left out."""
    lines = []
    for line in RULE.strip().splitlines():
        key = line.partition(" = ")[0]
        if key not in changes:
            lines.append(line)
        elif changes[key]:
            lines.append(f"{key} = {changes[key]}")
    stated = {line.partition(" = ")[0] for line in RULE.strip().splitlines()}
    lines += [f"{key} = {value}" for key, value in changes.items() if key not in stated]
    return "\n".join(lines) + "\n"
