Attribute VB_Name = "XbDoctor"
Option Explicit
' 诊断: what a PC needs, looked at without Python. Writes a sheet 诊断 into a new workbook, for the user to
' read or to send. Each check stands by itself: one that fails says how to mend it, and the next goes on.

Private Const GOOD As Long = 1
Private Const BAD As Long = -1
Private Const FACT As Long = 0

Private lines As Collection    ' arrays: item, verdict, what was found or what to do
Private wrong As Long

Public Sub Run()
    Set lines = New Collection
    wrong = 0
    XbSettings.Forget
    XbCall.Forget
    Application.StatusBar = "正在诊断，请稍候……"
    AboutExcel
    AboutSettings
    AboutWindows
    AboutTransports
    If XbButton.LastMessage <> "" Then Add "上次的提示", FACT, XbButton.LastMessage
    WriteSheet
    Application.StatusBar = False
    XbHost.Tell IIf(wrong = 0, "诊断完成，没有发现问题。", "诊断完成，有 " & wrong & " 项不正常。") & vbLf & _
        "详情和办法见新建的工作簿里的工作表“诊断”。"
End Sub

' ---- checks ----

Private Sub AboutExcel()
    Check "Excel"
    Check "系统"
    Check "加载项"
    Check "受信任"
End Sub

Private Sub AboutSettings()
    Check "设置"
    Check "设置文件"
End Sub

Private Sub AboutWindows()
    Check "脚本对象"
    Check "网络对象"
    Check "临时文件夹"
End Sub

Private Sub AboutTransports()
    Check "T1 文件"
    Check "T1 启动"
    Check "T2 助手"
    Check "T3 服务"
End Sub

Private Sub Check(ByVal item As String)
    On Error GoTo failed
    Select Case item
        Case "Excel": Add item, FACT, "版本 " & Application.Version & "，" & Bits() & " 位"
        Case "系统": Add item, FACT, Application.OperatingSystem
        Case "加载项": Add item, FACT, "版本 " & XbText.XB_VERSION & "，" & ThisWorkbook.FullName
        Case "受信任": Trusted
        Case "设置": ShowSettings
        Case "设置文件": SettingsFile
        Case "脚本对象": Usable item, "WScript.Shell", "安全软件或策略禁用了 Windows 脚本，T1 启动不了 Python。请管理员放行，或改用 T3。"
        Case "网络对象": Usable item, "WinHttp.WinHttpRequest.5.1", "T3 用它连接服务。请管理员放行，或改用 T1、T2。"
        Case "临时文件夹": TemporaryFolder
        Case "T1 文件": FilesOfT1
        Case "T1 启动": Answers item, "T1"
        Case "T2 助手": Answers item, "T2"
        Case "T3 服务": Answers item, "T3"
    End Select
    Exit Sub
failed:
    Add item, BAD, Err.Description
End Sub

Private Function Bits() As String
    Bits = "32"
    #If Win64 Then
        Bits = "64"
    #End If
End Function

Private Sub Trusted()
    If InStr(1, ThisWorkbook.Path, "XLSTART", vbTextCompare) > 0 Then
        Add "加载位置", GOOD, "加载项在 XLSTART 里，Excel 启动时自动打开。"
    Else
        Add "加载位置", FACT, "加载项不在 XLSTART 里：" & ThisWorkbook.Path & "。下次启动 Excel 时可能不会自动打开；请运行安装程序。"
    End If
End Sub

Private Sub ShowSettings()
    Dim key As Variant
    For Each key In Array("transport", "service", "pack", "source", "python")
        Add "设置 " & key, FACT, XbSettings.Value(CStr(key))
    Next
    Add "设置 token", FACT, IIf(XbSettings.Value("token") = "", "没有填写", "已填写")
    If XbSettings.Transport() = "T3" And XbSettings.Value("token") = "" Then
        Add "口令", BAD, "transport 是 T3，但没有填写 token。请在“设置”里填写服务启动时给出的口令。"
    End If
End Sub

