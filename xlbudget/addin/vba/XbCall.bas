Attribute VB_Name = "XbCall"
Option Explicit
' Worksheet functions on their way to Python and back; values on the wire as in xlbudget/excel/wire.py.

Private Const WHOLE_COLUMN As Long = 1048576
Private Const REST_SECONDS As Long = 20

Private downUntil As Date      ' after a failure no cell tries again for a while: each would wait for itself
Private downWhy As String

' ---- for the wrappers in XbFunctions ----

' The values of an argument: those of a range, Empty for a missing one.
Public Function Arg(Optional ByVal given As Variant) As Variant
    If IsMissing(given) Then
        Arg = Empty
    ElseIf IsObject(given) Then
        Arg = ValuesOf(given)
    Else
        Arg = given
    End If
End Function

' The fixed arguments and those of a ParamArray in one array.
Public Function Rest(ByVal fixed As Variant, ByVal pairs As Variant) As Variant
    Dim whole() As Variant, i As Long, n As Long
    n = UBound(fixed) - LBound(fixed) + 1
    ReDim whole(0 To n + UBound(pairs) - LBound(pairs))
    For i = 0 To n - 1
        whole(i) = fixed(LBound(fixed) + i)
    Next
    For i = LBound(pairs) To UBound(pairs)
        whole(n + i - LBound(pairs)) = Arg(pairs(i))
    Next
    Rest = whole
End Function

' What the function gives.
Public Function Value(ByVal name As String, ByVal args As Variant) As Variant
    If Now < downUntil Then
        Value = downWhy
        Exit Function
    End If
    Select Case XbSettings.Transport()
        Case "T1": Value = XbXlwings.CallFunction(name, args)
        Case "T2": Value = Decoded(XbAgent.CallFunction(name, Encoded(args)))
        Case "T3": Value = Decoded(XbHttp.CallFunction(name, Encoded(args)))
    End Select
End Function

' What a cell shows when nothing came back.
Public Function Failed(ByVal description As String) As String
    downWhy = "计算不了：" & XbText.Plain(description) & "解决后按 Ctrl+Alt+F9 重新计算。"
    downUntil = Now + REST_SECONDS / 86400
    Failed = downWhy
End Function

' Try again at once.
Public Sub Forget()
    downUntil = 0
End Sub

Private Function ValuesOf(ByVal given As Object) As Variant
    ValuesOf = XbHost.Plain(Used(given.Areas(1)))
End Function

' Whole columns end where the sheet does.
Private Function Used(ByVal area As Object) As Object
    Dim part As Object
    Set Used = area
    If area.Rows.Count < WHOLE_COLUMN Then Exit Function
    Set part = area.Worksheet.UsedRange
    Set Used = area.Resize(part.Row + part.Rows.Count - 1)
End Function

' ---- values as lines ----

Public Function Encoded(ByVal args As Variant) As String
    Dim entries As Collection, lines() As String, entry As Variant, count As Long, i As Long
    Set entries = New Collection
    For i = LBound(args) To UBound(args)
        AddValue entries, args(i)
    Next
    ReDim lines(0 To entries.Count)    ' one more than there are: the last line ends too
    For Each entry In entries
        lines(count) = entry
        count = count + 1
    Next
    Encoded = Join(lines, vbCrLf)
End Function

Private Sub AddValue(ByVal entries As Collection, ByVal given As Variant)
    Dim i As Long, k As Long
    If Not IsArray(given) Then
        entries.Add Scalar(given)
        Exit Sub
    End If
    entries.Add "a" & vbTab & (UBound(given, 1) - LBound(given, 1) + 1) & vbTab & _
        (UBound(given, 2) - LBound(given, 2) + 1)
    For i = LBound(given, 1) To UBound(given, 1)
        For k = LBound(given, 2) To UBound(given, 2)
            entries.Add Scalar(given(i, k))
        Next
    Next
End Sub

Private Function Scalar(ByVal given As Variant) As String
    Select Case VarType(given)
        Case vbEmpty, vbNull: Scalar = "z"
        Case vbString: Scalar = "t" & vbTab & XbText.Escape(given)
        Case vbBoolean: Scalar = "b" & vbTab & IIf(given, "1", "0")
        Case vbError: Scalar = "e" & vbTab & ErrorName(given)
        Case Else: Scalar = "n" & vbTab & Trim$(Str$(CDbl(given)))
    End Select
End Function

' The first value in a text of lines.
Public Function Decoded(ByVal text As String) As Variant
    Dim lines As Variant, words As Variant, cells() As Variant, i As Long, k As Long, at As Long
    lines = Split(text, vbCrLf)
    If UBound(lines) < 1 Then XbText.Say "没有收到完整的结果。"
    words = Split(lines(0), vbTab)
    If words(0) <> "a" Then
        Decoded = OneValue(lines(0))
        Exit Function
    End If
    If UBound(lines) <= Val(words(1)) * Val(words(2)) Then XbText.Say "没有收到完整的结果。"
    ReDim cells(1 To Val(words(1)), 1 To Val(words(2)))
    at = 1
    For i = 1 To UBound(cells, 1)
        For k = 1 To UBound(cells, 2)
            cells(i, k) = OneValue(lines(at))
            at = at + 1
        Next
    Next
    Decoded = cells
End Function

Private Function OneValue(ByVal entry As String) As Variant
    Select Case Left$(entry, 1)
        Case "n": OneValue = Val(Mid$(entry, 3))
        Case "t": OneValue = XbText.Unescape(Mid$(entry, 3))
        Case "b": OneValue = (Mid$(entry, 3) = "1")
        Case "e": OneValue = ErrorValue(Mid$(entry, 3))
        Case "z": OneValue = ""    ' Empty would show as 0
        Case Else: XbText.Say "结果看不懂：加载项和程序的版本不同，请重新安装。"
    End Select
End Function

Private Function ErrorNames() As Variant
    ErrorNames = Array("#NULL!", 2000, "#DIV/0!", 2007, "#VALUE!", 2015, "#REF!", 2023, "#NAME?", 2029, _
        "#NUM!", 2036, "#N/A", 2042)
End Function

Private Function ErrorName(ByVal given As Variant) As String
    Dim known As Variant, i As Long
    known = ErrorNames()
    ErrorName = "#VALUE!"
    For i = 0 To UBound(known) Step 2
        If given = CVErr(known(i + 1)) Then ErrorName = known(i)
    Next
End Function

Public Function ErrorValue(ByVal name As String) As Variant
    Dim known As Variant, i As Long
    known = ErrorNames()
    ErrorValue = CVErr(2015)
    For i = 0 To UBound(known) Step 2
        If known(i) = name Then ErrorValue = CVErr(known(i + 1))
    Next
End Function
