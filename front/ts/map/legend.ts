// Legends are made by the server; the map reads its colours, its words and how to write figures
// from them, so that colours live in the style sheet alone and follow the theme.
import { fetchText, type Writing } from "./values";

export interface Legend {
  readonly id: string;
  readonly title: string;
  readonly short: string;
  readonly year: string;
  readonly source: string;
  readonly modelled: boolean;
  readonly isClass: boolean;
  readonly writing: Writing;
  readonly colours: readonly string[];
  readonly noData: string;
  readonly labels: readonly string[];
}

export function readLegend(section: HTMLElement): Legend {
  const data = section.querySelector<HTMLElement>("[data-legend-of]")!.dataset;
  const swatches = [...section.querySelectorAll<HTMLElement>("[data-class]")];
  const colours = swatches.map((swatch) => getComputedStyle(swatch).backgroundColor);
  return {
    id: data["legendOf"]!,
    title: data["title"]!,
    short: data["short"]!,
    year: data["year"]!,
    source: data["source"]!,
    modelled: data["modelled"] !== undefined,
    isClass: data["display"] === "class",
    writing: {
      display: data["display"]!,
      decimals: Number(data["decimals"]),
      unit: data["unit"]!,
      signed: data["signed"] !== undefined,
    },
    colours: colours.slice(0, -1),
    noData: colours.at(-1)!,
    labels: [...section.querySelectorAll("[data-class-label]")].map((label) => label.textContent!),
  };
}

/** Asks the server for another indicator's legend and puts it in the section. */
export async function replaceLegend(section: HTMLElement, url: string): Promise<Legend> {
  const text = await fetchText(url);
  section.innerHTML = text; // from our own server, which escapes it
  return readLegend(section);
}
