"""What set-up asks of the operating system: one small class, so that tests can stand in for Windows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import urllib.request
import venv
from pathlib import Path

RegistryValue = str | int | None


class System:
    """A PC as set-up sees it: portable answers; :class:`xlbudget.setup.windows.Windows` has the real ones.

    ``local`` and ``roaming`` are ``%LOCALAPPDATA%`` and ``%APPDATA%``. Methods that change something raise
    OSError when the system refuses.
    """

    venv_python = "bin/python"
    venv_site = "lib/python{0}.{1}/site-packages"

    def __init__(self, local: Path, roaming: Path) -> None:
        self.local = local
        self.roaming = roaming

    # ---- the Python that runs set-up ----

    @property
    def python(self) -> Path:
        return Path(sys.executable)

    @property
    def tag(self) -> str:
        """The binary interface of this Python as wheels name it, such as cp311."""
        return f"cp{sys.version_info[0]}{sys.version_info[1]}"

    @property
    def platform(self) -> str:
        """What this Python was built for; win-amd64 is the one that bundles hold files for."""
        return sysconfig.get_platform()

    # ---- questions that change nothing ----

    def environment(self, name: str) -> str:
        return os.environ.get(name, "")

    def registry(self, key: str, name: str = "") -> RegistryValue:
        """A registry value, e.g. ``registry(r"HKCU\\Software\\X", "name")``; None where it does not exist."""
        return None

    def processes(self) -> frozenset[str]:
        """Names of the running programs in small letters, such as excel.exe."""
        return frozenset()

    def code_page_holds(self, text: str) -> bool:
        """Whether programs that know no Unicode can name this text; xlwings' DLL is one of them."""
        return text.isascii()

    def free_space(self, folder: Path) -> int:
        """Bytes free where ``folder`` is, or will be."""
        return shutil.disk_usage(_existing(folder)).free

    def writable(self, folder: Path) -> bool:
        """Whether a file can be made in the folder (or the nearest that exists); leaves nothing behind."""
        try:
            with tempfile.TemporaryFile(dir=_existing(folder)):
                return True
        except OSError:
            return False

    def locked(self, path: Path) -> bool:
        """Whether another program holds the file open so that it cannot be replaced, as Windows has it."""
        return False

    def link_target(self, link: Path) -> Path | None:
        """Where a junction points; None where there is none."""
        try:
            return Path(os.readlink(link))
        except OSError:
            return None

    def get(self, url: str, token: str) -> str:
        """The answer of a web service, within five seconds. Raises OSError."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # intranet: no proxy
        with direct.open(urllib.request.Request(url, headers=headers), timeout=5) as answer:
            return str(answer.read(1000).decode("utf-8", "replace"))

    # ---- changes ----

    def link(self, link: Path, target: Path) -> None:
        """Make a junction, which needs no administrator as a symbolic link does."""
        link.symlink_to(target, target_is_directory=True)

    def unlink(self, link: Path) -> None:
        """Remove a junction and nothing behind it."""
        link.unlink()

    def unblock(self, path: Path) -> None:
        """Take away the mark "came from the Internet", for which Office refuses macros."""

    def copy(self, source: Path, target: Path) -> None:
        shutil.copyfile(source, target)

    def write(self, path: Path, data: bytes) -> None:
        """Write a file whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(path.name + ".new")
        try:
            new.write_bytes(data)
            self.rename(new, path)
        finally:
            new.unlink(missing_ok=True)

    def rename(self, source: Path, target: Path) -> None:
        """Rename a file, over an existing one if there is one; or a folder, where there is none yet."""
        os.replace(source, target)

    def remove(self, path: Path) -> None:
        """Remove a file or a folder with all in it; nothing happens where there is none."""
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def make_venv(self, folder: Path) -> None:
        """An environment of the Python that runs set-up, without pip: nothing will be installed into it."""
        venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(folder)

    def run(self, *command: str, timeout: int = 600) -> tuple[int, str]:
        """Exit code and output (UTF-8) of a program. Raises OSError when it will not start or end."""
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                check=False,
                timeout=timeout,
                stdin=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except subprocess.TimeoutExpired as e:
            raise OSError(f"超过 {timeout} 秒没有结束") from e
        return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def _existing(folder: Path) -> Path:
    return next(p for p in (folder, *folder.parents) if p.is_dir())
