"""Installing xlbudget for one Windows user: standard library only, run before anything is installed.

``python -m xlbudget.setup`` (or ``setup.pyz`` of an installation bundle) copies a bundle below
``%LOCALAPPDATA%\\xlbudget\\<version>``, points the junction ``current`` at it and puts the add-in where Excel
loads it. Nothing here imports the rest of xlbudget but :mod:`xlbudget.oserrors`; whatever is asked of Windows
goes through :class:`xlbudget.setup.system.System`, so that all of it runs in temporary folders on any system.
:mod:`xlbudget.setup.make` builds the bundles and never runs on the user's PC.
"""
