// A real browser, and what every test of the site begins and ends with. Settings come from the Rust test as
// one JSON file; what is wrong goes out as JSON lines, one for each thing.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

export const settings = JSON.parse(readFileSync(process.argv[2], "utf8"));

const SWITCHES = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--hide-scrollbars",
  // A microphone that plays a tone.
  "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
];

export async function browser() {
  return chromium.launch({ executablePath: settings.chromium ?? "/usr/bin/chromium", args: SWITCHES });
}

export const LANGUAGES = ["zh-CN", "en"];

// A reader: language and elder mode are cookies, as the links in the head of a page set them.
export async function reader(chrome, site, how = {}) {
  const { language = "zh-CN", elder = false, width = 375, scripts = true, cookies = [] } = how;
  const context = await chrome.newContext({
    viewport: { width, height: 800 }, javaScriptEnabled: scripts, baseURL: site, reducedMotion: "reduce",
  });
  // A machine that does much else at the same time may take long.
  context.setDefaultTimeout(120_000);
  const own = [{ name: "lang", value: language }, { name: "elder", value: elder ? "1" : "0" }];
  await context.addCookies([...own, ...cookies].map((one) => ({ url: site, ...one })));
  return context;
}

const failures = [];

// Notes what is wrong: where, for whom, and what. Nothing of a person goes in.
export function fail(found) {
  if (failures.some((known) => JSON.stringify(known) === JSON.stringify(found))) return;
  failures.push(found);
  process.stdout.write(`${JSON.stringify(found)}\n`);
}

// A thing that must hold.
export function hold(fits, what, more = {}) {
  if (!fits) fail({ what, ...more });
}

// What is to be done at the end, however a test ends.
export const atTheEnd = [];

// Runs a test and ends the process: 0 when nothing was noted.
export async function run(name, test) {
  const chrome = await browser();
  try {
    await test(chrome);
  } catch (error) {
    fail({ test: name, what: String(error.stack ?? error).slice(0, 1500) });
  }
  await chrome.close();
  for (const end of atTheEnd) await end();
  process.stderr.write(`${name}: ${failures.length} failures\n`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
