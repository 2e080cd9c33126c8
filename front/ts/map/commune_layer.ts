// Communes coloured by class on a MapLibre map: the packed overview below zoom 6, PMTiles above.
// Used by the national map and by the what-if. A commune's feature id is its rank in map order + 1.
import {
  addProtocol,
  type ExpressionSpecification,
  type GeoJSONSource,
  type LayerSpecification,
  type Map as MapLibreMap,
  type MapGeoJSONFeature,
  type StyleSpecification,
} from "maplibre-gl";
import { Protocol } from "pmtiles";

import { decodeOverview, OVERVIEW_LAYER, OVERVIEW_MAX_ZOOM, overviewTile, type Overview } from "./overview";
import { type Classes, fetchBytes } from "./values";

const TILES_FROM_ZOOM = 6;
const FILLS = ["communes-low", "communes-high"] as const;
const HATCH_SIZE = 26;
const REACHES_PX = [0, 2, 5] as const;

/** Where the contours are. */
export interface CommuneAddresses {
  readonly overviewUrl: string;
  readonly tilesUrl: string;
}

/** Ink of what is not data, read from the page's style sheet so that it follows the theme. */
export interface MapInk {
  readonly paper: string;
  readonly line: string;
  readonly text: string;
  readonly halo: string;
}

/** One class of a zoning laid over the colours. */
export interface Hatch {
  readonly id: string;
  readonly class: number;
  readonly colour: string;
  readonly label: string;
  readonly angle: "up" | "down";
}

const overviews = new Map<string, Promise<Overview>>();
let protocolsAdded = false;

function overviewAt(url: string): Promise<Overview> {
  let found = overviews.get(url);
  if (!found) {
    found = fetchBytes(url).then(decodeOverview);
    overviews.set(url, found);
  }
  return found;
}

function addProtocols(): void {
  if (protocolsAdded) return;
  protocolsAdded = true;
  addProtocol("pmtiles", new Protocol().tile);
  addProtocol("overview", async ({ url }) => {
    const [z, x, y, ...address] = url.replace("overview://", "").split("/");
    const overview = await overviewAt(`/${address.join("/")}`);
    return { data: overviewTile(overview, Number(z), Number(x), Number(y)) };
  });
}

function absolute(url: string): string {
  return new URL(url, location.href).href;
}

/** The style of a map without communes yet: paper, borders of departments and regions. */
export function baseStyle({ overviewUrl, tilesUrl }: CommuneAddresses, ink: MapInk): StyleSpecification {
  addProtocols();
  void overviewAt(overviewUrl);
  return {
    version: 8,
    sources: {
      overview: {
        type: "vector",
        tiles: [`overview://{z}/{x}/{y}${overviewUrl}`],
        minzoom: 1,
        maxzoom: OVERVIEW_MAX_ZOOM,
      },
      tiles: { type: "vector", url: `pmtiles://${absolute(tilesUrl)}` },
      here: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": ink.paper } },
      {
        id: "commune-borders",
        type: "line",
        source: "tiles",
        "source-layer": "communes",
        minzoom: 8,
        paint: { "line-color": ink.line, "line-width": 0.5, "line-opacity": 0.35 },
      },
      ...borders("departments", ink, [4, 0.4, 8, 1.2]),
      ...borders("regions", ink, [4, 1, 8, 2.4]),
      {
        id: "here-halo",
        type: "line",
        source: "here",
        paint: { "line-color": ink.halo, "line-width": 5 },
      },
      { id: "here", type: "line", source: "here", paint: { "line-color": ink.text, "line-width": 2.2 } },
    ],
  };
}

// A pale edge under each line: it is seen on the darkest and on the lightest colours alike.
function borders(
  layer: "departments" | "regions",
  ink: MapInk,
  [lowZoom, thin, highZoom, thick]: [number, number, number, number],
): LayerSpecification[] {
  const line = { type: "line", source: "tiles", "source-layer": layer } as const;
  const width = (more: number): ExpressionSpecification => [
    "interpolate",
    ["linear"],
    ["zoom"],
    lowZoom,
    thin + more,
    highZoom,
    thick + 2 * more,
  ];
  return [
    {
      id: `${layer}-halo`,
      ...line,
      layout: { "line-join": "round" },
      paint: { "line-color": ink.halo, "line-width": width(1), "line-opacity": 0.6 },
    },
    {
      id: layer,
      ...line,
      layout: { "line-join": "round" },
      paint: { "line-color": ink.line, "line-width": width(0) },
    },
  ];
}

/** Colours communes; waits by itself for the style to be ready. */
export class CommuneLayer {
  private classes: Classes | null = null;
  private colours: readonly string[] = [];
  private noData = "";
  private overview: Overview | null = null;
  private shownHere = -1;

  constructor(
    private readonly map: MapLibreMap,
    private readonly addresses: CommuneAddresses,
  ) {
    void overviewAt(addresses.overviewUrl).then((overview) => (this.overview = overview));
  }

  /** Draws the class of each commune; colours[k] is that of class k. */
  paint(classes: Classes, colours: readonly string[], noData: string): void {
    this.classes = classes;
    this.recolour(colours, noData);
  }

  /** The same classes in other colours. */
  recolour(colours: readonly string[], noData: string): void {
    this.colours = colours;
    this.noData = noData;
    this.whenReady(() => {
      const colour = this.colourExpression();
      for (const id of FILLS) {
        if (this.map.getLayer(id)) this.map.setPaintProperty(id, "fill-color", colour);
        else this.addFill(id, colour);
      }
    });
  }

