// What the map shows, as the page says it and as the address keeps it.
import type { Map as MapLibreMap } from "maplibre-gl";

export type Bounds = readonly [number, number, number, number];
export type Label = readonly [string, number, number];

/** A place that a button leads to. */
export interface Jump {
  readonly label: string;
  readonly bounds: Bounds;
}

/** What every map stands on: addresses of contours and names, places to go to, names written. */
export interface Ground {
  readonly overview: string;
  readonly tiles: string;
  readonly names: string;
  readonly jumps: readonly Jump[];
  readonly labels: { readonly regions: readonly Label[]; readonly departments: readonly Label[] };
}

/** The national map's own JSON: addresses (with __id__ to replace), and what is chosen. */
export interface PageState extends Ground {
  readonly classes: string;
  readonly exact: string;
  readonly legend: string;
  readonly profile: string;
  readonly overlay: string;
  first: string;
  second: string;
  overlaid: boolean;
  readonly view: readonly [number, number, number] | null;
  readonly area: Bounds | null;
}

/** Reads what the page says to its map. */
export function readState<State>(): State {
  return JSON.parse(document.getElementById("carte-etat")!.textContent!) as State;
}

export function addressOf(template: string, id: string): string {
  return template.replace("__id__", encodeURIComponent(id));
}

function set(query: URLSearchParams, name: string, value: string): void {
  if (value) query.set(name, value);
  else query.delete(name);
}

function viewOf(map: MapLibreMap): string {
  const { lat, lng } = map.getCenter();
  return `${map.getZoom().toFixed(2)}/${lat.toFixed(4)}/${lng.toFixed(4)}`;
}

function replaceQuery(query: URLSearchParams): void {
  history.replaceState(null, "", `?${query.toString().replaceAll("%2F", "/")}`);
}

/** Keeps what the map looks at in the address. */
export function rememberView(map: MapLibreMap): void {
  const query = new URLSearchParams(location.search);
  query.set("vue", viewOf(map));
  replaceQuery(query);
}

/** What the address says the map looks at: zoom, latitude, longitude; null when it does not. */
export function rememberedView(): [number, number, number] | null {
  const parts = (new URLSearchParams(location.search).get("vue") ?? "").split("/").map(Number);
  const [zoom, lat, lng] = parts;
  if (parts.length !== 3 || !parts.every(Number.isFinite)) return null;
  return Math.abs(lat!) <= 85 && Math.abs(lng!) <= 180 ? [zoom!, lat!, lng!] : null;
}

/** Keeps the state in the address, and in the links that lead to its other forms. */
export function remember(state: PageState, map: MapLibreMap | null): void {
  const query = new URLSearchParams(location.search);
  set(query, "indicateur", state.first);
  set(query, "second", state.second);
  set(query, "zonage", state.overlaid ? "1" : "");
  if (map) query.set("vue", viewOf(map));
  replaceQuery(query);
  query.delete("vue");
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-follows]")) {
    link.href = `${link.dataset["follows"]}?${query}`;
  }
}
