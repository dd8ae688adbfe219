Attribute VB_Name = "XbSteps"
Option Explicit
' Carries out the steps of a reply (xlbudget/workbook/ops.py) on open workbooks. A step that fails is counted
' and the others go on: half a set of marks is worth more than none.

Private Const KIND As Long = 1    ' places in the words of a step
Private Const SHEET_NAME As Long = 2
Private Const PLACE As Long = 3
Private Const FIRST_ARG As Long = 4

Private book As Object
Private skipped As Collection    ' sheets that cannot be written to, by book and name
Private failures As Long
Private firstFailure As String
Private sentences As String

Public Sub Start()
    Set book = Nothing
    Set skipped = New Collection
    failures = 0
    firstFailure = ""
    sentences = ""
    XbSheets.Forget
End Sub

' What went wrong, in one sentence or more; "" when nothing did.
Public Function Trouble() As String
    Trouble = sentences
    If failures > 0 Then
        If Trouble <> "" Then Trouble = Trouble & vbLf
        Trouble = Trouble & "有 " & failures & " 步没有做成，第一步是" & firstFailure & _
            "请再按一次；还不行就按“诊断”，把内容发给管理员。"
    End If
End Function

Public Function BookOf(ByVal name As String) As Object
    Dim one As Object
    For Each one In Application.Workbooks
        If StrComp(one.Name, name, vbTextCompare) = 0 Then Set BookOf = one
    Next
End Function

Public Function SheetOf(ByVal ofBook As Object, ByVal name As String) As Object
    Dim one As Object
    For Each one In ofBook.Worksheets
        If StrComp(one.Name, name, vbTextCompare) = 0 Then Set SheetOf = one
    Next
End Function

' The steps that follow are for this workbook.
Public Sub ToBook(ByVal name As String)
    Set book = BookOf(name)
    If book Is Nothing Then Note "工作簿“" & name & "”已经关闭，没有改动它。"
End Sub

' Carry out the step in line number at (of all lines, which VBA would copy ByVal); gives the number of the last line that is done with.
Public Function Carry(ByRef lines As Variant, ByVal at As Long) As Long
    Dim words As Variant, last As Long
    last = at
    words = Split(lines(at), vbTab)
    If words(KIND) = "row" Then
        last = LastRow(lines, at)
    End If
    If Not book Is Nothing Then Guarded lines, words, at, last
    Carry = last
End Function

' Row steps that stand one below the other go together; gives the number of the last.
Private Function LastRow(ByRef lines As Variant, ByVal at As Long) As Long
    Dim words As Variant, after As Variant, last As Long
    last = at
    words = Split(lines(at), vbTab)
    Do While last < UBound(lines)
        after = Split(lines(last + 1), vbTab)
        If UBound(after) <> UBound(words) Then Exit Do
        If after(KIND) <> "row" Or after(SHEET_NAME) <> words(SHEET_NAME) Then Exit Do
        If after(PLACE) <> Below(words(PLACE)) Then Exit Do
        words = after
        last = last + 1
    Loop
    LastRow = last
End Function

' C7 for C6.
Private Function Below(ByVal ref As String) As String
    Dim i As Long
    i = 1
    Do While Mid$(ref, i, 1) >= "A"
        i = i + 1
    Loop
    Below = Left$(ref, i - 1) & (Val(Mid$(ref, i)) + 1)
End Function

Private Sub Guarded(ByRef lines As Variant, ByVal words As Variant, ByVal at As Long, ByVal last As Long)
    Dim name As String, key As String
    On Error GoTo failed
    name = XbText.Unescape(words(SHEET_NAME))
    key = book.Name & "|" & name
    If IsSkipped(key) Then Exit Sub
    Select Case words(KIND)
        Case "row": XbCells.WriteRows SheetFor(name).Range(words(PLACE)), lines, at, last, FIRST_ARG
        Case "addsheet": XbSheets.AddSheet book, name, Args(words)
        Case "dropsheet": XbSheets.DropSheet book, name
        Case "name", "unname": DoName name, words
        Case Else: OnSheet SheetFor(name), key, words
    End Select
    Exit Sub
failed:
    CountFailure words, name, key, Err.Number, Err.Description
End Sub

