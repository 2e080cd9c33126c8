"""A fictional French department, from a seed, as files in the official formats.

`write_department(folder, seed=…)` is the one door. Nothing in it describes a real place: it stands
at sea, its code is 20 (free since Corsica became 2A and 2B), its names are invented.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from maillage.sources.fictional import toponyms
from maillage.sources.fictional.aid_files import write_aids
from maillage.sources.fictional.care_files import write_care
from maillage.sources.fictional.cog_files import write_cog
from maillage.sources.fictional.department import Department, imagine_department
from maillage.sources.fictional.history import DEPARTMENT_CODE
from maillage.sources.fictional.people_files import write_people
from maillage.sources.fictional.place_files import write_places
from maillage.sources.fictional.professional_files import write_professionals
from maillage.sources.fictional.settlement import LAST_YEAR
from maillage.sources.fictional.writing import Folder
from maillage.sources.fictional.zoning_files import write_zonings

__all__ = ["DEFAULT_SEED", "Department", "Summary", "imagine_department", "write_department"]

DEFAULT_SEED: Final = 2026
_README: Final = """# Données fictives

Tout est fictif dans ce dossier : le département « {name} » (code {code}), ses {communes} communes,
ses habitants, ses professionnels et ses établissements n'existent pas. Les fichiers imitent les
formats officiels (Insee, Drees, FINESS, RPPS…) pour que les mêmes lecteurs les lisent.

Écrit par Maillage à partir de la graine {seed}. Ne pas diffuser comme des données réelles.
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written: figures of the department and the files, relative to the folder.

    island_code  commune that no road reaches
    """

    seed: int
    department_code: str
    department_name: str
    communes: int
    island_code: str
    people: int
    general_practitioners: int
    files: tuple[str, ...]


def write_department(folder: Path, *, seed: int = DEFAULT_SEED, n_communes: int = 300) -> Summary:
    """Write the fictional department of `seed` into `folder`, laid out as a data folder.

    The same seed gives the same bytes. `n_communes` (60 to 900) counts the communes of 2026.
    Raises InputError when it is out of bounds.
    """
    department = imagine_department(seed=seed, n_communes=n_communes)
    rng = np.random.default_rng((seed, n_communes))
    out = Folder(folder)
    write_cog(out, department)
    write_places(out, department)
    write_people(out, department, rng)
    write_care(out, department, rng)
    write_professionals(out, department, rng)
    write_zonings(out, department, rng)
    write_aids(out)
    out.text(
        "README.md",
        _README.format(
            name=toponyms.DEPARTMENT, code=DEPARTMENT_CODE, communes=n_communes, seed=seed
        ),
    )
    return Summary(
        seed=seed,
        department_code=DEPARTMENT_CODE,
        department_name=toponyms.DEPARTMENT,
        communes=n_communes,
        island_code=department.history.codes[department.land.island],
        people=int(department.settlement.in_year(LAST_YEAR).sum()),
        general_practitioners=len(department.gps.present(LAST_YEAR)),
        files=tuple(
            sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        ),
    )
