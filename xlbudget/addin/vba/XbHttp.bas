Attribute VB_Name = "XbHttp"
Option Explicit
' T3: a service, on this PC or in the own network, does the work. Needs no Python here.

Private Const FOR_A_JOB As Long = 180       ' seconds
Private Const FOR_A_FUNCTION As Long = 15
Private Const FOR_A_PING As Long = 5

Public Sub Run(ByVal folder As String)
    Dim body() As Byte, answer() As Byte
    Pack folder
    XbFiles.ReadBytes XbFiles.Joined(folder, "packed.bin"), body
    answer = Asked("POST", "/v1/run", FOR_A_JOB, body)
    XbFiles.WriteBytes XbFiles.Joined(folder, "reply.txt"), answer
End Sub

Public Function Ping() As String
    Ping = StrConv(Asked("GET", "/v1/ping", FOR_A_PING, Empty), vbUnicode)
End Function

' A worksheet function on values as lines; the result as lines.
Public Function CallFunction(ByVal name As String, ByVal args As String) As String
    Dim body() As Byte
    body = StrConv(args, vbFromUnicode)
    CallFunction = StrConv(Asked("POST", "/v1/call/" & name, FOR_A_FUNCTION, body), vbUnicode)
End Function

' The job as one body: job.txt with the length of each copy in place of its file, then the copies.
Private Sub Pack(ByVal folder As String)
    Dim lines As Variant, words As Variant, files As Collection, file As Variant, i As Long, bytes() As Byte
    Set files = New Collection
    lines = Split(XbFiles.ReadText(XbFiles.Joined(folder, "job.txt")), vbCrLf)
    For i = 0 To UBound(lines)
        words = Split(lines(i), vbTab)
        If UBound(words) = 3 Then
            files.Add XbFiles.Joined(folder, CStr(words(3)))
            words(3) = CStr(FileLen(XbFiles.Joined(folder, CStr(words(3)))))
            lines(i) = Join(words, vbTab)
        End If
    Next
    XbFiles.WriteText XbFiles.Joined(folder, "packed.bin"), Join(lines, vbCrLf)
    For Each file In files
        XbFiles.ReadBytes CStr(file), bytes
        XbFiles.WriteBytes XbFiles.Joined(folder, "packed.bin"), bytes
    Next
End Sub

' The bytes that the service answers. Raises a sentence when that is not 200.
Private Function Asked(ByVal method As String, ByVal path As String, ByVal seconds As Long, _
        ByVal body As Variant) As Variant
    Dim url As String, status As Long, answer As Variant
    url = XbSettings.Value("service")
    If Right$(url, 1) = "/" Then url = Left$(url, Len(url) - 1)
    status = Reached(method, url & path, seconds, body, answer)
    If status = 0 Then
        XbText.Say "T3（服务 " & url & "）连不上：" & XbText.Plain(answer) & vbLf & _
            "请检查网络和“设置”里的 service；服务在本机时，看它是否已启动（xlbudget serve）。" & vbLf & _
            "请按“诊断”查看。"
    ElseIf status = 401 Then
        XbText.Say "T3（服务 " & url & "）不接受口令。请在“设置”的 token 一行填写服务启动时给出的口令。"
    ElseIf status <> 200 Then
        XbText.Say "T3（服务 " & url & "）没有完成（" & status & "）：" & XbText.Plain(answer)
    End If
    Asked = answer
End Function

' The status; 0 with the reason for an answer when there was none.
Private Function Reached(ByVal method As String, ByVal url As String, ByVal seconds As Long, _
        ByVal body As Variant, ByRef answer As Variant) As Long
    On Error GoTo noAnswer
    Reached = XbHost.Request(method, url, XbSettings.Value("token"), seconds, body, answer)
    Exit Function
noAnswer:
    Reached = 0
    answer = Err.Description
End Function
