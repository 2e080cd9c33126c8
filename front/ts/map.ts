// The national map. MapLibre takes its worker from our own address (data-worker-url), so that the
// Content-Security-Policy needs neither blob: nor eval. Without this file the page shows a picture
// drawn by the server and the way to the list.
import { setWorkerUrl } from "maplibre-gl";

import { MapPage } from "./map/page";
import { readState } from "./map/state";

function canDraw(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

function showReplacement(): void {
  const template = document.getElementById("carte-sans-webgl") as HTMLTemplateElement;
  document.getElementById("carte-remplacement")!.replaceChildren(template.content.cloneNode(true));
  document.getElementById("carte-vues")!.hidden = true;
  document.getElementById("carte-page")!.classList.add("without-map");
}

const views = document.getElementById("carte-vues");
if (views && canDraw()) {
  setWorkerUrl(new URL(views.dataset["workerUrl"]!, location.href).href);
  void new MapPage(readState(), views).start();
} else if (views) {
  showReplacement();
}
