// A button per territory where initiatives take place; close ones stand together as one.
// MapLibre's worker groups them; the buttons are ours, so that the keyboard and a screen reader
// find them as they find any other.
import { type GeoJSONSource, type Map as MapLibreMap, Marker } from "maplibre-gl";

import { isCalm } from "../map/controls";

const SOURCE = "initiatives";
const GROUPED_WITHIN_PX = 44;
const GROUPED_UNTIL_ZOOM = 10;
const LARGE_FROM = [1, 5, 20, 100] as const;

/** A territory where initiatives take place. */
export interface Point {
  readonly kind: string;
  readonly code: string;
  readonly name: string;
  readonly label: string;
  readonly count: number;
}

type Row = readonly [string, string, string, string, number, number, number];

/** What the worker answers: a territory, or a group with its number and its sum. */
type Found = Partial<Point> & {
  readonly cluster_id?: number;
  readonly point_count?: number;
  readonly sum?: number;
};

export async function fetchPoints(url: string): Promise<readonly Row[]> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
  return ((await answer.json()) as { points: readonly Row[] }).points;
}

function plural(count: number, word: string): string {
  return `${count.toLocaleString("fr-FR")} ${word}${count > 1 ? "s" : ""}`;
}

export class Dots {
  private readonly shownDots = new Map<string, Marker>();
  private readonly first: Promise<void>;

  constructor(
    private readonly map: MapLibreMap,
    rows: readonly Row[],
    private readonly open: (point: Point) => void,
  ) {
    this.first = new Promise((done) => {
      const start = () => {
        this.addSource(rows);
        void map.once("idle", () => {
          this.update();
          map.on("moveend", () => void map.once("idle", () => this.update()));
          done();
        });
      };
      if (map.isStyleLoaded()) start();
      else void map.once("load", start);
    });
  }

  /** Waits until the dots of the first view are there. */
  shown(): Promise<void> {
    return this.first;
  }

  private addSource(rows: readonly Row[]): void {
    const features = rows.map(([kind, code, name, label, lon, lat, count]) => ({
      type: "Feature" as const,
      properties: { kind, code, name, label, count },
      geometry: { type: "Point" as const, coordinates: [lon, lat] },
    }));
    this.map.addSource(SOURCE, {
      type: "geojson",
      data: { type: "FeatureCollection", features },
      cluster: true,
      clusterRadius: GROUPED_WITHIN_PX,
      clusterMaxZoom: GROUPED_UNTIL_ZOOM,
      clusterProperties: { sum: ["+", ["get", "count"]] },
    });
    // Nothing is drawn: the layer makes the worker group what is in view.
    this.map.addLayer({
      id: SOURCE,
      type: "circle",
      source: SOURCE,
      paint: { "circle-radius": 0, "circle-opacity": 0 },
    });
  }

  private update(): void {
    const wanted = new Map<string, { found: Found; at: [number, number] }>();
    for (const { properties, geometry } of this.map.querySourceFeatures(SOURCE)) {
      if (geometry.type !== "Point") continue;
      const found = properties as Found;
      const key = found.cluster_id === undefined ? `${found.kind}-${found.code}` : `group-${found.cluster_id}`;
      wanted.set(key, { found, at: geometry.coordinates as [number, number] });
    }
    let lostFocus = false;
    for (const [key, dot] of this.shownDots) {
      if (wanted.has(key)) continue;
      lostFocus ||= dot.getElement() === document.activeElement;
      dot.remove();
      this.shownDots.delete(key);
    }
    // From north to south, as one reads: Tab follows the same order.
    for (const [key, { found, at }] of [...wanted].sort(([, a], [, b]) => b.at[1] - a.at[1])) {
      if (this.shownDots.has(key)) continue;
      this.shownDots.set(key, this.add(found, at));
    }
    if (lostFocus) this.map.getCanvas().focus({ preventScroll: true });
  }

  private add(found: Found, at: [number, number]): Marker {
    const isGroup = found.cluster_id !== undefined;
    const count = isGroup ? found.sum! : found.count!;
    const button = document.createElement("button");
    button.type = "button";
    const size = LARGE_FROM.filter((from) => count >= from).length;
    button.className = `map-dot map-dot-${size}${isGroup ? " is-group" : ""}`;
    button.textContent = count.toLocaleString("fr-FR");
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      if (isGroup) void this.zoomInto(found.cluster_id!, at);
      else this.open(found as Point);
    });
    const marker = new Marker({ element: button }).setLngLat(at).addTo(this.map);
    const words = isGroup
      ? `${plural(found.point_count!, "lieu").replace("lieus", "lieux")}, ${plural(count, "initiative")} : agrandir`
      : `${found.name}, ${found.label} : ${plural(count, "initiative")}`;
    button.setAttribute("aria-label", words);
    button.removeAttribute("role");
    button.title = words;
    return marker;
  }

  private async zoomInto(group: number, center: [number, number]): Promise<void> {
    const source = this.map.getSource<GeoJSONSource>(SOURCE)!;
    const zoom = await source.getClusterExpansionZoom(group);
    if (isCalm()) this.map.jumpTo({ center, zoom });
    else this.map.easeTo({ center, zoom });
  }
}
