Attribute VB_Name = "xlwings"
Option Explicit
' Stands in for xlwings' VBA: the same Python text runs in a process of its own instead of the UDF server.

Public Function RunPython(PythonCommand As String)
    RunText PythonCommand
End Function

Public Function XLPy() As Object
    Set XLPy = New XbFakePy
End Function

' Raises what Python said last when it failed.
Public Sub RunText(ByVal text As String)
    Dim status As String
    If FileExists(XbHost.InTest("command.py")) Then Kill XbHost.InTest("command.py")
    XbFiles.WriteText XbHost.InTest("command.py"), text & vbLf
    XbHost.RunScript "python.sh", ""
    status = XbFiles.ReadText(XbHost.InTest("status.txt"))
    If Val(status) <> 0 Then Err.Raise 1000, "xlwings", "Python exit code " & Val(status)
End Sub
