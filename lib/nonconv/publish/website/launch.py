"""Links that open a notebook where it can be run: Binder, Colab, Kaggle, Codespaces, a JupyterHub.

All are made from the address of the repository in site/site.toml. While that is empty there are none.

Sources: the documentation of each: mybinder.org ("How to use"), Colab's "Open in Colab" badge, Kaggle's
kernels/welcome?src=, GitHub's codespaces.new, nbgitpuller's link generator.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

FILE = Path("site/site.toml")
ADDRESS = re.compile(r"https://([\w.-]+)/([\w.-]+)/([\w.-]+?)(?:\.git)?/?")


class AddressError(ValueError):
    """site.toml cannot be used; the message says which line, and what would fit."""


@dataclass(frozen=True)
class Link:
    """A button: what stands on it, and where it leads."""

    name: str
    url: str


@dataclass(frozen=True)
class Address:
    """Where the course lies: its repository's page, the branch, and a JupyterHub, if there is one."""

    repository: str = ""
    branch: str = "main"
    jupyterhub: str = ""

    def __post_init__(self) -> None:
        if self.repository and not ADDRESS.fullmatch(self.repository):
            raise AddressError(
                f"repository = {self.repository!r}: write the page of the repository,"
                ' such as "https://github.com/OWNER/NAME", or nothing'
            )
        if self.jupyterhub and not re.fullmatch(r"https?://[^\s?#]+", self.jupyterhub):
            raise AddressError(
                f"jupyterhub = {self.jupyterhub!r}: write its address,"
                ' such as "https://hub.example.org", or nothing'
            )
        if not self.branch or re.search(r"\s", self.branch):
            raise AddressError(f'branch = {self.branch!r}: write a branch\'s name, such as "main"')

    @property
    def parts(self) -> tuple[str, str, str]:
        """Host, owner and name of the repository."""
        found = ADDRESS.fullmatch(self.repository)
        assert found is not None
        return found[1], found[2], found[3]

    @property
    def page(self) -> str:
        """The repository's page without a slash or .git behind it; "" while there is none."""
        return "https://{}/{}/{}".format(*self.parts) if self.repository else ""


def read(path: Path) -> Address:
    """The address in a file such as site/site.toml; none without the file, as in a student's copy.

    AddressError for what cannot be an address.
    """
    if not path.exists():
        return Address()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise AddressError(f"{path}: {error}") from error
    known = set(Address.__dataclass_fields__)
    if unknown := set(values) - known:
        raise AddressError(f"{path} has {', '.join(sorted(unknown))}; it can have {', '.join(sorted(known))}")
    if wrong := [name for name, value in values.items() if not isinstance(value, str)]:
        raise AddressError(f"{path}: {', '.join(wrong)} must be text between quotes")
    return Address(**values)


def links(address: Address, notebook: str = "") -> list[Link]:
    """A link for each place that can open the notebook; for "" those that open the whole course.

    `notebook` is its path in the repository. Empty while the address is.
    """
    if not address.repository:
        return []
    host, owner, name = address.parts
    branch, path = quote(address.branch, safe=""), quote(notebook)
    lab = f"lab/tree/{path}" if path else "lab"
    found = [
        Link("Binder", f"https://mybinder.org/v2/{_binder(address)}/{branch}?urlpath={quote(lab, safe='')}")
    ]
    if host == "github.com":
        if path:
            blob = f"{owner}/{name}/blob/{quote(address.branch)}/{path}"
            found.append(Link("Colab", f"https://colab.research.google.com/github/{blob}"))
            source = urlencode({"src": f"https://github.com/{blob}"})
            found.append(Link("Kaggle", f"https://kaggle.com/kernels/welcome?{source}"))
        found.append(
            Link(
                "Codespaces",
                f"https://codespaces.new/{owner}/{name}/tree/{quote(address.branch)}?quickstart=1",
            )
        )
    if address.jupyterhub:
        inside = f"lab/tree/{name}/{notebook}" if notebook else f"lab/tree/{name}"
        query = urlencode({"repo": address.page, "branch": address.branch, "urlpath": inside})
        found.append(
            Link("JupyterHub", f"{address.jupyterhub.rstrip('/')}/hub/user-redirect/git-pull?{query}")
        )
    return found


def _binder(address: Address) -> str:
    """How Binder calls the repository."""
    host, owner, name = address.parts
    if host == "github.com":
        return f"gh/{owner}/{name}"
    if host == "gitlab.com":
        return f"gl/{quote(f'{owner}/{name}', safe='')}"
    return f"git/{quote(address.page, safe='')}"


def markdown(address: Address) -> str:
    """The buttons of the README: links to the whole course; "" while there is no address."""
    return " · ".join(f"[Open in {link.name}]({link.url})" for link in links(address))
