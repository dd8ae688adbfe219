"""What must hold of a bundle before anybody gets it."""

from __future__ import annotations

import re
import struct

from . import Files, MakeError

LONGEST = 150
"""Characters of a name in the bundle: Windows allows 260 for a path, and the user's folder comes first."""

_AMD64, _I386 = 0x8664, 0x14C
_32_BIT = re.compile(r"dll/xlwings32-[^/]*\.dll")  # loaded by a 32-bit Excel; Python itself stays 64-bit
_DLLS = re.compile(r"dll/xlwings(?:32|64)-(.+)\.dll")


def check(files: Files, xlwings: str) -> None:
    """Raises MakeError, naming the file. ``xlwings`` is the version whose VBA the add-in contains."""
    folded: dict[str, str] = {}
    for name, data in sorted(files.items()):
        if len(name) > LONGEST:
            raise MakeError(f"文件名太长，在 Windows 上可能装不下：{name}")
        if folded.setdefault(name.lower(), name) != name:
            raise MakeError(f"Windows 不分大小写，这两个文件会重名：{name}、{folded[name.lower()]}")
        if name.lower().endswith((".pyd", ".dll", ".exe")):
            _check_machine(name, data)
        if name.lower().endswith(".so") or "xlwings/pro/" in name:
            raise MakeError(f"不该放进安装包的文件：{name}")
    found = sorted(m[1] for name in files if (m := _DLLS.fullmatch(name)))
    if any(n.startswith("site") for n in files) and found != [xlwings] * 2:
        raise MakeError(
            f"加载项里是 xlwings {xlwings} 的 VBA，而 DLL 是 {'、'.join(found) or '没有'}；三者必须同一版本"
        )


def _check_machine(name: str, data: bytes) -> None:
    machine = _machine(data)
    if machine != (_I386 if _32_BIT.fullmatch(name) else _AMD64):
        raise MakeError(f"“{name}”不是 64 位 Windows 的程序文件（{machine:#x}）")


def _machine(data: bytes) -> int:
    """The processor that a Windows program file is for; 0 for anything else."""
    if data[:2] != b"MZ" or len(data) < 64:
        return 0
    start = struct.unpack_from("<I", data, 60)[0]
    if data[start : start + 4] != b"PE\0\0":
        return 0
    return int(struct.unpack_from("<H", data, start + 4)[0])
