"""OOXML in and out: reading, filling, marking and clearing workbooks, behind a guard against hostile files."""
