# nbgrader reads this file from the directory where it is started: start it in the repository's root.
import os
from importlib.util import find_spec
from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader defines it)

c.CourseDirectory.course_id = "nonconv"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# nbgrader copies every file beside a source notebook into the release; a text source there would leak
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.py", "*.md", "judge.json"]

c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "nonconv.publish.stubs.ClearSolutionsWithStubs",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# nbgrader's own list, but for the first: it executes, and then judges the certificates of proofs
c.Autograde.autograde_preprocessors = [
    "nonconv.grading.engine.judge.JudgedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# nbgrader's own list, but for a step that puts deleted cells back into any notebook
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nonconv.grading.engine.restore.RestoreCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# a student may delete a graded cell: it is put back and graded, instead of keeping an earlier score
c.OverwriteCells.add_missing_cells = True
# A kernel for each notebook, forked from a process that has imported torch already, in a sandbox
# (nonconv.grading.kernels.provisioner). Where the system does not allow that, "nonconv-warm" goes without:
# then student code runs with your own rights.
c.Execute.kernel_name = "nonconv-isolated"
# saves a fifth of the grading time; a kernel has nothing to say after its last cell
c.Execute.shutdown_kernel = "immediate"
c.Execute.timeout = 60

# a notebook is validated when all steps are done, not after each
c.NotebookExporter.optimistic_validation = True

# what students wrote is shown without what would run; see nonconv.grading.engine.cleaning
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "highlight_code": "nonconv.grading.engine.listings.highlight_code",
    "clean_html": "nonconv.grading.engine.cleaning.clean_html",
    "markdown2html": "nonconv.grading.engine.cleaning.markdown2html",
}
c.HTMLExporter.preprocessors = ["nonconv.grading.engine.cleaning.CleanOutputs"]
# nbgrader's own list, but for the first: it gets the grades, too, and puts a table of them first
c.GenerateFeedback.preprocessors = [
    "nonconv.grading.engine.summary.Summary",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.HTMLExporter.extra_template_basedirs = [
    str(Path(find_spec("nonconv").origin).with_name("grading") / "engine" / "templates"),
    str(Path(find_spec("nbgrader").origin).parent / "server_extensions/formgrader/templates"),
]

# Where nbgrader's exchange lies; on a JupyterHub, a folder for all (docs/instructors/jupyterhub.md). The
# course collects without one, but formgrader shows a banner if it does not exist.
exchange = Path(os.environ.get("NONCONV_EXCHANGE") or Path.cwd() / ".exchange")
exchange.mkdir(exist_ok=True)
c.Exchange.root = str(exchange)
