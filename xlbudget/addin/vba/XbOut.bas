Attribute VB_Name = "XbOut"
Option Explicit
' Files of a reply: from base64 to a file beside the workbook, never over another one.

Private Const DIGITS As String = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

' Gives the full path of the file. The name may hold any character, so the file is written elsewhere and moved.
Public Function Save(ByVal book As Object, ByVal name As String, ByVal content As String) As String
    Dim bytes() As Byte, folder As String, made As String, target As String
    Decode content, bytes
    target = FreeName(FolderOf(book), name)
    folder = XbJob.NewFolder()
    made = XbFiles.Joined(folder, "file.bin")
    XbFiles.WriteBytes made, bytes
    XbHost.MoveFile made, target
    XbFiles.DropFolder folder
    Save = target
End Function

' Beside the workbook when it lies on a disk, else among the user's documents.
Private Function FolderOf(ByVal book As Object) As String
    If Not book Is Nothing Then FolderOf = XbJob.LocalFolder(book)
    If FolderOf = "" Then FolderOf = XbHost.Documents()
End Function

Private Function FreeName(ByVal folder As String, ByVal name As String) As String
    Dim stem As String, ending As String, at As Long, n As Long
    at = InStrRev(name, ".")
    If at = 0 Then at = Len(name) + 1
    stem = Left$(name, at - 1)
    ending = Mid$(name, at)
    FreeName = XbFiles.Joined(folder, name)
    n = 1
    Do While XbHost.FileThere(FreeName)
        n = n + 1
        FreeName = XbFiles.Joined(folder, stem & "(" & n & ")" & ending)
    Loop
End Function

Public Sub Decode(ByVal content As String, ByRef bytes() As Byte)
    Dim code(0 To 127) As Long, text() As Byte, i As Long, at As Long, length As Long, quad As Long
    For i = 1 To 64
        code(Asc(Mid$(DIGITS, i, 1))) = i - 1
    Next
    length = (Len(content) \ 4) * 3
    If Right$(content, 2) = "==" Then
        length = length - 2
    ElseIf Right$(content, 1) = "=" Then
        length = length - 1
    End If
    If length <= 0 Then XbText.Say "文件是空的，没有保存。"
    text = StrConv(content, vbFromUnicode)
    ReDim bytes(0 To length + 1)    ' the last group may reach beyond the end
    For i = 0 To UBound(text) - 3 Step 4
        quad = code(text(i)) * 262144 + code(text(i + 1)) * 4096& + code(text(i + 2)) * 64& + code(text(i + 3))
        bytes(at) = quad \ 65536
        bytes(at + 1) = (quad \ 256) And 255
        bytes(at + 2) = quad And 255
        at = at + 3
    Next
    ReDim Preserve bytes(0 To length - 1)
End Sub
