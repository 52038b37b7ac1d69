"""Collecting submissions, autograding them with nbgrader, writing feedback, and a table of what happened.

`python -m nonconv.grading autograde UNIT --from FOLDER` does all of it.
"""
