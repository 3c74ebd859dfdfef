// A villager reports a village cadre without a name, by voice; whoever handles it reads it with a passphrase,
// accepts and answers by forms; the villager objects; the county reviews. Filing and objecting are done at the
// machine, as a kiosk does; the offices work in the browser.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { look } from "./audit.mjs";
import { hold, run, settings } from "./browser.mjs";
import { desk, refusal, send } from "./office.mjs";
import { serve } from "./site.mjs";

const PASSPHRASE = "mingbai-demo-key";
const TEXT = "低保名额给了亲戚，名单没有上公开栏";
const ANSWER = "已经取消两户的名额，名单重新公示";
const PURPOSE = "初步核实";

const mingbai = (...args) => execFileSync(settings.program,
  ["--lang", "en", "reports", ...args, "--dir", settings.data, "--day", settings.day, "--quiet"], { encoding: "utf8" });

// Numbers of the reports that a page lists.
const numbers = async (page) => {
  await page.goto("/office/reports");
  const links = await page.locator('main a[href^="/office/reports/J"]').evaluateAll((all) => all.map((one) => one.pathname));
  return [...new Set(links)];
};

async function reads(page, path, words) {
  await page.goto(path);
  await send(page, 'form[action$="/opening"]', { purpose: PURPOSE, passphrase: "not the passphrase" });
  hold((await refusal(page)).length > 0, "a wrong passphrase is not told", { page: path });
  await send(page, 'form[action$="/opening"]', { purpose: PURPOSE, passphrase: PASSPHRASE });
  const told = await page.locator("#content").innerText();
  for (const word of words) hold(told.includes(word), `${word} is not shown`, { page: path, where: told });
}

const replies = (page, path, text) => page.goto(path).then(() => send(page, 'form[action$="/reply"]', {
  outcome: "support", text, facts: "核对了名单和入户记录", basis: "《社会救助暂行办法》第十一条",
}));

await run("handled", async (chrome) => {
  const site = await serve();
  const near = await desk(chrome, site.address, "tdi-101", { width: 375 });
  const before = await numbers(near);
  const voice = join(settings.folder, "voice.wav");
  writeFileSync(voice, "RIFF\x1a\0\0\0WAVEdata\x0e\0\0\0spoken in fear");
  const about = ["--door", "accusation", "--place", "990426101201", "--topic", "subsidy", "--post", "village_cadre"];
  const receipt = mingbai("file", ...about, "--text", TEXT, "--attach", voice).split("\n")[0].trim();
  const path = (await numbers(near)).find((one) => !before.includes(one));
  hold(path !== undefined, "the report did not arrive", { page: "/office/reports" });
  await near.goto("/office");
  hold((await near.locator(`main a[href="${path}"]`).count()) === 1, "it is not on the to-do list", { page: "/office" });
  hold(!(await near.content()).includes(TEXT), "the to-do list tells what was reported", { page: "/office" });

  await reads(near, path, [TEXT]);
  hold((await near.locator("#content audio").count()) === 1, "the voice cannot be heard", { page: path });
  await look(near, { page: "an opened report", as: "TDI", language: "zh-CN", elder: false });
  await near.goto(path);
  await send(near, 'form[action$="/acceptance"]', { text: "已经受理" });
  await replies(near, path, ANSWER);
  hold(mingbai("receipt", receipt).includes(ANSWER), "the answer is not read with the receipt", { page: path });

  mingbai("object", receipt, "--text", "处理不公，还有一户");
  const gone = await near.request.get(path);
  hold(gone.status() === 404, "whoever decided still sees it", { page: path });
  const county = await desk(chrome, site.address, "cx");
  await reads(county, path, [TEXT, "还有一户"]);
  await replies(county, path, "该户名额取消");
  hold(mingbai("receipt", receipt).includes("该户名额取消"), "the review is not read with the receipt", { page: path });

  // The machine holds no word of it.
  const secretary = await desk(chrome, site.address, "vps-101201");
  hold((await secretary.request.get(path)).status() >= 403, "the secretary sees it", { page: path });
  await site.stop();
});
