"""The playground: the proof exercises on a web page, checked in the browser by `nonconv.proofs` itself.

levels.py    the exercises of a released notebook as levels of the page
pyodide.py   CPython for browsers, a package of npm, at a pinned version
pack.py      what runs in it: nonconv.proofs and desk.py
build.py     the page
desk.py      one check of what a student typed; runs in the browser
web/         the page's HTML, CSS and JavaScript
"""
