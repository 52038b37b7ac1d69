"""Files of a package of npm, at a pinned version and hash, kept where they were fetched to."""

import base64
import contextlib
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path


class NoPackage(Exception):
    """The package cannot be had here; the message says why."""


@dataclass(frozen=True)
class Package:
    """What is taken of a package.

    To take a newer version, write its number and what `npm view NAME@NUMBER dist.integrity` says.
    """

    name: str
    version: str
    integrity: str
    files: tuple[str, ...]

    def fetched(self, folder: Path) -> Path:
        """The folder with the files: below `folder`, fetched into it by npm unless it is there already.

        NoPackage: there is no npm, it could not fetch, or what came is not the package that was pinned.
        """
        ready = folder / f"{self.name}-{self.version}"
        if all((ready / name).is_file() for name in self.files):
            return ready
        npm = shutil.which("npm")
        if npm is None:
            raise NoPackage(
                f"there is no program `npm` here (Debian: apt-get install npm), which fetches {self.name}"
            )
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as making:
            command = [npm, "pack", f"{self.name}@{self.version}", "--json", "--ignore-scripts"]
            done = subprocess.run(command, cwd=making, capture_output=True, text=True, check=False)
            if done.returncode:
                raise NoPackage(
                    f"npm could not fetch {self.name}@{self.version}: {done.stderr.strip()[-400:]}"
                )
            package = Path(making) / json.loads(done.stdout)[0]["filename"]
            self.unpack(package, Path(making) / "files")
            # whole or not at all; of two builds at one time the first one's files stay
            with contextlib.suppress(OSError):
                (Path(making) / "files").rename(ready)
        return ready

    def unpack(self, package: Path, folder: Path) -> None:
        """The files that are needed of npm's archive. NoPackage if it is not the pinned package."""
        kind, wanted = self.integrity.split("-", 1)
        found = base64.b64encode(hashlib.new(kind, package.read_bytes()).digest()).decode()
        if found != wanted:
            raise NoPackage(
                f"{package} is not {self.name} {self.version}: its {kind} is {found}, not {wanted}"
            )
        with tarfile.open(package) as archive:
            for name in self.files:
                member = archive.extractfile(f"package/{name}")
                assert member is not None
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(member.read())
