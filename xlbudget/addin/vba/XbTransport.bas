Attribute VB_Name = "XbTransport"
Option Explicit
' How a job reaches Python. Which of the three ways, the settings say.

' Hands over the job in a folder; gives the path of the reply. Raises a sentence when none has come.
Public Function Send(ByVal folder As String) As String
    Select Case XbSettings.Transport()
        Case "T1": XbXlwings.Run folder
        Case "T2": XbAgent.Run folder
        Case "T3": XbHttp.Run folder
    End Select
    Send = XbFiles.Joined(folder, "reply.txt")
    If Not XbFiles.Exists(Send) Then
        XbText.Say "程序没有给出应答，工作簿没有改动。请再按一次；还不行就按“诊断”。"
    End If
End Function
