Attribute VB_Name = "XbRibbon"
Option Explicit
' What the ribbon calls (ribbon/customUI14.xml). control is an IRibbonControl; nothing is asked of it.
' No callback is called like a module: a name that means both is not understood everywhere.

Public Sub XbFill(control As Object)
    On Error GoTo failed
    XbButton.Press "fill"
    Exit Sub
failed:
    XbHost.Tell XbText.Failed("“填充”", Err.Number, Err.Description)
End Sub

Public Sub XbValidate(control As Object)
    On Error GoTo failed
    XbButton.Press "validate"
    Exit Sub
failed:
    XbHost.Tell XbText.Failed("“校验”", Err.Number, Err.Description)
End Sub

Public Sub XbPrevious(control As Object)
    On Error GoTo failed
    XbWalk.Go -1
    Exit Sub
failed:
    XbHost.Tell XbText.Failed("“上一处”", Err.Number, Err.Description)
End Sub

Public Sub XbNext(control As Object)
    On Error GoTo failed
    XbWalk.Go 1
    Exit Sub
failed:
    XbHost.Tell XbText.Failed("“下一处”", Err.Number, Err.Description)
End Sub

Public Sub XbClear(control As Object)
    On Error GoTo failed
    XbButton.Press "clear"
    Exit Sub
failed:
    XbHost.Tell XbText.Failed("“清除标注”", Err.Number, Err.Description)
End Sub

Public Sub XbExport(control As Object)
    On Error GoTo failed
    XbButton.Press "export"
    Exit Sub
failed:
    XbHost.Tell XbText.Failed("“导出报送版”", Err.Number, Err.Description)
End Sub

Public Sub XbDiagnose(control As Object)
    On Error GoTo failed
    XbDoctor.Run
    Exit Sub
failed:
    XbHost.Tell XbText.Failed("“诊断”", Err.Number, Err.Description)
End Sub

Public Sub XbSetUp(control As Object)
    On Error GoTo failed
    XbSettings.Toggle
    Exit Sub
failed:
    XbHost.Tell XbText.Failed("“设置”", Err.Number, Err.Description)
End Sub
