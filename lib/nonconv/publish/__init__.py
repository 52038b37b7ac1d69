"""units/ -> lectures/ (executed), solutions/ (nbgrader's source) and exercises/ (what a student gets).

`python -m nonconv.publish` builds all of them; nothing under those three folders is edited by hand.
"""
