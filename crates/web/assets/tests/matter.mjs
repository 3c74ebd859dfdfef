// A matter from proposal to proof, by the people whose turn it is: micro works in a village, opened by a member of the
// committee, reviewed, decided by the representatives with the head speaking last, published with the agreement of the
// supervision committee, asked about and answered, built, paid, filed.
import { look } from "./audit.mjs";
import { hold, reader, run, settings } from "./browser.mjs";
import { Desk, desk, openMatter, send } from "./office.mjs";
import { proved } from "./proof.mjs";
import { serve } from "./site.mjs";

const VILLAGE = "101201";
const LOGINS = {
  head: `vch-${VILLAGE}`, member: `vc-${VILLAGE}`, other: `vc2-${VILLAGE}`, committee: `vsc-${VILLAGE}`,
  clerk: `vac-${VILLAGE}`, secretary: `vps-${VILLAGE}`, agency: "tac-101", bookkeeper: "tac2-101", official: "tg-101",
};
const TITLE = "村东头路灯安装12盏";
const YUAN = "24000";
const QUESTION = "三家报价分别是多少？";
const ANSWER = "2.4万、2.5万、2.6万，选的是最低的一家，报价单在公开栏。";
const MINUTES = {
  body: "VRM", should_attend: "30", present: "27", votes_for: "25", votes_against: "1", abstentions: "1", ballots_recorded: "1",
};

const later = (days) => new Date(Date.parse(`${settings.day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

// Everybody of the story, on a day: the site is served anew for it.
async function on(chrome, days, number) {
  const site = await serve(later(days));
  const people = Object.entries(LOGINS).map(([who, login]) => [who, new Desk(chrome, site.address, login, number)]);
  const phone = await (await reader(chrome, site.address)).newPage();
  return { site, phone, ...Object.fromEntries(people) };
}

async function open(chrome) {
  const site = await serve();
  const number = await openMatter(await desk(chrome, site.address, LOGINS.member), { power: "B07", title: TITLE, amount: YUAN });
  await site.stop();
  return number;
}

async function decide({ site, phone, member, committee, official, agency }) {
  await member.file("works_proposal", "estimate", "photos_before", "interest_declaration", "review_opinion", "township_opinion");
  await member.step("propose", "VC");
  await committee.step("review", "VSC");
  await official.step("review_engineer", "TG");
  await member.file("minutes", "vote_sheet");
  const meeting = { ...MINUTES, called_on: later(-5), held_on: later(0) };
  // The head spoke before the others had: that is no decision.
  await member.meet("decide", meeting);
  const page = await member.open();
  const missing = await page.locator("#decide .callout.warn").innerText();
  hold(missing.includes("末位表态"), "it is not told that the head has to speak last", { page: page.url(), where: missing });
  const paper = await page.locator('a[href*="/documents/"]').first().getAttribute("href");
  const answer = await page.request.get(paper);
  hold(answer.headers()["content-type"] === "application/pdf", "a paper of the file cannot be read", { page: paper });
  await look(page, { page: `${page.url().replace(site.address, "")} after a meeting`, as: "VC", language: "zh-CN", elder: false });
  await member.meet("decide", { ...meeting, head_spoke_last: true });
  await agency.sign("decide");
  await member.step("decide", "VRM", { amount: YUAN });
  await committee.check("disclose_decision");
  await member.step("disclose_decision", "VC");
  // A villager reads what was decided, and asks.
  const path = `/matters/${member.number}`;
  await phone.goto(path);
  const told = await phone.locator("main").innerText();
  hold(told.includes(TITLE) && /赞成\s*25/.test(told), "the votes are not public", { page: path });
  await send(phone, 'form[action$="/questions"]', { text: QUESTION });
  hold((await phone.locator("#questions").innerText()).includes(QUESTION), "the question is not shown", { page: path });
  await site.stop();
}

async function choose({ site, phone, member, other, committee }) {
  await member.file("quotes", "quote_comparison");
  await committee.check("choose");
  const page = await other.open();
  const waits = await page.locator("#choose").innerText();
  hold(waits.includes("质询") || waits.includes("答复"), "it is not told that a question waits", { page: page.url(), where: waits });
  const asked = await member.page();
  await asked.goto("/office/questions");
  await send(asked, `section.card:has-text("${QUESTION}") form[action$="/answer"]`, { text: ANSWER });
  await phone.goto(`/matters/${member.number}`);
  hold((await phone.locator("#questions").innerText()).includes(ANSWER), "the answer is not public", { page: phone.url() });
  await other.step("choose", "VC");
  await committee.check("disclose_choice");
  await other.step("disclose_choice", "VC");
  await site.stop();
}

async function build({ site, head, member, other, committee, official, agency, bookkeeper, secretary }) {
  await member.file("works_contract", "work_log", "photos_during", "measurement_sheet", "photos_after", "acceptance_report");
  await agency.sign("contract");
  await other.step("contract", "VC");
  await other.step("execute", "VC");
  await committee.check("accept");
  await official.sign("accept");
  await head.step("accept", "VC", { amount: YUAN });
  await member.file("settlement", "invoice", "payment_voucher");
  await agency.step("settle", "TAC");
  await secretary.sign("pay");
  await head.sign("pay");
  await bookkeeper.step("pay", "TAC", { amount: YUAN });
  await committee.check("disclose");
  await member.step("disclose", "VC");
  await member.step("answer", "VC");
  await site.stop();
}

async function archive(chrome, { site, phone, member, clerk, committee }) {
  await member.file("board_photo");
  await committee.sign("archive");
  await clerk.step("archive", "VAC");
  await phone.goto(`/matters/${member.number}`);
  hold((await phone.locator("dl.facts").first().innerText()).includes("已归档"), "the matter is not filed", { page: phone.url() });
  const notice = await phone.locator('a[href^="/notices/"]').last().getAttribute("href");
  await look(phone, { page: `/matters/${member.number} in the end`, as: "villager", language: "zh-CN", elder: false });
  await proved(chrome, site.address, notice.split("/").pop());
}

await run("matter", async (chrome) => {
  const number = await open(chrome);
  await decide(await on(chrome, 0, number));
  await choose(await on(chrome, 5, number));
  await build(await on(chrome, 10, number));
  await archive(chrome, await on(chrome, 19, number));
});
