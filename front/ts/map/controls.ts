// What every map page offers beside its map: zoom, places to go to, reading by pointer and keyboard.
import type { Map as MapLibreMap } from "maplibre-gl";

import type { Bounds, Jump } from "./state";

const POINTER_WAIT_MS = 40;

export function box([west, south, east, north]: Bounds): [[number, number], [number, number]] {
  return [
    [west, south],
    [east, north],
  ];
}

export function zoomButtons(map: MapLibreMap): HTMLElement {
  const group = document.createElement("div");
  group.className = "map-zoom";
  for (const [sign, words, act] of [
    ["+", "Zoomer", () => map.zoomIn()],
    ["−", "Dézoomer", () => map.zoomOut()],
  ] as const) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", words);
    button.title = words;
    button.addEventListener("click", act);
    group.append(button);
  }
  return group;
}

export function isCalm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function flyTo(map: MapLibreMap, bounds: Bounds): void {
  map.fitBounds(box(bounds), { padding: 24, maxZoom: 11, animate: !isCalm() });
}

/** Shows what only a script can serve, hides what only its absence needs. */
export function reveal(): void {
  for (const hidden of document.querySelectorAll<HTMLElement>(
    "[data-jumps], [data-export-png], [data-copy-link], [data-map-help]",
  )) {
    hidden.hidden = false;
  }
  for (const plain of document.querySelectorAll<HTMLElement>("[data-no-script]")) {
    plain.hidden = true;
  }
}

/** Calls `go` for the buttons of places, and for a territory found by the search of the map. */
export function listenToPlaces(
  jumps: readonly Jump[],
  go: (bounds: Bounds) => void,
  arrived: () => void,
): void {
  document.querySelector("[data-jumps]")?.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-jump]");
    if (button) go(jumps[Number(button.dataset["jump"])]!.bounds);
  });
  document.addEventListener("maillage:territory", (event) => {
    const { form, bounds } = (event as CustomEvent).detail as { form: HTMLElement; bounds?: Bounds };
    if (form.dataset["fly"] === undefined || !bounds) return;
    event.preventDefault();
    go(bounds);
    arrived();
  });
}

/** What a map does when somebody looks at one of its points. */
export interface Looks {
  /** Somebody shows interest. */
  readonly prepare: () => void;
  /** A point of the screen is looked at; `aloud` by the keyboard. */
  readonly look: (point: [number, number], aloud: boolean) => void;
  /** Address of what Enter opens, "" for nothing. */
  readonly target: () => string;
}

/** Reads what is under the pointer or, for the keyboard, under the cross in the middle. */
export function listenToLooks(map: MapLibreMap, { prepare, look, target }: Looks): void {
  const canvas = map.getCanvas();
  let timer = 0;
  const soon = (x: number, y: number) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => look([x, y], false), POINTER_WAIT_MS);
  };
  // The style sheet shows the cross while the map has the focus of the keyboard.
  const lookAtCentre = () => {
    if (document.activeElement !== canvas || !canvas.matches(":focus-visible")) return;
    const { clientWidth, clientHeight } = map.getContainer();
    look([clientWidth / 2, clientHeight / 2], true);
  };
  map.on("mousemove", ({ point }) => soon(point.x, point.y));
  map.on("click", ({ point }) => soon(point.x, point.y));
  map.on("dblclick", () => clearTimeout(timer));
  canvas.addEventListener("pointerenter", prepare);
  canvas.addEventListener("focus", () => {
    prepare();
    lookAtCentre();
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && target()) location.assign(target());
  });
  map.on("moveend", () => void map.once("idle", lookAtCentre));
}
