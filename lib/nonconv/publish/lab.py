"""python -m nonconv.publish.lab: JupyterLab on the course, with the start page open.

The same on Linux, macOS and Windows. What stands behind it goes to JupyterLab, such as --no-browser. Figures
that move need a notebook that is trusted, and so the lectures that came with the course are.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
from jupyterlab_server.workspaces_handler import WorkspacesManager
from nbformat.sign import NotebookNotary

START = "lectures/00-start-here.ipynb"
WORKSPACES = Path(".jupyter/lab/workspaces")  # how this course's windows were left; git ignores it
# what a course that is opened for the first time shows at the left; later it is as it was left
LAYOUT = {
    "left": {
        "collapsed": False,
        "visible": True,
        "current": "@jupyterlab/toc:plugin",
        "widgets": [
            "filebrowser",
            "running-sessions",
            "@jupyterlab/toc:plugin",
            "extensionmanager.main-view",
        ],
    },
    "right": {"collapsed": True, "visible": True, "widgets": ["jp-property-inspector", "debugger-sidebar"]},
}


def prepared(root: Path) -> list[str]:
    """Trust the lectures below root, lay out the first window; JupyterLab's arguments.

    FileNotFoundError if root is not a course.
    """
    if not (root / START).is_file():
        raise FileNotFoundError(
            f"there is no {START} in {root}: go to the folder of the course first (`cd nonconv-course`)"
        )
    notary = NotebookNotary()
    for path in sorted((root / "lectures").glob("*.ipynb")):
        notary.sign(nbformat.read(path, as_version=4))
    workspaces = root / WORKSPACES
    if not any(workspaces.glob("*")):
        data = {"layout-restorer:data": LAYOUT}
        WorkspacesManager(str(workspaces)).save(
            "default", json.dumps({"data": data, "metadata": {"id": "default"}})
        )
    arguments = [f"--LabApp.default_url=/lab/tree/{START}", f"--LabApp.workspaces_dir={workspaces}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")  # as in a container: JupyterLab wants to be told that it may
    return arguments


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m nonconv.publish.lab", description=__doc__)
    _, others = parser.parse_known_args()
    root = Path.cwd()
    try:
        arguments = prepared(root)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_PATH": str(root / ".jupyter"),
        # nbgrader starts programs of the environment by name
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }
    command = [sys.executable, "-m", "jupyterlab", *arguments, *others]
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(command[0], command, environment)  # who ends this process means JupyterLab
    server = subprocess.Popen(command, env=environment)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:
            continue  # JupyterLab has heard Ctrl+C, too, and asks whether it is meant


if __name__ == "__main__":
    sys.exit(main())
