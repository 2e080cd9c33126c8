// Every commune's contour below zoom 6, from one small file: the decoder of
// src/maillage/studies/store/overview.py, which says the layout, and vector tiles made from it in
// memory. Nothing needs clipping: a commune is small beside a tile, and MapLibre clips what it draws.
const MAGIC = "MLO1";
const HEADER_BYTES = 20;
const GRID_BITS = 14;
const REACH = 7;
const ESCAPE = 255;
const SIDE = 2 * REACH + 1;

/** The finest zoom of the tiles made here; MapLibre enlarges it up to zoom 6. */
export const OVERVIEW_MAX_ZOOM = 5;
export const OVERVIEW_LAYER = "communes";

/** Rings on the grid: feature k holds the vertices start[k] to start[k + 1]; boxes by feature. */
export interface Overview {
  readonly count: number;
  readonly start: Uint32Array;
  readonly x: Int16Array;
  readonly y: Int16Array;
  readonly box: Int16Array;
}

class Bytes {
  at: number;

  constructor(
    private readonly bytes: Uint8Array,
    first: number,
  ) {
    this.at = first;
  }

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  /** A zigzag varint. */
  signed(): number {
    let value = 0;
    let shift = 0;
    let byte = this.byte();
    while (byte > 127) {
      value |= (byte & 127) << shift;
      shift += 7;
      byte = this.byte();
    }
    value |= byte << shift;
    return (value >>> 1) ^ -(value & 1);
  }
}

/** Reads the packed overview. Throws when the bytes do not begin as one. */
export function decodeOverview(buffer: ArrayBuffer): Overview {
  const bytes = new Uint8Array(buffer);
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic !== MAGIC) throw new Error(`The overview begins with ${magic}, expected ${MAGIC}.`);
  const header = new DataView(buffer);
  const [count, xBytes, yBytes] = [4, 8, 12].map((at) => header.getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  const counts = bytes.subarray(HEADER_BYTES, HEADER_BYTES + count);
  const start = new Uint32Array(count + 1);
  for (let k = 0; k < count; k++) start[k + 1] = start[k]! + counts[k]!;
  const overview = {
    count,
    start,
    x: new Int16Array(start[count]!),
    y: new Int16Array(start[count]!),
    box: new Int16Array(4 * count),
  };
  const xs = new Bytes(bytes, HEADER_BYTES + count);
  const ys = new Bytes(bytes, xs.at + xBytes);
  readRings(overview, xs, ys, new Bytes(bytes, ys.at + yBytes));
  return overview;
}

function readRings(overview: Overview, xs: Bytes, ys: Bytes, steps: Bytes): void {
  const { start, x, y, box } = overview;
  let firstX = 0;
  let firstY = 0;
  for (let k = 0; k < overview.count; k++) {
    firstX += xs.signed();
    firstY += ys.signed();
    let [px, py] = [firstX, firstY];
    let [west, north, east, south] = [px, py, px, py];
    for (let v = start[k]!; v < start[k + 1]!; v++) {
      if (v > start[k]!) {
        const code = steps.byte();
        px += code === ESCAPE ? steps.signed() : Math.floor(code / SIDE) - REACH;
        py += code === ESCAPE ? steps.signed() : (code % SIDE) - REACH;
      }
      x[v] = px;
      y[v] = py;
      west = Math.min(west, px);
      east = Math.max(east, px);
      north = Math.min(north, py);
      south = Math.max(south, py);
    }
    box.set([west, north, east, south], 4 * k);
  }
}

class Writer {
  private bytes = new Uint8Array(1 << 16);
  length = 0;

  byte(value: number): void {
    if (this.length === this.bytes.length) this.grow(1);
    this.bytes[this.length++] = value;
  }

  varint(value: number): void {
    let left = value;
    while (left > 127) {
      this.byte((left & 127) | 128);
      left >>>= 7;
    }
    this.byte(left);
  }

  zigzag(value: number): void {
    this.varint((value << 1) ^ (value >> 31));
  }

  append(other: Uint8Array): void {
    if (this.length + other.length > this.bytes.length) this.grow(other.length);
    this.bytes.set(other, this.length);
    this.length += other.length;
  }

  clear(): void {
    this.length = 0;
  }

  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private grow(needed: number): void {
    const wider = new Uint8Array(Math.max(2 * this.bytes.length, this.length + needed));
    wider.set(this.written());
    this.bytes = wider;
  }
}

/** The vector tile z/x/y (Mapbox Vector Tile 2.1) of the communes that touch it; id = rank + 1. */
export function overviewTile(overview: Overview, z: number, x: number, y: number): ArrayBuffer {
  const extent = 1 << (GRID_BITS - z);
  const [west, north] = [x * extent, y * extent];
  const layer = new Writer();
  const feature = new Writer();
  const ring = new Writer();
  layer.byte(0x0a);
  layer.varint(OVERVIEW_LAYER.length);
  layer.append(new TextEncoder().encode(OVERVIEW_LAYER));
  const { box, count, start } = overview;
  for (let k = 0; k < count; k++) {
    const out =
      start[k + 1]! - start[k]! < 3 || // no contour is known
      box[4 * k]! > west + extent ||
      box[4 * k + 2]! < west ||
      box[4 * k + 1]! > north + extent ||
      box[4 * k + 3]! < north;
    if (!out) writeFeature(layer, feature, ring, overview, k, west, north);
  }
  layer.byte(0x28);
  layer.varint(extent);
  layer.byte(0x78);
  layer.byte(2);
  const tile = new Writer();
  tile.byte(0x1a);
  tile.varint(layer.length);
  tile.append(layer.written());
  return tile.written().slice().buffer;
}

function writeFeature(
  layer: Writer,
  feature: Writer,
  ring: Writer,
  overview: Overview,
  k: number,
  west: number,
  north: number,
): void {
  writeRing(ring, overview, k, west, north);
  feature.clear();
  feature.byte(0x08);
  feature.varint(k + 1);
  feature.byte(0x18);
  feature.byte(3);
  feature.byte(0x22);
  feature.varint(ring.length);
  feature.append(ring.written());
  layer.byte(0x12);
  layer.varint(feature.length);
  layer.append(feature.written());
}

function writeRing(
  ring: Writer,
  { start, x, y }: Overview,
  k: number,
  west: number,
  north: number,
): void {
  ring.clear();
  let lastX = west;
  let lastY = north;
  for (let v = start[k]!; v < start[k + 1]!; v++) {
    if (v === start[k]!) ring.varint(9);
    if (v === start[k]! + 1) ring.varint(((start[k + 1]! - v) << 3) | 2);
    ring.zigzag(x[v]! - lastX);
    ring.zigzag(y[v]! - lastY);
    lastX = x[v]!;
    lastY = y[v]!;
  }
  ring.varint(15);
}