Private Sub SettingsFile()
    Dim path As String
    path = XbFiles.Joined(XbSettings.Home(), "settings.txt")
    Add "设置文件", FACT, path & IIf(XbFiles.Exists(path), "", "（没有，用默认值）")
End Sub

Private Sub Usable(ByVal item As String, ByVal progId As String, ByVal advice As String)
    If Created(progId) Then
        Add item, GOOD, progId
    Else
        Add item, BAD, "建立不了 " & progId & "。" & advice
    End If
End Sub

Private Function Created(ByVal progId As String) As Boolean
    On Error GoTo cannot
    Created = Not XbHost.Create(progId) Is Nothing
cannot:
End Function

Private Sub TemporaryFolder()
    Dim folder As String
    folder = XbJob.NewFolder()
    XbFiles.WriteText XbFiles.Joined(folder, "job.txt"), "xlbudget"
    If XbFiles.ReadText(XbFiles.Joined(folder, "job.txt")) <> "xlbudget" Then XbText.Say "写入的内容读不回来。"
    XbFiles.DropFolder folder
    Add "临时文件夹", GOOD, Environ("TEMP")
End Sub

Private Sub FilesOfT1()
    Dim python As String, dll As String
    python = XbSettings.Value("python")
    dll = XbSettings.DllFolder()
    If XbFiles.Exists(python) And XbFiles.NamesIn(dll, False).Count > 0 Then
        Add "T1 文件", GOOD, python & "；" & dll
    Else
        Add "T1 文件", Grade("T1"), "缺少 " & IIf(XbFiles.Exists(python), dll, python) & _
            "。请运行安装程序，或在“设置”的 python 一行填写 pythonw.exe 的完整路径，或改用 T3。"
    End If
End Sub

' Starting Python takes seconds and has no time limit, so T1 is only tried when it is the way in use.
Private Sub Answers(ByVal item As String, ByVal way As String)
    Dim answer As String
    If way = "T1" And XbSettings.Transport() <> "T1" Then
        Add item, FACT, "没有试：设置里的 transport 是 " & XbSettings.Transport() & "。"
        Exit Sub
    End If
    answer = Pinged(way)
    If Left$(answer, 1) = "!" Then
        Add item, Grade(way), Mid$(answer, 2)
    Else
        Add item, GOOD, answer
    End If
End Sub

' The answer, or "!" and the reason.
Private Function Pinged(ByVal way As String) As String
    On Error GoTo failed
    Select Case way
        Case "T1": Pinged = XbXlwings.Ping()
        Case "T2": Pinged = XbAgent.Ping()
        Case "T3": Pinged = XbHttp.Ping()
    End Select
    Exit Function
failed:
    Pinged = "!" & Err.Description
End Function

' What fails on a way that is not in use is no fault.
Private Function Grade(ByVal way As String) As Long
    Grade = IIf(XbSettings.Transport() = way, BAD, FACT)
End Function

' ---- the sheet ----

Private Sub Add(ByVal item As String, ByVal verdict As Long, ByVal found As String)
    lines.Add Array(item, verdict, found)
    If verdict = BAD Then wrong = wrong + 1
End Sub

Private Sub WriteSheet()
    Dim sheet As Object, row As Long, entry As Variant
    Set sheet = Application.Workbooks.Add.Worksheets(1)
    sheet.Name = "诊断"
    XbCells.WriteText sheet.Range("A1"), "项目"
    XbCells.WriteText sheet.Range("B1"), "结论"
    XbCells.WriteText sheet.Range("C1"), "情况和办法"
    row = 1
    For Each entry In lines
        row = row + 1
        XbCells.WriteText sheet.Range("A" & row), entry(0)
        XbCells.WriteText sheet.Range("B" & row), Choose(entry(1) + 2, "不正常", "", "正常")
        XbCells.WriteText sheet.Range("C" & row), entry(2)
    Next
    sheet.Range("A1:C1").Font.Bold = True
    sheet.Columns("A").ColumnWidth = 16
    sheet.Columns("B").ColumnWidth = 8
    sheet.Columns("C").ColumnWidth = 90
    sheet.Range("C1:C" & row).WrapText = True
End Sub
