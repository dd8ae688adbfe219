<#
安装 xlbudget：只装给当前用户，不需要管理员权限，不用联网。用法见“说明.txt”。
Finds a Python, checks the files it is about to run, and hands over to setup.pyz, which has the logic and the tests.
Changes nothing for other users, ends no program, writes no registry.
Where there is no Python, T3 (add-in and service) is installed by this script alone.
#>
[CmdletBinding()]
param(
    [string]$Source,                                      # 安装包解压后的文件夹，默认是本文件所在的文件夹
    [ValidateSet('T1', 'T2', 'T3')][string]$Mode,         # 连接方式
    [string]$Service, [string]$TokenFile, [string]$Pack,  # T3 的服务地址；口令文件；规则包
    [switch]$WhatIf, [switch]$Preflight, [switch]$Rollback, [switch]$Uninstall, [switch]$All
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

function Exit-Setup([int]$Code, [string]$Text) {
    Write-Host $Text
    # the window that "Run with PowerShell" opens would close before anybody has read it
    if ([Environment]::CommandLine -match 'Get-ExecutionPolicy') { [void](Read-Host '按回车键关闭窗口') }
    exit $Code
}
trap { Exit-Setup 2 "没有完成：$($_.Exception.Message)" }

if (-not $Source) { $Source = $PSScriptRoot }
$Source = (Resolve-Path -LiteralPath $Source).ProviderPath.TrimEnd('\')
$root = "$env:LOCALAPPDATA\xlbudget"
$excel = "$env:APPDATA\Microsoft\Excel"
$addin = "$excel\XLSTART\xlbudget.xlam"
if (-not (Test-Path -LiteralPath "$Source\manifest.json") -or -not (Test-Path -LiteralPath "$Source\SHA256SUMS")) {
    Exit-Setup 2 "没有完成：“$Source”不是完整的安装包；请先把安装包全部解压，再运行里面的 install.ps1"
}
$manifest = Get-Content -LiteralPath "$Source\manifest.json" -Raw -Encoding UTF8 | ConvertFrom-Json
$command = if ($Uninstall) { 'uninstall' } elseif ($Rollback) { 'rollback' } elseif ($Preflight) { 'preflight' } else { 'install' }

function Assert-Whole([string]$Pattern) {
    # what is about to be run or copied is as it was made; set-up itself checks all the rest
    $count = 0
    foreach ($line in Get-Content -LiteralPath "$Source\SHA256SUMS" -Encoding UTF8) {
        $name = $line.Substring(66)
        if ($name -notmatch $Pattern) { continue }
        $file = Join-Path $Source $name.Replace('/', '\')
        if (-not (Test-Path -LiteralPath $file) -or (Get-FileHash -LiteralPath $file).Hash -ne $line.Substring(0, 64)) {
            Exit-Setup 2 "没有完成：安装包不完整或在传送中损坏，文件“$name”与清单不符；请重新拷贝安装包，解压后再安装"
        }
        $count++
    }
    if ($count -eq 0) { Exit-Setup 2 '没有完成：安装包的清单不完整；请重新拷贝安装包' }
}

function Find-Python {
    # The bundle's own; else those that the registry lists (python.org), then PATH. Not the Store's: it keeps what
    # it writes to itself. Not py.exe: newer ones would fetch a Python from the Internet.
    if (Test-Path -LiteralPath "$Source\python\python.exe") { return "$Source\python\python.exe" }
    $found = @()
    foreach ($hive in 'HKEY_CURRENT_USER', 'HKEY_LOCAL_MACHINE') {
        foreach ($key in @(Get-Item "Registry::$hive\Software\Python\PythonCore\*\InstallPath" -ErrorAction SilentlyContinue)) {
            if ($key.GetValue('')) { $found += Join-Path $key.GetValue('') 'python.exe' }
        }
    }
    $found += @(Get-Command python.exe -All -CommandType Application -ErrorAction SilentlyContinue | ForEach-Object { $_.Path })
    $probe = 'import sys, sysconfig as s; a = sys.argv[1:]; v = sys.version_info; ' +
        "sys.exit(v < (3, 11) or s.get_platform() != 'win-amd64' or bool(a) and 'cp%d%d' % v[:2] not in a)"
    $tags = @($manifest.tags)
    foreach ($python in $found) {
        if ($python -like '*\WindowsApps\*' -or -not (Test-Path -LiteralPath $python)) { continue }
        & $python -I -c $probe @tags | Out-Null
        if ($LASTEXITCODE -eq 0) { return $python }
    }
}

function Read-Settings {
    $settings = [ordered]@{}
    if (Test-Path -LiteralPath "$root\settings.txt") {
        foreach ($line in Get-Content -LiteralPath "$root\settings.txt") {
            if ($line -match '^([^=]+)=(.*)$') { $settings[$Matches[1].Trim()] = $Matches[2].Trim() }
        }
    }
    return $settings
}

function Install-AddinOnly($settings) {
    Assert-Whole '^addin/'
    $token = if ($TokenFile) { (Get-Content -LiteralPath $TokenFile -TotalCount 1).Trim() } else { '' }
    if (-not $Service -and -not $settings['service']) { $Service = $manifest.service }
    $given = [ordered]@{ transport = 'T3'; service = $Service; token = $token; pack = $Pack }
    foreach ($key in $given.Keys) {
        $escaped = [regex]::Replace([string]$given[$key], '[^ -\[\]-~]', { param($m) '\u{0:x4}' -f [int][char]$m.Value })
        if ($escaped) { $settings[$key] = $escaped }
    }
    if ($WhatIf) { Exit-Setup 0 "将会把加载项放到 $addin，并写设置 $root\settings.txt。以上只是预演，没有改动任何东西。" }
    [void](New-Item -ItemType Directory -Force -Path "$excel\XLSTART", $root)
    $before = Test-Path -LiteralPath $addin
    $new = "$excel\~xlbudget.xlam.new"  # beside XLSTART: Excel opens whatever lies in there
    Copy-Item -LiteralPath "$Source\addin\xlbudget.xlam" -Destination $new -Force
    Unblock-File -LiteralPath $new
    try { Move-Item -LiteralPath $new -Destination $addin -Force }
    catch {
        Remove-Item -LiteralPath $new -ErrorAction SilentlyContinue
        Exit-Setup 2 '没有完成：Excel 正开着 xlbudget 加载项，换不了文件：请先关闭 Excel 再运行一次'
    }
    [IO.File]::WriteAllLines("$root\settings.txt", [string[]]@($settings.Keys | ForEach-Object { "$_=$($settings[$_])" }), [Text.Encoding]::ASCII)
    $again = if ($before) { '以前在“设置”里填过的内容，请核对后重新填写。' } else { '' }  # they were saved in the old add-in
    Exit-Setup 0 "已安装 xlbudget $($manifest.version)（T3 方式）。请打开 Excel，看有没有“预算编审”选项卡。$again"
}

if (-not $WhatIf -and -not $Preflight) {
    Get-ChildItem -LiteralPath $Source -Recurse -File | Unblock-File -ErrorAction SilentlyContinue
}
$python = Find-Python
if ($python) {
    Assert-Whole '^(setup\.pyz$|python/)'
    $arguments = @('-I', '-B', "$Source\setup.pyz", $command, '--source', "$Source\.")  # a bare D: would be another folder
    if ($Mode) { $arguments += '--mode', $Mode }
    if ($Service) { $arguments += '--service', $Service }
    if ($TokenFile) { $arguments += '--token-file', (Resolve-Path -LiteralPath $TokenFile).ProviderPath }
    if ($Pack) { $arguments += '--pack', $Pack }
    if ($All) { $arguments += '--all' }
    if ($WhatIf) { $arguments += '--what-if' }
    & $python @arguments
    $code = $LASTEXITCODE
    Exit-Setup $code $(if ($code -eq 0) { '完成。' } elseif ($code -eq 1) { '完成，但上面有要处理的事。' } else { '没有完成，原因见上面。' })
}
$settings = Read-Settings
$wanted = if ($Mode) { $Mode } elseif ($settings['transport']) { $settings['transport'] } else { $manifest.mode }
if ($command -eq 'install' -and $wanted -eq 'T3') { Install-AddinOnly $settings }
if ($command -eq 'uninstall' -and -not (Test-Path -LiteralPath "$root\current")) {
    if ($WhatIf) { Exit-Setup 0 "将会删除 $addin。以上只是预演，没有改动任何东西。" }
    if (Test-Path -LiteralPath $addin) { Remove-Item -LiteralPath $addin }
    if ($All -and (Test-Path -LiteralPath "$root\settings.txt")) { Remove-Item -LiteralPath "$root\settings.txt" }
    Exit-Setup 0 '已卸载，您的表格文件没有动过。'
}
$versions = (@($manifest.tags) | ForEach-Object { $_ -replace '^cp3', '3.' }) -join '、'
if (-not $versions) { $versions = '3.11 或更新' }
Exit-Setup 2 "没有完成：没有找到 64 位的 Python $versions（应用商店版不能用）。请安装 Python，或换用自带 Python 的安装包，或加 -Mode T3 使用单位的服务。"
