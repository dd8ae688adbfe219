Attribute VB_Name = "XbSheets"
Option Explicit
' Steps that concern a whole sheet or the workbook.

Private Const XL_A4 As Long = 9
Private Const XL_LANDSCAPE As Long = 2
Private Const VISIBLE As Long = -1

Private lifted As Collection    ' what protected sheets allowed, by book and sheet

Public Sub Forget()
    Set lifted = New Collection
End Sub

' ---- protection ----

' Lift a protection that has no password; raises when it has one.
Public Sub OpenSheet(ByVal sheet As Object, ByVal key As String)
    Dim allowed As Variant
    If Not (sheet.ProtectContents Or sheet.ProtectDrawingObjects Or sheet.ProtectScenarios) Then Exit Sub
    allowed = Allowances(sheet)
    If Not Unlocked(sheet) Then
        XbText.Say "工作表“" & sheet.Name & "”有密码保护，没有改动它。请用“审阅”→“撤消工作表保护”，再按一次。"
    End If
    lifted.Add allowed, key
End Sub

Private Function Unlocked(ByVal sheet As Object) As Boolean
    On Error GoTo locked
    sheet.Unprotect ""    ' without an argument Excel would ask for the password
    Unlocked = Not sheet.ProtectContents
locked:
End Function

' Protect the sheet as it was. Where a right cannot be given back the sheet is protected all the same.
Public Sub CloseSheet(ByVal sheet As Object, ByVal key As String)
    Dim was As Variant
    If Not WasLifted(key, was) Then Exit Sub
    On Error GoTo plainly
    sheet.Protect DrawingObjects:=was(0), Contents:=was(1), Scenarios:=was(2), _
        AllowFormattingCells:=was(3), AllowFormattingColumns:=was(4), AllowFormattingRows:=was(5), _
        AllowInsertingColumns:=was(6), AllowInsertingRows:=was(7), AllowInsertingHyperlinks:=was(8), _
        AllowDeletingColumns:=was(9), AllowDeletingRows:=was(10), AllowSorting:=was(11), _
        AllowFiltering:=was(12), AllowUsingPivotTables:=was(13)
    sheet.EnableSelection = was(14)
    Exit Sub
plainly:
    Resume simple
simple:
    sheet.Protect
End Sub

Private Function Allowances(ByVal sheet As Object) As Variant
    Dim rights As Object
    On Error GoTo unknown
    Set rights = sheet.Protection
    Allowances = Array(sheet.ProtectDrawingObjects, sheet.ProtectContents, sheet.ProtectScenarios, _
        rights.AllowFormattingCells, rights.AllowFormattingColumns, rights.AllowFormattingRows, _
        rights.AllowInsertingColumns, rights.AllowInsertingRows, rights.AllowInsertingHyperlinks, _
        rights.AllowDeletingColumns, rights.AllowDeletingRows, rights.AllowSorting, _
        rights.AllowFiltering, rights.AllowUsingPivotTables, sheet.EnableSelection)
    Exit Function
unknown:
    Allowances = Array(True, True, True, False, False, False, False, False, False, False, False, False, _
        False, False, 0)
End Function

Private Function WasLifted(ByVal key As String, ByRef was As Variant) As Boolean
    On Error GoTo never
    was = lifted.Item(key)
    lifted.Remove key
    WasLifted = True
never:
End Function

' ---- sheets ----

' args: tab colour, landscape, frozen rows, title rows
Public Sub AddSheet(ByVal book As Object, ByVal name As String, ByVal args As Variant)
    Dim sheet As Object
    If book.ProtectStructure Then
        XbText.Say "工作簿的结构受保护，加不了工作表“" & name & "”。请用“审阅”→“保护工作簿”撤消保护，再按一次。"
    End If
    book.Activate
    Set sheet = book.Worksheets.Add(After:=book.Sheets(book.Sheets.Count))
    sheet.Name = name
    Freeze book, sheet, Val(args(2))
    If args(0) <> "" Then XbHost.TabColor sheet, XbLook.ColorOf(CStr(args(0)))
    LayOut sheet, args(1) = "1", CStr(args(3))
End Sub

