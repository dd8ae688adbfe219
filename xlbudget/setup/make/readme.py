"""说明.txt: what the accountant reads first."""

from __future__ import annotations

NAME = "说明.txt"


def readme(version: str, mode: str, python: str, pythons: str) -> bytes:
    """For Notepad: UTF-8 with its mark, lines end as on Windows."""
    if mode == "T3":
        needs = "不需要 Python；要有单位提供的服务地址（可能还有口令）。"
    elif python:
        needs = f"自带 Python {python}，不用另外安装。"
    else:
        needs = f"电脑上要已经装有 64 位的 Python {pythons}（python.org 的安装版，不要应用商店版）。"
    return f"\ufeff{_TEXT.format(version=version, mode=mode, needs=needs)}".replace("\n", "\r\n").encode()


_TEXT = """\
xlbudget {version} 安装说明

一、需要什么
  · 64 位 Windows 10 或 11，Excel 2010 或更新的版本（32 位、64 位都可以）。
  · {needs}
  · 不需要管理员权限，不需要联网，只装给当前登录的用户。

二、安装
  1. 把压缩包全部解压到一个文件夹。
  2. 关闭 Excel。
  3. 右键单击 install.ps1，选“使用 PowerShell 运行”。
     如果没有这一项或提示禁止运行脚本，在这个文件夹里打开命令提示符，输入：
       powershell -ExecutionPolicy Bypass -File install.ps1
     （只对这一次有效；单位策略不允许的，请交给信息部门安装。）
  4. 看到“已安装”后打开 Excel，上方会多出“预算编审”选项卡。

三、其他用法（在命令提示符里，接在 install.ps1 后面）
  -Preflight            只检查这台电脑，什么也不改
  -WhatIf               只说要做什么，什么也不做
  -Mode T1 或 T2 或 T3    换一种连接方式：T1 一般情况（本包默认 {mode}）；
                        T2 Excel 不允许启动别的程序时；T3 使用单位的服务
  -Service 地址         T3 的服务地址，例如 -Service http://10.0.0.8:8765
  -TokenFile 文件       T3 的口令，放在一个只有一行的文本文件里
  -Rollback             退回上一个版本
  -Uninstall            卸载；加 -All 连设置一起删除
  您的表格文件任何时候都不会被改动或删除。

四、装在哪里
  程序：%LOCALAPPDATA%\\xlbudget
  加载项：%APPDATA%\\Microsoft\\Excel\\XLSTART\\xlbudget.xlam
  安装日志：%TEMP%\\xlbudget-setup.log

五、常见问题
  · 没有“预算编审”选项卡：在 Excel“选项 → 加载项”里看 xlbudget 是否被禁用；再运行一次
    install.ps1 -Preflight，按【注意】处理。
  · 用 WPS：T1、T2 不支持；请用 T3。
  · 提示安装包损坏：重新拷贝一次再解压；不要只拷贝其中几个文件。

所用的开源软件及其许可证见 licences 文件夹。
"""
