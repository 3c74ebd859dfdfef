// The work that stands in the place of a picture puzzle: a number is sought while the form is filled in.
// Without scripts the form is sent without it.
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

const form = document.querySelector<HTMLFormElement>("form[data-work]");
const challenge = form?.querySelector<HTMLInputElement>('input[name="challenge"]')?.value ?? "";
const field = form?.querySelector<HTMLInputElement>('input[name="work"]');
const bits = Number(form?.dataset.work ?? "0");

function zeros(digest: Uint8Array): number {
  const head = ((digest[0] << 24) | (digest[1] << 16) | (digest[2] << 8) | digest[3]) >>> 0;
  return Math.clz32(head);
}

let nonce = 0;
function step(): void {
  for (const end = nonce + 500; nonce < end; nonce++) {
    if (zeros(sha256(utf8ToBytes(`${challenge} ${nonce}`))) >= bits) {
      if (field) field.value = String(nonce);
      return;
    }
  }
  setTimeout(step, 0);
}
if (field) step();
