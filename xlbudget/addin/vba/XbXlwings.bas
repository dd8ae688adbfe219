Attribute VB_Name = "XbXlwings"
Option Explicit
' T1: Excel starts Python itself, through xlwings' DLL; the process stays for the next press.

Public Sub Run(ByVal folder As String)
    Dim quote As String
    On Error GoTo failed
    quote = IIf(InStr(folder, "'") > 0, Chr$(34), "'")    ' no path on Windows has a double one
    RunPython "import xlbudget.excel.entry as e; e.run(r" & quote & folder & quote & ")"
    Exit Sub
failed:
    Explain Err.Description
End Sub

Public Function Ping() As String
    RunPython "import xlbudget"
    Ping = "Python 已启动"
End Function

' A worksheet function; args are values and arrays of values.
Public Function CallFunction(ByVal name As String, ByVal args As Variant) As Variant
    On Error GoTo failed
    CallFunction = XLPy.CallUDF("xlbudget_udfs", name, args, ThisWorkbook, Application.Caller)
    Exit Function
failed:
    Explain Err.Description
End Function

Private Sub Explain(ByVal description As String)
    XbText.Say "T1（由 Excel 启动 Python）不通：" & XbText.Plain(description) & vbLf & _
        "常见原因：安全软件或策略（如 Defender 的规则 D4F940AB）禁止 Excel 启动其他程序，或程序没有装好。" & vbLf & _
        "请按“诊断”查看；也可以在“设置”里把 transport 改为 T3（由服务计算）。"
End Sub
