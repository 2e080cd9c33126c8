"""Tables for people, on standard output."""

import sys
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from maillage.sources.status import SourceStatus

_STATES = {
    "complete": "[green]✓[/] complet",
    "partial": "[yellow]◐[/] incomplet",
    "missing": "[red]✗[/] absent",
}


def print_statuses(statuses: tuple[SourceStatus, ...], *, folder: Path, fictional: bool) -> None:
    """Print one line per data set, then what is off and why."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    kind = " (département fictif)" if fictional else ""
    table = Table(title=f"Données de {folder}{kind}", title_justify="left", box=box.SIMPLE)
    table.add_column("Jeu", ratio=2)
    table.add_column("État", no_wrap=True)
    table.add_column("Millésime", ratio=1)
    table.add_column("Licence", ratio=1)
    table.add_column("Âge", justify="right", no_wrap=True)
    table.add_column("Lignes", justify="right", no_wrap=True)
    for found in statuses:
        table.add_row(
            f"{found.source.title}\n[dim]{found.source.name}[/]",
            _STATES[found.state],
            found.source.vintage,
            found.source.licence.partition(" :")[0],
            "—" if found.age_days is None else f"{found.age_days} j",
            "—" if found.rows is None else f"{found.rows:,}".replace(",", "\u202f"),
        )
    console.print(table)
    for found in statuses:
        if found.state != "complete":
            off = ", ".join(found.disabled)
            expected = ", ".join(found.missing or tuple(f.path for f in found.source.files))
            console.print(f"Sans [bold]{found.source.name}[/] : {off}.\n  [dim]→ {expected}[/]")