  /** Hatches the communes of some classes of a zoning; none when the list is empty. */
  hatch(classes: Classes | null, hatches: readonly Hatch[]): void {
    this.whenReady(() => {
      for (const layer of this.map.getStyle().layers) {
        if (layer.id.startsWith("hatch-")) this.map.removeLayer(layer.id);
      }
      if (!classes) return;
      for (const hatch of hatches) {
        const image = `pattern-${hatch.id}-${hatch.colour}`;
        if (!this.map.hasImage(image)) this.map.addImage(image, hatchImage(hatch), { pixelRatio: 2 });
        for (const id of FILLS) this.addHatch(id, hatch, image, classes);
      }
    });
  }

  /** Changes the ink of borders and paper. */
  reink(ink: MapInk): void {
    this.whenReady(() => {
      this.map.setPaintProperty("paper", "background-color", ink.paper);
      for (const id of ["commune-borders", "departments", "regions"]) {
        this.map.setPaintProperty(id, "line-color", ink.line);
      }
      this.map.setPaintProperty("here", "line-color", ink.text);
      for (const id of ["here-halo", "departments-halo", "regions-halo"]) {
        this.map.setPaintProperty(id, "line-color", ink.halo);
      }
    });
  }

  /** Rank in map order of the commune drawn under a point of the screen, or beside it; else -1. */
  rankAt([x, y]: readonly [number, number]): number {
    const layers = FILLS.filter((id) => this.map.getLayer(id));
    if (layers.length === 0) return -1;
    // Simplified contours leave cracks: what is a few pixels away will do.
    for (const reach of REACHES_PX) {
      const [feature] = this.map.queryRenderedFeatures(
        [
          [x - reach, y - reach],
          [x + reach, y + reach],
        ],
        { layers: [...layers] },
      );
      if (feature?.id !== undefined) return Number(feature.id) - 1;
    }
    return -1;
  }

  /** Outlines one commune, none for -1. */
  outline(rank: number): void {
    if (rank === this.shownHere) return;
    this.shownHere = rank;
    const source = this.map.getSource<GeoJSONSource>("here");
    if (!source) return;
    const rings = rank < 0 ? [] : this.ringsOf(rank);
    source.setData({
      type: "Feature",
      properties: {},
      geometry: { type: "MultiLineString", coordinates: rings },
    });
  }

  private ringsOf(rank: number): number[][][] {
    if (this.map.getZoom() < TILES_FROM_ZOOM) {
      return this.overview ? [overviewRing(this.overview, rank)] : [];
    }
    const pieces = this.map.queryRenderedFeatures({
      layers: ["communes-high"],
      filter: ["==", ["id"], rank + 1],
    });
    return pieces.flatMap(ringsOfPiece);
  }

  private colourExpression(): ExpressionSpecification {
    const classOf = classExpression(this.classes ?? new Uint8Array(1));
    const pairs = this.colours.flatMap((colour, k) => [k, colour]);
    return ["match", classOf, ...pairs, this.noData] as unknown as ExpressionSpecification;
  }

  private addFill(id: (typeof FILLS)[number], colour: ExpressionSpecification): void {
    this.map.addLayer(
      { id, type: "fill", ...sourceOf(id), paint: { "fill-color": colour } },
      "commune-borders",
    );
  }

  private addHatch(id: (typeof FILLS)[number], hatch: Hatch, image: string, classes: Classes): void {
    this.map.addLayer(
      {
        id: `hatch-${hatch.id}-${id}`,
        type: "fill",
        ...sourceOf(id),
        filter: ["==", classExpression(classes), hatch.class],
        paint: { "fill-pattern": image },
      },
      "commune-borders",
    );
  }

  private whenReady(act: () => void): void {
    if (this.map.getLayer("paper")) act();
    else void this.map.once("style.load", act);
  }
}

function sourceOf(id: (typeof FILLS)[number]) {
  return id === "communes-low"
    ? { source: "overview", "source-layer": OVERVIEW_LAYER, maxzoom: TILES_FROM_ZOOM }
    : { source: "tiles", "source-layer": "communes", minzoom: TILES_FROM_ZOOM };
}

// The classes travel inside the expression: a tile then needs no state of its own, and a filter
// may ask for a class.
function classExpression(classes: Classes): ExpressionSpecification {
  return ["at", ["-", ["id"], 1], ["literal", Array.from(classes)]] as ExpressionSpecification;
}

function overviewRing({ start, x, y }: Overview, rank: number): number[][] {
  const ring: number[][] = [];
  for (let v = start[rank]!; v < start[rank + 1]!; v++) ring.push(degrees(x[v]!, y[v]!));
  if (ring[0]) ring.push(ring[0]);
  return ring;
}

function degrees(x: number, y: number): number[] {
  const cells = 1 << 14;
  const latitude = Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / cells)));
  return [(x / cells) * 360 - 180, (latitude * 180) / Math.PI];
}

function ringsOfPiece(piece: MapGeoJSONFeature): number[][][] {
  const { geometry } = piece;
  if (geometry.type === "Polygon") return geometry.coordinates;
  return geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
}

export function hatchImage({ colour, angle }: Hatch): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = HATCH_SIZE;
  const pen = canvas.getContext("2d")!;
  const [from, to] = angle === "up" ? [HATCH_SIZE, 0] : [0, HATCH_SIZE];
  for (const shift of [-HATCH_SIZE, 0, HATCH_SIZE]) {
    pen.moveTo(shift, from);
    pen.lineTo(shift + HATCH_SIZE, to);
  }
  // A dark edge keeps the line visible on every colour of the map.
  for (const [ink, width] of [["rgba(16, 32, 42, 0.55)", 4.5], [colour, 2.2]] as const) {
    pen.strokeStyle = ink;
    pen.lineWidth = width;
    pen.stroke();
  }
  return pen.getImageData(0, 0, HATCH_SIZE, HATCH_SIZE);
}
