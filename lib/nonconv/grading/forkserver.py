"""Imported by the server alone that forks workers (`nonconv.grading.pool`): it ends without taking torch apart, which takes a second.

For so long it would hold open the output of the command that is over, and whoever reads that to its end would wait.
"""

import atexit
import os

atexit.register(os._exit, 0)
