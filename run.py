#!/usr/bin/env python3
"""Set up and run xlbudget from a fresh copy of the repository. Needs Python 3.11 or later, nothing else.

    python3 run.py demo              regenerate and audit the sample, workbooks into out/
    python3 run.py test              lint, type check and all tests
    python3 run.py xlbudget ARGS...  the xlbudget command, e.g. xlbudget validate FILE.xlsx

Everything is installed into .venv beside this file, in the versions of constraints.txt, once; later runs
start at once until pyproject.toml or constraints.txt changes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PINNED = ROOT / "constraints.txt"
SAMPLE = ROOT / "workbooks" / "samples" / "seed-b"
OUT = ROOT / "out"
FINDINGS = 1  # exit code of xlbudget: it ran, and found something

CHECKS = (
    ("ruff", ["-m", "ruff", "check", "."]),
    ("mypy", ["-m", "mypy"]),
    ("pytest", ["-m", "pytest", "-n", "2"]),
)


class SetupError(Exception):
    """The environment could not be set up; the text is for the user."""


def main(argv: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file may be started by any Python
        say(f"需要 Python 3.11 或更新的版本，现在是 {sys.version.split()[0]}。")
        return 2
    jobs = {"demo": demo, "test": test, "xlbudget": xlbudget}
    if not argv or argv[0] not in jobs:
        print(__doc__)
        return 0 if argv and argv[0] in ("-h", "--help", "help") else 2
    try:
        return jobs[argv[0]](argv[1:])
    except SetupError as e:
        say(str(e))
        return 2
    except KeyboardInterrupt:
        return 130


def demo(args: list[str]) -> int:
    """The sample of three real projects: official workbook, audit, highlighted copy, table of findings."""
    set_up("run")
    code = run("-m", "xlbudget", "regenerate", str(SAMPLE), "-o", str(OUT), *args)
    if code == FINDINGS:
        say(f"\n样例本来就有问题，上面就是查出来的；带标注的工作簿在 {OUT}")
        return 0
    return code


def test(args: list[str]) -> int:
    """All checks, one after the other; every one is run even when an earlier one fails."""
    set_up("dev")
    failed = []
    for name, command in CHECKS:
        say(f"── {name}")
        if run(*command, *(args if name == "pytest" else [])):
            failed.append(name)
    say("没有通过：" + "、".join(failed) if failed else "全部通过。")
    return 1 if failed else 0


def xlbudget(args: list[str]) -> int:
    set_up("run")
    return run("-m", "xlbudget", *args, cwd=None)


def run(*args: str, cwd: Path | None = ROOT) -> int:
    """Python of the environment with these arguments; its exit code."""
    return subprocess.run([str(PYTHON), *args], cwd=cwd, check=False).returncode


def set_up(kind: str) -> None:
    """The environment with the project installed; ``kind`` dev adds the tools of the tests."""
    wanted = fingerprint()
    if PYTHON.exists() and installed(kind) == wanted:
        return
    say("第一次运行，或依赖有变化：正在安装，请稍候……")
    if not works():
        make_environment()
    pip("install", "--constraint", PINNED.name, "--editable", ".[dev]" if kind == "dev" else ".")
    for done in ("run", "dev") if kind == "dev" else ("run",):
        stamp(done).write_text(wanted, encoding="ascii")


def fingerprint() -> str:
    """Changes whenever other packages would have to be installed."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (ROOT / "pyproject.toml", PINNED):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamp(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def installed(kind: str) -> str:
    try:
        return stamp(kind).read_text(encoding="ascii")
    except OSError:
        return ""


def works() -> bool:
    """Whether there is an environment of a good Python with pip in it."""
    code = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([str(PYTHON), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_environment() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    made = quietly(sys.executable, "-m", "venv", str(VENV))
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        hint = "在 Debian、Ubuntu 上先运行 apt install python3-venv。" if sys.platform == "linux" else ""
        raise SetupError(f"建立不了 Python 虚拟环境。{hint}\n{tail(made.stdout + made.stderr)}")


def pip(*args: str) -> None:
    done = quietly(str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", *args)
    if done.returncode:
        raise SetupError(f"安装依赖没有成功，请检查网络后再试。\n{tail(done.stdout + done.stderr)}")


def quietly(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)


def tail(text: str, lines: int = 12) -> str:
    return "\n".join(text.strip().splitlines()[-lines:])


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