Private Sub DoName(ByVal sheetName As String, ByVal words As Variant)
    Dim scope As Object
    If sheetName <> "" Then Set scope = SheetFor(sheetName)
    If words(KIND) = "name" Then
        XbSheets.SetName book, scope, XbText.Unescape(words(PLACE)), Args(words)
    Else
        XbSheets.DropName book, scope, XbText.Unescape(words(PLACE))
    End If
End Sub

Private Sub OnSheet(ByVal sheet As Object, ByVal key As String, ByVal words As Variant)
    Dim ref As String, given As Variant
    ref = words(PLACE)
    given = Args(words)
    Select Case words(KIND)
        Case "text": XbCells.WriteText sheet.Range(ref), given(0)
        Case "number": XbCells.WriteNumber sheet.Range(ref), given(0)
        Case "formula": XbCells.WriteFormula sheet.Range(ref), given(0)
        Case "blank": XbCells.Blank sheet.Range(ref)
        Case "note": XbCells.WriteNote sheet.Range(ref), given(0), given(1), given(2)
        Case "unnote": XbCells.DropNote sheet.Range(ref)
        Case "format"
            XbHost.Highlight book, sheet, ref, given(0), XbLook.ColorOf(given(1)), XbLook.ColorOf(given(2)), given(3)
        Case "unformat": XbHost.Unhighlight book, sheet, given(0)
        Case "look": XbLook.Dress sheet, ref, given
        Case "unlook": XbLook.Area(sheet, ref).ClearFormats
        Case "width": XbSheets.SetWidth sheet, ref, given(0)
        Case "height": sheet.Rows(CLng(ref)).RowHeight = Val(given(0))
        Case "merge": sheet.Range(ref).Merge
        Case "link": XbSheets.SetLink book, sheet.Range(ref), given(0)
        Case "printarea": XbSheets.SetPrintArea sheet, given(0)
        Case "filter": XbSheets.SetFilter sheet, ref
        Case "open": XbSheets.OpenSheet sheet, key
        Case "close": XbSheets.CloseSheet sheet, key
        Case Else: XbText.Say "加载项不认识步骤“" & words(KIND) & "”：加载项和程序的版本不同，请重新安装。"
    End Select
End Sub

' ---- words ----

Private Function SheetFor(ByVal name As String) As Object
    Set SheetFor = SheetOf(book, name)
    If SheetFor Is Nothing Then XbText.Say "没有工作表“" & name & "”。"
End Function

Private Function Args(ByVal words As Variant) As Variant
    Dim out() As String, i As Long
    ReDim out(0 To 12)    ' more than any step has; what is missing is ""
    For i = FIRST_ARG To UBound(words)
        If i - FIRST_ARG <= 12 Then out(i - FIRST_ARG) = XbText.Unescape(words(i))
    Next
    Args = out
End Function

' ---- what went wrong ----

Private Sub CountFailure(ByVal words As Variant, ByVal name As String, ByVal key As String, _
        ByVal number As Long, ByVal description As String)
    If words(KIND) = "open" Or words(KIND) = "addsheet" Then
        skipped.Add True, key    ' all that would follow on this sheet fails too
        If number = XbText.SAID Then
            Note description
            Exit Sub
        End If
    End If
    failures = failures + 1
    If failures = 1 Then
        firstFailure = "“" & name & "”" & words(PLACE) & " 的" & TitleOf(words(KIND)) & "：" & XbText.Plain(description)
    End If
End Sub

Private Function TitleOf(ByVal word As String) As String
    Select Case word
        Case "text", "number", "formula", "row", "blank": TitleOf = "内容"
        Case "note", "unnote": TitleOf = "批注"
        Case "format", "unformat": TitleOf = "标注颜色"
        Case "name", "unname": TitleOf = "名称"
        Case "open", "close": TitleOf = "保护"
        Case "addsheet", "dropsheet": TitleOf = "增删工作表"
        Case Else: TitleOf = "格式"
    End Select
End Function

Private Function IsSkipped(ByVal key As String) As Boolean
    Dim found As Variant
    On Error GoTo notThere
    found = skipped.Item(key)
    IsSkipped = True
notThere:
End Function

Private Sub Note(ByVal sentence As String)
    If InStr(sentences, sentence) > 0 Then Exit Sub
    If sentences <> "" Then sentences = sentences & vbLf
    sentences = sentences & sentence
End Sub
