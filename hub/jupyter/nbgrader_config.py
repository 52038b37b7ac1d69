# What nbgrader is told on a JupyterHub, for students. The course folder of the instructor has its own.
import os

c = get_config()  # noqa: F821  (nbgrader defines it)

c.CourseDirectory.course_id = "nonconv"
c.Exchange.root = os.environ["NONCONV_EXCHANGE"]  # hub/jupyterhub_config.py sets it
