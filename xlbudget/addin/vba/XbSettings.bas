Attribute VB_Name = "XbSettings"
Option Explicit
' What the settings sheet says (column A: item, column B: content); where that is blank, the lines
' key=value of settings.txt, which the installer writes; where there are none, the defaults here.

Private fileRead As Boolean
Private fileLines As Variant

Public Function Value(ByVal key As String) As String
    Dim found As String
    found = FromSheet(key)
    If found = "" Then found = FromFile(key)
    If found = "" Then found = DefaultOf(key)
    Value = found
End Function

' T1, T2 or T3.
Public Function Transport() As String
    Dim word As String
    word = UCase$(Value("transport"))
    If word <> "T1" And word <> "T2" And word <> "T3" Then
        XbText.Say "设置里的 transport 是“" & word & "”，只能填 T1、T2 或 T3。请按“设置”改正。"
    End If
    Transport = word
End Function

' The folder of the installed program, without a backslash at its end.
Public Function Home() As String
    Home = XbFiles.Joined(Environ("LOCALAPPDATA"), "xlbudget")
End Function

' Read settings.txt again at the next question: it may have been changed since the last press.
Public Sub Forget()
    fileRead = False
End Sub

' What xlwings.bas asks for; for everything else its own default.
Public Function XlwingsConfig(ByVal key As String, ByVal otherwise As String) As String
    Select Case UCase$(key)
        Case "INTERPRETER_WIN", "INTERPRETER": XlwingsConfig = Value("python")
        Case "ADD_WORKBOOK_TO_PYTHONPATH": XlwingsConfig = "False"
        Case Else: XlwingsConfig = otherwise
    End Select
End Function

' Where the installer puts xlwings' DLL, without a backslash at its end.
Public Function DllFolder() As String
    DllFolder = XbFiles.Joined(XbFiles.Joined(Home(), "current"), "dll")
End Function

' The button 设置: shows the sheet; pressed again it saves the add-in and hides it.
Public Sub Toggle()
    If XbHost.SettingsShown() Then
        Forget
        XbHost.ShowSettings False
        XbHost.Tell "设置已保存。"
    Else
        XbHost.ShowSettings True
        XbHost.Tell "请在“内容”一列填写，空着的用默认值。填好后再按一次“设置”保存。"
    End If
End Sub

Private Function FromSheet(ByVal key As String) As String
    Dim table As Variant, i As Long
    On Error GoTo noSheet
    table = ThisWorkbook.Worksheets(1).Range("A1:B40").Value
    For i = 1 To UBound(table, 1)
        If LCase$(Trim$(CStr(table(i, 1)))) = key Then
            FromSheet = Trim$(CStr(table(i, 2)))
            Exit Function
        End If
    Next
noSheet:
End Function

Private Function FromFile(ByVal key As String) As String
    Dim i As Long, at As Long
    On Error GoTo noFile
    If Not fileRead Then
        fileRead = True
        fileLines = Split("")
        fileLines = Split(Replace(XbFiles.ReadText(XbFiles.Joined(Home(), "settings.txt")), vbCrLf, vbLf), vbLf)
    End If
    For i = 0 To UBound(fileLines)
        at = InStr(fileLines(i), "=")
        If at > 1 Then
            If LCase$(Trim$(Left$(fileLines(i), at - 1))) = key Then
                FromFile = Trim$(XbText.Unescape(Mid$(fileLines(i), at + 1)))
                Exit Function
            End If
        End If
    Next
noFile:
End Function

Private Function DefaultOf(ByVal key As String) As String
    Select Case key
        Case "transport": DefaultOf = "T1"
        Case "service": DefaultOf = "http://127.0.0.1:8765"
        Case "python"
            DefaultOf = XbFiles.Joined(XbFiles.Joined(XbFiles.Joined(Home(), "current"), "python"), "pythonw.exe")
    End Select
End Function
