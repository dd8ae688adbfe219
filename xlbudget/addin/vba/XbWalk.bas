Attribute VB_Name = "XbWalk"
Option Explicit
' 上一处 and 下一处: from finding to finding, as they stand on the sheet 审核结果. Needs no Python.

Private Const RESULT_NAME_HEAD As String = "_xlbudget_mark_sheet_"
Private Const DEEPEST As Long = 60      ' rows above the heads at most

Private lastRow As Long                 ' of the finding shown last, for cells that have several
Private lastBook As String

' direction: 1 for the next, -1 for the one before; behind the last comes the first.
Public Sub Go(ByVal direction As Long)
    Dim book As Object, results As Object, table As Variant, head As Long, columns As Variant, refusal As String
    refusal = XbButton.Refusal()
    If refusal <> "" Then XbText.Say refusal
    Set book = Application.ActiveWorkbook
    Set results = ResultSheet(book)
    If results Is Nothing Then XbText.Say "还没有审核结果。请先按“校验”。"
    table = results.UsedRange.Value
    If Not IsArray(table) Then XbText.Say "工作表“审核结果”是空的。请再按一次“校验”。"
    head = HeadRow(table, columns)
    If head = 0 Then XbText.Say "工作表“审核结果”里没有“位置”“问题”两栏。请再按一次“校验”。"
    Visit book, results, table, columns, Found(results, table, columns, head, direction, Here(book))
End Sub

' The sheet that our hidden name points at, whatever it is called by now.
Private Function ResultSheet(ByVal book As Object) As Object
    Dim name As Object
    On Error GoTo byTitle
    Set name = XbSheets.NameOf(book, Nothing, RESULT_NAME_HEAD & "审核结果")
    If Not name Is Nothing Then
        Set ResultSheet = name.RefersToRange.Worksheet
        Exit Function
    End If
byTitle:
    Set ResultSheet = XbSteps.SheetOf(book, "审核结果")
End Function

' The row with the heads; columns gets those of 级别, 位置 and 问题. 0 when there is none.
Private Function HeadRow(ByRef table As Variant, ByRef columns As Variant) As Long
    Dim row As Long, col As Long
    For row = 1 To UBound(table, 1)
        If row > DEEPEST Then Exit Function
        columns = Array(0, 0, 0)
        For col = 1 To UBound(table, 2)
            Select Case Word(table(row, col))
                Case "级别": columns(0) = col
                Case "位置": columns(1) = col
                Case "问题": columns(2) = col
            End Select
        Next
        If columns(0) > 0 And columns(1) > 0 And columns(2) > 0 Then
            HeadRow = row
            Exit Function
        End If
    Next
End Function

' The row to visit; 0 when there is none. Rows that a filter hides are passed over.
Private Function Found(ByVal results As Object, ByRef table As Variant, ByVal columns As Variant, _
        ByVal head As Long, ByVal direction As Long, ByVal here As String) As Long
    Dim row As Long, steps As Long, count As Long, place As String
    count = UBound(table, 1) - head
    row = Standing(table, columns, head, here)
    If row = 0 Then row = IIf(direction > 0, head, UBound(table, 1) + 1)
    For steps = 1 To count
        row = row + direction
        If row > UBound(table, 1) Then row = head + 1
        If row <= head Then row = UBound(table, 1)
        place = Word(table(row, columns(1)))
        If InStr(place, "!") > 0 And (place <> here Or steps = count) Then
            If Not results.Rows(results.UsedRange.Row + row - 1).Hidden Then
                Found = row
                Exit Function
            End If
        End If
    Next
End Function

' The row of the finding at the active cell: the one shown last, else the first of them.
Private Function Standing(ByRef table As Variant, ByVal columns As Variant, ByVal head As Long, _
        ByVal here As String) As Long
    Dim row As Long
    If lastRow > head And lastRow <= UBound(table, 1) And lastBook = Application.ActiveWorkbook.Name Then
        If Word(table(lastRow, columns(1))) = here Or Not Listed(table, columns, head, here) Then
            Standing = lastRow
            Exit Function
        End If
    End If
    For row = head + 1 To UBound(table, 1)
        If Word(table(row, columns(1))) = here Then
            Standing = row
            Exit Function
        End If
    Next
End Function

Private Function Listed(ByRef table As Variant, ByVal columns As Variant, ByVal head As Long, _
        ByVal here As String) As Boolean
    Dim row As Long
    For row = head + 1 To UBound(table, 1)
        If Word(table(row, columns(1))) = here Then Listed = True
    Next
End Function

' Shows the cell of a finding, and in the status bar what is wrong with it.
Private Sub Visit(ByVal book As Object, ByVal results As Object, ByRef table As Variant, _
        ByVal columns As Variant, ByVal row As Long)
    Dim place As String, at As Long, sheet As Object
    If row = 0 Then XbText.Say "审核结果里没有可以去的位置。"
    place = Word(table(row, columns(1)))
    lastRow = row
    lastBook = book.Name
    at = InStrRev(place, "!")
    Set sheet = XbSteps.SheetOf(book, Left$(place, at - 1))
    If sheet Is Nothing Then XbText.Say "找不到工作表“" & Left$(place, at - 1) & "”。请再按一次“校验”。"
    If sheet.Visible <> -1 Then XbText.Say "工作表“" & sheet.Name & "”是隐藏的。请先取消隐藏。"
    sheet.Activate
    sheet.Range(Mid$(place, at + 1)).Select
    Application.StatusBar = Told(table, columns, place)
End Sub

' All findings at a place, in a line.
Private Function Told(ByRef table As Variant, ByVal columns As Variant, ByVal place As String) As String
    Dim row As Long
    For row = 1 To UBound(table, 1)
        If Word(table(row, columns(1))) = place Then
            Told = Told & "　" & Word(table(row, columns(0))) & "：" & Word(table(row, columns(2)))
        End If
    Next
    Told = Left$(place & Replace(Told, vbLf, " "), 250)
End Function

' The active cell as 审核结果 writes places.
Private Function Here(ByVal book As Object) As String
    On Error GoTo noCell    ' a chart is in front
    Here = book.ActiveSheet.Name & "!" & Application.ActiveCell.MergeArea.Cells(1, 1).Address(False, False)
noCell:
End Function

Private Function Word(ByVal content As Variant) As String
    If Not IsError(content) Then Word = Trim$(CStr(content))
End Function
