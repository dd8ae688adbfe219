Attribute VB_Name = "XbAgent"
Option Explicit
' T2: a program that was started with the user's login does the work; Excel starts nothing.

Private Const PROG_ID As String = "xlbudget.Agent"

Public Sub Run(ByVal folder As String)
    Dim answer As String
    On Error GoTo failed
    answer = XbHost.Create(PROG_ID).Run(folder)
    If answer <> "" Then XbText.Say "T2（本机助手）没有完成：" & answer
    Exit Sub
failed:
    Explain Err.Number, Err.Description
End Sub

Public Function Ping() As String
    Ping = XbHost.Create(PROG_ID).Ping()
End Function

' A worksheet function on values as lines; the result as lines.
Public Function CallFunction(ByVal name As String, ByVal args As String) As String
    On Error GoTo failed
    CallFunction = XbHost.CallAgent(XbHost.Create(PROG_ID), name, args)
    Exit Function
failed:
    Explain Err.Number, Err.Description
End Function

Private Sub Explain(ByVal number As Long, ByVal description As String)
    If number = XbText.SAID Then XbText.Say description
    XbText.Say "T2（本机助手）不通：" & XbText.Plain(description) & vbLf & _
        "常见原因：助手没有安装，或登录后没有启动。请注销后重新登录，或请管理员运行 install.ps1 -Mode T2。" & vbLf & _
        "请按“诊断”查看；也可以在“设置”里把 transport 改为 T3（由服务计算）。"
End Sub
