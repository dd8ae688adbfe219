"""xlbudget inside Excel: what a button does, and how it reaches the open workbook.

- :mod:`.messages` are the values: a job (saved copies of the open workbooks and the settings) and a reply
  (one line to show, steps for each workbook, perhaps a question or a file).
- :mod:`.wire` writes both as text that VBA can read and write.
- :mod:`.buttons` has one function for each button of the ribbon: a job in, a reply out. It opens no file.
- :mod:`.entry` is what the add-in calls; :mod:`.port` is the only module that imports xlwings.
"""
