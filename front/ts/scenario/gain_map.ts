// The interactive map of the workshop: colours the gain of each commune, and a click, or Enter on
// the commune under the cross, chooses where to act. Asked for by a button: MapLibre is heavy.
import { Map as MapLibreMap, setWorkerUrl } from "maplibre-gl";

import { baseStyle, CommuneLayer, type CommuneAddresses } from "../map/commune_layer";
import { inkOf } from "../map/pane";
import { type Classes, fetchClasses, fetchNames, type Names, NO_CLASS } from "../map/values";

const CLOSEST_ZOOM = 12;
const PADDING_PX = 24;

/** What the page says of the scenario in force: it changes with each gesture. */
export interface GainState {
  readonly gains: string;
  readonly place: string;
  readonly bounds: readonly [number, number, number, number];
}

export class GainMap {
  private readonly map: MapLibreMap;
  private readonly layer: CommuneLayer;
  private readonly names: Promise<Names>;
  private readonly shades: readonly string[];
  private classes: Classes = new Uint8Array();
  private read = -1;
  private shown = "";

  constructor(
    private readonly panel: HTMLElement,
    private state: GainState,
    private readonly choose: (url: string) => void,
  ) {
    const { overview, tiles, names, shades, worker } = panel.dataset as Record<string, string>;
    setWorkerUrl(new URL(worker!, location.href).href);
    const addresses: CommuneAddresses = { overviewUrl: overview!, tilesUrl: tiles! };
    const container = panel.querySelector<HTMLElement>("#carte-toile")!;
    this.map = new MapLibreMap({
      container,
      style: baseStyle(addresses, inkOf(container)),
      bounds: [...state.bounds],
      fitBoundsOptions: { padding: PADDING_PX },
      maxZoom: CLOSEST_ZOOM,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      cooperativeGestures: false,
      locale: { "Map.Title": "Carte du changement estimé par commune" },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.layer = new CommuneLayer(this.map, addresses);
    this.names = fetchNames(names!);
    this.shades = shades!.split(" ");
    this.map.getCanvas().setAttribute("aria-describedby", "carte-mode-d-emploi");
    container.setAttribute("aria-busy", "true");
    this.map.on("idle", () => container.setAttribute("aria-busy", String(this.shown === "")));
    this.listen();
    void this.paint();
  }

  /** Shows another scenario: its colours, and its place when that has moved. */
  show(state: GainState): void {
    const moved = state.bounds.join() !== this.state.bounds.join();
    this.state = state;
    if (moved) this.map.fitBounds([...state.bounds], { padding: PADDING_PX, maxZoom: 10 });
    void this.paint();
  }

  private async paint(): Promise<void> {
    const { gains } = this.state;
    if (gains === this.shown) return;
    const classes = await fetchClasses(gains);
    if (gains !== this.state.gains) return;
    this.shown = gains;
    this.classes = classes;
    this.recolour();
  }

  private recolour(): void {
    const style = getComputedStyle(this.panel);
    const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
    this.layer.paint(this.classes, this.shades.map(colour), colour("gain-none"));
    this.layer.reink(inkOf(this.map.getContainer()));
  }

  private listen(): void {
    this.map.on("mousemove", ({ point }) => void this.readAt([point.x, point.y]));
    this.map.on("click", ({ point }) => void this.chooseAt([point.x, point.y]));
    this.map.on("moveend", () => {
      if (document.activeElement === this.map.getCanvas()) void this.readAt(this.centre());
    });
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") void this.chooseAt(this.centre());
    });
    const theme = new MutationObserver(() => this.recolour());
    theme.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  }

  private centre(): [number, number] {
    const { clientWidth, clientHeight } = this.map.getContainer();
    return [clientWidth / 2, clientHeight / 2];
  }

  private async readAt(point: [number, number]): Promise<void> {
    const rank = this.layer.rankAt(point);
    if (rank === this.read || rank < 0) return;
    this.read = rank;
    this.layer.outline(rank);
    const names = await this.names;
    if (rank !== this.read) return;
    const touched = (this.classes[rank] ?? NO_CLASS) !== NO_CLASS;
    this.panel.querySelector("#carte-lecture")!.textContent =
      `${names.names[rank]}${touched ? ", touchée par le scénario" : ""}`;
  }

  private async chooseAt(point: [number, number]): Promise<void> {
    const rank = this.layer.rankAt(point);
    if (rank < 0) return;
    const names = await this.names;
    this.choose(this.state.place + encodeURIComponent(names.codes[rank]!));
  }
}
