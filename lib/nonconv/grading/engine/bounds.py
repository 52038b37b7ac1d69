"""What a notebook keeps of all that its kernel sends: everything counts, of each cell and of the whole.

A student's code can put out anything, in any field of a message, in its kernel's name.
"""

from typing import Any

from nbgrader.preprocessors import Execute
from traitlets import Bool, Int

from nonconv.grading.engine.client import GradingClient
from nonconv.grading.engine.messages import as_error, drop_metadata, of_the_notebook, readable, shorten_error
from nonconv.grading.engine.outputs import printed

OUTPUT_CHARS, STREAM_CHARS = 100, 10  # that an output costs by itself; one more piece of the same stream
# of an error: characters of its value and lines, and what is kept where there is no room
ERROR, SHORT_ERROR = (50_000, 200), (1000, 0)
MAX_ERRORS = 20  # of a cell; Python's own has one


class BoundedExecute(Execute):
    """nbgrader's Execute, whose notebooks have room for so much."""

    max_cell_output_chars = Int(1_000_000, help="Characters of output that are kept of a cell.").tag(
        config=True
    )
    max_notebook_output_chars = Int(20_000_000, help="Characters of output that are kept of a notebook.").tag(
        config=True
    )
    max_response_chars = Int(
        32_000_000, help="Characters of a cell's responses to checks; nobody reads them, they are judged."
    ).tag(config=True)
    store_widget_state = Bool(False, help="Whether the state of widgets is kept.").tag(config=True)

    def begin_notebook(self) -> None:
        self._kept = 0
        self.begin_cell()

    def begin_cell(self) -> None:
        self._written = self._responses = 0
        self._told, self._errors = False, 0  # that there is no more room; how many errors stand there

    def create_kernel_manager(self) -> Any:
        manager: Any = super().create_kernel_manager()
        manager.client_factory = GradingClient
        return manager

    def is_response(self, mime: str, cell_index: int) -> bool:
        """Whether this output of the cell is judged and not kept."""
        return False

    def on_cell_executed(self, **event: Any) -> None:
        """nbgrader's: an error that stands in the reply only is written to the cell."""
        content = event["execute_reply"]["content"]
        if content["status"] == "error":
            as_error(content)
            if "header" in event["execute_reply"]:  # it is the kernel's, not nbclient's own about its time
                of_the_notebook(content)
            full = self._kept > self.max_notebook_output_chars
            self._count(shorten_error(content, *(SHORT_ERROR if full else ERROR)))
        super().on_cell_executed(**event)

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        of_widget = self.store_widget_state and str(msg.get("msg_type")).startswith("comm_")
        if not of_widget and not readable(msg):
            return None
        if not self._is_kept(msg["msg_type"], msg["content"], cell, cell_index):
            return None
        return super().process_message(msg, cell, cell_index)

    def _is_kept(self, kind: str, content: Any, cell: Any, cell_index: int) -> bool:
        """Whether the notebook has room for what a message says; all of it counts. An error is kept, in few
        words: it decides about points."""
        full = self._kept > self.max_notebook_output_chars
        if kind == "error":
            of_the_notebook(content)
            self._count(OUTPUT_CHARS + shorten_error(content, *(SHORT_ERROR if full else ERROR)))
            self._errors += 1
            return self._errors == 1 or (
                self._errors <= MAX_ERRORS and self._written <= self.max_cell_output_chars
            )
        if kind not in ("stream", "display_data", "update_display_data", "execute_result"):
            return True
        if kind == "stream":
            follows = bool(cell.outputs) and cell.outputs[-1].get("name") == content["name"]
            self._count(len(content["text"]) + (STREAM_CHARS if follows else OUTPUT_CHARS))
        else:
            self._count(OUTPUT_CHARS + drop_metadata(content))
            for mime, one in content["data"].items():
                if self.is_response(mime, cell_index):
                    self._responses += len(str(one))
                else:
                    self._count(len(mime) + len(str(one)))
        over = self._written > self.max_cell_output_chars or self._responses > self.max_response_chars
        if (over or full) and not self._told:
            self._told = True
            whose, most = "the notebook", self.max_notebook_output_chars
            if over:
                whose, most = "this cell", self.max_cell_output_chars
            note = f"\n… from here on nothing is kept: {whose} has put out more than {most} characters\n"
            cell.outputs.append(printed(note))
        responds = kind != "stream" and any(self.is_response(mime, cell_index) for mime in content["data"])
        return not over and (responds or not full)

    def _count(self, characters: int) -> None:
        """Of what a cell puts out, what is kept counts for the notebook, too."""
        self._written += characters
        if self._written <= self.max_cell_output_chars:
            self._kept += characters
