Attribute VB_Name = "XbCells"
Option Explicit
' Steps that write into cells. A cell's format stays; texts are never taken for numbers or formulas:
' in a cell formatted as text Excel parses nothing, so each text is written into one.

Private Const AS_TEXT As String = "@"
Private Const GENERAL As String = "General"

Public Sub WriteText(ByVal cell As Object, ByVal text As String)
    Dim look As Variant, wraps As Variant
    If text = "" Then
        Blank cell
        Exit Sub
    End If
    look = cell.NumberFormat
    wraps = cell.WrapText
    cell.NumberFormat = AS_TEXT
    cell.Value = text
    If Left$(text, 1) = "'" And CStr(cell.Value) <> text Then cell.Value = "'" & text    ' Excel ate the first
    cell.NumberFormat = look
    If InStr(text, vbLf) > 0 Then cell.WrapText = wraps    ' a second line switches it on
End Sub

' In a text cell Excel would keep the number as text.
Public Sub WriteNumber(ByVal cell As Object, ByVal digits As String)
    Dim look As Variant
    look = cell.NumberFormat
    If look = AS_TEXT Then cell.NumberFormat = GENERAL
    cell.Value = Val(digits)
    If cell.NumberFormat <> look Then cell.NumberFormat = look
End Sub

' Excel gives a formula's cell the format of the cells that it speaks of.
Public Sub WriteFormula(ByVal cell As Object, ByVal formula As String)
    Dim look As Variant
    look = cell.NumberFormat
    If look = AS_TEXT Then cell.NumberFormat = GENERAL
    cell.Formula = formula
    If cell.NumberFormat <> look Then cell.NumberFormat = look
End Sub

Public Sub Blank(ByVal target As Object)
    If target.Cells.Count = 1 Then
        target.MergeArea.ClearContents
    Else
        target.ClearContents
    End If
End Sub

' Rows of texts, one below the other and equally long, by one assignment: cell by cell takes a hundred
' times as long. They stand in lines, from at to last, behind the first so many words.
Public Sub WriteRows(ByVal corner As Object, ByRef lines As Variant, ByVal at As Long, ByVal last As Long, _
        ByVal first As Long)
    Dim block() As Variant, words As Variant, i As Long, k As Long, width As Long, target As Object
    width = UBound(Split(lines(at), vbTab)) - first + 1
    ReDim block(1 To last - at + 1, 1 To width)
    For i = 1 To UBound(block, 1)
        words = Split(lines(at + i - 1), vbTab)
        For k = 1 To width
            If words(first + k - 1) <> "" Then block(i, k) = XbText.Unescape(words(first + k - 1))
        Next
    Next
    Set target = corner.Resize(UBound(block, 1), width)
    target.NumberFormat = AS_TEXT
    target.Value = block
    target.NumberFormat = GENERAL
End Sub

' ---- notes ----

' The whole text of a cell's note and the size of its box. A thread of comments is left alone.
Public Sub WriteNote(ByVal cell As Object, ByVal text As String, ByVal width As String, ByVal height As String)
    If HasThread(cell) Then Exit Sub
    If Trim$(text) = "" Then
        DropNote cell
        Exit Sub
    End If
    If cell.Comment Is Nothing Then
        cell.AddComment Left$(text, Portion(text, 1))
    Else
        cell.Comment.Text Left$(text, Portion(text, 1))
    End If
    Append cell.Comment, text
    If Val(width) > 0 Then cell.Comment.Shape.Width = Val(width)
    If Val(height) > 0 Then cell.Comment.Shape.Height = Val(height)
    Embolden cell.Comment, text
End Sub

Public Sub DropNote(ByVal cell As Object)
    If HasThread(cell) Then Exit Sub
    If Not cell.Comment Is Nothing Then cell.Comment.Delete
End Sub

' Excel may cut a text of more than 255 characters that is given at once.
Private Sub Append(ByVal note As Object, ByVal text As String)
    Dim at As Long
    at = 1 + Portion(text, 1)
    Do While at <= Len(text)
        note.Text Mid$(text, at, Portion(text, at)), at, False
        at = at + Portion(text, at)
    Loop
End Sub

' How many characters from here go together; a line's end, at which a note might be trimmed, is in the middle.
Private Function Portion(ByVal text As String, ByVal at As Long) As Long
    Portion = 200
    Do While Portion > 1 And InStr(Mid$(text, at + Portion - 1, 2), vbLf) > 0
        Portion = Portion - 1
    Loop
End Function

Private Function HasThread(ByVal cell As Object) As Boolean
    On Error GoTo older    ' Excel 2019 and before know no threads
    HasThread = Not cell.CommentThreaded Is Nothing
older:
End Function

' Lines that begin with 【 are headings. A note in plain letters says the same, so an error here is none.
Private Sub Embolden(ByVal note As Object, ByVal text As String)
    Dim lines As Variant, i As Long, at As Long
    On Error GoTo plainly
    With note.Shape.TextFrame.Characters.Font
        .Name = "宋体"
        .Size = 9
        .Bold = False
    End With
    lines = Split(text, vbLf)
    at = 1
    For i = 0 To UBound(lines)
        If Left$(lines(i), 1) = "【" Then note.Shape.TextFrame.Characters(at, Len(lines(i))).Font.Bold = True
        at = at + Len(lines(i)) + 1
    Next
plainly:
End Sub
