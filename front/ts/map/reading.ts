// The commune under the pointer or under the cross of the keyboard, in words.
import type { Legend } from "./legend";
import {
  type Classes,
  type ExactValues,
  fetchExact,
  fetchNames,
  type Names,
  NO_CLASS,
  written,
} from "./values";

/** One indicator as it can be read: its legend, its classes, its figures when they have come. */
export interface Readable {
  readonly legend: Legend;
  readonly classes: Classes;
}

export class Reader {
  private names: Promise<Names> | null = null;
  private readonly exact = new Map<string, Promise<ExactValues>>();
  private asked = 0;
  private current = "";

  constructor(
    private readonly addresses: { names: string; exact: (id: string) => string; profile: string },
    private readonly panel: HTMLElement,
    private readonly announcer: HTMLElement,
  ) {}

  /** Starts to fetch what words need; called as soon as somebody shows interest. */
  prepare(readables: readonly Readable[]): void {
    void this.namesThere();
    for (const readable of readables) if (!readable.legend.isClass) void this.exactOf(readable);
  }

  /** Address of the profile of the commune being read, "" when there is none. */
  get profile(): string {
    return this.current ? this.addresses.profile.replace("__id__", this.current) : "";
  }

  /** Shows a commune in the panel and, for the keyboard, says it; -1 is nowhere. */
  async read(rank: number, readables: readonly Readable[], aloud: boolean): Promise<void> {
    const turn = ++this.asked;
    if (rank < 0) {
      this.current = "";
      if (aloud) this.announcer.textContent = "Aucune commune au centre de la carte.";
      return;
    }
    const names = await this.namesThere();
    const lines = await Promise.all(readables.map((readable) => this.line(readable, rank)));
    if (turn !== this.asked) return;
    const code = names.codes[rank]!;
    this.current = code;
    const title = names.names[rank]!;
    const department = names.departments[departmentOf(code, names)] ?? "";
    this.show(title, department, lines);
    if (aloud) {
      const figures = lines.map(({ label, figure }) => `${label} : ${figure}`).join(". ");
      this.announcer.textContent = `${title}, ${department}. ${figures}. Entrée pour ouvrir son portrait.`;
    }
  }

  private show(
    title: string,
    department: string,
    lines: readonly { label: string; figure: string }[],
  ): void {
    const name = document.createElement("a");
    name.href = this.profile;
    name.textContent = title;
    const where = document.createElement("span");
    where.className = "reading-where";
    where.textContent = department;
    const list = document.createElement("dl");
    for (const { label, figure } of lines) {
      const term = document.createElement("dt");
      term.textContent = label;
      const value = document.createElement("dd");
      value.textContent = figure;
      list.append(term, value);
    }
    this.panel.querySelector("[data-reading-text]")!.replaceChildren(name, where, list);
    this.panel.hidden = false;
  }

  private async line({ legend, classes }: Readable, rank: number) {
    const label = `${legend.short}, ${legend.year}${legend.modelled ? " (estimé)" : ""}`;
    const k = classes[rank] ?? NO_CLASS;
    if (k === NO_CLASS) return { label, figure: "non disponible" };
    if (legend.isClass) return { label, figure: legend.labels[k] ?? "non disponible" };
    const value = (await this.exactOf({ legend, classes })).at(rank);
    const { unit, display } = legend.writing;
    const after = unit && display !== "minutes" && display !== "share" ? ` ${unit}` : "";
    return { label, figure: written(value, legend.writing) + after };
  }

  private namesThere(): Promise<Names> {
    this.names ??= fetchNames(this.addresses.names);
    return this.names;
  }

  private exactOf({ legend }: Readable): Promise<ExactValues> {
    let found = this.exact.get(legend.id);
    if (!found) {
      found = fetchExact(this.addresses.exact(legend.id));
      this.exact.set(legend.id, found);
    }
    return found;
  }
}

function departmentOf(code: string, { departments }: Names): string {
  const long = code.slice(0, 3);
  return long in departments ? long : code.slice(0, 2);
}
