// Bundles styles and scripts into dist/, each beside a compressed copy, and lists their digests so
// that a page can name a file by its content (and a browser may keep it for ever).
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: ["src/main.css", "src/office.ts", "src/charts.ts", "src/verify.ts", "src/work.ts", "src/read.ts", "src/report.ts", "src/seal.ts"],
  bundle: true,
  minify: true,
  // Old phones: WebViews of 2018 and later on Android.
  target: ["chrome67", "safari14.1"],
  format: "iife",
  legalComments: "none",
  outdir: "dist",
});
// The verifier that works from a disk is one file with its script inside.
const script = await build({
  entryPoints: ["src/offline.ts"], bundle: true, minify: true, target: ["chrome67", "safari14.1"], format: "iife",
  legalComments: "none", write: false,
});
const inside = script.outputFiles[0].text.replaceAll("</", "<\\/");
writeFileSync("dist/offline.html", readFileSync("src/offline.html", "utf8").replace("/*SCRIPT*/", () => inside));
const list = {};
for (const name of readdirSync("dist").sort()) {
  const bytes = readFileSync(`dist/${name}`);
  list[name] = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  writeFileSync(`dist/${name}.gz`, gzipSync(bytes, { level: 9 }));
}
writeFileSync("dist/list.json", JSON.stringify(list));
