import subprocess
import sys
import threading

import psutil
import pytest

from app.launch.processes import KERNEL_TELLS, Child
from tests.launch.launching import await_end

PARENT = """
import sys, time
from app.launch.processes import Child
child = Child(["/bin/sleep", "600"], portable={portable})
child.start()
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("portable", [not KERNEL_TELLS, True])
def test_a_child_ends_with_a_parent_that_is_killed(*, portable: bool) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT.format(portable=portable)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        family = [child, *child.children()]
        parent.kill()
        await_end(family)


@pytest.mark.parametrize("portable", [not KERNEL_TELLS, True])
def test_a_child_ends_when_asked_and_tells_its_code(*, portable: bool) -> None:
    child = Child(["/bin/sh", "-c", "exit 7"], portable=portable)
    child.start()
    child.wait(10)
    assert child.exit_code == 7
    long = Child(["/bin/sleep", "600"], portable=portable)
    long.start()
    long.stop(10)
    assert not long.running


def test_children_come_from_the_main_thread_alone() -> None:
    refused = []

    def start() -> None:
        with pytest.raises(RuntimeError):
            Child(["/bin/true"]).start()
        refused.append(True)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert refused
