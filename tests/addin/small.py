"""A small add-in of made-up modules, complete enough for everything that is checked."""

from __future__ import annotations

from xlbudget.addin.build import project_of, sources_of
from xlbudget.addin.ovba import vba_project
from xlbudget.addin.package import Ribbon, package
from xlbudget.addin.ribbon import NEW, for_2007, read

RIBBON_BAS = """\
Attribute VB_Name = "XbRibbon"
Option Explicit
Public Const XB_VERSION As String = "0"

Public Sub XbFill(control As IRibbonControl)
    On Error GoTo failed
    XbTalk.Say "填充完成，共 3 处", vbInformation
    Exit Sub
failed:
    XbTalk.Say Err.Description ' 出错
End Sub
"""

TALK_BAS = """\
Attribute VB_Name = "XbTalk"
Option Explicit
Public Type XbSentence
    text As String
End Type
Public Enum XbMood
    moodGood = 1
    moodBad
End Enum
Public lastSaid As String

Public Sub Say(ByVal text As String, Optional ByVal icon As Long = 0)
    lastSaid = text
    MsgBox text, icon, "预算编审"
End Sub
"""

SETTINGS_BAS = """\
Attribute VB_Name = "XbSettings"
Option Explicit

Public Function XlwingsConfig(ByVal key As String, ByVal default As String) As String
    XlwingsConfig = default
End Function

Public Function DllFolder() As String
    DllFolder = Environ("LOCALAPPDATA") & "\\xlbudget\\current\\dll"
End Function
"""

FUNCTIONS_BAS = """\
Attribute VB_Name = "XbFunctions"
Option Explicit

Public Function XB_TWICE(ByVal number As Variant) As Variant
    On Error GoTo failed
    XB_TWICE = 2 * number
    Exit Function
failed:
    XB_TWICE = Err.Description
End Function
"""

ROW_CLS = """\
VERSION 1.0 CLASS
BEGIN
  MultiUse = -1  'True
END
Attribute VB_Name = "ZzRow"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = False
Attribute VB_Exposed = False
Option Explicit
Private held As Variant

Public Property Get Value() As Variant
    Value = held
End Property

Public Property Let Value(ByVal given As Variant)
    held = given
End Property
"""

RIBBON_XML = f"""\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<customUI xmlns="{NEW}">
  <ribbon>
    <tabs>
      <tab id="xbTab" label="预算编审" insertAfterMso="TabHome">
        <group id="xbGroup" label="公开表格">
          <button id="xbFill" label="填充" size="large" imageMso="FillDown" onAction="XbRibbon.XbFill"
            screentip="填充" supertip="按数据填写“金额”等格"/>
        </group>
      </tab>
    </tabs>
  </ribbon>
</customUI>
""".encode()

MODULES = {
    "XbRibbon": RIBBON_BAS,
    "XbTalk": TALK_BAS,
    "XbSettings": SETTINGS_BAS,
    "XbFunctions": FUNCTIONS_BAS,
    "ZzRow": ROW_CLS,
}


def unchecked(texts: dict[str, str]) -> bytes:
    """A document of these modules, whatever is wrong with them."""
    vba = vba_project(project_of(sources_of(texts)))
    return package("xlsm", vba, Ribbon(RIBBON_XML, for_2007(read(RIBBON_XML))), "0")
