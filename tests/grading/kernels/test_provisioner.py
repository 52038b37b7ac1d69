"""What the provisioner reads from /proc."""

import os
from pathlib import Path

from nonconv.grading.kernels.provisioner import processor_wait


def test_the_thread_that_waited_longest_for_a_processor_counts(tmp_path: Path) -> None:
    for thread, statistics in (("7", "900 2000000000 3"), ("8", "1 5500000000 2"), ("9", "")):
        (tmp_path / "7" / "task" / thread).mkdir(parents=True)
        (tmp_path / "7" / "task" / thread / "schedstat").write_text(statistics)
    assert processor_wait(7, tmp_path) == 5.5  # exact: eleven halves
    assert processor_wait(8, tmp_path) == 0  # there is no such process


def test_what_a_process_has_waited_does_not_become_less() -> None:
    before = processor_wait(os.getpid())
    assert 0 <= before <= processor_wait(os.getpid())
