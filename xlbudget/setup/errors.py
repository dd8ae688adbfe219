"""What a user is told when set-up cannot go on."""

from __future__ import annotations


class SetupError(Exception):
    """Set-up stopped; the text is a Chinese sentence for the user that says what to do."""


CLOSE_EXCEL = "请先关闭 Excel 再运行一次"
