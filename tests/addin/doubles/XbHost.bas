Attribute VB_Name = "XbHost"
Option Explicit
' Stands in for the add-in's XbHost in LibreOffice: what the user would see goes into files in XB_TEST_DIR,
' what LibreOffice's VBA lacks is done through UNO, HTTP by curl.

Private shown As Boolean

' ---- talking to the user ----

Public Sub Tell(ByVal message As String)
    Record "tell" & vbTab & XbText.Escape(message)
End Sub

' Answers are queued in answers.txt, one letter for each question.
Public Function Ask(ByVal question As String) As Boolean
    Dim letters As String
    Record "ask" & vbTab & XbText.Escape(question)
    letters = XbFiles.ReadText(InTest("answers.txt"))
    Kill InTest("answers.txt")
    XbFiles.WriteText InTest("answers.txt"), Mid$(letters, 2) & " "
    Ask = (Left$(letters, 1) = "y")
End Function

Public Function InTest(ByVal file As String) As String
    InTest = XbFiles.Joined(Environ("XB_TEST_DIR"), file)
End Function

Private Sub Record(ByVal entry As String)
    XbFiles.WriteText InTest("told.txt"), entry & vbLf
End Sub

' ---- files ----

' LibreOffice's SaveCopyAs writes the old format whatever the name is.
Public Sub SaveCopy(ByVal book As Object, ByVal path As String)
    Dim how(0) As New com.sun.star.beans.PropertyValue
    how(0).Name = "FilterName"
    how(0).Value = "Calc MS Excel 2007 XML"
    DocumentOf(book).storeToURL ConvertToURL(path), how()
End Sub

Public Function FileThere(ByVal path As String) As Boolean
    FileThere = FileExists(path)
End Function

Public Sub MoveFile(ByVal source As String, ByVal target As String)
    Name source As target
End Sub

Public Function Documents() As String
    Documents = InTest("documents")
End Function

' ---- other programs ----

Public Function Create(ByVal progId As String) As Object
    If progId <> "xlbudget.Agent" Or FileExists(InTest("no-agent")) Then
        Err.Raise 429, "xlbudget", "ActiveX component can't create object"
    End If
    Set Create = New XbFakeAgent
End Function

Public Function CallAgent(ByVal agent As Object, ByVal name As String, ByVal args As String) As String
    CallAgent = agent.CallText(name, args)
End Function

' Runs a script of the test; its arguments stand in a file, one a line.
Public Sub RunScript(ByVal script As String, ByVal arguments As String)
    If FileExists(InTest("arguments.txt")) Then Kill InTest("arguments.txt")
    XbFiles.WriteText InTest("arguments.txt"), arguments & vbLf
    Shell "/bin/sh", 0, InTest(script), True
End Sub

Public Function Request(ByVal method As String, ByVal url As String, ByVal token As String, _
        ByVal seconds As Long, ByVal body As Variant, ByRef answer As Variant) As Long
    Dim name As Variant, bytes() As Byte
    For Each name In Array("body.bin", "answer.bin", "status.txt")
        If FileExists(InTest(name)) Then Kill InTest(name)
    Next
    If Not IsEmpty(body) Then
        bytes = body
        XbFiles.WriteBytes InTest("body.bin"), bytes
    End If
    RunScript "request.sh", method & vbLf & url & vbLf & token & vbLf & seconds
    Request = Val(XbFiles.ReadText(InTest("status.txt")))
    If Request = 0 Then Err.Raise 1001, "WinHttp.WinHttpRequest", "无法与服务器建立连接"
    If Request = 200 Then
        XbFiles.ReadBytes InTest("answer.bin"), bytes
        answer = bytes
    Else
        answer = TextOf(InTest("answer.bin"))
    End If
End Function

Private Function TextOf(ByVal file As String) As String
    Dim stream As Object
    Set stream = CreateUnoService("com.sun.star.io.TextInputStream")
    stream.setInputStream CreateUnoService("com.sun.star.ucb.SimpleFileAccess").openFileRead(ConvertToURL(file))
    stream.setEncoding "UTF-8"
    Do While Not stream.isEOF()
        TextOf = TextOf & stream.readLine()
    Loop
    stream.closeInput
End Function

' ---- cells ----

