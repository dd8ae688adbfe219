Attribute VB_Name = "XbButton"
Option Explicit
' What every button does: look whether it can be done, do it, say what became of it.

Private Const LONGEST As Long = 900    ' characters of a message box

Public LastMessage As String    ' all of what was said last, for 诊断

' A button that needs Python.
Public Sub Press(ByVal verb As String)
    Dim folder As String, message As String
    message = Refusal()
    If message <> "" Then
        Tell message
        Exit Sub
    End If
    On Error GoTo failed
    XbSettings.Forget
    XbCall.Forget
    Application.StatusBar = "正在" & XbText.TitleOf(verb) & "，请稍候……"
    folder = XbJob.Make(verb)
    message = XbApply.Summary(XbApply.FromFile(XbTransport.Send(folder)))
finish:
    If folder <> "" Then XbFiles.DropFolder folder
    Application.StatusBar = False
    Tell message
    Exit Sub
failed:
    message = XbText.Failed("“" & XbText.TitleOf(verb) & "”", Err.Number, Err.Description)
    Resume finish
End Sub

Public Sub Tell(ByVal message As String)
    LastMessage = message
    XbHost.Tell XbText.Shortened(message, LONGEST)
End Sub

' Why nothing can be done now; "" when it can.
Public Function Refusal() As String
    If InProtectedView() Then
        Refusal = "这个工作簿在受保护的视图里。请先点上方黄条里的“启用编辑”，再按一次。"
    ElseIf Editing() Then
        Refusal = "还在输入单元格。请先按回车键结束输入，再按一次。"
    ElseIf Application.ActiveWorkbook Is Nothing Then
        Refusal = "没有打开工作簿。请先打开要编审的表格，再按一次。"
    ElseIf Application.ActiveWorkbook.Name = ThisWorkbook.Name Then
        Refusal = "现在打开的是 xlbudget 自己的设置表。请先切换到要编审的表格；不再设置时按一次“设置”把它收起。"
    End If
End Function

Private Function InProtectedView() As Boolean
    On Error GoTo unknown    ' Excel 2007 has none
    InProtectedView = Not Application.ActiveProtectedViewWindow Is Nothing
unknown:
End Function

' While a cell is being edited Excel answers no macro.
Private Function Editing() As Boolean
    On Error GoTo unknown
    Editing = Not (Application.Ready And Application.Interactive)
unknown:
End Function
