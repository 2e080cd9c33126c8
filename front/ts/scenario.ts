// The workshop of scenarios. Without this file every gesture is a link or a form that loads the
// page; htmx (base.ts) swaps the workshop alone, and this file mends what a swap loses: the focus,
// the suggestions, the buttons that only a script can serve.
import htmx from "htmx.org";

import { canDraw } from "./map/webgl";
import type { GainMap, GainState } from "./scenario/gain_map";
import { enhanceSearches } from "./search/combobox";

const WORKSHOP = "atelier";
const MAP_OPEN = "simuler.carte";

/** Offer « Copier » where the browser can copy. */
function enhanceCopies(part: ParentNode): void {
  if (!navigator.clipboard) return;
  for (const button of part.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const field = document.getElementById(button.dataset["copy"] ?? "") as HTMLInputElement | null;
    if (!field) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copié";
    });
  }
}

/** Bring the keyboard and the screen reader to what has changed. */
function focusNews(workshop: HTMLElement): void {
  const error = workshop.querySelector<HTMLElement>("[role=alert]");
  const forms = workshop.querySelector<HTMLElement>("details[open] input:not([type=hidden])");
  const result = workshop.querySelector<HTMLElement>("#resultat");
  const target = error ?? forms ?? result;
  if (!target) return;
  if (target === error) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  const { top } = target.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight) target.scrollIntoView({ block: "center" });
}

/** What the swapped part of the page says to the map, which stands outside of it. */
function mapState(): GainState | null {
  const { gains, place, bounds } = document.getElementById("carte-etat")?.dataset ?? {};
  if (!gains || !place || !bounds) return null;
  const [west, south, east, north] = bounds.split(",").map(Number) as [number, number, number, number];
  return { gains, place, bounds: [west, south, east, north] };
}

/** Follow an address as a link of the workshop would: htmx swaps the workshop alone. */
function follow(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.hidden = true;
  document.getElementById(WORKSHOP)!.append(link);
  htmx.process(link);
  link.click();
}

let map: GainMap | null = null;

async function openMap(button: HTMLButtonElement, panel: HTMLElement): Promise<void> {
  const state = mapState();
  if (!state) return;
  const opens = panel.hidden;
  panel.hidden = !opens;
  button.setAttribute("aria-expanded", String(opens));
  button.textContent = opens ? "Fermer la carte" : "Travailler sur la carte";
  sessionStorage.setItem(MAP_OPEN, opens ? "1" : "");
  if (!opens || map) return;
  const { GainMap } = await import("./scenario/gain_map");
  map = new GainMap(panel, mapState() ?? state, follow);
}

function offerMap(): void {
  const button = document.getElementById("carte-ouvrir") as HTMLButtonElement | null;
  const panel = document.getElementById("carte-scenario");
  if (!button || !panel || !canDraw()) return;
  button.hidden = false;
  button.addEventListener("click", () => void openMap(button, panel));
  if (sessionStorage.getItem(MAP_OPEN)) void openMap(button, panel);
}

// A form that is refused answers 422 with the form and its error: show it, as a page would.
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent).detail as {
    xhr: XMLHttpRequest;
    shouldSwap: boolean;
    isError: boolean;
  };
  if (detail.xhr.status === 422 || detail.xhr.status === 400) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

document.addEventListener("htmx:afterSettle", () => {
  const workshop = document.getElementById(WORKSHOP);
  if (!workshop) return;
  enhanceSearches(workshop);
  enhanceCopies(workshop);
  focusNews(workshop);
  const state = mapState();
  if (map && state) map.show(state);
});

// A commune chosen in the search is reached as by a link: the keyboard lands in its form.
document.addEventListener("maillage:territory", (event) => {
  const { form, url } = (event as CustomEvent).detail as { form: HTMLElement; url: string };
  if (!form.closest(`#${WORKSHOP}`)) return;
  event.preventDefault();
  follow(url);
});

enhanceCopies(document);
offerMap();
