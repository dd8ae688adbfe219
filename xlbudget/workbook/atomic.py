"""Writing a result: whole or not at all, never over a file that somebody has open."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from .errors import OutputError

_REASONS = {
    errno.ENOSPC: "磁盘已满，请清理空间或换一个输出文件夹后再试",
    errno.EDQUOT: "磁盘配额已用完，请清理空间或换一个输出文件夹后再试",
    errno.EFBIG: "文件超过了磁盘或系统允许的大小；请换一个输出文件夹后再试",
    errno.EACCES: "没有写入权限，或文件正被占用；请关闭该文件，或换一个输出文件夹后再试",
    errno.EPERM: "没有写入权限；请换一个输出文件夹后再试",
    errno.EROFS: "该磁盘是只读的；请换一个输出文件夹后再试",
    errno.ENOENT: "输出文件夹不存在；请先建立该文件夹",
    errno.ENOTDIR: "输出路径中有一段不是文件夹；请检查输出路径",
    errno.EISDIR: "同名的文件夹已存在；请换一个文件名",
    errno.ENAMETOOLONG: "文件名太长；请换一个较短的文件名",
    errno.EIO: "磁盘读写出错；请换一个磁盘后再试",
}


def write_atomic(path: str | os.PathLike[str], data: bytes) -> None:
    """Write ``data`` to ``path`` through a temporary file in the same folder and a rename.

    Whatever goes wrong, the old file stays as it was and no temporary file is left behind. Raises
    :class:`OutputError` when the target is read-only, open in Excel, WPS or LibreOffice (their lock
    file lies beside it), or cannot be written.
    """
    target = Path(os.path.realpath(path))  # the file behind a link, not the link
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.tmp")
    try:
        mode = _mode_of(target)
        try:
            _write_new(temporary, data)
            if mode is not None:
                os.chmod(temporary, mode)
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, f"系统报告：{error.strerror or error}")
        raise OutputError(f"无法写入“{target}”：{reason}。") from error


def _mode_of(target: Path) -> int | None:
    """Permission bits of an existing target; raises when it must not be replaced."""
    try:
        mode = target.stat().st_mode & 0o777
    except FileNotFoundError:
        return None
    if target.is_dir():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not mode & 0o222:
        raise OutputError(f"无法写入“{target}”：文件是只读的；请取消其只读属性，或换一个文件名。")
    for lock in (f"~${target.name}", f".~lock.{target.name}#", f".~{target.name}"):
        if target.with_name(lock).is_file():
            raise OutputError(
                f"无法写入“{target}”：文件正在表格软件中打开；请先关闭它。"
                f"如并未打开，请删除同一文件夹中的“{lock}”后再试。"
            )
    return mode


def _write_new(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system lets a folder be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
