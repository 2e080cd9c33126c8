// One map of the page: its MapLibre map, its coloured communes, its names of places.
import { Map as MapLibreMap } from "maplibre-gl";

import { baseStyle, CommuneLayer, type Hatch, type MapInk } from "./commune_layer";
import type { Legend } from "./legend";
import type { Ground, Label } from "./state";
import type { Classes } from "./values";

const DEPARTMENT_NAMES_FROM_ZOOM = 6.3;
const WIDEST_ZOOM = 2;
const CLOSEST_ZOOM = 12;

/** How the first view fits its bounds. */
export const FIRST_FIT = { padding: 12 };

export interface PaneStart {
  readonly bounds?: [[number, number], [number, number]];
  readonly view?: readonly [number, number, number];
}

/** Reads what is not data from the page's style sheet. */
export function inkOf(element: HTMLElement): MapInk {
  const style = getComputedStyle(element);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    paper: value("--map-paper"),
    line: value("--map-line"),
    text: value("--map-text"),
    halo: value("--map-halo"),
  };
}

export class Pane {
  readonly map: MapLibreMap;
  readonly layer: CommuneLayer;
  legend: Legend | null = null;
  classes: Classes | null = null;

  constructor(
    readonly figure: HTMLElement,
    state: Ground,
    start: PaneStart,
  ) {
    const container = figure.querySelector<HTMLElement>("[data-map]")!;
    const addresses = { overviewUrl: state.overview, tilesUrl: state.tiles };
    const ink = inkOf(container);
    const [zoom, lat, lng] = start.view ?? [];
    this.map = new MapLibreMap({
      container,
      style: baseStyle(addresses, ink),
      ...(start.bounds ? { bounds: start.bounds, fitBoundsOptions: FIRST_FIT } : {}),
      ...(lat !== undefined && lng !== undefined ? { center: [lng, lat], zoom: zoom! } : {}),
      minZoom: WIDEST_ZOOM,
      maxZoom: CLOSEST_ZOOM,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      locale: { "Map.Title": "Carte des communes" },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.layer = new CommuneLayer(this.map, addresses);
    void this.map.once("style.load", () => this.addNames(state, ink));
  }

  show(legend: Legend, classes: Classes): void {
    this.legend = legend;
    this.classes = classes;
    this.layer.paint(classes, legend.colours, legend.noData);
    const title = this.figure.querySelector("[data-pane-title]")!;
    const estimate = legend.modelled && !legend.title.includes("estimé") ? " (valeur estimée)" : "";
    this.map
      .getCanvas()
      .setAttribute("aria-label", `Carte : ${legend.title}. Flèches, plus, moins, Entrée.`);
    title.textContent = `${legend.title}, ${legend.year}${estimate}`;
  }

  /** Takes the colours of the theme in force; `legend` is read again for that. */
  rethink(legend: Legend): void {
    this.legend = legend;
    const ink = inkOf(this.map.getContainer());
    this.layer.recolour(legend.colours, legend.noData);
    this.layer.reink(ink);
    for (const id of ["region-names", "department-names"]) {
      if (!this.map.getLayer(id)) continue;
      this.map.setPaintProperty(id, "text-color", ink.text);
      this.map.setPaintProperty(id, "text-halo-color", ink.halo);
    }
  }

  hatch(classes: Classes | null, hatches: readonly Hatch[]): void {
    this.layer.hatch(classes, hatches);
  }

  private addNames(state: Ground, ink: MapInk): void {
    this.addNameLayer("region-names", state.labels.regions, ink, {
      size: 13,
      maxzoom: DEPARTMENT_NAMES_FROM_ZOOM,
    });
    this.addNameLayer("department-names", state.labels.departments, ink, {
      size: 14,
      minzoom: DEPARTMENT_NAMES_FROM_ZOOM,
    });
  }

  private addNameLayer(
    id: string,
    labels: readonly Label[],
    ink: MapInk,
    { size, ...zooms }: { size: number; minzoom?: number; maxzoom?: number },
  ): void {
    const features = labels.map(([name, lon, lat]) => ({
      type: "Feature" as const,
      properties: { name },
      geometry: { type: "Point" as const, coordinates: [lon, lat] },
    }));
    this.map.addSource(id, { type: "geojson", data: { type: "FeatureCollection", features } });
    this.map.addLayer({
      id,
      type: "symbol",
      source: id,
      ...zooms,
      layout: { "text-field": ["get", "name"], "text-size": size, "text-max-width": 8 },
      paint: { "text-color": ink.text, "text-halo-color": ink.halo, "text-halo-width": 1.6 },
    });
  }
}

/** Moves each map with the other. */
export function keepTogether(panes: readonly Pane[]): void {
  let leading: Pane | null = null;
  for (const pane of panes) {
    pane.map.on("move", () => {
      if (leading && leading !== pane) return;
      leading = pane;
      for (const other of panes) {
        if (other !== pane) {
          other.map.jumpTo({ center: pane.map.getCenter(), zoom: pane.map.getZoom() });
        }
      }
      leading = null;
    });
  }
}
