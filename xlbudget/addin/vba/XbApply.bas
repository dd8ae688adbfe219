Attribute VB_Name = "XbApply"
Option Explicit
' Reads a reply (xlbudget/excel/wire.py) and repeats it in Excel: steps, files, the question, the place.

Private Const VERSION As String = "xlbudget 1"

Private front As Object          ' the workbook in front, beside which files are put
Private message As String        ' what the reply says, line by line
Private done As String           ' what is to be told besides: files, the answer to the question

' Does all that the reply in the file at path asks for. Gives "" or the sentence of what failed; raises nothing.
' Python calls this too, through Application.Run.
Public Function FromFile(ByVal path As String) As String
    Dim was As Variant, view As Variant, trouble As String
    On Error GoTo failed
    message = ""
    done = ""
    XbSteps.Start
    Set front = Application.ActiveWorkbook
    view = Looked()
    was = XbQuiet.Hush()
    Repeat LinesOf(path), view
    trouble = XbSteps.Trouble()
finish:
    LookAt view
    XbQuiet.Back was
    FromFile = trouble
    Exit Function
failed:
    trouble = XbText.Failed("改动工作簿", Err.Number, Err.Description)
    Resume finish
End Function

' What to tell the user after FromFile.
Public Function Summary(ByVal trouble As String) As String
    Summary = message
    If done <> "" Then Summary = Summary & vbLf & done
    If trouble <> "" Then Summary = Summary & vbLf & trouble
    If Left$(Summary, 1) = vbLf Then Summary = Mid$(Summary, 2)
End Function

' The lines of the reply. Its last line says that nothing is missing.
Private Function LinesOf(ByVal path As String) As Variant
    Dim found As Variant
    found = Split(XbFiles.ReadText(path), vbCrLf)
    If UBound(found) < 0 Then XbText.Say "应答是空的，什么也没有改动。请再按一次；还不行就按“诊断”。"
    If found(0) <> VERSION Then XbText.Say "应答来自另一版本的程序，什么也没有改动。请重新安装 xlbudget。"
    If UBound(found) >= 2 Then
        If found(UBound(found)) = "" And found(UBound(found) - 1) = "end" Then
            LinesOf = found
            Exit Function
        End If
    End If
    XbText.Say "应答不完整（传输中断了），什么也没有改动。请再按一次；还不行就按“诊断”。"
End Function

Private Sub Repeat(ByRef lines As Variant, ByRef view As Variant)
    Dim at As Long, words As Variant, going As Boolean
    going = True
    at = 1
    Do While lines(at) <> "end"
        words = Split(lines(at), vbTab)
        Select Case words(0)
            Case "line": message = XbText.Unescape(words(1)) & message
            Case "detail": message = message & vbLf & XbText.Unescape(words(1))
            Case "file": done = Further(done, SaveFile(XbText.Unescape(words(1)), CStr(words(2))))
            Case "ask": going = Answer(words)
            Case "book": If going Then XbSteps.ToBook XbText.Unescape(words(1))
            Case "do": If going Then at = XbSteps.Carry(lines, at)
            Case "goto": view = Array(front, XbText.Unescape(words(1)), XbText.Unescape(words(2)))
        End Select
        at = at + 1
    Loop
End Sub

' The user sees what has been done before the question is asked.
Private Function Answer(ByVal words As Variant) As Boolean
    Application.ScreenUpdating = True
    Answer = XbHost.Ask(XbText.Unescape(words(1)))
    Application.ScreenUpdating = False
    done = Further(done, XbText.Unescape(IIf(Answer, words(2), words(3))))
End Function

Private Function Further(ByVal before As String, ByVal sentence As String) As String
    Further = before
    If before <> "" And sentence <> "" Then Further = Further & vbLf
    Further = Further & sentence
End Function

Private Function SaveFile(ByVal name As String, ByVal content As String) As String
    On Error GoTo failed
    SaveFile = "文件：" & XbOut.Save(front, name, content)
    Exit Function
failed:
    SaveFile = XbText.Failed("保存“" & name & "”", Err.Number, Err.Description)
End Function

' ---- what the user looks at ----

Private Function Looked() As Variant
    On Error GoTo unseen
    Looked = Array(front, "", "")
    If front Is Nothing Then Exit Function
    Looked = Array(front, front.ActiveSheet.Name, "")
    Looked = Array(front, front.ActiveSheet.Name, Application.Selection.Address)
unseen:
End Function

' Back to the same sheet and cells, or to the place that the reply names.
Private Sub LookAt(ByVal view As Variant)
    Dim sheet As Object
    On Error GoTo gone
    If Not IsArray(view) Then Exit Sub
    If view(0) Is Nothing Then Exit Sub
    view(0).Activate
    If view(1) = "" Then Exit Sub
    Set sheet = XbSteps.SheetOf(view(0), view(1))
    If sheet Is Nothing Then Exit Sub
    sheet.Activate
    If view(2) <> "" Then sheet.Range(view(2)).Select
gone:
End Sub
