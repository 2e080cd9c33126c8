// The page of the national map: choices, panes, reading by pointer and keyboard, search, exports.
import type { Hatch } from "./commune_layer";
import { box, flyTo, listenToLooks, listenToPlaces, reveal, zoomButtons } from "./controls";
import { readLegend, replaceLegend, type Legend } from "./legend";
import { FIRST_FIT, keepTogether, Pane, type PaneStart } from "./pane";
import { download, imageOf } from "./png";
import { Reader, type Readable } from "./reading";
import { addressOf, type Bounds, type PageState, remember } from "./state";
import { type Classes, fetchClasses } from "./values";

const READY_MARK = "maillage:map-ready";

function element<Kind extends HTMLElement>(selector: string): Kind | null {
  return document.querySelector<Kind>(selector);
}

export class MapPage {
  private readonly panes: Pane[] = [];
  private readonly classes = new Map<string, Promise<Classes>>();
  private readonly reader: Reader;
  private overlayClasses: Classes | null = null;
  private here = -1;
  private together = false;
  private moved = false;

  constructor(
    private readonly state: PageState,
    private readonly views: HTMLElement,
  ) {
    this.reader = new Reader(
      { names: state.names, exact: (id) => addressOf(state.exact, id), profile: state.profile },
      element("#carte-lecture")!,
      element("#carte-annonce")!,
    );
  }

  async start(): Promise<void> {
    const arriving = this.classesOf(this.state.first); // before anything else: the network is idle
    const pane = this.addPane(element("[data-pane='1']")!, this.firstView());
    reveal();
    this.listen();
    pane.show(readLegend(this.section(1)), await arriving);
    void pane.map.once("idle", () => this.ready());
    if (this.state.second) await this.showSecond();
    if (this.state.overlaid) await this.showOverlay();
  }

  private firstView(): PaneStart {
    if (this.state.view) return { view: this.state.view };
    const bounds = this.state.area ?? this.state.jumps[0]?.bounds;
    return bounds ? { bounds: box(bounds) } : {};
  }

  private ready(): void {
    performance.mark(READY_MARK);
    this.views.dataset["ready"] = "true";
  }

  private classesOf(id: string): Promise<Classes> {
    let found = this.classes.get(id);
    if (!found) {
      found = fetchClasses(addressOf(this.state.classes, id));
      this.classes.set(id, found);
    }
    return found;
  }

  private addPane(figure: HTMLElement, start: PaneStart): Pane {
    const pane = new Pane(figure, this.state, start);
    this.panes.push(pane);
    figure.querySelector(".map-canvas")!.append(zoomButtons(pane.map));
    this.listenToPane(pane);
    return pane;
  }

  private section(number: number): HTMLElement {
    const found = element(`[data-legend='${number}']`);
    if (found) return found;
    const made = document.createElement("section");
    made.className = "map-legend";
    made.dataset["legend"] = String(number);
    made.setAttribute("aria-label", `Légende ${number}`);
    element("[data-legend='1']")!.after(made);
    return made;
  }

  private async legendOf(number: number, id: string): Promise<Legend> {
    const section = this.section(number);
    const shown = section.querySelector<HTMLElement>("[data-legend-of]")?.dataset["legendOf"];
    return shown === id
      ? readLegend(section)
      : replaceLegend(section, addressOf(this.state.legend, id));
  }

  private async showFirst(): Promise<void> {
    const id = this.state.first;
    const [classes, legend] = await Promise.all([this.classesOf(id), this.legendOf(1, id)]);
    if (id === this.state.first) this.panes[0]!.show(legend, classes);
  }

  private async showSecond(): Promise<void> {
    const id = this.state.second;
    const figure = this.secondFigure();
    figure.hidden = !id;
    if (!id) {
      element("[data-legend='2']")?.remove();
      this.views.classList.remove("two");
      this.fitAgain();
      return;
    }
    this.views.classList.add("two");
    this.fitAgain();
    const [classes, legend] = await Promise.all([this.classesOf(id), this.legendOf(2, id)]);
    const first = this.panes[0]!.map;
    const { lat, lng } = first.getCenter();
    const pane = this.panes[1] ?? this.addPane(figure, { view: [first.getZoom(), lat, lng] });
    pane.map.resize();
    pane.map.jumpTo({ center: first.getCenter(), zoom: first.getZoom() });
    pane.show(legend, classes);
    if (this.overlayClasses) pane.hatch(this.overlayClasses, this.hatches());
    if (!this.together) keepTogether(this.panes);
    this.together = true;
  }

  /** After the maps have changed size, shows the whole again unless the reader has chosen a place. */
  private fitAgain(): void {
    const { map } = this.panes[0]!;
    map.resize();
    const { bounds } = this.firstView();
    if (bounds && !this.moved) map.fitBounds(bounds, { ...FIRST_FIT, animate: false });
  }

