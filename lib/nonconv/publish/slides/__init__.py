"""A lecture as slides for the seminar: reveal.js by nbconvert, in one file that needs no network.

pieces.py    text cut where one idea ends and the next begins, with the lines that it takes on a slide
deck.py      the built notebook as slides, by rule; nbconvert's own slide types in the source come first
__main__.py  the command: one HTML file with reveal.js and MathJax in it
web/         the template, the styles, and a script that makes pictures as large as their slide allows
"""
