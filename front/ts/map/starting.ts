// The map of a page, or what stands for it where it cannot be drawn.
import { setWorkerUrl } from "maplibre-gl";

import { canDraw } from "./webgl";

function showReplacement(views: HTMLElement): void {
  const template = document.getElementById("carte-sans-webgl") as HTMLTemplateElement;
  document.getElementById("carte-remplacement")!.replaceChildren(template.content.cloneNode(true));
  views.hidden = true;
  document.getElementById("carte-page")!.classList.add("without-map");
}

/**
 * Starts the map of the page, if it has one. MapLibre takes its worker from our own address
 * (data-worker-url), so that the Content-Security-Policy needs neither blob: nor eval.
 */
export function startMap(start: (views: HTMLElement) => void): void {
  const views = document.getElementById("carte-vues");
  if (!views) return;
  if (!canDraw()) return showReplacement(views);
  setWorkerUrl(new URL(views.dataset["workerUrl"]!, location.href).href);
  start(views);
}
