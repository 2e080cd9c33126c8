"""Progress bars, on a terminal only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)

from maillage.cli.outcome import messages
from maillage.sources.pull import Progress as PullProgress


@contextmanager
def pull_progress(*, silent: bool) -> Iterator[Callable[[PullProgress], None]]:
    """Give a listener that draws one bar per file being downloaded."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=messages,
        disable=silent or not messages.is_terminal,
        transient=True,
    )
    tasks: dict[str, TaskID] = {}

    def show(progress: PullProgress) -> None:
        if progress.path not in tasks:
            tasks[progress.path] = bars.add_task(progress.path, total=progress.total_bytes)
        bars.update(
            tasks[progress.path], completed=progress.received_bytes, total=progress.total_bytes
        )

    with bars:
        yield show


@contextmanager
def build_progress(*, silent: bool) -> Iterator[Callable[[float, str], None]]:
    """Give a listener, of a share from 0 to 1 and the step in French, that draws one bar."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=messages,
        disable=silent or not messages.is_terminal,
        transient=True,
    )
    with bars:
        task = bars.add_task("Construction de l'entrepôt", total=1.0)

        def show(share: float, step: str = "") -> None:
            bars.update(task, completed=share, description=step or None)

        yield show
