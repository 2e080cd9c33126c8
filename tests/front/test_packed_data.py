"""What Python packs, TypeScript reads: the same rings, the same figures, written the same way.

The scripts are bundled by the repository's own esbuild and run by Node.
"""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from maillage.studies.figures import unit_values
from maillage.studies.indicators import indicator
from maillage.studies.store.overview import GRID, unpack_overview
from maillage.web.atlas.map.values import packed_exact
from tests.conftest import required

ROOT = Path(__file__).parents[2]
ESBUILD = ROOT / "node_modules/.bin/esbuild"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run a few lines of JavaScript that may import the map's modules; return what they print."""
    if not (ESBUILD.exists() and shutil.which("node")):
        message = "Node and node_modules are not there: run `make front`"
        if required("node"):
            pytest.fail(message)
        pytest.skip(message)
    folder = tmp_path_factory.mktemp("scripts")
    for name in ("overview", "values"):
        source = ROOT / f"front/ts/map/{name}.ts"
        out = f"--outfile={folder / name}.mjs"
        subprocess.run([ESBUILD, source, "--format=esm", "--log-level=error", out], check=True)

    def run_(script, *arguments):
        path = folder / "script.mjs"
        path.write_text(
            'import { readFileSync } from "node:fs";\n'
            "const bytes = (path) => { const b = readFileSync(path);"
            " return b.buffer.slice(b.byteOffset, b.byteOffset + b.length); };\n" + script
        )
        finished = subprocess.run(
            ["node", path, *map(str, arguments)], capture_output=True, text=True, check=False
        )
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout)

    return run_


DECODE = """
import { decodeOverview } from "./overview.mjs";
const { count, start, x, y } = decodeOverview(bytes(process.argv[2]));
const rings = [];
for (let k = 0; k < count; k++) {
  const ring = [];
  for (let v = start[k]; v < start[k + 1]; v++) ring.push([x[v], y[v]]);
  rings.push(ring);
}
console.log(JSON.stringify(rings));
"""

TILE = """
import { decodeOverview, overviewTile } from "./overview.mjs";
const [, , path, z, x, y] = process.argv;
const tile = overviewTile(decodeOverview(bytes(path)), Number(z), Number(x), Number(y));
console.log(JSON.stringify([...new Uint8Array(tile)]));
"""

WRITE = """
import { readExact, written } from "./values.mjs";
const [, , path, count, writing] = process.argv;
const values = readExact(bytes(path));
const out = [];
for (let k = 0; k < Number(count); k++) out.push(written(values.at(k), JSON.parse(writing)));
console.log(JSON.stringify(out));
"""


def as_grid(rings):
    return [[list(vertex) for vertex in ring] for ring in rings]


def test_the_browser_reads_the_rings_that_were_packed(run, fictional_store):
    path = fictional_store.overview_path
    assert run(DECODE, path) == as_grid(unpack_overview(path.read_bytes()))


@pytest.mark.data
def test_the_browser_reads_every_ring_of_the_nation(run, national_store):
    path = national_store.overview_path
    assert run(DECODE, path) == as_grid(unpack_overview(path.read_bytes()))


def test_other_bytes_are_refused(run, tmp_path):
    path = tmp_path / "other.bin"
    path.write_bytes(b"PK\x03\x04" + bytes(40))
    script = DECODE.replace("const { count", "try {} finally {}\nconst { count")
    with pytest.raises(AssertionError, match="expected MLO1"):
        run(script, path)


@pytest.mark.parametrize("zoom", [1, 4, 5])
def test_tiles_made_in_the_browser_hold_each_commune_where_it_is(run, fictional_store, zoom):
    path = fictional_store.overview_path
    rings = unpack_overview(path.read_bytes())
    extent = GRID >> zoom
    x, y = (int(value) // extent for value in rings[0][0])
    layer, found = read_tile(bytes(run(TILE, path, zoom, x, y)))
    assert layer == {"name": "communes", "extent": extent, "version": 2}
    for rank, ring in enumerate(rings):
        inside = any(
            x * extent <= px <= (x + 1) * extent and y * extent <= py <= (y + 1) * extent
            for px, py in ring
        )
        assert not inside or rank + 1 in found  # feature ids are ranks plus one
    for feature_id, shape in found.items():
        moved = [(px + x * extent, py + y * extent) for px, py in shape]
        assert moved == [tuple(vertex) for vertex in rings[feature_id - 1]]


@pytest.mark.parametrize(
    "name", ["apl_gp", "apl_gp_change", "population", "share_65_plus", "time_pharmacy_min"]
)
def test_figures_are_written_by_the_browser_as_by_the_server(run, fictional_store, tmp_path, name):
    item = indicator(name)
    path = tmp_path / "figures.bin"
    path.write_bytes(packed_exact(fictional_store, item))
    writing = {
        "display": item.display,
        "decimals": item.decimals,
        "unit": item.unit,
        "signed": item.palette == "diverging",
    }
    found = run(WRITE, path, fictional_store.n_units, json.dumps(writing))
    figures = unit_values(fictional_store, item)[fictional_store.map_order]
    digits = item.decimals + (2 if item.display == "share" else 0)
    expected = [item.written(value) for value in np.round(figures, digits).tolist()]
    assert found == expected


def read_tile(data):
    """Return the layer of a tile (its name, extent, version) and its rings by feature id."""
    ((_, layer),) = fields(data)
    parts = list(fields(layer))
    about = {
        "name": next(value for key, value in parts if key == 1).decode(),
        "extent": next(value for key, value in parts if key == 5),
        "version": next(value for key, value in parts if key == 15),
    }
    found = {}
    for key, value in parts:
        if key == 2:
            feature = dict(fields(value))
            assert feature[3] == 3  # polygon
            found[feature[1]] = ring_of(feature[4])
    return about, found


def fields(data):
    """Yield (number, value) of a protocol buffer: integers and bytes."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at)
        if key & 7 == 2:
            value, at = data[at : at + value], at + value
        yield key >> 3, value


def varint(data, at):
    value, shift = 0, 0
    while True:
        byte, at = data[at], at + 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def ring_of(stream):
    """Return the vertices of one ring: move, line, close (Mapbox Vector Tile 2.1)."""
    numbers, at = [], 0
    while at < len(stream):
        number, at = varint(stream, at)
        numbers.append(number)
    assert numbers[0] == 9
    assert numbers[3] & 7 == 2
    assert numbers[-1] == 15
    steps = numbers[1:3] + numbers[4:-1]
    assert numbers[3] >> 3 == len(steps) // 2 - 1
    x = y = 0
    vertices = []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x += (dx >> 1) ^ -(dx & 1)
        y += (dy >> 1) ^ -(dy & 1)
        vertices.append((x, y))
    return vertices
