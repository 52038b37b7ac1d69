"""Grading: from what a class handed in to a gradebook, pages of feedback and a table. `python -m
nonconv.grading autograde UNIT --from INBOX`.

The life of a submission:

 1. `submissions` collects it: a folder, a zip or a notebook becomes submitted/STUDENT/UNIT/. Damaged files
    are repaired, or quarantined as `….broken`, with a sentence about each; then the released notebook is
    graded in their place. Certificates of proofs are put into the answers that they are about.
 2. `pipeline` asks the store of results (`workers.store`) whether just this was graded before. If not, it
    goes to a worker.
 3. A worker (`workers.pool`: a process of this machine, or of a Dask cluster) has a scratch copy of the
    course, without students. `workers.steps` runs nbgrader's own Autograde there, as far as it needs no
    gradebook.
 4. nbgrader sanitises the notebook; `engine.restore` puts deleted graded cells back.
 5. `engine.judge` reads from judge.json the request of each graded cell, with per-student inputs
    (`engine.student_inputs`), and puts these requests in the place of the tests: expected values stay here.
 6. A kernel is wanted: `kernels.provisioner` gets one by `kernels.client` from `kernels.zygote`, a fork
    server that has imported torch.
 7. The forked process enters its sandbox (`kernels.sandbox`: namespaces, Landlock, seccomp, limits), and
    becomes an IPython kernel (`kernels.app`). Nothing of the student has run by then.
 8. `engine.execute` runs cell by cell, within limits of time and output. Several requests travel in one
    message (`engine.batch`); `engine.messages` decides what a message from the kernel may say. If the kernel
    dies, what ran before keeps its points.
 9. `engine.judge` compares the answers, here, outside the kernel, and writes praise or the diagnosis into the
    notebook; formulas and networks in a process with limits of its own (`engine.apart`). A test of your own
    that runs in the kernel is tried again on a mutated answer: one that passes then, too, was tampered with.
10. The executed notebook goes back to `pipeline`, which alone has the gradebook (`workers.gradebook`): one
    transaction a submission.
11. `feedback` writes the pages, cleaned by `engine.cleaning` of whatever would run in a browser; `report` the
    table and the CSV.

What works on a hand-in (opening, collecting, executing, pages) does so in a worker, within `limits` of memory
and time: an entry that uses one up costs itself.

Import directions (held by tests/grading/test_import_directions.py): `kernels.sandbox` imports nothing of ours
outside itself, `kernels` only its `sandbox`, `engine` and `submissions` neither kernels nor workers,
`workers` both engine and kernels; `limits` nothing, and everybody may import it.
"""

from nonconv import _imports as _imports  # before nbformat is imported
