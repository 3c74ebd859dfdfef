// Looks at a page as it stands: axe (WCAG 2.0 to 2.2, A and AA) once, and the geometry at every width.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { fail } from "./browser.mjs";
import { measure } from "./measure.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
export const WIDTHS = [320, 375, 414, 1280];
// A window of 1280 at 200 % is one of 640.
const ZOOMED = 640;

// Everything that a reader can open stands open.
async function unfold(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
}

async function accessible(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async (rules) => {
    const options = { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] };
    const { violations } = await globalThis.axe.run(document, options);
    return violations.map((one) => ({ rule: one.id, nodes: one.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)), all: one.nodes.length }));
  }, RULES);
  return found.map((one) => ({ what: `axe ${one.rule} (${one.all})`, where: one.nodes.join(" | ") }));
}

async function fits(page, elder, width, zoom) {
  await page.setViewportSize({ width, height: 800 });
  if (zoom) await page.evaluate((larger) => {
    const root = document.documentElement;
    if (larger) root.dataset.elder = "2";
    else root.style.fontSize = `${2 * Number.parseFloat(getComputedStyle(root).fontSize)}px`;
  }, elder);
  // Charts are drawn anew when the window changes.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const found = await page.evaluate(measure, { elder, targets: !zoom });
  if (zoom) await page.evaluate((larger) => {
    if (larger) document.documentElement.dataset.elder = "1";
    else document.documentElement.style.fontSize = "";
  }, elder);
  // The same thing at many places is told once, with how often.
  const kinds = new Map();
  for (const one of found) {
    const kind = `${one.what.replace(/\(.*\)/, "")} ${one.where.split(" ")[0]}`;
    kinds.set(kind, { one: kinds.get(kind)?.one ?? one, times: (kinds.get(kind)?.times ?? 0) + 1 });
  }
  const told = zoom ? { width, text: elder ? "30 px" : "200 %" } : { width };
  return Array.from(kinds.values(), ({ one, times }) => ({ ...told, ...one, times }));
}

// Everything that is wrong with a page as it stands.
export async function findings(page, { elder }, widths = WIDTHS) {
  await unfold(page);
  const found = [];
  for (const width of widths) found.push(...(await fits(page, elder, width, false)));
  if (!elder) found.push(...(await fits(page, elder, ZOOMED, false)));
  found.push(...(await fits(page, elder, 375, true)));
  await page.setViewportSize({ width: elder ? 375 : 1280, height: 800 });
  return [...found, ...(await accessible(page))];
}

// `about` says which page it is, for whom, in which language and mode.
export async function look(page, about, widths = WIDTHS) {
  for (const one of await findings(page, about, widths)) fail({ ...about, ...one });
}
