"""ipykernel's application as it runs in a forked process: told its connection instead of reading it from a file."""

from typing import Any

from ipykernel.kernelapp import IPKernelApp


class ForkedKernelApp(IPKernelApp):
    """Sockets, kernel and shell are ipykernel's own; the file that names the sockets is the client's business."""

    given: Any  # as in a kernel's connection file

    def init_connection_file(self) -> None:
        self.load_connection_info(self.given)

    def write_connection_file(self, **kwargs: Any) -> None:
        pass


def application(connection: dict[str, Any], arguments: list[str]) -> ForkedKernelApp:
    """A kernel that has opened its sockets; `start()` serves them until it is told to shut down."""
    app = ForkedKernelApp.instance()
    app.given = {**connection, "key": connection["key"].encode()}
    app.initialize(["--HistoryManager.enabled=False", *arguments])
    return app
