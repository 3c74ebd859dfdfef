// A page that is wrong in every way that the audit looks for: it must find each of them.
import { hold } from "./browser.mjs";
import { findings } from "./audit.mjs";

const WRONG = `<!doctype html><html lang="en"><title>wrong</title><style>
  body { margin: 0; font: 17px/1.2 sans-serif; } .wide { width: 900px; } .cut { height: 10px; overflow: hidden; }
  .over { position: absolute; top: 200px; left: 10px; } .pale { color: #aaa; background: #fff; }
  .box { border: 1px solid; width: 60px; white-space: nowrap; } .small { font-size: 12px; }
  .lone { display: block; width: 30px; }
</style><body><main><h1>Wrong</h1><p class="wide">wide</p><p class="cut">cut off</p><p class="over">one</p><p class="over">two</p>
<p class="pale">pale</p><p class="box">runs out of the box</p><p class="small">small</p><a class="lone" href="/">go</a>
</main></body></html>`;

const WANTED = [
  "the page scrolls sideways", "text runs out of its box", "text lies on other text", "a target under", "text under 18 px",
  "line height under 1.5", "axe color-contrast",
];

export async function findsWhatIsWrong(chrome) {
  const page = await chrome.newPage();
  await page.setContent(WRONG);
  const found = await findings(page, { elder: true });
  for (const wanted of WANTED) hold(found.some((one) => one.what.startsWith(wanted)), `the audit does not find: ${wanted}`);
  await page.close();
}
