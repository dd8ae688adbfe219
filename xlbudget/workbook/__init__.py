"""OOXML in and out: reading, filling, marking, clearing, behind a guard against hostile files."""