' Errors in cells come as numbers here; their text tells them.
Public Function Plain(ByVal area As Object) As Variant
    Dim found As Variant, row As Long, col As Long
    found = area.Value
    If Not IsArray(found) Then
        If Left$(area.Text, 1) = "#" Then found = XbCall.ErrorValue(area.Text)
    Else
        For row = 1 To UBound(found, 1)
            For col = 1 To UBound(found, 2)
                If Left$(area.Cells(row, col).Text, 1) = "#" Then
                    found(row, col) = XbCall.ErrorValue(area.Cells(row, col).Text)
                End If
            Next
        Next
    End If
    Plain = found
End Function

Public Sub Highlight(ByVal book As Object, ByVal sheet As Object, ByVal ref As String, _
        ByVal formula As String, ByVal fill As Long, ByVal stroke As Long, ByVal pattern As String)
    Dim doc As Object, page As Object, places As Object, one As Object, id As Long, part As Variant
    Set doc = DocumentOf(book)
    Set page = doc.Sheets.getByName(sheet.Name)
    Set places = doc.createInstance("com.sun.star.sheet.SheetCellRanges")
    For Each part In Split(ref, " ")
        places.addRangeAddress page.getCellRangeByName(part).RangeAddress, False
    Next
    id = page.ConditionalFormats.createByRange(places)
    For Each one In page.ConditionalFormats.getConditionalFormats()
        If one.ID = id Then
            one.createEntry 0, 0
            one.getByIndex(0).Operator = 24    ' a formula
            one.getByIndex(0).Formula1 = Mid$(formula, 2)
            one.getByIndex(0).StyleName = StyleFor(doc, pattern, fill)
        End If
    Next
End Sub

Private Function StyleFor(ByVal doc As Object, ByVal pattern As String, ByVal fill As Long) As String
    Dim styles As Object, style As Object
    StyleFor = "mark " & pattern
    Set styles = doc.StyleFamilies.getByName("CellStyles")
    If styles.hasByName(StyleFor) Then Exit Function
    Set style = doc.createInstance("com.sun.star.style.CellStyle")
    styles.insertByName StyleFor, style
    style.CellBackColor = (fill And 255) * 65536 + (fill And 65280) + (fill \ 65536)    ' Excel counts BGR
End Function

' LibreOffice cannot take one entry out of a format; ours, made above, have one each.
Public Sub Unhighlight(ByVal book As Object, ByVal sheet As Object, ByVal word As String)
    Dim all As Object, one As Object
    Set all = DocumentOf(book).Sheets.getByName(sheet.Name).ConditionalFormats
    For Each one In all.getConditionalFormats()
        If InStr(FormulaOf(one.getByIndex(0)), word) > 0 Then all.removeByID one.ID
    Next
End Sub

Private Function FormulaOf(ByVal entry As Object) As String
    On Error GoTo without
    FormulaOf = entry.Formula1
without:
End Function

Public Sub Link(ByVal book As Object, ByVal cell As Object, ByVal target As String)
    cell.Worksheet.Hyperlinks.Add cell, "#" & Replace(Replace(target, "'", ""), "!", ".")
End Sub

Public Sub StandardWidth(ByVal columns As Object)
    columns.ColumnWidth = columns.Worksheet.Columns(250).ColumnWidth    ' no form is as wide as this
End Sub

Public Sub TabColor(ByVal sheet As Object, ByVal color As Long)
End Sub

' The document of a workbook.
Private Function DocumentOf(ByVal book As Object) As Object
    Dim all As Object, one As Object, url As String
    Set all = StarDesktop.Components.createEnumeration()
    Do While all.hasMoreElements()
        Set one = all.nextElement()
        If one.supportsService("com.sun.star.sheet.SpreadsheetDocument") Then
            url = ConvertFromURL(one.URL)
            If Mid$(url, InStrRev(url, "/") + 1) = book.Name Then Set DocumentOf = one
        End If
    Loop
End Function

' ---- the add-in's own sheet ----

Public Function SettingsShown() As Boolean
    SettingsShown = shown
End Function

Public Sub ShowSettings(ByVal visible As Boolean)
    shown = visible
    Record "settings" & vbTab & IIf(visible, "shown", "hidden")
End Sub
