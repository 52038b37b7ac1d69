"""The site: lectures, exercises and documentation as web pages that need no network, made by Sphinx.

stage.py       what Sphinx reads, in one folder: copies of the notebooks and documents, and the gallery
sources.py     a notebook as MyST-NB wants it: pictures with their words, long plotting cells folded
docstrings.py  the library's docstrings as reStructuredText
launch.py      links that open a notebook where it can be run
printed.py     each lecture as a PDF, printed by Chromium
site/          Sphinx's configuration, styles, and the address of the repository
"""
