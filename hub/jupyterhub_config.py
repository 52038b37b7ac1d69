"""A JupyterHub for the course: everybody is a user of this machine, and hands in by nbgrader's exchange.

docs/instructors/jupyterhub.md says how it is set up. Started as root:

    jupyterhub -f hub/jupyterhub_config.py
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821  (JupyterHub defines it)
HERE = Path(__file__).resolve().parent

# who has a password on this machine may sign in (PAM); each server runs as the user it belongs to
c.Authenticator.allow_all = True
c.Spawner.cmd = [str(Path(sys.prefix) / "bin" / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab"
c.Spawner.environment = {
    # what students' JupyterLab and nbgrader read
    "JUPYTER_CONFIG_PATH": str(HERE / "jupyter"),
    # where handouts and hand-ins lie: a folder that everybody may write into (chmod 777)
    "NONCONV_EXCHANGE": os.environ.get("NONCONV_EXCHANGE", "/srv/nonconv/exchange"),
    # nbgrader starts programs of the environment by name
    "PATH": f"{Path(sys.prefix) / 'bin'}:{os.environ.get('PATH', '/usr/bin:/bin')}",
}
