' Procedures in place of those of xlwings.bas with the same names, see xlwingsbas.py. XbSettings is the add-in's
' own module: XlwingsConfig(key, default) As String gives for "INTERPRETER_WIN" the full path of pythonw.exe,
' DllFolder() As String the folder of the DLL without a backslash at its end.

Function GetConfig(configKey As String, Optional default As String = "") As Variant
    ' xlbudget: this add-in's settings only, never a sheet or a file of somebody else's
    GetConfig = XbSettings.XlwingsConfig(configKey, default)
End Function

Function XLPyCommand()
    ' xlbudget: without xlwings' list of folders. With it the line would hold paths in the PC's code page, and
    ' the current folder, perhaps that of the form, would come before all modules; -I keeps that folder and
    ' the user's PYTHONPATH out as well
    Dim python As String
    python = "cmd.exe /K " & Chr(34) & Chr(34) & GetConfig("INTERPRETER_WIN", "pythonw") & Chr(34)
    XLPyCommand = python & " -I -B -c ""import xlwings; xlwings.serve('$(CLSID)')""" & Chr(34)
End Function

Public Function RunPython(PythonCommand As String)
    ' xlbudget: always in the UDF server; an error is raised, the caller says it in its own words
    XLPy.Exec "" & PythonCommand & ""
    RunPython = 0
End Function

Private Sub XLPyLoadDLL()
    ' xlbudget: the installed folder, known beforehand, instead of looking around the interpreter
    Dim dll As String
    dll = XbSettings.DllFolder() & "\" & XLPyDLLName
    If LoadLibrary(dll) = 0 Then Err.Raise 1002, Description:="没有找到或打不开文件 " & dll & "，请重新安装。"
End Sub
