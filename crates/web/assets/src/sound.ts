// Sound is written anew as plain PCM, so that nothing of the telephone stays in it.
const RATE = 16_000;

// A WAV file of one channel: 44 bytes of head, which say how fast and how fine it is, and the sound.
export function wav(sound: Float32Array, from: number): Blob {
  const length = Math.floor((sound.length * RATE) / from);
  const view = new DataView(new ArrayBuffer(44 + length * 2));
  const text = (at: number, word: string): void => { for (let n = 0; n < 4; n++) view.setUint8(at + n, word.charCodeAt(n)); };
  text(0, "RIFF"); view.setUint32(4, 36 + length * 2, true); text(8, "WAVE"); text(12, "fmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true); view.setUint32(28, RATE * 2, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
  text(36, "data"); view.setUint32(40, length * 2, true);
  for (let at = 0; at < length; at++) {
    // The mean of all samples that fall on one: old browsers cannot be asked for another rate.
    const [first, end] = [Math.floor((at * from) / RATE), Math.max(Math.floor(((at + 1) * from) / RATE), Math.floor((at * from) / RATE) + 1)];
    let sum = 0;
    for (let n = first; n < end; n++) sum += sound[n] ?? 0;
    const value = Math.max(-1, Math.min(1, sum / (end - first)));
    view.setInt16(44 + at * 2, Math.round(value * 32_767), true);
  }
  return new Blob([view], { type: "audio/wav" });
}

// What a browser recorded, as plain sound.
export async function plain(recorded: Blob): Promise<Blob> {
  const context = new AudioContext();
  try {
    const decoded = await context.decodeAudioData(await new Response(recorded).arrayBuffer());
    return wav(decoded.getChannelData(0), decoded.sampleRate);
  } finally {
    void context.close();
  }
}
