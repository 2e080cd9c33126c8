// The map's entry. MapLibre takes its worker from our own address (data-worker-url), so that the
// Content-Security-Policy needs neither blob: nor eval.
import { Map as MapLibreMap, setWorkerUrl } from "maplibre-gl";

function start(container: HTMLElement): void {
  const workerUrl = container.dataset["workerUrl"];
  const styleUrl = container.dataset["styleUrl"];
  if (!workerUrl || !styleUrl) return;
  setWorkerUrl(new URL(workerUrl, location.href).href);
  new MapLibreMap({ container, style: styleUrl, attributionControl: { compact: true } });
}

for (const container of document.querySelectorAll<HTMLElement>("[data-map]")) start(container);
