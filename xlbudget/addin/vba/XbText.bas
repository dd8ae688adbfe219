Attribute VB_Name = "XbText"
Option Explicit
' Words on the wire, and the sentences around an error. Files hold ASCII only, so no code page matters.

Public Const XB_VERSION As String = "0"
Public Const SAID As Long = 5131    ' number of errors whose description is a sentence for the user

' Anything but printable ASCII, and the backslash, becomes \uXXXX, as in xlbudget/excel/wire.py.
Public Function Escape(ByVal word As String) As String
    Dim parts() As String, i As Long, code As Long
    If Len(word) = 0 Then Exit Function
    ReDim parts(1 To Len(word))
    For i = 1 To Len(word)
        code = AscW(Mid$(word, i, 1)) And &HFFFF&
        If code >= 32 And code <= 126 And code <> 92 Then
            parts(i) = Mid$(word, i, 1)
        Else
            parts(i) = "\u" & Right$("000" & LCase$(Hex$(code)), 4)
        End If
    Next
    Escape = Join(parts, "")
End Function

' A backslash is always the start of \uXXXX: splitting there costs one pass, whatever the length.
Public Function Unescape(ByVal word As String) As String
    Dim parts As Variant, i As Long
    If InStr(word, "\u") = 0 Then
        Unescape = word
        Exit Function
    End If
    parts = Split(word, "\u")
    For i = 1 To UBound(parts)
        parts(i) = ChrW(CLng("&H" & Left$(parts(i), 4))) & Mid$(parts(i), 5)
    Next
    Unescape = Join(parts, "")
End Function

' End a procedure with a sentence for the user.
Public Sub Say(ByVal sentence As String)
    Err.Raise SAID, "xlbudget", sentence
End Sub

' The sentence for an error: our own as they are, Excel's with what was being done.
Public Function Failed(ByVal doing As String, ByVal number As Long, ByVal description As String) As String
    If number = SAID Then
        Failed = description
    Else
        Failed = doing & "没有完成：" & Plain(description) & vbLf & _
            "请再试一次；还不行就按“诊断”，把工作表“诊断”的内容发给管理员。"
    End If
End Function

' An error's description on one line, ending in a full stop.
Public Function Plain(ByVal description As String) As String
    Dim text As String
    text = Trim$(Replace(Replace(description, vbCr, " "), vbLf, " "))
    If text = "" Then text = "Excel 没有说明原因"
    If Right$(text, 1) <> "。" And Right$(text, 1) <> "." Then text = text & "。"
    Plain = text
End Function

' A message box shows some 1,000 characters.
Public Function Shortened(ByVal message As String, ByVal length As Long) As String
    If Len(message) <= length Then
        Shortened = message
    Else
        Shortened = Left$(message, length) & "……" & vbLf & "（其余见“诊断”。）"
    End If
End Function

Public Function TitleOf(ByVal verb As String) As String
    Select Case verb
        Case "fill": TitleOf = "填充"
        Case "validate": TitleOf = "校验"
        Case "clear": TitleOf = "清除标注"
        Case "export": TitleOf = "导出报送版"
        Case Else: TitleOf = verb
    End Select
End Function
