// Files lose what a telephone wrote into them, before they are sealed: the same as the server does with files that come
// open (`domain::report::bare`, `web::photo`), since nobody can do it afterwards.
export interface Cleaned { name: string; kind: string; bytes: Uint8Array }

const PHOTO_LONGEST = 2560;
const QUALITY = 0.72;
const TELLING = ["udta", "meta", "uuid", "free", "skip", "loci"];
const HOLDING = ["moov", "trak", "mdia", "moof"];
const DATED = ["mvhd", "tkhd", "mdhd"];
const DEEPEST = 8;
const ENDINGS: Record<string, string> = { jpeg: "jpg" };

const text = (bytes: Uint8Array, at: number, length: number): string => String.fromCharCode(...Array.from(bytes.subarray(at, at + length)));
const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

// The kind of a file by its first bytes: what it is called proves nothing.
function recognise(bytes: Uint8Array): string | null {
  const head = text(bytes, 0, 12);
  const begins = (...mark: number[]): boolean => mark.every((byte, at) => bytes[at] === byte);
  if (begins(0xff, 0xd8, 0xff)) return "jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("RIFF")) return { WEBP: "webp", WAVE: "wav" }[head.slice(8)] ?? null;
  if (head.startsWith("%PDF-")) return "pdf";
  if (head.startsWith("OggS")) return "ogg";
  if (begins(0x1a, 0x45, 0xdf, 0xa3)) return "webm";
  if (head.slice(4, 8) === "ftyp") return "mp4";
  if (head.startsWith("ID3") || begins(0xff, 0xfb) || begins(0xff, 0xf3)) return "mp3";
  if (head.startsWith("#!AMR")) return "amr";
  return head.startsWith("PK\x03\x04") ? "zip" : null;
}

async function drawn(file: Blob): Promise<Uint8Array | null> {
  const address = URL.createObjectURL(file);
  try {
    const photo = new Image();
    await new Promise((resolve, reject) => { photo.onload = resolve; photo.onerror = reject; photo.src = address; });
    const scale = Math.min(1, PHOTO_LONGEST / Math.max(photo.naturalWidth, photo.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(photo.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(photo.naturalHeight * scale));
    canvas.getContext("2d")?.drawImage(photo, 0, 0, canvas.width, canvas.height);
    const copy = await new Promise<Blob | null>((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
    return copy ? new Uint8Array(await new Response(copy).arrayBuffer()) : null;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}

// Format and sound alone.
function bareWav(bytes: Uint8Array): Uint8Array | null {
  const [parts, numbers]: [Uint8Array[], DataView] = [[], view(bytes)];
  let at = 12;
  while (at + 8 <= bytes.length) {
    const length = numbers.getUint32(at + 4, true);
    if (at + 8 + length > bytes.length) return null;
    if (["fmt ", "data"].includes(text(bytes, at, 4))) {
      const chunk = new Uint8Array(8 + length + (length % 2));
      chunk.set(bytes.subarray(at, at + 8 + length));
      parts.push(chunk);
    }
    at += 8 + length + (length % 2);
  }
  if (bytes.length - at > 1) return null;
  const sound = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 12));
  sound.set(bytes.subarray(0, 12));
  view(sound).setUint32(4, sound.length - 8, true);
  parts.reduce((to, part) => { sound.set(part, to); return to + part.length; }, 12);
  return sound;
}

// Names, places and moments are overwritten where they stand: nothing moves.
function bareMp4(bytes: Uint8Array, from: number, end: number, depth: number): boolean {
  const numbers = view(bytes);
  let at = from;
  while (at < end) {
    if (depth > DEEPEST || at + 8 > end) return false;
    const [size, name] = [numbers.getUint32(at), text(bytes, at + 4, 4)];
    if (size === 1 && at + 16 > end) return false;
    const body = at + (size === 1 ? 16 : 8);
    const length = size === 0 ? end - at : size === 1 ? numbers.getUint32(at + 8) * 2 ** 32 + numbers.getUint32(at + 12) : size;
    const next = at + length;
    if (next > end || next < body) return false;
    if (TELLING.includes(name)) {
      bytes.set([0x66, 0x72, 0x65, 0x65], at + 4);
      bytes.fill(0, body, next);
    } else if (DATED.includes(name)) {
      const wide = bytes[body] === 1 ? 16 : 8;
      if (body + 4 + wide > next) return false;
      bytes.fill(0, body + 4, body + 4 + wide);
    } else if (HOLDING.includes(name) && !bareMp4(bytes, body, next, depth + 1)) {
      return false;
    }
    at = next;
  }
  return true;
}

// Without the tags before and behind the sound.
function bareMp3(bytes: Uint8Array): Uint8Array {
  let sound = bytes;
  while (sound.length >= 10 && text(sound, 0, 3) === "ID3") {
    const length = [6, 7, 8, 9].reduce((sum, at) => (sum << 7) | (sound[at] & 0x7f), 0);
    sound = sound.subarray(length + 10);
  }
  const tagged = sound.length >= 128 && text(sound, sound.length - 128, 3) === "TAG";
  return tagged ? sound.subarray(0, sound.length - 128) : sound;
}

// A file without its traces, with a name by its place in the form; or the code of what is wrong with it.
export async function cleaned(file: File, at: number): Promise<Cleaned | "kind" | "unclean"> {
  const bytes = new Uint8Array(await new Response(file).arrayBuffer());
  let kind = recognise(bytes);
  if (kind === null) return "kind";
  let bare: Uint8Array | null = bytes;
  if (["jpeg", "png", "webp"].includes(kind)) {
    bare = await drawn(file);
    kind = "jpeg";
  } else if (kind === "wav") bare = bareWav(bytes);
  else if (kind === "mp3") bare = bareMp3(bytes);
  else if (kind === "mp4") bare = bareMp4(bytes, 0, bytes.length, 0) ? bytes : null;
  return bare ? { name: `${at + 1}.${ENDINGS[kind] ?? kind}`, kind, bytes: bare } : "unclean";
}
