// Reads the code that a page draws, from the very pixels of its screenshot, with a decoder of others.
import { inflateSync } from "node:zlib";
import jsQR from "jsqr";
import type { Locator } from "@playwright/test";

type Picture = { width: number; height: number; rgba: Uint8ClampedArray };

/** The predictor of PNG's fifth filter. */
function paeth(left: number, above: number, corner: number): number {
  const [byLeft, byAbove, byCorner] = [above - corner, left - corner, left + above - 2 * corner].map(Math.abs) as [number, number, number];
  if (byLeft <= byAbove && byLeft <= byCorner) return left;
  return byAbove <= byCorner ? above : corner;
}

/** A screenshot's pixels: eight bits a channel, not interlaced, with or without an alpha channel. */
function pixels(png: Buffer): Picture {
  const data: Buffer[] = [];
  let [width, height, channels] = [0, 0, 0];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const [length, type] = [png.readUInt32BE(at), png.toString("latin1", at + 4, at + 8)];
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === "IDAT") data.push(body);
    if (type !== "IHDR") continue;
    [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
    channels = body[9] === 6 ? 4 : 3;
    if (body[8] !== 8 || (body[9] !== 6 && body[9] !== 2) || body[12] !== 0) throw new Error("a PNG of another kind");
  }
  const [raw, row] = [inflateSync(Buffer.concat(data)), width * channels];
  const plain = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (row + 1)];
    for (let x = 0; x < row; x += 1) {
      const place = y * row + x;
      const left = x >= channels ? (plain[place - channels] ?? 0) : 0;
      const above = y > 0 ? (plain[place - row] ?? 0) : 0;
      const corner = x >= channels && y > 0 ? (plain[place - row - channels] ?? 0) : 0;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter ?? 0] ?? 0;
      plain[place] = ((raw[y * (row + 1) + 1 + x] ?? 0) + guess) & 255;
    }
  }
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let channel = 0; channel < channels; channel += 1) rgba[pixel * 4 + channel] = plain[pixel * channels + channel] ?? 0;
  }
  return { width, height, rgba };
}

/** A page that waits is loaded anew now and then, and its picture with it. */
async function picture(code: Locator, tries = 5): Promise<Buffer> {
  try {
    return await code.screenshot({ animations: "disabled" });
  } catch (error) {
    if (tries === 0) throw error;
    return picture(code, tries - 1);
  }
}

/** What a phone's camera would read of an element. */
export async function scanned(code: Locator): Promise<string> {
  const { width, height, rgba } = pixels(await picture(code));
  const found = jsQR(rgba, width, height);
  if (found === null) throw new Error(`no code is seen in ${width} × ${height} pixels`);
  // Russian words are UTF-8, as the standard's line «ST00012» says.
  return Buffer.from(found.binaryData).toString("utf8");
}
