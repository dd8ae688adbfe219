"""Where xlbudget keeps what belongs to one user: its state, its logs, and the folders of jobs."""

from __future__ import annotations

import os
import platform
import secrets
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from xlbudget import __version__

JOBS: Final = "xlbudget"  # below TEMP: the parent of all job folders
KEPT_LOGS: Final = 20


def home(environ: Mapping[str, str] = os.environ) -> Path:
    """%LOCALAPPDATA%\\xlbudget on Windows, the folder for states of the XDG base directories elsewhere."""
    local = environ.get("LOCALAPPDATA")
    if local:
        return Path(local) / "xlbudget"
    state = environ.get("XDG_STATE_HOME", "")
    return (Path(state) if os.path.isabs(state) else Path.home() / ".local" / "state") / "xlbudget"


def jobs_folder() -> Path:
    """The folder below which the add-in puts the folder of each job; on Windows it goes by TEMP alone."""
    temp = os.environ.get("TEMP") if os.name == "nt" else None
    return Path(temp or tempfile.gettempdir()) / JOBS


def job_folder(given: object) -> Path | None:
    """The folder, when it is one directly below :func:`jobs_folder`; links do not lead out of there."""
    if not isinstance(given, str) or not given or "\0" in given:
        return None
    folder = Path(os.path.realpath(given))
    inside = os.path.normcase(folder.parent) == os.path.normcase(os.path.realpath(jobs_folder()))
    return folder if inside and folder.is_dir() else None


def log_error(error: BaseException, what: str, folder: Path | None = None) -> Path | None:
    """Write down an error of ours for the developers, in a file of its own: its path, None when that failed.

    Only the newest files are kept: nobody cleans this folder.
    """
    folder = folder or home() / "log"
    text = (
        f"xlbudget {__version__}\nPython {sys.version}\n{platform.platform()}\n{what}\n\n"
        + "".join(traceback.format_exception(error))
    )  # fmt: skip
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}.log"
        path.write_text(text, encoding="utf-8", errors="replace")
        for old in sorted(folder.glob("*-*-*.log"))[:-KEPT_LOGS]:
            old.unlink(missing_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: no home folder
        return None
    return path
