"""A small source folder and a folder of made-up wheels: a whole bundle can be made without a network."""

from __future__ import annotations

import shutil
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
XLWINGS = "0.37.8"


def program(machine: int = 0x8664, salt: bytes = b"") -> bytes:
    """The beginning of a Windows program file."""
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", machine) + salt


def wheel(
    folder: Path,
    name: str,
    version: str,
    tag: str,
    files: Mapping[str, bytes | str],
    meta: str = "License: MIT\n",
) -> None:
    info = f"{name}-{version}.dist-info"
    told = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{meta}"
    everything = {
        **files,
        f"{info}/METADATA": told,
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n",
        f"{info}/RECORD": "",
        f"{info}/licenses/LICENSE": f"licence of {name}",
    }
    with zipfile.ZipFile(folder / f"{name}-{version}-{tag}.whl", "w") as out:
        for path, data in everything.items():
            out.writestr(path, data)


def wheelhouse(folder: Path) -> Path:
    """xlwings and pywin32 as they really look, and a pure package, for Python 3.11 and 3.12."""
    folder.mkdir()
    for tag in ("cp311", "cp312"):
        full = f"{tag}-{tag}-win_amd64"
        wheel(
            folder, "xlwings", XLWINGS, full,
            {
                "xlwings/__init__.py": f'__version__ = "{XLWINGS}"\n',
                "xlwings/pro/__init__.py": "raise SystemExit('pro')",
                "xlwings/xlwings.bas": "vba",
                "xlwings/addin/xlwings.xlam": b"PK",
                f"xlwings/xlwingslib.{tag}-win_amd64.pyd": program(),
                f"xlwings-{XLWINGS}.data/data/xlwings64-{XLWINGS}.dll": program(),
                f"xlwings-{XLWINGS}.data/data/xlwings32-{XLWINGS}.dll": program(0x14C),
                f"xlwings-{XLWINGS}.data/scripts/xlwings": "#!python",
                f"xlwings-{XLWINGS}.dist-info/LICENSE_PRO.txt": "pro",
            },
            f"License: BSD 3-clause\nSummary: {tag}\n"
            "Requires-Dist: pywin32>=224; platform_system == 'Windows'\n"
            "Requires-Dist: appscript; platform_system == 'Darwin'\n"
            "Requires-Dist: jinja2; extra == 'reports'\n",
        )  # fmt: skip
        wheel(
            folder, "pywin32", "312", full,
            {
                "pywin32.pth": "win32\nwin32\\lib\n",
                "pythoncom.py": "",
                "win32/win32api.pyd": program(salt=tag.encode()),
                f"pywin32_system32/pywintypes{tag[2:]}.dll": program(),
                "pythonwin/Pythonwin.exe": program(),
                "adodbapi/__init__.py": "",
                "PyWin32.chm": b"help",
            },
            "Classifier: License :: OSI Approved :: Python Software Foundation License\n",
        )  # fmt: skip
        files = {"fast/__init__.py": "", f"fast/_fast.{tag}-win_amd64.pyd": program(salt=tag.encode())}
        wheel(folder, "fast", "1.0", full, files)
    old = "Requires-Dist: backport>=1; python_version < '3.12'\n"
    wheel(folder, "pure_package", "2.0", "py3-none-any", {"pure.py": ""}, f"License-Expression: MIT\n{old}")
    wheel(folder, "backport", "1.5", "py2.py3-none-any", {"backport.py": ""})
    return folder


def source(folder: Path) -> Path:
    """A source folder: the real set-up and script, a program of a few lines, pins for the wheels."""
    package = folder / "xlbudget"
    shutil.copytree(
        ROOT / "xlbudget" / "setup", package / "setup", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("__init__.py", "oserrors.py"):
        shutil.copy(ROOT / "xlbudget" / name, package / name)
    (package / "jobs.py").write_text("")
    (package / "__main__.py").write_text(
        "import sys, xlwings, pure\nprint('自检', sys.argv[1:], sys.flags.isolated)\n"
    )
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "jobs.cpython-311.pyc").write_bytes(b"")
    (folder / "udfs" / "xlbudget_udfs").mkdir(parents=True)
    (folder / "udfs" / "xlbudget_udfs" / "__init__.py").write_text("")
    shutil.copy(ROOT / "install.ps1", folder / "install.ps1")
    (folder / "pyproject.toml").write_text(
        '[project]\ndependencies = ["xlwings==0.37.8", "Pure.Package>=1", "fast"]\n', encoding="utf-8"
    )
    pins = (
        "xlwings==0.37.8\nPyWin32==312  # Windows\npure-package==2.0\nbackport==1.5\nfast==1.0\nunused==9\n"
    )
    (folder / "constraints.txt").write_text(f"# pins\n{pins}")
    return folder


def embeddable(path: Path, digits: str = "311", machine: int = 0x8664) -> Path:
    """What the makers of Python offer as an embeddable package, in its outline."""
    with zipfile.ZipFile(path, "w") as out:
        for name in ("python.exe", "pythonw.exe", f"python{digits}.dll", "_ctypes.pyd"):
            out.writestr(name, program(machine))
        out.writestr(f"python{digits}.zip", b"PK")
        out.writestr(f"python{digits}._pth", f"python{digits}.zip\r\n.\r\n\r\n#import site\r\n")
        out.writestr("LICENSE.txt", "PSF")
    return path