' Excel freezes rows of a window that shows the sheet from its top.
Private Sub Freeze(ByVal book As Object, ByVal sheet As Object, ByVal rows As Long)
    Dim view As Object
    On Error GoTo without    ' a matter of comfort
    sheet.Activate
    Set view = book.Windows(1)
    view.DisplayGridlines = False
    If rows = 0 Then Exit Sub
    view.FreezePanes = False
    view.ScrollRow = 1
    view.SplitColumn = 0
    view.SplitRow = rows
    view.FreezePanes = True
without:
End Sub

' Without a printer Excel knows no page; the sheet is then laid out as Excel likes.
Private Sub LayOut(ByVal sheet As Object, ByVal landscape As Boolean, ByVal titles As String)
    On Error GoTo noPrinter
    With sheet.PageSetup
        If landscape Then .Orientation = XL_LANDSCAPE
        .PaperSize = XL_A4
        .Zoom = False
        .FitToPagesWide = 1
        .FitToPagesTall = False
        .CenterHorizontally = True
        .CenterFooter = "第 &P 页，共 &N 页"
        If titles <> "" Then .PrintTitleRows = titles
    End With
noPrinter:
End Sub

Public Sub DropSheet(ByVal book As Object, ByVal name As String)
    Dim sheet As Object
    Set sheet = XbSteps.SheetOf(book, name)
    If sheet Is Nothing Then Exit Sub
    If book.ProtectStructure Then
        XbText.Say "工作簿的结构受保护，删不了工作表“" & name & "”。请用“审阅”→“保护工作簿”撤消保护，再按一次。"
    End If
    sheet.Visible = VISIBLE    ' a very hidden sheet cannot be deleted
    sheet.Delete
End Sub

Public Sub SetWidth(ByVal sheet As Object, ByVal letters As String, ByVal width As String)
    If width = "" Then
        XbHost.StandardWidth sheet.Columns(letters)
    Else
        sheet.Columns(letters).ColumnWidth = Val(width)
    End If
End Sub

Public Sub SetPrintArea(ByVal sheet As Object, ByVal area As String)
    On Error GoTo noPrinter
    sheet.PageSetup.PrintArea = area
    Exit Sub
noPrinter:
    Resume byName
byName:
    If area = "" Then
        DropName Nothing, sheet, "Print_Area"
    Else
        sheet.Names.Add "Print_Area", "='" & Replace(sheet.Name, "'", "''") & "'!" & area
    End If
End Sub

' A link keeps the cell's font: Excel would give it the style of links.
Public Sub SetLink(ByVal book As Object, ByVal cell As Object, ByVal target As String)
    Dim font As Variant
    font = Array(cell.Font.Name, cell.Font.Size, cell.Font.Bold, cell.Font.Underline, cell.Font.Color)
    XbHost.Link book, cell, target
    cell.Font.Name = font(0)
    cell.Font.Size = font(1)
    cell.Font.Bold = font(2)
    cell.Font.Underline = font(3)
    cell.Font.Color = font(4)
End Sub

Public Sub SetFilter(ByVal sheet As Object, ByVal area As String)
    sheet.AutoFilterMode = False
    sheet.Range(area).AutoFilter
End Sub

' ---- names ----

' sheet is Nothing for a name of the whole workbook.
Public Sub SetName(ByVal book As Object, ByVal sheet As Object, ByVal name As String, ByVal args As Variant)
    DropName book, sheet, name
    If sheet Is Nothing Then
        book.Names.Add Name:=name, RefersTo:="=" & args(0), Visible:=(args(1) <> "1")
    Else
        sheet.Names.Add Name:=name, RefersTo:="=" & args(0), Visible:=(args(1) <> "1")
    End If
End Sub

Public Sub DropName(ByVal book As Object, ByVal sheet As Object, ByVal name As String)
    Dim found As Object
    Set found = NameOf(book, sheet, name)
    If Not found Is Nothing Then found.Delete
End Sub

' A name of the workbook and one of a sheet may be called the same: Excel then gives the one in front.
Public Function NameOf(ByVal book As Object, ByVal sheet As Object, ByVal name As String) As Object
    Dim item As Object
    If sheet Is Nothing Then
        For Each item In book.Names
            If StrComp(item.Name, name, vbTextCompare) = 0 Then Set NameOf = item
        Next
    Else
        For Each item In sheet.Names
            If StrComp(Mid$(item.Name, InStrRev(item.Name, "!") + 1), name, vbTextCompare) = 0 Then
                Set NameOf = item
            End If
        Next
    End If
End Function
