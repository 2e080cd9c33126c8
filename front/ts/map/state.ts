// What the map shows, as the page says it and as the address keeps it.
import type { Map as MapLibreMap } from "maplibre-gl";

export type Bounds = readonly [number, number, number, number];
export type Label = readonly [string, number, number];

/** The page's own JSON: addresses (with __id__ to replace), what is chosen, places, names. */
export interface PageState {
  readonly overview: string;
  readonly tiles: string;
  readonly names: string;
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
  readonly jumps: readonly { readonly label: string; readonly bounds: Bounds }[];
  readonly labels: { readonly regions: readonly Label[]; readonly departments: readonly Label[] };
}

export function readState(): PageState {
  return JSON.parse(document.getElementById("carte-etat")!.textContent!) as PageState;
}

export function addressOf(template: string, id: string): string {
  return template.replace("__id__", encodeURIComponent(id));
}

function set(query: URLSearchParams, name: string, value: string): void {
  if (value) query.set(name, value);
  else query.delete(name);
}

/** Keeps the state in the address, and in the links that lead to its other forms. */
export function remember(state: PageState, map: MapLibreMap | null): void {
  const query = new URLSearchParams(location.search);
  set(query, "indicateur", state.first);
  set(query, "second", state.second);
  set(query, "zonage", state.overlaid ? "1" : "");
  if (map) {
    const { lat, lng } = map.getCenter();
    query.set("vue", `${map.getZoom().toFixed(2)}/${lat.toFixed(4)}/${lng.toFixed(4)}`);
  }
  history.replaceState(null, "", `?${query.toString().replaceAll("%2F", "/")}`);
  query.delete("vue");
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-follows]")) {
    link.href = `${link.dataset["follows"]}?${query}`;
  }
}
