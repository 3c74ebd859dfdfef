// Checks a proof bundle of a public log against a checkpoint and public keys: RFC 6962 with SHA-256, C2SP
// notes with Ed25519. Trusts nobody: neither the server nor this site's words about itself.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

export type Reason = "format" | "signature" | "tree" | "content" | "other";
export class Refused extends Error {
  constructor(readonly reason: Reason) { super(reason); }
}
export interface Proved { number: string; leaf: number; size: number; hidden: string[] }

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Opened { salt: string; value: Json }
interface Leaf { v: number; subject: string; commit?: string; fields?: { [name: string]: string } }
interface Bundle {
  format: string; leaf: string; index: number; proof: string[]; checkpoint: string;
  payload: Opened | null; fields: { [name: string]: Opened };
}
interface Key { name: string; id: string; key: Uint8Array; first: number; last: number }

function need(fits: boolean, reason: Reason): void {
  if (!fits) throw new Refused(reason);
}
function unbase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const apart = (left[at].codePointAt(0) ?? 0) - (right[at].codePointAt(0) ?? 0);
    if (apart !== 0) return apart;
  }
  return left.length - right.length;
}
// The one way to write a value: names in order, no blanks, whole numbers only.
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const names = Object.keys(value).sort(byCodePoint);
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  if (typeof value === "number") need(Number.isSafeInteger(value), "format");
  return JSON.stringify(value);
}

function readKeys(text: string): { origin: string; keys: Key[] } {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const origin = lines[0].includes("+") ? lines[0].split("+")[0] : (lines.shift() ?? "");
  const keys = lines.map((line) => {
    const [whole, first, last] = line.split(" ");
    const [name, id] = whole.split("+", 2);
    const data = unbase64(whole.slice(name.length + id.length + 2));
    const hash = bytesToHex(sha256(concatBytes(utf8ToBytes(`${name}\n`), data))).slice(0, 8);
    need(data.length === 33 && data[0] === 1 && hash === id, "signature");
    return { name, id, key: data.slice(1), first: Number(first ?? 0), last: last ? Number(last) : Infinity };
  });
  return { origin, keys };
}

function openCheckpoint(note: string, known: { origin: string; keys: Key[] }): { size: number; root: string } {
  const cut = note.lastIndexOf("\n\n");
  need(cut > 0, "format");
  const text = note.slice(0, cut + 1);
  const [origin, size, root] = text.split("\n");
  need(origin === known.origin, "other");
  let good = 0;
  for (const line of note.slice(cut + 2).split("\n").filter((one) => one !== "")) {
    const [mark, name, encoded] = line.split(" ");
    const signature = unbase64(encoded ?? "");
    for (const key of known.keys) {
      const holds = key.first <= Number(size) && Number(size) <= key.last;
      if (mark === "—" && holds && key.name === name && key.id === bytesToHex(signature.slice(0, 4))) {
        need(ed25519.verify(signature.slice(4), utf8ToBytes(text), key.key), "signature");
        good += 1;
      }
    }
  }
  need(good > 0, "signature");
  return { size: Number(size), root: bytesToHex(unbase64(root)) };
}

function rootOf(leaf: Uint8Array, index: number, size: number, path: Uint8Array[]): string {
  let [node, at, last] = [leaf, index, size - 1];
  const half = (n: number) => Math.floor(n / 2);
  for (const beside of path) {
    need(last > 0, "tree");
    if (at % 2 === 1 || at === last) {
      node = sha256(concatBytes(Uint8Array.of(1), beside, node));
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      node = sha256(concatBytes(Uint8Array.of(1), node, beside));
    }
    [at, last] = [half(at), half(last)];
  }
  need(last === 0, "tree");
  return bytesToHex(node);
}

function opens(opened: Opened, commitment: string | undefined): boolean {
  const salt = hexToBytes(opened.salt);
  const digest = sha256(concatBytes(salt, utf8ToBytes(canonical(opened.value))));
  return salt.length === 16 && bytesToHex(digest) === commitment;
}

export function verify(bundleText: string, checkpoint: string | null, keysText: string): Proved {
  let bundle: Bundle, leaf: Leaf;
  try {
    bundle = JSON.parse(bundleText) as Bundle;
    leaf = JSON.parse(bundle.leaf) as Leaf;
  } catch {
    throw new Refused("format");
  }
  need(bundle.format === "mingbai-proof/1" && Number.isSafeInteger(bundle.index), "format");
  const known = readKeys(keysText);
  const { size, root } = openCheckpoint(bundle.checkpoint, known);
  if (checkpoint !== null) {
    const kept = openCheckpoint(checkpoint, known);
    // A later checkpoint of the same log is no contradiction; the same size with another root is.
    need(kept.size >= size && (kept.size > size || kept.root === root), "other");
  }
  need(bundle.index >= 0 && bundle.index < size, "tree");
  const hash = sha256(concatBytes(Uint8Array.of(0), utf8ToBytes(bundle.leaf)));
  need(rootOf(hash, bundle.index, size, bundle.proof.map(unbase64)) === root, "tree");
  need(canonical(leaf as unknown as Json) === bundle.leaf && leaf.v === 1, "format");
  const committed = leaf.fields ?? {};
  if (bundle.payload) need(opens(bundle.payload, leaf.commit), "content");
  for (const name of Object.keys(bundle.fields ?? {})) need(opens(bundle.fields[name], committed[name]), "content");
  const hidden = Object.keys(committed).filter((name) => !(name in (bundle.fields ?? {})));
  if (!bundle.payload && leaf.commit) hidden.unshift("payload");
  return { number: leaf.subject, leaf: bundle.index, size, hidden };
}
