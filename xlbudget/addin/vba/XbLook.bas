Attribute VB_Name = "XbLook"
Option Explicit
' How cells of ours look, and the ranges that a step names.

Private Const NONE As Long = -4142       ' xlNone
Private Const LONGEST As Long = 240      ' characters that Range() takes for sure

' "B3 C5:D6 …" as one range, however long the text is.
Public Function Area(ByVal sheet As Object, ByVal ref As String) As Object
    Dim part As Variant, whole As Object
    For Each part In Pieces(ref)
        If whole Is Nothing Then
            Set whole = sheet.Range(CStr(part))
        Else
            Set whole = Application.Union(whole, sheet.Range(CStr(part)))
        End If
    Next
    Set Area = whole
End Function

' The ranges with commas between them, in texts short enough for Range().
Private Function Pieces(ByVal ref As String) As Collection
    Dim part As Variant, text As String, found As Collection
    Set found = New Collection
    For Each part In Split(ref, " ")
        If text <> "" And Len(text) + 1 + Len(part) > LONGEST Then
            found.Add text
            text = ""
        End If
        If text <> "" Then text = text & ","
        text = text & part
    Next
    If text <> "" Then found.Add text
    Set Pieces = found
End Function

' args: font, size, bold, line, color, fill, border, heavy, across, down, wrap, format
Public Sub Dress(ByVal sheet As Object, ByVal ref As String, ByVal args As Variant)
    Dim part As Variant
    For Each part In Split(ref, " ")
        DressArea sheet.Range(CStr(part)), args
    Next
End Sub

Private Sub DressArea(ByVal target As Object, ByVal args As Variant)
    With target.Font
        .Name = args(0)
        .Size = Val(args(1))
        .Bold = (args(2) = "1")
        .Underline = IIf(args(3) = "1", 2, NONE)    ' xlUnderlineStyleSingle
        .Color = ColorOf(args(4))
    End With
    If args(5) = "" Then
        target.Interior.ColorIndex = NONE
    Else
        target.Interior.Color = ColorOf(args(5))
    End If
    If args(6) <> "" Then    ' no border asked for: the neighbour's lines stay
        target.Borders.LineStyle = 1                             ' xlContinuous
        target.Borders.Weight = IIf(args(7) = "1", -4138, 2)     ' xlMedium, xlThin
        target.Borders.Color = ColorOf(args(6))
    End If
    target.HorizontalAlignment = Across(args(8))
    target.VerticalAlignment = Down(args(9))
    target.WrapText = (args(10) = "1")
    target.NumberFormat = IIf(args(11) = "", "General", args(11))
End Sub

Private Function Across(ByVal word As String) As Long
    Select Case word
        Case "left": Across = -4131
        Case "center": Across = -4108
        Case "right": Across = -4152
        Case Else: Across = 1    ' xlGeneral
    End Select
End Function

Private Function Down(ByVal word As String) As Long
    Select Case word
        Case "top": Down = -4160
        Case "center": Down = -4108
        Case Else: Down = -4107    ' xlBottom
    End Select
End Function

' RRGGBB as Excel counts colours.
Public Function ColorOf(ByVal word As String) As Long
    ColorOf = RGB(CLng("&H" & Mid$(word, 1, 2)), CLng("&H" & Mid$(word, 3, 2)), CLng("&H" & Mid$(word, 5, 2)))
End Function
