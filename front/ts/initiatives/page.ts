// The page of the map of initiatives: communes by the number that cover them, a dot per territory.
import { flyTo, box, listenToLooks, listenToPlaces, reveal, zoomButtons } from "../map/controls";
import { readLegend } from "../map/legend";
import { Pane, type PaneStart } from "../map/pane";
import { Reader } from "../map/reading";
import { addressOf, type Ground, rememberedView, rememberView } from "../map/state";
import { fetchClasses, fetchText } from "../map/values";
import { Dots, fetchPoints, type Point } from "./dots";

/** The page's own JSON: what the map stands on, and addresses of what it draws. */
export interface InitiativeState extends Ground {
  readonly cover: string;
  readonly points: string;
  /** With __kind__ and __id__ to replace. */
  readonly place: string;
  readonly profile: string;
}

export class InitiativeMap {
  private readonly pane: Pane;
  private readonly reader: Reader;
  private readonly chosen = document.getElementById("carte-lieu")!;
  private asked = "";

  constructor(
    private readonly state: InitiativeState,
    private readonly views: HTMLElement,
  ) {
    this.reader = new Reader(
      { names: state.names, exact: () => "", profile: state.profile },
      document.getElementById("carte-lecture")!,
      document.getElementById("carte-annonce")!,
    );
    const figure = views.querySelector<HTMLElement>("[data-pane='1']")!;
    this.pane = new Pane(figure, state, this.firstView());
    figure.querySelector("[data-map]")!.append(zoomButtons(this.pane.map));
  }

  async start(): Promise<void> {
    reveal();
    this.listen();
    const [classes, points] = await Promise.all([
      fetchClasses(this.state.cover),
      fetchPoints(this.state.points),
    ]);
    this.pane.show(this.legend(), classes);
    const dots = new Dots(this.pane.map, points, (point) => void this.open(point));
    await dots.shown();
    this.views.dataset["ready"] = "true";
  }

  private firstView(): PaneStart {
    const view = rememberedView();
    const bounds = this.state.jumps[0]?.bounds;
    if (view) return { view };
    return bounds ? { bounds: box(bounds) } : {};
  }

  private legend() {
    return readLegend(document.querySelector<HTMLElement>("[data-legend='1']")!);
  }

  private readables() {
    const { legend, classes } = this.pane;
    return legend && classes ? [{ legend, classes }] : [];
  }

  private listen(): void {
    const { map, layer } = this.pane;
    listenToLooks(map, {
      prepare: () => this.reader.prepare(this.readables()),
      look: (point, aloud) => {
        const rank = layer.rankAt(point);
        layer.outline(rank);
        void this.reader.read(rank, this.readables(), aloud);
      },
      target: () => this.reader.profile,
    });
    listenToPlaces(
      this.state.jumps,
      (bounds) => flyTo(map, bounds),
      () => map.getCanvas().focus({ preventScroll: true }),
    );
    map.on("moveend", () => rememberView(map));
    document.addEventListener("maillage:theme", () => this.pane.rethink(this.legend()));
  }

  /** Shows the initiatives of one territory beside the map, and brings the keyboard to them. */
  private async open({ kind, code }: Point): Promise<void> {
    const url = addressOf(this.state.place.replace("__kind__", kind), code);
    this.asked = url;
    const text = await fetchText(url);
    if (this.asked !== url) return;
    this.chosen.innerHTML = text; // from our own server, which escapes it
    this.chosen.hidden = false;
    this.chosen.querySelector<HTMLElement>("[tabindex]")!.focus({ preventScroll: true });
    this.chosen.scrollIntoView({ block: "nearest" });
  }
}
