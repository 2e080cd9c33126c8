// Bundle the front end into src/maillage/web/ui/static/dist.
// Run by `make front`; no network, no other tool than the packages of package-lock.json.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { readFileSync } from "node:fs";

import * as esbuild from "esbuild";
import * as sass from "sass";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, "node_modules");
const target = path.join(root, "src/maillage/web/ui/static/dist");
const browsers = ["chrome111", "firefox113", "safari16.4"];

async function buildScripts() {
  const entries = (await readdir(path.join(root, "front/ts")))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => path.join(root, "front/ts", name));
  await esbuild.build({
    entryPoints: entries,
    outdir: target,
    // Shared parts carry their hash in their name: `import` inside a bundle then needs no rewriting.
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    legalComments: "linked",
    target: browsers,
    nodePaths: [modules],
    logLevel: "warning",
  });
}

async function buildStyles() {
  const sheets = (await readdir(path.join(root, "front/scss")))
    .filter((name) => name.endsWith(".scss") && !name.startsWith("_"));
  for (const name of sheets) {
    const compiled = sass.compile(path.join(root, "front/scss", name), {
      loadPaths: [modules, path.join(root, "front/scss")],
      quietDeps: true,
      // Bootstrap 5.3 still speaks the Sass of before modules.
      silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
    });
    const { code } = await esbuild.transform(compiled.css, {
      loader: "css",
      minify: true,
      target: browsers,
    });
    await writeFile(path.join(target, name.replace(/\.scss$/, ".css")), code);
  }
}

async function copyMapLibre() {
  const source = path.join(modules, "maplibre-gl/dist");
  // The worker is a file of its own: a Content-Security-Policy without blob: is then enough.
  // Without the comment that names its source map: the map is not shipped, and a hashed storage
  // refuses a reference to a file that is not there.
  const worker = readFileSync(path.join(source, "maplibre-gl-worker.mjs"), "utf8");
  await writeFile(
    path.join(target, "maplibre-gl-worker.js"),
    worker.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"),
  );
}

async function report() {
  const names = (await readdir(target, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(js|css)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  for (const name of names) {
    const content = readFileSync(name);
    const packed = brotliCompressSync(content).length;
    console.log(
      `${path.relative(target, name).padEnd(32)} ${(content.length / 1000).toFixed(1).padStart(8)} kB` +
        `  brotli ${(packed / 1000).toFixed(1).padStart(7)} kB`,
    );
  }
}

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await Promise.all([buildScripts(), buildStyles(), copyMapLibre()]);
await report();