  private secondFigure(): HTMLElement {
    const found = element("[data-pane='2']");
    if (found) return found;
    const figure = element("[data-pane='1']")!.cloneNode(false) as HTMLElement;
    figure.dataset["pane"] = "2";
    const title = document.createElement("figcaption");
    title.dataset["paneTitle"] = "";
    const canvas = document.createElement("div");
    canvas.className = "map-canvas";
    canvas.dataset["map"] = "";
    figure.append(title, canvas);
    this.views.append(figure);
    return figure;
  }

  private async showOverlay(): Promise<void> {
    const legend = element("[data-legend-overlay]");
    if (legend) legend.hidden = !this.state.overlaid;
    this.overlayClasses = this.state.overlaid ? await this.classesOf(this.state.overlay) : null;
    for (const pane of this.panes) pane.hatch(this.overlayClasses, this.hatches());
  }

  private hatches(): Hatch[] {
    const marks = [...document.querySelectorAll<HTMLElement>("[data-hatch]")];
    return marks.map((mark, rank) => ({
      id: mark.dataset["hatch"]!,
      class: Number(mark.dataset["hatch"]),
      colour: getComputedStyle(mark).color,
      label: mark.parentElement!.textContent!.trim(),
      angle: rank === 0 ? "up" : "down",
    }));
  }

  private readables(): Readable[] {
    const shown = this.state.second ? this.panes : this.panes.slice(0, 1);
    return shown.flatMap(({ legend, classes }) => (legend && classes ? [{ legend, classes }] : []));
  }

  // ------------------------------------------------------------------ what the reader does

  private listen(): void {
    element("#carte-choix")!.addEventListener("change", () => void this.choose());
    listenToPlaces(
      this.state.jumps,
      (bounds) => this.fly(bounds),
      () => this.panes[0]!.map.getCanvas().focus({ preventScroll: true }),
    );
    document.addEventListener("maillage:theme", () => this.retheme());
    element("[data-export-png]")!.addEventListener("click", () => void this.exportImage());
    const copy = element<HTMLButtonElement>("[data-copy-link]")!;
    copy.addEventListener("click", () => {
      void navigator.clipboard.writeText(location.href).then(() => {
        copy.textContent = "Lien copié";
      });
    });
  }

  private async choose(): Promise<void> {
    const form = new FormData(element<HTMLFormElement>("#carte-choix")!);
    const text = (name: string) => String(form.get(name) ?? "");
    const before = { ...this.state };
    this.state.first = text("indicateur");
    this.state.second = text("second") === this.state.first ? "" : text("second");
    this.state.overlaid = text("zonage") === "1";
    remember(this.state, this.panes[0]!.map);
    if (before.first !== this.state.first) await this.showFirst();
    if (before.second !== this.state.second) await this.showSecond();
    if (before.overlaid !== this.state.overlaid) await this.showOverlay();
    // The commune being read is told again, by what is shown now.
    if (this.here >= 0) await this.reader.read(this.here, this.readables(), false);
  }

  private fly(bounds: Bounds): void {
    this.moved = true;
    flyTo(this.panes[0]!.map, bounds);
  }

  private listenToPane(pane: Pane): void {
    const { map } = pane;
    listenToLooks(map, {
      prepare: () => this.reader.prepare(this.readables()),
      look: (point, aloud) => this.readAt(pane, point, aloud),
      target: () => this.reader.profile,
    });
    map.on("movestart", ({ originalEvent }) => {
      if (originalEvent) this.moved = true;
    });
    map.on("moveend", () => {
      if (pane === this.panes[0]) remember(this.state, map);
    });
  }

  private readAt(pane: Pane, point: [number, number], aloud: boolean): void {
    const rank = pane.layer.rankAt(point);
    this.here = rank;
    for (const other of this.panes) other.layer.outline(rank);
    void this.reader.read(rank, this.readables(), aloud);
  }

  private retheme(): void {
    for (const [rank, pane] of this.panes.entries()) {
      const section = element(`[data-legend='${rank + 1}']`);
      if (section) pane.rethink(readLegend(section));
      if (this.overlayClasses) pane.hatch(this.overlayClasses, this.hatches());
    }
  }

  private async exportImage(): Promise<void> {
    const shown = this.state.second ? this.panes : this.panes.slice(0, 1);
    const plates = shown.flatMap(({ map, legend }) => (legend ? [{ map, legend }] : []));
    const today = new Date().toLocaleDateString("fr-FR", { dateStyle: "long" });
    const sources = [...new Set(plates.map(({ legend }) => `${legend.source}, ${legend.year}`))];
    const overlaid = this.state.overlaid ? element("[data-legend-overlay]") : null;
    if (overlaid) sources.push(overlaid.querySelector<HTMLElement>("[data-source]")!.dataset["source"]!);
    const fictional = element(".fictional-banner") !== null;
    const notes = [
      `Sources : ${sources.join(" ; ")}. Contours : ${fictional ? "inventés" : "IGN et Etalab, simplifiés"}.`,
      `Carte tracée par Maillage le ${today}.`,
    ];
    if (fictional) notes.unshift("DONNÉES FICTIVES : ce département n’existe pas.");
    const hatches = overlaid ? this.hatches() : [];
    download(await imageOf(plates, hatches, notes), `maillage-${this.state.first}.png`);
  }
}
