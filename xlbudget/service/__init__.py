"""The service: the same buttons and functions over HTTP, for PCs without Python and for other spreadsheets.

- :mod:`.app` is the application: what can be asked, and what is answered.
- :mod:`.access` says who may ask; :mod:`.body` takes in what was sent, :mod:`.answers` says no.
- :mod:`.pool` keeps the processes that do the work, with a time limit; :mod:`.work` is what they do.
- :mod:`.token` keeps the password of the service, :mod:`.server` listens.

Nothing is kept: workbooks live in memory for as long as they are worked on, and no log holds any of them.
"""
