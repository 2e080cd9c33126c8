// The map as an image to take away: title, colours and their classes, source, day drawn.
import type { Map as MapLibreMap } from "maplibre-gl";

import { type Hatch, hatchImage } from "./commune_layer";
import type { Legend } from "./legend";

const MARGIN = 24;
const LINE = 22;
const SWATCH = 16;
const INK = "#16262e";

/** One map of the image with the legend that explains it. */
export interface Plate {
  readonly map: MapLibreMap;
  readonly legend: Legend;
}

/** Draws the maps side by side, what their hatches mean, and `notes` under them. */
export async function imageOf(
  plates: readonly Plate[],
  hatches: readonly Hatch[],
  notes: readonly string[],
): Promise<Blob> {
  const shots = await Promise.all(plates.map(({ map }) => shotOf(map)));
  const widths = shots.map((shot) => shot.width);
  const width = Math.max(640, widths.reduce((sum, one) => sum + one, MARGIN * (plates.length + 1)));
  const top = MARGIN + 2 * LINE;
  const tallest = Math.max(...shots.map((shot) => shot.height));
  const rows = Math.max(...plates.map(({ legend }) => legend.colours.length + 1));
  const belowClasses = top + tallest + MARGIN + rows * LINE;
  const height = belowClasses + (hatches.length + notes.length) * LINE + MARGIN;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d")!;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  let left = MARGIN;
  for (const [rank, plate] of plates.entries()) {
    drawPlate(pen, plate, shots[rank]!, left, top, tallest);
    left += widths[rank]! + MARGIN;
  }
  for (const [rank, hatch] of hatches.entries()) drawHatch(pen, hatch, belowClasses + rank * LINE);
  pen.fillStyle = INK;
  pen.font = "14px sans-serif";
  for (const [rank, note] of notes.entries()) {
    pen.fillText(note, MARGIN, height - MARGIN - (notes.length - 1 - rank) * LINE, width - 2 * MARGIN);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The image is empty."))));
  });
}

/** A drawing buffer may be read only while its frame is being drawn. */
function shotOf(map: MapLibreMap): Promise<HTMLCanvasElement> {
  return new Promise((resolve) => {
    void map.once("render", () => {
      const source = map.getCanvas();
      const copy = document.createElement("canvas");
      copy.width = source.width;
      copy.height = source.height;
      copy.getContext("2d")!.drawImage(source, 0, 0);
      resolve(copy);
    });
    map.triggerRepaint();
  });
}

function drawPlate(
  pen: CanvasRenderingContext2D,
  { legend }: Plate,
  shot: HTMLCanvasElement,
  left: number,
  top: number,
  tallest: number,
): void {
  pen.fillStyle = INK;
  pen.font = "bold 20px sans-serif";
  pen.fillText(legend.title, left, MARGIN + LINE - 6, shot.width);
  pen.font = "14px sans-serif";
  const unit = legend.writing.unit ? `${legend.writing.unit}, ` : "";
  const estimate = legend.modelled ? ", valeur estimée" : "";
  pen.fillText(`${unit}${legend.year}${estimate}`, left, MARGIN + 2 * LINE - 10, shot.width);
  pen.drawImage(shot, left, top);
  const rows = [
    ...legend.colours.map((colour, k) => [colour, legend.labels[k] ?? ""] as const),
    [legend.noData, "non disponible"] as const,
  ];
  for (const [rank, [colour, label]] of rows.entries()) {
    const y = top + tallest + MARGIN + rank * LINE;
    pen.fillStyle = colour;
    pen.fillRect(left, y, SWATCH * 1.6, SWATCH);
    pen.strokeStyle = "#555";
    pen.strokeRect(left, y, SWATCH * 1.6, SWATCH);
    pen.fillStyle = INK;
    pen.fillText(label, left + SWATCH * 1.6 + 8, y + SWATCH - 3);
  }
}

function drawHatch(pen: CanvasRenderingContext2D, hatch: Hatch, y: number): void {
  const tile = document.createElement("canvas");
  const image = hatchImage(hatch);
  tile.width = image.width;
  tile.height = image.height;
  tile.getContext("2d")!.putImageData(image, 0, 0);
  pen.fillStyle = "#ccc";
  pen.fillRect(MARGIN, y, SWATCH * 1.6, SWATCH);
  pen.fillStyle = pen.createPattern(tile, "repeat")!;
  pen.fillRect(MARGIN, y, SWATCH * 1.6, SWATCH);
  pen.strokeStyle = "#555";
  pen.strokeRect(MARGIN, y, SWATCH * 1.6, SWATCH);
  pen.fillStyle = INK;
  pen.font = "14px sans-serif";
  pen.fillText(hatch.label, MARGIN + SWATCH * 1.6 + 8, y + SWATCH - 3);
}

export function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
