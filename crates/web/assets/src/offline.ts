// The same check as a file of its own, without any network.
import { Refused, verify } from "./proof";

const text = (id: string) => (document.getElementById(id) as HTMLTextAreaElement).value;
const verdict = document.getElementById("verdict") as HTMLElement;
const why: { [reason: string]: string } = {
  format: "文件读不懂 / a file cannot be read",
  signature: "签名不对 / the signature is false",
  tree: "记录不在日志里 / the record is not in the log",
  content: "内容被改过 / the content was changed",
  other: "检查点是另一个日志的 / the checkpoint is of another log",
};
for (const id of ["bundle", "checkpoint", "keys"]) {
  const input = document.getElementById(`${id}-file`) as HTMLInputElement;
  input.addEventListener("change", async () => {
    const chosen = input.files?.[0];
    if (chosen) (document.getElementById(id) as HTMLTextAreaElement).value = await chosen.text();
  });
}
document.getElementById("go")?.addEventListener("click", () => {
  try {
    const proved = verify(text("bundle"), text("checkpoint") || null, text("keys"));
    verdict.textContent =
      `属实，没有改动 / proved, unaltered: ${proved.number}，${proved.leaf} / ${proved.size}` +
      (proved.hidden.length > 0 ? `（已删除或未出示 / erased or not shown: ${proved.hidden.join(", ")}）` : "");
  } catch (error) {
    verdict.textContent = `不能证明 / not proved: ${error instanceof Refused ? why[error.reason] : why.format}`;
  }
});
