Attribute VB_Name = "XbJob"
Option Explicit
' The folder that a press of a button hands to Python: job.txt and saved copies of the open workbooks.
' xlbudget/excel/jobfile.py reads it.

Private Const MOST As Long = 10    ' other workbooks that go along

' Writes the job and gives its folder.
Public Function Make(ByVal verb As String) As String
    Dim folder As String, job As String, front As Object
    DropOld
    folder = NewFolder()
    Set front = Application.ActiveWorkbook
    job = "xlbudget 1" & vbCrLf & Row("verb", verb) & Row("pack", XbSettings.Value("pack")) & _
        Row("source", XbSettings.Value("source"))
    job = job & Copied(front, folder, 1) & Others(front, folder) & "end" & vbCrLf
    XbFiles.WriteText XbFiles.Joined(folder, "job.txt"), job
    Make = folder
End Function

' A new folder of ours in the user's temporary folder.
Public Function NewFolder() As String
    Dim root As String, folder As String, n As Long
    root = XbFiles.Joined(Environ("TEMP"), "xlbudget")
    If Not FolderThere(root) Then MakeFolder root
    Do
        n = n + 1
        folder = XbFiles.Joined(root, Format$(Now, "yyyymmdd-hhmmss") & "-" & n)
    Loop While FolderThere(folder)
    MakeFolder folder
    NewFolder = folder
End Function

' Where a workbook lies on a disk; "" when it was never saved, or lies in the cloud.
Public Function LocalFolder(ByVal book As Object) As String
    If InStr(book.Path, "://") = 0 Then LocalFolder = book.Path
End Function

Private Function FolderThere(ByVal path As String) As Boolean
    On Error GoTo missing
    FolderThere = (GetAttr(path) And vbDirectory) <> 0
missing:
End Function

Private Sub MakeFolder(ByVal path As String)
    If Not Made(path) Then
        XbText.Say "建立不了临时文件夹“" & path & "”。请检查磁盘是否已满；" & _
            "用户名有生僻字时，请管理员把环境变量 TEMP 设为只含英文字母的文件夹。"
    End If
End Sub

Private Function Made(ByVal path As String) As Boolean
    On Error GoTo cannot
    MkDir path
    Made = True
cannot:
End Function

' Folders of earlier days, left behind when Excel ended in the middle of a job. Their names begin with the day.
Private Sub DropOld()
    Dim name As Variant, root As String
    On Error GoTo noRoot
    root = XbFiles.Joined(Environ("TEMP"), "xlbudget")
    For Each name In XbFiles.NamesIn(root, True)
        If name Like "########-*" And Left$(name, 8) < Format$(Now - 1, "yyyymmdd") Then
            XbFiles.DropFolder XbFiles.Joined(root, CStr(name))
        End If
    Next
noRoot:
End Sub

' ---- job.txt ----

Private Function Row(ByVal key As String, ByVal word As String) As String
    Row = key & vbTab & XbText.Escape(word) & vbCrLf
End Function

' Saves a copy of a workbook and gives its line.
Private Function Copied(ByVal book As Object, ByVal folder As String, ByVal number As Long) As String
    Dim file As String
    file = "book" & number & Ending(book.Name)
    XbHost.SaveCopy book, XbFiles.Joined(folder, file)
    Copied = "book" & vbTab & XbText.Escape(book.Name) & vbTab & XbText.Escape(LocalFolder(book)) & _
        vbTab & file & vbCrLf
End Function

' The other workbooks that the user has open. One that cannot be copied stays out.
Private Function Others(ByVal front As Object, ByVal folder As String) As String
    Dim book As Object, copies As Long, entry As String
    For Each book In Application.Workbooks
        If copies < MOST And IsOther(book, front) Then
            entry = TryCopied(book, folder, copies + 2)
            If entry <> "" Then copies = copies + 1
            Others = Others & entry
        End If
    Next
End Function

Private Function TryCopied(ByVal book As Object, ByVal folder As String, ByVal number As Long) As String
    On Error GoTo cannot
    TryCopied = Copied(book, folder, number)
cannot:
End Function

Private Function IsOther(ByVal book As Object, ByVal front As Object) As Boolean
    On Error GoTo hidden
    If book.Name = front.Name Or book.Name = ThisWorkbook.Name Then Exit Function
    IsOther = book.Windows(1).Visible
hidden:
End Function

' ".xlsx" as in the workbook's name; a new workbook has none and is saved as one of these.
Private Function Ending(ByVal name As String) As String
    Ending = ".xlsx"
    If InStrRev(name, ".") > 0 Then
        If LCase$(Mid$(name, InStrRev(name, "."))) Like ".xls*" Then Ending = LCase$(Mid$(name, InStrRev(name, ".")))
    End If
    If Len(Ending) > 6 Then Ending = ".xlsx"
End Function
