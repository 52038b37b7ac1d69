"""Imported first, and only, by the fork server of workers (`nonconv.grading.workers.pool`).

It imports without looking for garbage, a fifth faster, and ends without taking torch apart: for a second it
would hold open the output of the command that is over, and a program that reads that to its end would wait.
"""

import atexit
import gc
import os

gc.disable()  # for what it imports next; a worker has it again
atexit.register(os._exit, 0)
