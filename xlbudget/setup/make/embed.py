"""The Python for Windows that its makers offer as an "embeddable package", made ready to run."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from xlbudget.setup.layout import PTH, PTH_NAME

from . import Files, MakeError

_EXPECTED = ("python.exe", "pythonw.exe", "LICENSE.txt")


@dataclass(frozen=True, slots=True)
class Python:
    """``files`` lie below ``python/``; ``tag`` is its binary interface, such as cp311."""

    files: Files
    tag: str
    version: str

    @property
    def short(self) -> str:
        """As package managers call it: 3.11."""
        return f"{self.tag[2]}.{self.tag[3:]}"


def embeddable(path: Path) -> Python:
    """Raises MakeError when the file is not such a package."""
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as opened:
            files = {i.filename: opened.read(i) for i in opened.infolist() if not i.is_dir()}
    except zipfile.BadZipFile as e:
        raise MakeError(f"“{path}”不是 zip 文件") from e
    found = [m[1] for name in files if (m := re.fullmatch(r"python(3\d+)\._pth", name))]
    missing = [name for name in _EXPECTED if name not in files]
    if missing or len(found) != 1:
        raise MakeError(
            f"“{path.name}”不是 Windows 的 Python embeddable 包：没有 {'、'.join(missing) or 'python3*._pth'}"
        )
    digits = found[0]
    files[f"python{digits}._pth"] = _pth(digits)
    files[f"Lib/site-packages/{PTH_NAME}"] = PTH.encode()
    named = re.search(r"(3\.\d+\.\d+\w*)-embed", path.name)
    tag = f"cp{digits}"
    version = named[1] if named else f"{tag[2]}.{tag[3:]}"
    return Python({f"python/{name}": data for name, data in files.items()}, tag, version)


def _pth(digits: str) -> bytes:
    """Its library, its folder, and site-packages, whose .pth file leads to ours. Nothing else is searched:

    a Python with such a file heeds neither PYTHONPATH nor the registry.
    """
    return f"python{digits}.zip\r\n.\r\nimport site\r\n".encode()
