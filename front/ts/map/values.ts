// Figures of every commune in map order, as src/maillage/web/atlas/map/values.py packs them.
const EXACT_MAGIC = "MLV1";
const EXACT_HEADER_BYTES = 16;

/** Class of each commune in map order; NO_CLASS where the figure is not available. */
export type Classes = Uint8Array;
export const NO_CLASS = 255;

/** Published figures in map order, as whole numbers of 10^-digits; nan when not available. */
export interface ExactValues {
  readonly at: (rank: number) => number;
}

/** Code and name of each commune in map order, and departments by code. */
export interface Names {
  readonly codes: readonly string[];
  readonly names: readonly string[];
  readonly departments: Readonly<Record<string, string>>;
}

async function fetched(url: string): Promise<Response> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
  return answer;
}

export async function fetchBytes(url: string): Promise<ArrayBuffer> {
  return (await fetched(url)).arrayBuffer();
}

export async function fetchClasses(url: string): Promise<Classes> {
  return new Uint8Array(await fetchBytes(url));
}

export async function fetchText(url: string): Promise<string> {
  return (await fetched(url)).text();
}

export async function fetchNames(url: string): Promise<Names> {
  const raw = (await (await fetched(url)).json()) as {
    codes: string;
    names: string;
    departments: Record<string, string>;
  };
  return {
    codes: raw.codes.split("\n"),
    names: raw.names.split("\n"),
    departments: raw.departments,
  };
}

export async function fetchExact(url: string): Promise<ExactValues> {
  return readExact(await fetchBytes(url));
}

/** Reads exact figures. Throws when the bytes do not begin as such. */
export function readExact(buffer: ArrayBuffer): ExactValues {
  const header = new DataView(buffer);
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== EXACT_MAGIC) throw new Error(`Figures begin with ${magic}, expected ${EXACT_MAGIC}.`);
  const [width, digits] = [header.getUint8(4), header.getUint8(5)];
  const lowest = header.getInt32(8, true);
  const steps =
    width === 2
      ? new Uint16Array(buffer, EXACT_HEADER_BYTES)
      : new Uint32Array(buffer, EXACT_HEADER_BYTES);
  const missing = width === 2 ? 0xffff : 0xffffffff;
  const scale = 10 ** digits;
  return {
    at: (rank) => {
      const step = steps[rank];
      return step === undefined || step === missing ? NaN : (lowest + step) / scale;
    },
  };
}

/** How an indicator's figures are written, as its legend says. */
export interface Writing {
  readonly display: string;
  readonly decimals: number;
  readonly unit: string;
  /** A change: a rise bears its « + ». */
  readonly signed: boolean;
}

/** A figure in French without its unit: « 2,3 », « 12,5 % », « 18 min ». */
export function written(value: number, { display, decimals, signed }: Writing): string {
  if (Number.isNaN(value)) return "non disponible";
  const digits = (display === "share" ? value * 100 : value)
    .toLocaleString("fr-FR", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .replace("-", "−");
  if (display === "share") return `${digits} %`;
  const text = signed && value > 0 && /[1-9]/.test(digits) ? `+${digits}` : digits;
  return display === "minutes" ? `${text} min` : text;
}
