// The story of stories/01-payments-to-publication.md in a browser: two files come over the site, a model asks about
// two people, one of them is dead; two check each of it; one is explained, the other becomes a clue; verified,
// those who answered for it are asked, the money comes back, what made it possible is put right and verified by
// another, a typical case is published and a name is cleared. Screening is done at the machine; time passes.
import { execFileSync } from "node:child_process";
import { look } from "./audit.mjs";
import { hold, reader, run, settings } from "./browser.mjs";
import { desk, refusal, send } from "./office.mjs";
import { serve } from "./site.mjs";

const VILLAGE = "990426101201";
const MODEL = "benefit-after-death";
const ALIVE = { name: "王长贵", id: "990001195003040015", card: "9900000000000000027" };
const DEAD = { name: "郑桂英", id: "990001194001010029", card: "9900000000000000019" };
const LOGINS = {
  bureau: "cb-fi", civil: "cb-ca", style: "cf", first: "tdi-101", second: "cj", registrar: "ca", office: "cj",
  deputy: "cl2", head: "cl1", secretary: "vps-101201", member: "vc-101201", watcher: "vsc-101201", clerk: "vac-101201",
};
const BASE = "/office/supervision";

const later = (days) => new Date(Date.parse(`${settings.day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const mingbai = (...args) => execFileSync(settings.program, [...args, "--dir", settings.data, "--quiet"], { encoding: "utf8" });

// Everybody of the story; each signs in when his turn comes.
class People {
  #pages = new Map();

  constructor(chrome, site) { Object.assign(this, { chrome, site }); }

  async page(who) {
    const login = LOGINS[who];
    if (!this.#pages.has(login)) this.#pages.set(login, await desk(this.chrome, this.site.address, login));
    return this.#pages.get(login);
  }

  async at(who, path) {
    const page = await this.page(who);
    await page.goto(path);
    return page;
  }

  // Sends a form of a page; a refusal ends the story, unless it is the one that is expected.
  async send(who, path, form, fields, { button, refused } = {}) {
    const page = await this.at(who, path);
    await send(page, form, fields, button);
    const no = await refusal(page);
    if (refused) hold(no.includes(refused), `${who} is not refused because of ${refused}`, { page: path, where: no });
    else if (no) throw new Error(`${who} at ${path}: ${no}`);
    return page;
  }
}

const csv = (name, lines) => ({ name, mimeType: "text/csv", buffer: Buffer.from(`${lines.join("\n")}\n`) });

// What was paid in a year, and who has died: the number of a living man stands in the list of deaths by mistake.
function files() {
  const paid = [DEAD, ALIVE].flatMap((one) => Array.from({ length: 8 }, (_, month) =>
    `高龄津贴,${one.name},${one.id},${one.card},100.00,2026-0${month + 1}-15,柳溪镇,青石村`));
  return {
    bureau: csv("高龄津贴2026.csv", ["项目名称,姓名,身份证号,银行卡号,金额,发放日期,乡镇,村", ...paid]),
    civil: csv("死亡登记.csv", ["姓名,身份证号,死亡日期,登记来源", `${DEAD.name},${DEAD.id},2025-10-10,民政`,
      `王长富,${ALIVE.id},2025-09-20,民政`]),
  };
}

// A file over the site: looked at, taken, in use.
async function handIn(people, who, file) {
  const page = await people.at(who, "/office/imports");
  await send(page, 'form[action="/office/imports"]', { file });
  await send(page, 'form[action$="/batch"]', {});
  const accept = page.locator('form[action$="/acceptance"] button');
  if ((await accept.count()) > 0) await Promise.all([page.waitForEvent("load"), accept.click()]);
  const no = await refusal(page);
  if (no) throw new Error(`${file.name}: ${no}`);
}

// Numbers of findings of the model in the village that nobody checks yet.
async function asked(people) {
  const page = await people.at("style", `${BASE}/findings?model=${MODEL}&state=new`);
  const links = page.locator(`main a.row[href^="${BASE}/findings/"]`, { hasText: "青石村" });
  return links.evaluateAll((all) => all.map((one) => one.pathname.split("/").pop()));
}

// A look at the names: asked for with a purpose, granted by another, taken.
async function named(people, number) {
  const path = `${BASE}/findings/${number}`;
  await people.send("first", path, 'form[action$="/looks"]', { purpose: "核对死亡登记" });
  await people.send("style", path, 'form[action$="/grants"]', {});
  const page = await people.send("first", path, 'form[action$="/names"]', {});
  return page.locator("main").innerText();
}

async function check(people, number, answers, fields) {
  const path = `${BASE}/findings/${number}`;
  const given = Object.fromEntries(answers.map((text, at) => [`answer_${at}`, text]));
  await people.send("first", path, 'form[action$="/result"]', { ...given, ...fields });
  const own = await people.at("first", path);
  hold((await own.locator('form[action$="/agreement"]').count()) === 0, "whoever recorded it may agree to it", { page: path });
  await people.send("second", path, 'form[action$="/agreement"]', {}, { button: "1" });
}

// The number that a select has for the reader who is shown with a name.
async function choice(page, field, text) {
  const option = page.locator(`select[name="${field}"] option`, { hasText: text }).first();
  return option.getAttribute("value");
}

const nameOf = async (people, who) => (await (await people.page(who)).locator('a[href="/office/account"]').innerText()).trim();

async function checked(people, before) {
  const two = (await asked(people)).filter((number) => !before.includes(number));
  hold(two.length === 2, "not two findings came", { where: two.join(" ") });
  const names = { first: await nameOf(people, "first"), second: await nameOf(people, "second") };
  for (const number of two) {
    const path = `${BASE}/findings/${number}`;
    const page = await people.at("style", path);
    hold(!(await page.content()).includes(DEAD.name), "a finding names somebody", { page: path });
    const ids = [await choice(page, "first", names.first), await choice(page, "second", names.second)];
    if (number === two[0])
      await people.send("style", path, 'form[action$="/assignment"]', { first: ids[0], second: ids[0] }, { refused: "两个不同" });
    await people.send("style", path, 'form[action$="/assignment"]', { first: ids[0], second: ids[1] });
  }
  const told = [await named(people, two[0]), await named(people, two[1])];
  const guilty = two[told.findIndex((text) => text.includes(DEAD.name))];
  const innocent = two.find((number) => number !== guilty);
  await check(people, innocent, ["没有死亡证明，本人到场", "本人领取", "每年认证有本人签字"], {
    outcome: "explained", reason: "本人健在，死亡登记录入了他的身份证号", holds_until: later(90),
  });
  await check(people, guilty, ["火化证明为2025年10月10日", "村报账员取款", "每月认证由村报账员代签"], {
    outcome: "clue", reason: "死亡后仍发放八个月，存折由村报账员保管", cause: "fraud", recover: "800",
  });
  return { guilty, innocent };
}

async function ledger(people, finding) {
  const clerk = await nameOf(people, "clerk");
  const arrive = { place: VILLAGE, office: "CJ", title: "村报账员冒领高龄津贴", accused: clerk, words: "核查确认" };
  const page = await people.send("first", `${BASE}/clues?finding=${finding}`, `form[method="post"][action="${BASE}/clues"]`, arrive);
  const number = new URL(page.url()).searchParams.get("received");
  const path = `${BASE}/clues/${number}`;
  const step = (who, code, words, more = {}, how = {}) =>
    people.send(who, path, `form[action$="/steps"]:has([name="step"][value="${code}"])`, { words, ...more }, how);
  await step("registrar", "register", "登记编号");
  await step("registrar", "screen", "分办第一监督检查室");
  await step("office", "propose_disposition", "建议初步核实", { way: "verification" });
  // The form of the approval is not there for whoever proposed it.
  const own = await people.at("office", path);
  hold((await own.locator('[name="step"][value="approve_disposition"]').count()) === 0, "who proposes approves", { page: path });
  await step("deputy", "approve_disposition", "同意初步核实");
  await step("head", "verification_approve", "成立核查组");
  await step("office", "verification", "核查材料在封闭系统");
  await step("office", "verification_report", "全体签名的报告");
  await step("office", "report_result", "属实，建议立案审查", { outcome: "transfer" });
  await step("deputy", "approve_result", "同意");
  await step("registrar", "transfer_out", "移送审查调查室");
  await step("registrar", "close", "核销", {}, { refused: "一案双查" });
  await people.send("office", path, 'form[action$="/questions"]', { on: later(-60), text: "八个月里谁核对过领取名单？" });
  return number;
}

// Those who were asked answer, or let the day pass; another decides.
async function answered(chrome, number) {
  const path = `${BASE}/clues/${number}`;
  let site = await serve(later(1));
  let people = new People(chrome, site);
  const page = await people.at("secretary", "/office/asked");
  const form = 'form[action^="/office/asked/"]';
  for (let left = await page.locator(form).count(); left > 0; left -= 1) await send(page, form, { text: "没有核对，只看了合计" });
  await site.stop();
  site = await serve(later(40));
  people = new People(chrome, site);
  const decided = await people.at("deputy", path);
  const decision = 'form[action$="/decision"]';
  for (let left = await decided.locator(decision).count(); left > 0; left -= 1) {
    const main = left === 1;
    await send(decided, decision, main
      ? { verdict: "negligent", measure: "谈话提醒", reason: "按职责认定" } : { verdict: "fulfilled", reason: "按职责认定" });
    const no = await refusal(decided);
    if (no) throw new Error(`a decision: ${no}`);
  }
  await look(decided, { page: "a clue with its dual check", as: "CL2", language: "zh-CN", elder: false });
  await people.send("registrar", path, 'form[action$="/steps"]:has([value="close"])', { words: "核销" });
  return { site, people };
}

async function putRight(people, clue, guilty) {
  await people.send("first", `${BASE}/findings/${guilty}`, 'form[action$="/money"]', { amount: "800", note: "退缴入账" });
  const list = `${BASE}/rectifications`;
  const issued = await people.send("first", list, `form[method="post"][action="${list}"]`, { place: VILLAGE, problem: "领取人死亡后村里没有停发", clue });
  const path = new URL(issued.url()).pathname;
  const form = 'form[action$="/steps"]';
  const page = await people.at("member", path);
  const owner = await choice(page, "owner", await nameOf(people, "secretary"));
  await people.send("member", path, form, { cause: "名单没有人核对", measure: "每月与死亡登记比对", owner });
  await people.send("first", path, form, { words: "同意", agreed: "1" });
  await people.send("member", path, form, { words: "六月比对表" });
  const own = await people.at("member", path);
  hold((await own.locator(form).count()) === 0, "whoever put it right verifies it", { page: path });
  const seen = await people.send("watcher", path, form, { words: "到村查看比对表，问了三户", agreed: "1" });
  hold((await seen.locator("main").innerText()).includes("销号"), "it is not struck off", { page: path });
}

async function published(people, { clue, innocent }) {
  const path = `${BASE}/cases`;
  const form = `form[method="post"][action="${path}"]`;
  const clerk = await nameOf(people, "clerk");
  const until = later(120);
  const cases = [
    ["style", { kind: "case", clue, finding: "", title: "柳溪镇通报一起冒领补贴问题", text: `青石村报账员${clerk}冒领已故村民高龄津贴800元，移送审查调查。`, until }],
    ["first", { kind: "clearing", clue: "", finding: innocent, title: `为${ALIVE.name}澄清`, text: `${ALIVE.name}健在，其高龄津贴发放无误，死亡登记录入有误。`, names: true, wished: true, until }],
  ];
  for (const [who, fields] of cases) {
    const page = await people.send(who, path, form, fields, { button: "1" });
    const preview = await page.locator("main section").first().innerText();
    hold(!preview.includes(clerk), "the preview names the accused", { page: path });
    await Promise.all([page.waitForEvent("load"), page.locator(`${form} button[name="previewed"]`).click()]);
    const no = await refusal(page);
    if (no) throw new Error(`${fields.title}: ${no}`);
    const approve = await people.at("deputy", path);
    const row = approve.locator("main li", { hasText: fields.title });
    await Promise.all([approve.waitForEvent("load"), row.locator('form[action$="/approval"] button').first().click()]);
  }
  const villager = await (await reader(people.chrome, people.site.address)).newPage();
  await villager.goto("/cases");
  const told = await villager.locator("main").innerText();
  hold(told.includes("柳溪镇通报一起冒领补贴问题") && !told.includes(clerk), "the case is not public without names", { page: "/cases" });
  hold(told.includes(`为${ALIVE.name}澄清`), "the name is not cleared", { page: "/cases" });
}

await run("payments", async (chrome) => {
  let site = await serve();
  let people = new People(chrome, site);
  const before = await asked(people);
  const { bureau, civil } = files();
  await handIn(people, "bureau", bureau);
  await handIn(people, "civil", civil);
  mingbai("screen", "--model", MODEL);
  mingbai("checks", "take-in", "--model", MODEL, "--day", settings.day);
  const { guilty, innocent } = await checked(people, before);
  const clue = await ledger(people, guilty);
  await site.stop();
  ({ site, people } = await answered(chrome, clue));
  await putRight(people, clue, guilty);
  await published(people, { clue, innocent });
  await site.stop();
});
