Attribute VB_Name = "XbQuiet"
Option Explicit
' Excel holds still while cells are written, and afterwards is as it was.

' Switches drawing, events, questions and recalculation off; gives what they were, for Back.
Public Function Hush() As Variant
    Dim was As Variant
    was = Array(True, True, True, 0)
    On Error GoTo rest
    was(0) = Application.ScreenUpdating
    was(1) = Application.EnableEvents
    was(2) = Application.DisplayAlerts
    Application.ScreenUpdating = False
    Application.EnableEvents = False
    Application.DisplayAlerts = False
    was(3) = Application.Calculation
    Application.Calculation = -4135    ' xlCalculationManual
rest:
    Hush = was
End Function

Public Sub Back(ByVal was As Variant)
    If Not IsArray(was) Then Exit Sub
    On Error Resume Next    ' each by itself: without a workbook Excel has no kind of calculation
    If was(3) <> 0 Then Application.Calculation = was(3)
    Application.DisplayAlerts = was(2)
    Application.EnableEvents = was(1)
    Application.ScreenUpdating = was(0)
End Sub
