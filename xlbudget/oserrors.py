"""What the operating system refused, in a few Chinese words."""

from __future__ import annotations

import errno
from typing import Final

_REASONS: Final = {
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有权限，或文件正被占用",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EIO: "磁盘读写出错",
    errno.EMFILE: "同时打开的文件太多",
}


def reason(error: OSError) -> str:
    """Why a file operation failed, for the user; the system's own words where we have none."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))
