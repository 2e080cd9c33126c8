"""Where the data come from and where everything is written; no Django needed to know it."""

from pathlib import Path

from maillage.web.config.environment import read_path, read_text


def var_dir() -> Path:
    """Return the folder of everything that the site writes."""
    return read_path(
        "MAILLAGE_VAR_DIR",
        Path("var"),
        about="Everything that the site writes: database, data store, static files.",
        shown="var",
    )


def store_dir() -> Path:
    """Return the folder of the data store built by `maillage data build`."""
    return read_path(
        "MAILLAGE_STORE_DIR",
        var_dir() / "store",
        about="The data store built by `maillage data build`.",
        shown="MAILLAGE_VAR_DIR/store",
    )


def data_dir() -> Path | None:
    """Return the folder of official files; None when none is set: then the data are fictional."""
    found = read_text(
        "MAILLAGE_DATA_DIR",
        "",
        about="Official files, as `maillage data pull` lays them out. "
        "Without it, a fictional department is shown.",
    )
    return Path(found).expanduser().resolve() if found else None


def data_mirror() -> str:
    """Return the address of a copy of the producers' sites; "" to ask the producers."""
    return read_text(
        "MAILLAGE_DATA_MIRROR",
        "",
        about="Copy of the producers' sites for machines without Internet: "
        "its address is put before each producer's host and path.",
    )
