Attribute VB_Name = "XbFiles"
Option Explicit
' Files in folders of ours, whose paths are ASCII wherever the user's name is.

Public Function Joined(ByVal folder As String, ByVal file As String) As String
    Dim mark As String
    mark = Application.PathSeparator
    If Right$(folder, 1) = mark Then mark = ""
    Joined = folder & mark & file
End Function

Public Function Exists(ByVal path As String) As Boolean
    On Error GoTo missing
    Exists = (Dir(path) <> "")
missing:
End Function

Public Function ReadText(ByVal path As String) As String
    Dim bytes() As Byte
    If FileLen(path) = 0 Then Exit Function
    ReadBytes path, bytes
    ReadText = StrConv(bytes, vbUnicode)
End Function

Public Sub WriteText(ByVal path As String, ByVal text As String)
    Dim bytes() As Byte
    bytes = StrConv(text, vbFromUnicode)
    WriteBytes path, bytes
End Sub

Public Sub ReadBytes(ByVal path As String, ByRef bytes() As Byte)
    Dim file As Integer
    file = FreeFile
    Open path For Binary Access Read As #file
    ReDim bytes(0 To LOF(file) - 1)
    Get #file, , bytes
    Close #file
End Sub

' Bytes behind what the file holds already; a new file begins with them.
Public Sub WriteBytes(ByVal path As String, ByRef bytes() As Byte)
    Dim file As Integer
    file = FreeFile
    Open path For Binary Access Write As #file
    Seek #file, LOF(file) + 1
    Put #file, , bytes
    Close #file
End Sub

' The names in a folder, first all read and then used: Dir knows only one search at a time.
Public Function NamesIn(ByVal folder As String, ByVal folders As Boolean) As Collection
    Dim found As Collection, name As String
    Set found = New Collection
    name = Dir(Joined(folder, "*"), IIf(folders, vbDirectory, vbNormal))
    Do While name <> ""
        If name <> "." And name <> ".." Then found.Add name
        name = Dir
    Loop
    Set NamesIn = found
End Function

' Delete a folder of ours with the files in it; what is in use stays for the next time.
Public Sub DropFolder(ByVal folder As String)
    Dim name As Variant
    On Error GoTo inUse
    For Each name In NamesIn(folder, False)
        Kill Joined(folder, CStr(name))
    Next
    RmDir folder
inUse:
End Sub
