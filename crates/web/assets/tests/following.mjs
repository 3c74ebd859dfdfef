// What follows a clue in other hands, by the forms of the office: handed to the courts and answered, taken from the
// police, recommended and sent back once, owed by a post and shown with a file and an entry, a rule of the office
// found not to work; two clues linked, and a dual check that does not apply.
import { look } from "./audit.mjs";
import { hold, run, settings } from "./browser.mjs";
import { PAPER, desk, refusal, send } from "./office.mjs";
import { serve } from "./site.mjs";

const BASE = "/office/supervision";
const LOGINS = { office: "cj", registrar: "ca", deputy: "cl2", style: "cf" };
const post = (path) => `form[method="post"][action="${path}"]`;
const step = (act) => `form[action$="/steps"]:has([name="act"][value="${act}"])`;

class People {
  #pages = new Map();

  constructor(chrome, site) { Object.assign(this, { chrome, site }); }

  async at(who, path) {
    if (!this.#pages.has(who)) this.#pages.set(who, await desk(this.chrome, this.site.address, LOGINS[who]));
    const page = this.#pages.get(who);
    await page.goto(path);
    return page;
  }

  async send(who, path, form, fields, { button, refused } = {}) {
    const page = await this.at(who, path);
    await send(page, form, fields, button);
    const no = await refusal(page);
    if (refused) hold(no.includes(refused), `${who} is not refused because of ${refused}`, { page: path, where: no });
    else if (no) throw new Error(`${who} at ${path}: ${no}`);
    return page;
  }
}

const told = async (page) => (await page.locator("main").innerText());
const pathOf = (page) => new URL(page.url()).pathname;

// The first clue in a state that the reader may open.
async function clueIn(people, who, state) {
  const page = await people.at(who, `${BASE}/clues?state=${state}`);
  return (await page.locator(`main a.row[href^="${BASE}/clues/"]`).first().getAttribute("href")).split("/").pop();
}

async function handed(people) {
  const list = `${BASE}/handovers`;
  const clue = await clueIn(people, "office", "verification");
  const fields = { clue, partner: "procuratorate", organ: "明水县人民检察院", words: "涉嫌犯罪，请依法审查。" };
  await people.send("office", list, post(list), fields, { refused: "随附材料" });
  await people.send("office", list, post(list), { ...fields, "paper-note": true });
  const mine = await people.at("office", list);
  const own = mine.locator("main li", { hasText: "明水县人民检察院" });
  hold((await own.locator('[value="agree"]').count()) === 0, "who proposes lets it out", { page: list });
  const number = await own.getAttribute("id");
  const act = (who, fields, how) => people.send(who, list, `form[action$="/${number}/steps"]`, fields, how);
  await act("deputy", {}, { button: "agree" });
  await act("registrar", { their_number: "检〔2026〕5号", received: "2020-01-01" }, { refused: "签收日期" });
  await act("registrar", { their_number: "检〔2026〕5号", received: settings.day });
  const page = await act("registrar", { words: "已受理" });
  hold((await page.locator(`#${number}`).innerText()).includes("已反馈"), "it is not answered", { page: list });
  // One that comes: a clue with the channel of the organ.
  const came = { partner: "police", organ: "柳溪派出所", their_number: "公移〔2026〕9号", "paper-note": true, place: people.village,
    office: "CJ", title: "代领补贴", words: "附移送函" };
  const taken = await people.send("registrar", list, post(`${list}/received`), came);
  const row = taken.locator("main li", { hasText: "公移〔2026〕9号" });
  const next = (await row.locator('a[href*="/clues/"]').getAttribute("href")).split("/").pop();
  const shown = await people.at("deputy", `${BASE}/clues/${next}`);
  hold((await told(shown)).includes("公安移送"), "the channel is not that of the organ", { page: shown.url() });
  await people.send("registrar", `${BASE}/clues/${next}`, 'form[action$="/relations"]', { other: clue, reason: "同一批存折" }, { button: "link" });
  const linked = await people.at("deputy", `${BASE}/clues/${clue}`);
  hold((await told(linked)).includes(next), "the clues are not linked", { page: linked.url() });
  await waived(people, next);
}

async function waived(people, number) {
  const path = `${BASE}/clues/${number}`;
  await people.send("office", path, 'form[action$="/waiver"]', { reason: "当事人不经办补贴" });
  const own = await people.at("office", path);
  hold((await own.locator('form[action$="/waiver/decision"]').count()) === 0, "who says so decides", { page: path });
  const page = await people.send("deputy", path, 'form[action$="/waiver/decision"]', {}, { button: "1" });
  hold((await told(page)).includes("已批准不适用"), "the waiver is not shown", { page: path });
}

async function recommended(people, fix) {
  const list = `${BASE}/letters`;
  const fields = { place: people.village, addressee: "VPS", problem: "名单交接没有人负责", demand: "建立交接登记" };
  await people.send("town", list, post(list), fields, { refused: "依据一项整改" });
  const path = pathOf(await people.send("town", list, post(list), { ...fields, rectification: fix }));
  const early = await people.at("secretary", list);
  hold(!(await told(early)).includes("名单交接没有人负责"), "it is seen before it is sent", { page: list });
  await people.send("deputy", path, step("approve"), { agreed: "1" });
  for (const [words, agreed] of [["已经安排", "0"], ["附交接登记表", "1"]]) {
    await people.send("secretary", path, step("reply"), { words });
    await people.send("town", path, step("judge"), { words: "已查看", agreed });
  }
  const page = await people.send("town", path, step("follow"), { words: "看过三户", agreed: "1" });
  hold((await told(page)).includes("已落实"), "the recommendation is not over", { page: path });
  hold((await page.locator("details.why").count()) === 0, "something is due still", { page: path });
  const pdf = await page.pdf({ format: "A4" });
  hold((pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length === 1, "it takes more than a sheet", { page: path });
  await page.emulateMedia({ media: "print" });
  hold(!(await told(page)).includes("看过三户"), "paper shows what was done about it", { page: path });
  await page.emulateMedia({ media: null });
  await look(page, { page: "a recommendation in the end", as: "TDI", language: "zh-CN", elder: false });
}

async function owed(people, fix) {
  const list = await people.at("secretary", `${BASE}/duties`);
  const open = list.locator("main a.row", { hasText: "待报告" });
  const path = await open.filter({ hasText: "村党组织书记" }).first().getAttribute("href");
  await people.send("secretary", path, step("show"), { words: "已开会" }, { refused: "凭据" });
  await people.send("secretary", path, step("entry"), { entry: fix });
  await people.send("secretary", path, 'form[action$="/documents"]', { file: PAPER("minutes") });
  const page = await people.send("secretary", path, step("show"), { words: "三月开会，见会议记录" });
  const file = await page.locator('a[href*="/documents/"]').getAttribute("href");
  const answer = await page.request.get(file);
  hold(answer.headers()["content-type"] === "application/pdf", "the file cannot be read", { page: file });
  const done = await people.send("town", path, step("judge"), { agreed: "1" });
  hold((await told(done)).includes("已认可"), "the level above is not content", { page: path });
  await look(done, { page: "a duty that was shown", as: "TDI", language: "zh-CN", elder: false });
}

async function ruled(people, fix) {
  const list = `${BASE}/regulations`;
  const fields = { place: people.village, owner: "VPS", title: "交接登记办法", text: "交接须登记。", basis: "村规民约" };
  const path = pathOf(await people.send("secretary", list, post(list), fields));
  const decision = 'form[action$="/decision"]';
  const own = await people.at("secretary", path);
  hold((await own.locator(decision).count()) === 0, "who writes a rule approves it", { page: path });
  await people.send("deputy", path, decision, {}, { button: "1" });
  const form = (name) => `form[action$="/texts"]:has([name="form"][value="${name}"])`;
  const review = { used: "partly", works: "no", outcome: "amend", text: "两次交接没有登记" };
  await people.send("style", path, form("review"), review, { refused: "关联" });
  await people.send("style", path, form("link"), { kind: "rectification", target: fix });
  await people.send("style", path, form("link"), { kind: "cause", cause: "negligence" });
  await people.send("style", path, form("review"), review);
  await people.send("deputy", path, decision, {}, { button: "1" });
  const text = { text: "交接须两人登记。", basis: "村规民约" };
  await people.send("secretary", path, form("version"), text);
  const page = await people.send("deputy", path, decision, {}, { button: "1" });
  const main = await told(page);
  hold(main.includes("施行中") && main.includes("第 2 版") && main.includes("工作疏漏"), "the rule is not as decided", { page: path });
  await look(page, { page: "a rule with two versions", as: "CL2", language: "zh-CN", elder: false });
}

await run("following", async (chrome) => {
  const site = await serve();
  const people = new People(chrome, site);
  // A village whose secretary owes something and in which something is put right.
  const numbers = async (kind) => {
    const page = await people.at("style", `${BASE}/${kind}`);
    const links = page.locator(`main a.row[href^="${BASE}/${kind}/"]`, kind === "duties" ? { hasText: "待报告" } : {});
    const own = kind === "duties" ? links.filter({ hasText: "村党组织书记" }) : links;
    return own.evaluateAll((all) => all.map((one) => one.pathname.split("/").pop()));
  };
  const [duties, fixes] = [await numbers("duties"), await numbers("rectifications")];
  const fix = fixes.find((one) => duties.some((duty) => duty.slice(1, 13) === one.slice(1, 13)));
  people.village = fix.slice(1, 13);
  Object.assign(LOGINS, { town: `tdi-${people.village.slice(6, 9)}`, secretary: `vps-${people.village.slice(6)}` });
  await handed(people);
  await recommended(people, fix);
  await owed(people, fix);
  await ruled(people, fix);
  const board = await people.at("deputy", BASE);
  hold((await told(board)).includes("超期"), "the board does not say what is late", { page: BASE });
  await site.stop();
});
