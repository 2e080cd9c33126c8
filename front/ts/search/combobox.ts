// Suggestions under a territory search, by the ARIA combobox pattern (editable, list
// autocompletion, manual selection). Without this file the form still searches.

export interface Suggestion {
  readonly name: string;
  readonly kind: string;
  readonly url: string;
  /** West, south, east, north in degrees, from searches that lead to a map. */
  readonly bounds?: readonly [number, number, number, number];
}

const WAIT_MS = 120;
const SHORTEST_QUERY = 2;
let formCount = 0;

class Combobox {
  private readonly list: HTMLUListElement;
  private readonly status: HTMLElement;
  private shown: readonly Suggestion[] = [];
  private active = -1;
  private asked = 0;
  private timer = 0;
  private pending: AbortController | null = null;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly input: HTMLInputElement,
    private readonly address: string,
  ) {
    formCount += 1;
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = `suggestions-${formCount}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Territoires proposés");
    this.status = document.createElement("span");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    form.append(this.list, this.status);
    this.describeInput();
    this.listen();
  }

  private describeInput(): void {
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("autocomplete", "off");
  }

  private listen(): void {
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.ask(), WAIT_MS);
    });
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => this.close());
    // mousedown, since blur comes before click
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = (event.target as HTMLElement).closest<HTMLElement>("[role=option]");
      if (option) this.choose(Number(option.dataset["rank"]));
    });
  }

  private async ask(): Promise<void> {
    const query = this.input.value.trim();
    this.pending?.abort();
    if (query.length < SHORTEST_QUERY) {
      this.close();
      return;
    }
    const turn = ++this.asked;
    this.pending = new AbortController();
    try {
      const address = new URL(this.address, location.href);
      address.searchParams.set("q", query);
      const answer = await fetch(address, {
        headers: { Accept: "application/json" },
        signal: this.pending.signal,
      });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const { suggestions } = (await answer.json()) as { suggestions: Suggestion[] };
      if (turn === this.asked && document.activeElement === this.input) this.show(suggestions);
    } catch {
      // Cancelled or out of reach: the form itself still works.
      if (turn === this.asked) this.close();
    }
  }

  private show(suggestions: readonly Suggestion[]): void {
    this.shown = suggestions;
    this.list.replaceChildren(...suggestions.map((item, rank) => this.option(item, rank)));
    this.list.hidden = suggestions.length === 0;
    this.input.setAttribute("aria-expanded", String(suggestions.length > 0));
    this.activate(-1);
    this.status.textContent =
      suggestions.length === 0
        ? "Aucun territoire proposé"
        : `${suggestions.length} territoire${suggestions.length > 1 ? "s proposés" : " proposé"}, flèches pour choisir`;
  }

  private option(item: Suggestion, rank: number): HTMLLIElement {
    const row = document.createElement("li");
    row.id = `${this.list.id}-${rank}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    row.dataset["rank"] = String(rank);
    const name = document.createElement("span");
    name.textContent = item.name;
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = item.kind;
    row.append(name, kind);
    return row;
  }

  private activate(rank: number): void {
    this.active = rank;
    for (const [index, row] of [...this.list.children].entries()) {
      row.setAttribute("aria-selected", String(index === rank));
      if (index === rank) row.scrollIntoView({ block: "nearest" });
    }
    if (rank < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.list.id}-${rank}`);
  }

  private onKey(event: KeyboardEvent): void {
    const open = !this.list.hidden;
    const last = this.shown.length - 1;
    if (event.key === "ArrowDown" && !open) void this.ask();
    else if (event.key === "ArrowDown") this.activate(this.active >= last ? 0 : this.active + 1);
    else if (event.key === "ArrowUp" && open) this.activate(this.active <= 0 ? last : this.active - 1);
    else if (event.key === "Enter" && open && this.active >= 0) this.choose(this.active);
    else if (event.key === "Escape" && open) this.close();
    else return;
    event.preventDefault();
  }

  private choose(rank: number): void {
    const item = this.shown[rank];
    if (!item) return;
    this.input.value = item.name;
    this.close();
    // A page may take the territory chosen instead of leaving for its own page.
    const chosen = new CustomEvent("maillage:territory", {
      cancelable: true,
      detail: { form: this.form, ...item },
    });
    if (document.dispatchEvent(chosen)) location.assign(item.url);
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked += 1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }
}

/** Enhance the searches of the page, or of a part of it that has just come. */
export function enhanceSearches(part: ParentNode = document): void {
  for (const form of part.querySelectorAll<HTMLFormElement>("form[data-suggestions]")) {
    const input = form.querySelector<HTMLInputElement>("input[name=q]");
    const address = form.dataset["suggestions"];
    if (input && address) new Combobox(form, input, address);
  }
}
