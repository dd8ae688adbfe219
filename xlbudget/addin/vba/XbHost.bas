Attribute VB_Name = "XbHost"
Option Explicit
' What only Excel on Windows can do. LibreOffice, in which the tests run, gets another module of this name:
' so nothing stands here that could stand elsewhere.

Private Const TITLE As String = "xlbudget"

' ---- talking to the user ----

' MsgBox knows only the characters of the PC's code page; elsewhere the shell's box shows them all.
Public Sub Tell(ByVal message As String)
    If Fits(message) Then
        MsgBox message, vbInformation, TITLE
    Else
        CreateObject("WScript.Shell").Popup message, 0, TITLE, vbInformation
    End If
End Sub

Public Function Ask(ByVal question As String) As Boolean
    If Fits(question) Then
        Ask = (MsgBox(question, vbQuestion + vbYesNo, TITLE) = vbYes)
    Else
        Ask = (CreateObject("WScript.Shell").Popup(question, 0, TITLE, vbQuestion + vbYesNo) = vbYes)
    End If
End Function

Private Function Fits(ByVal message As String) As Boolean
    Fits = (StrConv(StrConv(message, vbFromUnicode), vbUnicode) = message)
End Function

' ---- files, whose names may hold any character ----

Public Sub SaveCopy(ByVal book As Object, ByVal path As String)
    book.SaveCopyAs path
End Sub

Public Function FileThere(ByVal path As String) As Boolean
    FileThere = CreateObject("Scripting.FileSystemObject").FileExists(path)
End Function

Public Sub MoveFile(ByVal source As String, ByVal target As String)
    CreateObject("Scripting.FileSystemObject").MoveFile source, target
End Sub

Public Function Documents() As String
    Documents = CreateObject("WScript.Shell").SpecialFolders("MyDocuments")
End Function

' ---- other programs ----

Public Function Create(ByVal progId As String) As Object
    Set Create = CreateObject(progId)
End Function

' Call is a word of the language, which LibreOffice takes for nothing else.
Public Function CallAgent(ByVal agent As Object, ByVal name As String, ByVal args As String) As String
    CallAgent = agent.Call(name, args)
End Function

' One HTTP request; body is an array of bytes, or Empty for a GET. Gives the status; answer becomes the bytes
' of the body on 200, else its text.
Public Function Request(ByVal method As String, ByVal url As String, ByVal token As String, _
        ByVal seconds As Long, ByVal body As Variant, ByRef answer As Variant) As Long
    Dim http As Object
    Set http = CreateObject("WinHttp.WinHttpRequest.5.1")
    http.SetTimeouts 5000, 5000, seconds * 1000, seconds * 1000
    http.Open method, url, False
    If token <> "" Then http.SetRequestHeader "Authorization", "Bearer " & token
    If IsEmpty(body) Then
        http.Send
    Else
        http.SetRequestHeader "Content-Type", "application/octet-stream"
        http.Send body
    End If
    Request = http.Status
    If Request = 200 Then answer = http.ResponseBody Else answer = http.ResponseText
End Function

' ---- cells ----

' The plain content of cells: no currency cut to four places, no dates.
Public Function Plain(ByVal area As Object) As Variant
    Plain = area.Value2
End Function

' A conditional format on top of all others; colours as numbers.
Public Sub Highlight(ByVal book As Object, ByVal sheet As Object, ByVal ref As String, _
        ByVal formula As String, ByVal fill As Long, ByVal stroke As Long, ByVal pattern As String)
    Dim rule As Object
    Set rule = XbLook.Area(sheet, ref).FormatConditions.Add(2, , formula)    ' xlExpression
    rule.SetFirstPriority
    rule.StopIfTrue = False    ' the user's own formats go on working below ours
    Select Case pattern
        Case "lightUp": rule.Interior.Pattern = 14
        Case "gray125": rule.Interior.Pattern = 17
        Case Else: rule.Interior.Pattern = 1
    End Select
    rule.Interior.Color = fill
    If pattern <> "solid" Then rule.Interior.PatternColor = stroke
End Sub

' Delete the conditional formats of a sheet whose formula holds the word.
Public Sub Unhighlight(ByVal book As Object, ByVal sheet As Object, ByVal word As String)
    Dim rules As Object, i As Long
    Set rules = sheet.Cells.FormatConditions
    For i = rules.Count To 1 Step -1
        If InStr(FormulaOf(rules.Item(i)), word) > 0 Then rules.Item(i).Delete
    Next
End Sub

Private Function FormulaOf(ByVal rule As Object) As String
    On Error GoTo without    ' colour scales, data bars and icons have none
    FormulaOf = rule.Formula1
without:
End Function

Public Sub Link(ByVal book As Object, ByVal cell As Object, ByVal target As String)
    cell.Worksheet.Hyperlinks.Add cell, "", target
End Sub

Public Sub StandardWidth(ByVal columns As Object)
    columns.UseStandardWidth = True
End Sub

Public Sub TabColor(ByVal sheet As Object, ByVal color As Long)
    sheet.Tab.Color = color
End Sub

' ---- the add-in's own sheet ----

Public Function SettingsShown() As Boolean
    SettingsShown = Not ThisWorkbook.IsAddin
End Function

Public Sub ShowSettings(ByVal shown As Boolean)
    ThisWorkbook.IsAddin = Not shown
    If shown Then
        ThisWorkbook.Activate
    Else
        ThisWorkbook.Save
    End If
End Sub
